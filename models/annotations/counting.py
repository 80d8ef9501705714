"""How tools count characters: the ways that offsets are known to go wrong, each with the place that was meant.

Browsers count UTF-16 units, so that a character beyond U+FFFF counts twice; some tools take the CR out of CRLF, or
put one in; some count the byte order mark. Each way is a list of widths, one a character, that its offsets add up.
See Label Studio's issue 1347 and 539, brat's issue 853, doccano's pull request 99 for how they are met.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, product
from typing import Any

from models.annotations.said import Said

BOM = "\ufeff"
_UTF16 = Said("按 UTF-16 代码单元计数", "UTF-16 units were counted")
_LF = Said("CRLF 按一个字符计数", "CRLF was counted as one character")
_CRLF = Said("换行按两个字符计数", "a line break was counted as two characters")
_MARK = Said("计入了字节顺序标记", "the byte order mark was counted")


@dataclass(frozen=True, slots=True)
class Counting:
    """One way of counting. ``ends[i]`` is the offset that it gives to the place before character ``i``.

    ``mixes``: single spans can be counted so while others are not, because the text itself shows which.
    """

    name: str
    said: Said
    ends: tuple[int, ...] | range
    mixes: bool = False
    varies: bool = False

    def place(self, offset: int) -> int | None:
        """The code point meant by an offset; None where it falls into a character or behind the text, or is none."""
        if type(offset) is not int:
            return None
        if isinstance(self.ends, range):
            return offset if 0 <= offset < len(self.ends) else None
        at = bisect_left(self.ends, offset)
        return at if at < len(self.ends) and self.ends[at] == offset else None

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Both places, where both are found and in order."""
        a, b = self.place(start), self.place(end)
        return (a, b) if a is not None and b is not None and a <= b else None


def plain(text: str) -> Counting:
    """Code points, as they should be counted."""
    return Counting("code points", Said("按码位计数", "code points were counted"), range(len(text) + 1))


def faults(text: str, had_mark: bool) -> Iterator[Counting]:
    """Every known other way that would give other offsets in this text, the simple ones first.

    ``text`` has no byte order mark; ``had_mark`` says that one was taken off it.
    """
    astral = any(c > "\uffff" for c in text)
    crlf, feeds = "\r\n" in text, "\n" in text
    ways = product((False, True) if had_mark else (False,), ("", "lf", "crlf"), (False, True))
    for mark, breaks, wide in sorted(ways, key=lambda w: (w[0] + bool(w[1]) + w[2], w[1] == "crlf")):
        if not (mark or breaks or wide) or (wide and not astral):
            continue
        if (breaks == "lf" and not crlf) or (breaks == "crlf" and (crlf or not feeds)):
            continue
        yield _counting(text, mark, breaks, wide)


def _counting(text: str, mark: bool, breaks: str, wide: bool) -> Counting:
    parts = [
        part for part, used in ((_MARK, mark), (_LF, breaks == "lf"), (_CRLF, breaks == "crlf"), (_UTF16, wide)) if used
    ]
    said = Said("、".join(p.zh for p in parts), " and ".join(p.en for p in parts))
    widths = [2 if wide and c > "\uffff" else 1 for c in text]
    for at, char in enumerate(text):
        if breaks == "lf" and char == "\r" and text[at + 1 : at + 2] == "\n":
            widths[at] = 0
        elif breaks == "crlf" and char == "\n":
            widths[at] = 2
    names = [name for name, used in (("bom", mark), (breaks, breaks), ("utf-16", wide)) if used]
    # a byte order mark, and breaks that the text no longer shows, explain any shift by one: only the whole proves them
    mixes = not mark and breaks != "crlf"
    return Counting("+".join(names), said, tuple(accumulate(widths, initial=int(mark))), mixes, breaks == "crlf")


def places(extra: Any) -> Iterator[tuple[Any, Any]]:
    """Every place that stands in plain data: under ``start`` and ``end``, and in lists named ``spans``."""
    if isinstance(extra, Mapping):
        if "start" in extra and "end" in extra:
            yield extra["start"], extra["end"]
        for name, value in extra.items():
            yield from ((a, b) for a, b in value) if name == "spans" else places(value)
    elif isinstance(extra, list | tuple):
        for value in extra:
            yield from places(value)


def moved(extra: Any, counting: Counting) -> Any:
    """Plain data with its places put right; a place that this counting does not know stays."""
    if isinstance(extra, Mapping):
        out = {k: _spans(v, counting) if k == "spans" else moved(v, counting) for k, v in extra.items()}
        if "start" in extra and "end" in extra:
            out["start"], out["end"] = counting.span(extra["start"], extra["end"]) or (extra["start"], extra["end"])
        return out
    return [moved(v, counting) for v in extra] if isinstance(extra, list | tuple) else extra


def _spans(spans: Any, counting: Counting) -> list[list[int]]:
    return [list(counting.span(a, b) or (a, b)) for a, b in spans]

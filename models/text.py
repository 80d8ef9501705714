"""Views of a text: normalised for reading, with every character's place in the text as it was given.

A view never changes the text. Each step maps characters one to one, or leaves some out; so a place in the view
is always a place in the text. Steps: full-width forms, spaces (nbsp, U+3000 …), invisible characters,
inline pinyin after a character (``區(qū)``), traditional → simplified script (OpenCC t2s, character by character).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BREAKS = "\u000b\u000c\u0085\u2028\u2029"
_LOOKALIKES = {"﹝": "〔", "﹞": "〕", "﹙": "(", "﹚": ")", "﹪": "%", "‧": "·"}
_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])[(（][a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüḿńňǹ]{1,6}\s?[)）]")


@dataclass(frozen=True, slots=True)
class View:
    """``text[i]`` stands at ``offsets[i]`` of the text it was made from; offsets ascend."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open place in the original of the view's ``[start, end)``; empty ranges stay empty."""
        if start >= end:
            at = self.offsets[start] if start < len(self.offsets) else (self.offsets[-1] + 1 if self.offsets else 0)
            return at, at
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=1)
def _char_map() -> dict[int, str]:
    """One table for every one-to-one step, made once (about 20 ms)."""
    import opencc

    table: dict[int, str] = {c: chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
    table |= {ord(c): " " for c in _SPACES}
    table |= {ord(c): "\n" for c in _BREAKS}
    table |= {ord(k): v for k, v in _LOOKALIKES.items()}
    convert = opencc.OpenCC("t2s").convert
    plain = [chr(c) for c in range(0x4E00, 0xA000)]
    for old, new in zip(plain, convert("\n".join(plain)).split("\n"), strict=True):
        if old != new and len(new) == 1:
            table[ord(old)] = new
    return table


def simplify(text: str) -> str:
    """The text with every one-to-one step done; as long as the text itself."""
    return text.translate(_char_map())


def normalise(text: str, start: int = 0, end: int | None = None) -> View:
    """The reading view of ``text[start:end]``: one-to-one steps, invisible characters and inline pinyin left out."""
    end = len(text) if end is None else end
    part = simplify(text[start:end])
    if "(" in part and (cuts := [m.span() for m in _PINYIN.finditer(part)]):
        dropped = {i for a, b in cuts for i in range(a, b)}
        keep = [i for i, c in enumerate(part) if i not in dropped and c not in _INVISIBLE]
    elif any(c in part for c in _INVISIBLE):
        keep = [i for i, c in enumerate(part) if c not in _INVISIBLE]
    else:
        return View(part, tuple(range(start, end)))
    return View("".join(part[i] for i in keep), tuple(start + i for i in keep))


def squeeze(view: View, leave_out: str = " \t\r\n|") -> View:
    """The view without white space and pipes, for matching labels that are torn over lines and cells."""
    keep = [i for i, c in enumerate(view.text) if c not in leave_out]
    return View("".join(view.text[i] for i in keep), tuple(view.offsets[i] for i in keep))

"""From stretches of a text to the numbers that the token classifier reads: one way for training and for serving.

Each stretch is read through its normalised view (``models/text.py``); white space shrinks to one sign, a line break
if there is one in it, else a space; what only tears prose is left out (``models/unwrap.py``). A character is given by
four numbers: itself, its place in its word, how a year that it is part of lies to the report's year, and what kind of
body reports. Stretches are cut into windows at ends of sentences. A window also holds some characters before and after
its core, so that chains that run over several sentences are read in context; only the core's outputs count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models import vocabulary, words
from models.text import normalise
from models.unwrap import torn

CORE = 256
LEFT = 48
RIGHT = 16
LONGEST = LEFT + CORE + RIGHT

YEAR_NONE, YEAR_SAME, YEAR_PREVIOUS, YEAR_NEXT, YEAR_EARLIER, YEAR_LATER, YEAR_OPEN = range(7)
YEARS = 7
ISSUER_UNKNOWN, ISSUER_AREA, ISSUER_OFFICE = range(3)
ISSUERS = 3

# A year, also one whose 年 was lost before a month (20231月1日).
_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?:(?!\d)|(?=1?\d月))")
_AREA = re.compile(r"(?:市|区|县|旗|省|州|盟|人民政府)$")
_OFFICE = re.compile(r"办公室|办事处|[局委厅办]$|街道|[镇乡]人民政府$|[镇乡]$")
_SENTENCE_ENDS = "。;!?\n"
_PAUSES = ",、 |"
_SHORTEST = CORE // 3

Array = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Stretches of one or more texts, laid end to end. All arrays but the last two have one value a character.

    ``starts``/``ends``: the character's place in its text as given. ``stretch``: which stretch it is of.
    ``windows`` has rows (first, core start, core end, last + 1) of positions, ``issuers`` one value a window.
    """

    chars: NDArray[np.uint16]
    words: NDArray[np.uint8]
    years: NDArray[np.uint8]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    stretch: NDArray[np.int32]
    windows: NDArray[np.int32]
    issuers: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.chars)

    def lengths(self) -> NDArray[np.int32]:
        """How many characters each window holds, context included."""
        return np.asarray(self.windows[:, 3] - self.windows[:, 0], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side, padded on the right: arrays of shape (windows, longest), and where each position is."""

    input_ids: NDArray[np.int64]
    word_ids: NDArray[np.int64]
    year_ids: NDArray[np.int64]
    issuer_ids: NDArray[np.int64]
    attention_mask: NDArray[np.int64]
    positions: NDArray[np.int64]
    core: NDArray[np.bool_]

    def inputs(self) -> dict[str, NDArray[np.int64]]:
        """What the network takes, by name."""
        return {name: getattr(self, name) for name in INPUTS}


INPUTS = ("input_ids", "word_ids", "year_ids", "issuer_ids", "attention_mask")


def issuer_kind(issuer: str | None) -> int:
    """Whether a body reports for a whole area (a city's or district's report on all its bodies) or for itself."""
    name = (issuer or "").strip()
    if not name:
        return ISSUER_UNKNOWN
    if _OFFICE.search(name):
        return ISSUER_OFFICE
    if _AREA.search(name) or name.endswith(("新区", "开发区", "管委会", "管理委员会")):
        return ISSUER_AREA
    return ISSUER_OFFICE


def encode(text: str, spans: Sequence[tuple[int, int]], year: int | None, issuer: str | None) -> Encoded:
    """The given stretches of a text in numbers. ``year`` and ``issuer`` are the report's, None where unknown."""
    parts = [_view(text, start, end) for start, end in spans]
    sizes = [len(part) for part, _ in parts]
    bases = np.cumsum([0, *sizes])
    rows = [row for (part, _), base in zip(parts, bases, strict=False) for row in _windows(part, int(base))]
    whole = "".join(part for part, _ in parts)
    starts = np.concatenate([np.zeros(0, np.int32), *(places for _, places in parts)])
    return Encoded(
        chars=vocabulary.ids(whole),
        words=np.concatenate([np.zeros(0, np.uint8), *(words.positions(part) for part, _ in parts)]),
        years=_years(whole, year),
        starts=starts,
        ends=starts + 1,
        stretch=np.repeat(np.arange(len(parts), dtype=np.int32), sizes),
        windows=np.array(rows, dtype=np.int32).reshape(-1, 4),
        issuers=np.full(len(rows), issuer_kind(issuer), dtype=np.uint8),
    )


def concatenate(parts: Sequence[Encoded]) -> Encoded:
    """Several texts' stretches as one; places stay those in each text."""
    chars = np.cumsum([0, *(len(p) for p in parts)])
    runs = np.cumsum([0, *(int(p.stretch[-1]) + 1 if len(p) else 0 for p in parts)])
    moved = [
        replace(p, windows=p.windows + np.int32(c), stretch=p.stretch + np.int32(r))
        for p, c, r in zip(parts, chars, runs, strict=False)
    ]
    names = Encoded.__dataclass_fields__
    return Encoded(**{name: np.concatenate([getattr(p, name) for p in moved]) for name in names})


def batch(encoded: Encoded, rows: Array) -> Batch:
    """The windows of the given rows, padded to the longest of them."""
    first, core_start, core_end, end = (encoded.windows[rows, i][:, None].astype(np.int64) for i in range(4))
    positions = first + np.arange(int((end - first).max()))
    mask = positions < end
    positions = np.where(mask, positions, 0)
    return Batch(
        input_ids=np.where(mask, encoded.chars[positions], vocabulary.PAD).astype(np.int64),
        word_ids=np.where(mask, encoded.words[positions], words.NONE).astype(np.int64),
        year_ids=np.where(mask, encoded.years[positions], YEAR_NONE).astype(np.int64),
        issuer_ids=np.where(mask, encoded.issuers[rows][:, None], ISSUER_UNKNOWN).astype(np.int64),
        attention_mask=mask.astype(np.int64),
        positions=positions,
        core=mask & (positions >= core_start) & (positions < core_end),
    )


def _view(text: str, start: int, end: int) -> tuple[str, NDArray[np.int32]]:
    """A stretch as it is read, and where each of its characters stands in the text."""
    view = normalise(text, start, end)
    at = view.offsets
    places = np.arange(at.start, at.stop, dtype=np.int32) if isinstance(at, range) else np.array(at, dtype=np.int32)
    points = vocabulary.codepoints(view.text)
    blank = _BLANKS.take(points, mode="clip")
    if not blank.any():
        return view.text, places
    first = blank & ~np.r_[False, blank[:-1]]
    runs = np.cumsum(first) - 1
    broken = np.zeros(int(runs[-1]) + 1, dtype=bool)
    broken[runs[_LINE_BREAKS.take(points, mode="clip")]] = True
    signs = points.copy()
    signs[first] = np.where(broken, ord("\n"), ord(" "))
    keep = ~blank | first
    signs, places = signs[keep], places[keep]
    part = signs.tobytes().decode("utf-32-le", errors="surrogatepass")
    keep = np.ones(len(signs), dtype=bool)
    keep[[*torn(part)]] = False
    return signs[keep].tobytes().decode("utf-32-le", errors="surrogatepass"), places[keep]


_BLANKS = np.array([chr(i) in " \t\r\n" for i in range(64)])  # by code point; the last stands for all from there on
_LINE_BREAKS = np.array([chr(i) in "\r\n" for i in range(64)])


def _windows(text: str, base: int) -> list[tuple[int, int, int, int]]:
    """Windows of one stretch whose first character has the position ``base``."""
    out: list[tuple[int, int, int, int]] = []
    at, size = 0, len(text)
    while at < size:
        end = _cut(text, at)
        out.append((base + max(0, at - LEFT), base + at, base + end, base + min(size, end + RIGHT)))
        at = end
    return out


def _cut(text: str, at: int) -> int:
    """Where the core that begins at ``at`` ends: behind a sentence if one ends late enough, else behind a pause."""
    if len(text) - at <= CORE:
        return len(text)
    for signs in (_SENTENCE_ENDS, _PAUSES):
        last = max(text.rfind(sign, at + _SHORTEST, at + CORE) for sign in signs)
        if last >= 0:
            return last + 1
    return at + CORE


def _years(text: str, year: int | None) -> NDArray[np.uint8]:
    """How each year number lies to the report's year, on each of its characters."""
    out = np.zeros(len(text), dtype=np.uint8)
    for found in _YEAR.finditer(text):
        out[found.start() : found.end()] = YEAR_OPEN if year is None else _relation(int(found[0]) - year)
    return out


def _relation(distance: int) -> int:
    near = {0: YEAR_SAME, -1: YEAR_PREVIOUS, 1: YEAR_NEXT}
    return near.get(distance, YEAR_EARLIER if distance < 0 else YEAR_LATER)

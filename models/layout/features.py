"""What the layout model sees of a block: figures of its text, figures of its place, and hashed character n-grams.

One implementation, used by training and by serving. Figures of a text depend on the text alone and are kept for texts
that come again (labels, zeros); the same text is embedded once. Figures of the place are computed apart, so that
training can move a document's parts without reading it anew.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.grid import GridBlock
from models.layout.lexicon import FACTS, NUMBERING, NUMBERING_KINDS, WORDS, key, lexicon
from models.layout.pages import candidates, runs
from models.text import normalise

BUCKETS = 2**14  # bucket 0 is padding
HEAD, TAIL = 24, 8  # characters whose n-grams are taken; the tail only of longer texts
GRAMS = 3 * (HEAD + 2) - 3 + 3 * (TAIL + 1) - 3
LONGEST = 160  # of a block longer than twice this, so many characters at its start and at its end are read
_BESIDE = 4  # characters before and behind a block in which a pipe or a tab is seen
_KEPT = 48  # longer texts hardly come twice

_MARKS = ",.;:!?。、；：《》()[]〔〕“”\"'—"
_SHAPES = {
    "number": re.compile(r"[+\-−]?\d[\d,]*(?:\.\d+)?"),
    "whole_year": re.compile(r"(?:19|20)\d\d年?度?"),
    "small": re.compile(r"\d{1,2}"),
    "with_unit": re.compile(r"[+\-−减增]?\d[\d,]*(?:\.\d+)?(?:万?元|[件条份部项个批次次人])"),
    "blank_mark": re.compile(r"[/\-—_－―–?無无]{1,4}|未增未减"),
    "page": re.compile(r"[-—–－·~]+\s?\d{1,3}\s?[-—–－·~]+|第?\s?\d{1,3}\s?页.{0,12}|P\.?\s?\d{1,3}"),
    "rule": re.compile(r"[-=_—:*#.·]{3,}"),
    "numbers": re.compile(r"(?:[+\-−]?\d[\d,.]*\s){1,40}[+\-−]?\d[\d,.]*"),
    "date": re.compile(r"\(?(?:19|20)\d\d\s?[年\-/.]\s?\d{1,2}\s?[月\-/.]\s?\d{1,2}\s?日?.{0,12}"),
    "year_in_brackets": re.compile(r"[(—\-]{1,2}\s?(?:19|20)\d\d\s?(?:年度?)?\)?"),
    "numbering_alone": re.compile(r"[(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.]{1,2}"),
}  # fmt: skip
_NO_SHAPES = [False] * len(_SHAPES)
_LABEL_NUMBER = re.compile(r"[^\d\s:,。]{1,40}[\s:]?[+\-−]?\d[\d.,]*(?:\s+[+\-−]?\d[\d.,]*)*")
_URL = re.compile(r"https?:|www\.|\.gov\.cn|@|\.com")
_FIELD = re.compile(r"[^\s:,。]{1,8}:")

TEXT_NAMES = (
    "length", "short", "digits", "hanzi", "latin", "marks", "spaces", "stop", "comma_end", "colon_end", "has_stop",
    "colons", "field", "url", "issuer_end", "year_in", "arrow", "opens_mark", "closes_mark", "magnitude",
    "label_number", *_SHAPES, *NUMBERING_KINDS, *WORDS, *FACTS,
)  # fmt: skip
EDGE_NAMES = ("pipe_before", "pipe_after", "tab_before", "tab_after", "break_before", "break_after")
PLACE_NAMES = (
    "line_share", "index_share", "from_start", "from_end", "column", "piece", "pieces", "first_piece", "last_piece",
    "alone", "blank_above", "blanks_above", "blank_below", "full_line",
    "page_like", "page_strokes", "page_run",
)  # fmt: skip
SIGHT_NAMES = (*EDGE_NAMES, *PLACE_NAMES)
_CLASSES = np.zeros(0x10001, np.uint8)  # by code point, those from U+10000 on as one: 0 is anything else
for _number, _class in enumerate((range(48, 58), range(0x4E00, 0xA000), (*range(65, 91), *range(97, 123)), _MARKS), 1):
    _CLASSES[[ord(c) if isinstance(c, str) else c for c in _class]] = _number
_ISSUER = ("人民政府", "办公室", "局", "委员会", "街道办事处", "中心", "政府")


@dataclass(frozen=True, slots=True)
class Encoded:
    """``n`` blocks, ``u`` different texts. ``grams`` [u, GRAMS] uint16 (0 pads), ``text`` [u, T] and ``edges`` [n, E]
    float32, ``which`` [n] int32: the text of each block; ``place`` [n, 9] int32: line, column, piece, pieces,
    blank_above, width, lines of the document, number and strokes of a possible page number (``pages.candidates``)."""

    grams: NDArray[np.uint16]
    text: NDArray[np.float32]
    which: NDArray[np.int32]
    edges: NDArray[np.float32]
    place: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.which)


def encode(text: str, blocks: Sequence[GridBlock], line_count: int | None = None) -> Encoded:
    """Everything that is seen of blocks, in linear time. ``line_count``: the document's, where these are a part."""
    texts = _texts(text, blocks)
    index: dict[str, int] = {}
    which = np.fromiter((index.setdefault(t, len(index)) for t in texts), np.int32, len(texts))
    grid = np.array(blocks, np.int32).reshape(-1, len(GridBlock._fields))
    last = blocks[-1].line + 1 if blocks else 0
    total = np.full(len(blocks), last if line_count is None else line_count, np.int32)
    rows = np.column_stack((grid[:, 2:], grid[:, 1] - grid[:, 0], total))  # line, column, … as in GridBlock
    return Encoded(
        _grams(list(index)),
        np.stack([_figures(t) for t in index]) if index else np.zeros((0, len(TEXT_NAMES)), np.float32),
        which,
        _edges(text, grid),
        np.concatenate([rows, candidates(texts, blocks)], axis=1),
    )


def place_figures(place: NDArray[np.int32], first: int = 0, count: int | None = None) -> NDArray[np.float32]:
    """[n, 9] places (``Encoded.place``) → [n, len(PLACE_NAMES)] figures, about 0..1.

    ``first`` and ``count`` say where in how many blocks these stand, if they are a part of a document.
    """
    line, column, piece, pieces, blank, width, total = (place[:, i].astype(np.float32) for i in range(7))
    number, strokes = place[:, 7], place[:, 8]
    n = max(len(place) if count is None else count, 1)
    index = np.arange(first, first + len(place), dtype=np.float32)
    below = np.append(blank[1:], np.float32(1))[: len(place)]
    return np.stack(
        [
            line / np.maximum(total, 1), index / n, np.exp(-index / 8), np.exp(-(n - 1 - index) / 8),
            np.minimum(column, 80) / 40, np.minimum(piece, 16) / 8, np.minimum(pieces, 16) / 8, piece == 0,
            piece == pieces - 1, pieces == 1, blank > 0, np.minimum(blank, 4) / 4, below > 0,
            (width > 20) & (width < 45) & (pieces == 1), number > 0, strokes, runs(number, place[:, 0]),
        ],
        axis=1,
        dtype=np.float32,
    )  # fmt: skip


def sight(edges: NDArray[np.float32], place: NDArray[np.float32]) -> NDArray[np.float32]:
    """[n, len(SIGHT_NAMES)]: what is seen of each block beside its text."""
    return np.concatenate((edges, place), axis=1, dtype=np.float32)


def fingerprint() -> str:
    """A digest of what the figures and n-grams are: a model reads only features of the fingerprint it learned from."""
    parts = (*TEXT_NAMES, *SIGHT_NAMES, str((BUCKETS, HEAD, TAIL, LONGEST)), *(p.pattern for p in _SHAPES.values()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _texts(text: str, blocks: Sequence[GridBlock]) -> list[str]:
    """The normalised text of each block; a very long one without its middle. One pass over all of them together."""
    parts = [text[b.start : b.end] if b.end - b.start <= 2 * LONGEST else _clipped(text, b) for b in blocks]
    joined = "\x00".join(parts if "\x00" not in text else [p.replace("\x00", " ") for p in parts])
    return normalise(joined).text.split("\x00") if parts else []


def _clipped(text: str, block: GridBlock) -> str:
    return text[block.start : block.start + LONGEST] + text[block.end - LONGEST : block.end]


def _edges(text: str, grid: NDArray[np.int32]) -> NDArray[np.float32]:
    """[n, len(EDGE_NAMES)]: what stands within four characters of each block, and whether its line breaks there."""
    if not len(grid):
        return np.zeros((0, len(EDGE_NAMES)), np.float32)
    base = max(int(grid[0, 0]) - _BESIDE, 0)
    around = text[base : int(grid[-1, 1]) + _BESIDE]
    start, end, piece, pieces = grid[:, 0] - base, grid[:, 1] - base, grid[:, 4], grid[:, 5]
    before, after = np.maximum(start - _BESIDE, 0), np.minimum(end + _BESIDE, len(around))
    columns: list[NDArray[np.bool_]] = []
    for sign in "|\t":
        places = np.array([m.start() for m in re.finditer(re.escape(sign), around)], np.int32)
        seen = np.searchsorted(places, np.stack((before, start, end, after)))
        columns += [seen[1] > seen[0], seen[3] > seen[2]]
    return np.column_stack((*columns, piece == 0, piece == pieces - 1)).astype(np.float32)


def _figures(text: str) -> NDArray[np.float32]:
    return _kept_figures(text) if len(text) <= _KEPT else _text_figures(text)


@lru_cache(maxsize=16_384)
def _kept_figures(text: str) -> NDArray[np.float32]:
    return _text_figures(text)


def _text_figures(text: str) -> NDArray[np.float32]:
    """The figures of ``TEXT_NAMES``."""
    length = max(len(text), 1)
    digits, hanzi, latin, marks = _counts(text)
    squeezed = key(text)
    end = squeezed[-1:]
    shapes = [bool(p.fullmatch(text)) for p in _SHAPES.values()] if len(text) <= 60 else _NO_SHAPES
    numbering = NUMBERING.match(squeezed[:8])
    kind = numbering.lastgroup if numbering else None
    figures = (
        math.log1p(length) / 6, min(length, 12) / 12, digits / length, hanzi / length, latin / length,
        marks / length, text.count(" ") / length, end == "。", end in {",", "、", ";"},
        end == ":", "。" in text, min(text.count(":"), 4) / 4, bool(_FIELD.match(squeezed)), bool(_URL.search(text)),
        length < 40 and squeezed.endswith(_ISSUER), bool("年" in text and digits >= 4), ">" in text or "»" in text,
        squeezed[:1] in {"(", "《", "“", "【"}, end in {")", "》", "”", "】"}, _magnitude(text),
        length <= 80 and bool(_LABEL_NUMBER.fullmatch(text)),
        *shapes, *(float(kind == k) for k in NUMBERING_KINDS),
        *(min(sum(map(text.__contains__, words)), 3) / 3 for words in WORDS.values()), *lexicon().facts(squeezed[:200]),
    )  # fmt: skip
    return np.array(figures, np.float32)


def _counts(text: str) -> list[int]:
    """How many digits, hanzi, latin letters and marks there are."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    counts: list[int] = np.bincount(_CLASSES.take(codes, mode="clip"), minlength=5)[1:].tolist()
    return counts


def _magnitude(text: str) -> float:
    """The logarithm of a number, 0 for what is none."""
    if not _SHAPES["number"].fullmatch(text[:24]):
        return 0.0
    value = abs(float(text[:24].replace(",", "").replace("−", "-")))
    return min(math.log10(1 + value), 8) / 8


def _grams(texts: list[str]) -> NDArray[np.uint16]:
    """[len(texts), GRAMS] buckets of the 1-, 2- and 3-grams of each text's head and of a long text's tail, 0 elsewhere.

    All digits count as one, the ends of the text as characters.
    """
    n = len(texts)
    ends = [t + "\x02" if len(t) <= HEAD else t[:HEAD] for t in texts]
    heads = _codes(["\x01" + end for end in ends], HEAD + 2)
    tails = _codes([t[-TAIL:] + "\x02" if len(t) > HEAD else "" for t in texts], TAIL + 1)
    parts = [g for codes, salt in ((heads, 0), (tails, 77)) for g in _hashed(_one_digit(codes), salt)]
    return np.concatenate(parts, axis=1) if n else np.zeros((0, GRAMS), np.uint16)


def _codes(texts: list[str], width: int) -> NDArray[np.uint32]:
    """[len(texts), width] code points of texts of at most this length, 0 behind their ends."""
    padded = "".join([text.ljust(width, "\0") for text in texts])
    return np.frombuffer(padded.encode("utf-32-le"), np.uint32).reshape(-1, width)


def _one_digit(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return np.where((codes >= 48) & (codes <= 57), np.uint32(48), codes)


def _hashed(codes: NDArray[np.uint32], salt: int) -> list[NDArray[np.uint16]]:
    """1-, 2- and 3-grams of rows of characters (0 pads) → buckets 1 … BUCKETS-1; the same on every machine."""
    out: list[NDArray[np.uint16]] = []
    hashed = np.full(codes.shape, 0x9E3779B1 + salt, np.uint32)
    width = codes.shape[1]
    for n in range(3):
        span = codes[:, n:width]
        hashed = (hashed[:, : width - n] ^ span) * np.uint32(0x85EBCA6B)
        mixed = (hashed ^ (hashed >> np.uint32(15))) * np.uint32(0xC2B2AE35)
        bucket = (mixed >> np.uint32(8)) % np.uint32(BUCKETS - 1) + np.uint32(1)
        out.append(np.where(span == 0, 0, bucket).astype(np.uint16))
    return out

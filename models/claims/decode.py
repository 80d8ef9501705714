"""From the network's outputs to spans: one way for reading, for scores and for the check of an export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import labels, vocabulary
from models.encoding import Encoded, batch

Floats = NDArray[np.float32]
Network = Callable[[dict[str, NDArray[np.int64]]], Floats]

_BUDGET = 512
_DIGITS = vocabulary.among("0123456789")
_BLANKS = vocabulary.among("\n ")
_KIND_OF = np.array([0] + [i // 2 + 1 for i in range(len(labels.SPAN_LABELS) - 1)])
_BEGINS = np.array([name.startswith("B-") for name in labels.SPAN_LABELS])
_ZERO = labels.SPAN_KINDS.index("zero")
_NONE = vocabulary.among("未无没不零")
_STOPS = vocabulary.among("。;；!！?？")
_TORN = 4
_WHOLE_NUMBERS = np.array([False] + [kind in ("count", "ratio", "delta", "money") for kind in labels.SPAN_KINDS])


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans by position in an ``Encoded``: half-open, in order; one row a span in every array.

    ``kinds`` index ``labels.SPAN_KINDS``. ``scores``, ``approx``, ``scopes`` (n, 3) and ``concepts`` (n, concepts)
    are in 0..1.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: NDArray[np.int64]
    scores: Floats
    approx: Floats
    scopes: Floats
    concepts: Floats


def batches(encoded: Encoded, budget: int = _BUDGET) -> Iterator[NDArray[np.int64]]:
    """Rows of windows in groups of like length; no group holds more than ``budget`` characters with its padding."""
    lengths = encoded.lengths()
    order = np.argsort(lengths, kind="stable")[::-1]
    at = 0
    while at < len(order):
        count = max(1, budget // int(lengths[order[at]]))
        yield order[at : at + count]
        at += count


def run(network: Network, encoded: Encoded) -> Floats:
    """The network's outputs for each character: (characters, outputs)."""
    out = np.zeros((len(encoded), len(labels.OUTPUTS)), dtype=np.float32)
    for rows in batches(encoded):
        part = batch(encoded, rows)
        out[part.positions[part.core]] = network(part.inputs())[part.core]
    return out


def decode(outputs: Floats, encoded: Encoded) -> Spans:
    """The spans that the outputs tell of."""
    if not len(encoded):
        return _spans(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), outputs)
    best = outputs[:, labels.SPAN].argmax(axis=1)
    kinds, begins = _KIND_OF[best], _BEGINS[best]
    _mend_numbers(outputs[:, labels.SPAN], encoded, kinds, begins)
    starts, ends = edges(kinds, begins, encoded.stretch)
    starts, ends = _trim(starts, ends, encoded.chars)
    found = kinds[starts] - 1
    starts, ends, keep = _mend_zeros(starts, ends, found, encoded)
    return _spans(starts[keep], ends[keep], found[keep], outputs)


def edges(
    kinds: NDArray[np.int64], begins: NDArray[np.bool_], stretch: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of spans of equal kind (0 is outside); one that does not open with B- is taken to begin there.

    No span crosses from one stretch to the next.
    """
    border = np.r_[True, stretch[1:] != stretch[:-1]]
    opens = begins | border | np.r_[True, kinds[1:] != kinds[:-1]]
    starts = np.flatnonzero(opens & (kinds > 0))
    stops = np.r_[np.flatnonzero(opens | (kinds == 0)), len(kinds)]
    return starts, stops[np.searchsorted(stops, starts, side="right")]


def _mend_numbers(spans: Floats, encoded: Encoded, kinds: NDArray[np.int64], begins: NDArray[np.bool_]) -> None:
    """A run of digits is one number outside tables: where it is a claim's, all of it has one kind and one start.

    Glued cells are left as they are; their runs hold several numbers.
    """
    digit = _DIGITS[encoded.chars]
    joined = digit & np.r_[False, digit[:-1]] & np.r_[False, encoded.stretch[1:] == encoded.stretch[:-1]]
    firsts = np.flatnonzero(digit & ~joined)
    if not len(firsts):
        return
    place = np.flatnonzero(digit)
    sizes = np.diff(np.r_[np.searchsorted(place, firsts), len(place)])
    here = spans[place]
    per_kind = np.concatenate([here[:, :1], np.maximum(here[:, 1::2], here[:, 2::2])], axis=1)
    per_kind = np.add.reduceat(per_kind, np.searchsorted(place, firsts), axis=0)
    kind = per_kind.argmax(axis=1)
    tagged = np.add.reduceat((kinds[place] > 0).astype(np.int64), np.searchsorted(place, firsts)) > 0
    whole = np.repeat(_WHOLE_NUMBERS[kind] & tagged, sizes)
    kinds[place[whole]] = np.repeat(kind, sizes)[whole]
    begins[place[whole & joined[place]]] = False


def _mend_zeros(
    starts: NDArray[np.int64], ends: NDArray[np.int64], kinds: NDArray[np.int64], encoded: Encoded
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Statements that there was none, made whole: each begins with, or holds, a word such as 未 or 无.

    A piece without one belongs to the statement just before it, or begins at the word just before it; else it goes.
    """
    starts, ends, keep = starts.copy(), ends.copy(), np.ones(len(starts), dtype=np.bool_)
    last = -1
    for i in np.flatnonzero(kinds == _ZERO).tolist():
        near = last >= 0 and encoded.stretch[starts[last]] == encoded.stretch[starts[i]]
        gap = encoded.chars[ends[last] : starts[i]] if near and starts[i] - ends[last] <= _TORN else None
        if gap is not None and not _NONE[encoded.chars[starts[i]]] and not _STOPS[gap].any():
            ends[last], keep[i] = ends[i], False
            continue
        if not _NONE[encoded.chars[starts[i] : ends[i]]].any():
            before = np.flatnonzero(_NONE[encoded.chars[max(0, starts[i] - _TORN) : starts[i]]])
            if not len(before):
                keep[i] = False
                continue
            starts[i] = max(0, starts[i] - _TORN) + before[0]
        last = i
    return starts, ends, keep


def _trim(
    starts: NDArray[np.int64], ends: NDArray[np.int64], chars: NDArray[np.uint16]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Spans without white space at their ends; a span of nothing else goes."""
    blank = _BLANKS[chars]
    starts = starts + (blank[starts] & (ends > starts))
    ends = ends - (blank[ends - 1] & (ends > starts))
    keep = starts < ends
    return starts[keep], ends[keep]


def _spans(starts: NDArray[np.int64], ends: NDArray[np.int64], kinds: NDArray[np.int64], outputs: Floats) -> Spans:
    """Spans with their scores: means over their characters of the label's chance and of the attributes."""
    sizes = ends - starts
    firsts = np.cumsum(sizes) - sizes
    inside = np.repeat(starts - firsts, sizes) + np.arange(int(sizes.sum()))
    mean: Floats = np.zeros((len(starts), outputs.shape[1]), dtype=np.float32)
    scores: Floats = np.zeros(len(starts), dtype=np.float32)
    if len(starts):
        values = outputs[inside]
        chances = _softmax(values[:, labels.SPAN])
        column = 1 + 2 * np.repeat(kinds, sizes)
        row = np.arange(len(inside))
        own = chances[row, column] + chances[row, column + 1]
        scores = np.asarray(np.add.reduceat(own, firsts) / sizes, dtype=np.float32)
        mean = np.asarray(np.add.reduceat(values, firsts, axis=0) / sizes[:, None], dtype=np.float32)
    return Spans(
        starts, ends, kinds, scores, _sigmoid(mean[:, labels.APPROX]),
        _softmax(mean[:, labels.SCOPE]), _sigmoid(mean[:, labels.CONCEPT]),
    )  # fmt: skip


def _softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)

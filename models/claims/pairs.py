"""Words that a version learned from annotated reports: pairs of characters with vectors of their own.

A word that synthesis hardly ever writes says nothing to the network, and its characters say something else in other
words. Such a word gets vectors of its own, a row for each character of each pair; at first they are those that the
characters have anyway, so that nothing is read otherwise until they have learned. Where none of the pairs stands,
nothing changes at all. (Vocabulary extension: Tai et al. 2020, *exBERT*; Hong et al. 2021, *AVocaDo*.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models import vocabulary

if TYPE_CHECKING:
    from models.claims.data import Labelled

Ids = NDArray[np.int64]
_BEFORE, _BEHIND = 12, 10  # characters around where a claim begins: there stand the words that tell what it counts
_REACH = 1 << 16


class Pairs:
    """``texts``: the pairs in the order of their rows, two hanzi each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(texts)
        keys = np.array([_key(*vocabulary.ids(text).tolist()) for text in texts], dtype=np.int64)
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    def rows(self, ids: Ids) -> Ids:
        """The rows of the characters' table for ids (windows, length): ``vocabulary.size()`` and more in a pair.

        In a run of overlapping pairs each character belongs to the pair that it begins, the last one to its pair.
        """
        if not len(self._keys) or ids.shape[1] < 2:
            return ids
        keys = ids[:, :-1] * _REACH + ids[:, 1:]
        at = np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)
        known = self._keys[at] == keys
        first = vocabulary.size() + 2 * self._order[at]
        out = ids.copy()
        out[:, 1:] = np.where(known, first + 1, out[:, 1:])
        out[:, :-1] = np.where(known, first, out[:, :-1])
        return out


def unknown(reports: Sequence[tuple[Labelled, Sequence[int]]], replay: Labelled, most: int) -> list[str]:
    """The pairs of hanzi that stand near these positions of reports and at most so often in all of the replay."""
    common = Counter(_keys_of(replay).tolist())
    found: set[int] = set()
    for report, places in reports:
        keys = _keys_of(report)
        near = np.zeros(len(keys), dtype=bool)
        for place in places:
            near[max(0, place - _BEFORE) : place + _BEHIND] = True
        found |= set(keys[near & (keys > 0)].tolist())
    return sorted(_text(key) for key in found if common[key] <= most)


def windows_with(texts: Sequence[str], data: Labelled) -> Ids:
    """The windows in which one of these pairs stands."""
    wanted = np.array([_key(*vocabulary.ids(text).tolist()) for text in texts], dtype=np.int64)
    places = np.flatnonzero(np.isin(_keys_of(data), wanted))
    first, last = data.encoded.windows[:, 0], data.encoded.windows[:, 3] - 1
    return np.flatnonzero(np.searchsorted(places, last) > np.searchsorted(places, first))


def _keys_of(data: Labelled) -> Ids:
    """At each character but the last the pair that it begins, 0 where that is none of two hanzi of one stretch."""
    chars, stretch = data.encoded.chars.astype(np.int64), data.encoded.stretch
    hanzi = chars >= vocabulary.first_hanzi()
    whole = hanzi[:-1] & hanzi[1:] & (stretch[:-1] == stretch[1:])
    return np.where(whole, chars[:-1] * _REACH + chars[1:], 0)


def _key(first: int, second: int) -> int:
    return first * _REACH + second


def _text(key: int) -> str:
    signs = vocabulary.characters()
    return "".join(signs[i - vocabulary.SPACE - 1] for i in divmod(key, _REACH))

"""Text under construction with marks on it: every edit moves the marks, so gold comes by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked place of the text. ``kind``: claim, heading, cell, block …; ``data`` is what gold says of it."""

    start: int
    end: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Marked:
    """A text and its marks; grows by ``add``, is edited by ``substitute``."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)

    def add(self, text: str, kind: str | None = None, **data: Any) -> Marked:
        """Append text, marked as ``kind`` if one is given."""
        if kind is not None:
            self.marks.append(Mark(len(self.text), len(self.text) + len(text), kind, data))
        self.text += text
        return self

    def join(self, other: Marked, kind: str | None = None, **data: Any) -> Marked:
        """Append another marked text with its marks, and mark the whole of it as ``kind`` if one is given."""
        base = len(self.text)
        if kind is not None:
            self.marks.append(Mark(base, base + len(other.text), kind, data))
        self.marks += [replace(m, start=m.start + base, end=m.end + base) for m in other.marks]
        self.text += other.text
        return self

    def mark(self, start: int, end: int, kind: str, **data: Any) -> None:
        """Mark a place of the text as it stands now."""
        self.marks.append(Mark(start, end, kind, data))

    def of(self, kind: str) -> list[Mark]:
        """The marks of one kind in text order."""
        return sorted((m for m in self.marks if m.kind == kind), key=lambda m: (m.start, m.end))

    def substitute(self, edits: Iterable[tuple[int, int, str]]) -> Marked:
        """A copy with each ``text[a:b]`` replaced (edits must not overlap); marks move with their characters.

        A mark whose characters are edited covers the replacement; one that loses all its characters becomes empty.
        """
        ordered = sorted(edits)
        pieces: list[str] = []
        at, shift = 0, 0
        moves: list[tuple[int, int, int, int]] = []
        for a, b, new in ordered:
            if a < at:
                raise ValueError(f"edits overlap at {a}; sort them apart before substituting")
            pieces += [self.text[at:a], new]
            moves.append((a, b, a + shift, a + shift + len(new)))
            shift += len(new) - (b - a)
            at = b
        pieces.append(self.text[at:])
        place = _mover(moves)
        marks = [replace(m, start=place(m.start, True), end=place(m.end, False)) for m in self.marks]
        marks = [m if m.start <= m.end else replace(m, end=m.start) for m in marks]
        return Marked("".join(pieces), marks)


def _mover(moves: list[tuple[int, int, int, int]]) -> Callable[[int, bool], int]:
    """Old place → new place. Edited inside: a start goes to the edit's start, an end to its end."""
    import bisect

    starts = [m[0] for m in moves]

    def place(at: int, is_start: bool) -> int:
        i = bisect.bisect_right(starts, at) - 1
        if is_start is False and i >= 0 and moves[i][0] == at and moves[i][1] > at:
            i -= 1  # an end that touches an edit's start stays before it
        if is_start is False and i >= 0 and moves[i][0] == at and moves[i][1] == at:
            i -= 1  # an end at an insertion stays before the insertion
        if i < 0:
            return at
        _, b, na, nb = moves[i]
        if at >= b:
            return nb + (at - b)
        return na if is_start else nb

    return place

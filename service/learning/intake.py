"""Annotations in: files of any format are verified, and what is right goes into the service's dataset."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from extractor.annotate.complete import complete
from extractor.reading import too_large
from models.annotations import formats, said
from models.annotations.dataset import Added, Dataset, Incoming
from models.annotations.draft import Draft
from models.annotations.formats import Format
from models.annotations.manifest import totals_of
from models.annotations.reconcile import Prefer
from models.annotations.said import AnnotationError, Refusal
from models.annotations.verify import Repair, admit
from service.learning import shapes
from service.problems import refusal
from service.settings import Settings

T = TypeVar("T")
_TIMES = 20  # a DocBin is packed: it may unpack to so many times the largest body
_STRANGE = (RecursionError, OverflowError, zlib.error, struct.error)


@dataclass(slots=True)
class Taken:
    """What came of files, or of corrections, before it goes into a dataset."""

    incoming: list[Incoming] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    remarks: list[said.Said] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def admit(self, draft: Draft, origin: str) -> None:
        """Verify a draft."""
        made = admit(draft, complete)
        self.repairs += made.repairs
        self.remarks += made.remarks
        self.refusals += made.refusals
        if made.record is not None:
            self.incoming.append(Incoming(made.record, origin))


def verify(files: Sequence[tuple[str, bytes]], format: Format | None, predictions: bool, settings: Settings) -> Taken:
    """Read and verify files. Raises ProblemError or TooLargeError for what is too long to be looked at."""
    taken = Taken()
    for name, data in files:
        shown = name or "annotations"
        try:
            drafts, chosen = _drafts(taken, data, shown, format, predictions, settings)
        except AnnotationError as error:
            taken.refusals.append(error.refusal)
            continue
        for draft in drafts:
            if len(draft.text) > settings.max_characters:
                raise refusal("text_too_long")
            _guarded(shown, lambda: taken.admit(draft, chosen))  # noqa: B023 - it is called at once
    return taken


def _drafts(
    taken: Taken, data: bytes, name: str, format: Format | None, predictions: bool, settings: Settings
) -> tuple[list[Draft], Format]:
    chosen: Format = format if format is not None else _guarded(name, lambda: formats.detect(data, name))
    if chosen == "docbin":
        _guarded(name, lambda: _bounded(data, settings.max_body_bytes * _TIMES))
    drafts, refusals = _guarded(name, lambda: formats.read(data, name, chosen, predictions=predictions))
    taken.refusals += refusals
    return drafts, chosen


def _guarded(name: str, work: Callable[[], T]) -> T:
    """What a hostile file can make a parser raise is a refusal like any other."""
    try:
        return work()
    except _STRANGE as error:
        met = said.Said(f"无法理解（{type(error).__name__}）", f"it cannot be understood ({type(error).__name__})")
        expected = said.Said(f"{', '.join(formats.FORMATS)} 格式的文件", f"one of {', '.join(formats.FORMATS)}")
        todo = said.Said("请重新导出", "export it again")
        raise AnnotationError(Refusal(name, met, expected, todo)) from None


def _bounded(data: bytes, limit: int) -> None:
    """Raises TooLargeError where packed data would unpack to more than this."""
    unpacker = zlib.decompressobj()
    rest, size = data, 0
    while rest:
        size += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
        if size > limit:
            raise too_large(None, limit)


def keep(taken: Taken, settings: Settings, prefer: Prefer | None, keep_good: bool) -> tuple[shapes.Import, str | None]:
    """Add what was taken, all of it or nothing; with ``keep_good`` what is right. Returns what became of it, and the
    code of the problem where nothing was added. Raises AnnotationError where the dataset is damaged."""
    dataset = Dataset(settings.dataset_folder)
    if taken.refusals and not (keep_good and taken.incoming):
        return report(taken, Added(), dataset), "annotations_refused"
    added = dataset.add(taken.incoming, prefer)
    return report(taken, added, dataset), "annotations_conflict" if added.conflicts else None


def report(taken: Taken, added: Added, dataset: Dataset) -> shapes.Import:
    """What became of annotations, as it is answered."""
    return shapes.Import(
        added=list(added.new),
        merged=list(added.merged),
        same=list(added.same),
        repairs=[_repaired(one) for one in taken.repairs],
        remarks=[_said(one) for one in taken.remarks],
        refusals=[refused(one) for one in taken.refusals],
        conflicts=[refused(one) for one in added.conflicts],
        dataset={split: counts["documents"] for split, counts in totals_of(dataset.entries).items()},
    )


def refused(one: Refusal) -> shapes.Refused:
    """A refusal as it is answered."""
    return shapes.Refused(place=one.place, met=_said(one.met), expected=_said(one.expected), todo=_said(one.todo))


def _repaired(one: Repair) -> shapes.Repaired:
    region: Any = one.region
    return shapes.Repaired(
        place=one.where,
        layer=region.layer,
        label=region.name,
        given_start=region.start,
        given_end=region.end,
        start=one.start,
        end=one.end,
        why=_said(one.said),
    )


def _said(one: said.Said) -> shapes.Said:
    return shapes.Said(zh=one.zh, en=one.en)

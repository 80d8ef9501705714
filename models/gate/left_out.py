"""The part ``left out``: each annotated report as a model reads it that learned from the others.

A handful of annotated reports has hardly a test part, and what a model learned from proves nothing of it. So it is
trained a few times more in the same way, each time without some of the reports, which it then reads
(cross-validation: Stone 1974, *Cross-Validatory Choice and Assessment of Statistical Predictions*).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from models.gate.items import Compared
from models.gate.verdict import Changed, LabelVerdict, PartFacts, weigh

NAME, FIELD = "left out", "left_out"
Weighed = tuple[PartFacts, list[LabelVerdict], list[Changed]]


def folds(count: int, wanted: int) -> list[list[int]]:
    """Which of so many reports are left out together, in so many folds; none where not two could be made."""
    number = min(count, wanted)
    return [list(range(first, count, number)) for first in range(number)] if number > 1 else []


def noted(digest: str, read: Sequence[Compared]) -> dict[str, Any] | None:
    """For a version's record: how reports that were left out were read. None where there are none."""
    if not read:
        return None
    facts, verdicts, changes = weigh(NAME, digest, read)
    return {"facts": asdict(facts), "labels": [asdict(v) for v in verdicts], "changes": [asdict(c) for c in changes]}


def of(record: Mapping[str, Any], against: str) -> Weighed | None:
    """What ``noted`` wrote, where the version is compared with the one that it was trained from."""
    said = record.get(FIELD)
    if not isinstance(said, dict) or record.get("start", {}).get("version") != against:
        return None
    labels, changes = [LabelVerdict(**v) for v in said["labels"]], [Changed(**c) for c in said["changes"]]
    return PartFacts(**said["facts"]), labels, changes

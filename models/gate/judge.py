"""The comparison of a candidate with the version that serves, and promotion by it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from models import promotion, registry
from models.annotations.dataset import Dataset
from models.gate import left_out
from models.gate.holdout import Part, annotated, hold_out
from models.gate.items import Compared, reader
from models.gate.verdict import Changed, Judgement, LabelVerdict, PartFacts, conclude, weigh
from models.registry import Task

Tell = Callable[[str, int, int], None]


class RefusedError(ValueError):
    """The gate does not let a version serve. ``judgement``: why (``Judgement.to_json``), None where there is none."""

    def __init__(self, task: Task, version: str, judgement: Mapping[str, Any] | None) -> None:
        what = f"the gate says: {judgement['verdict']}" if judgement else "no gate has judged it"
        super().__init__(f"{task} {version} may not serve: {what}")
        self.judgement = judgement


def judge(
    task: Task, version: str, against: str | None = None, data: Dataset | None = None, *,
    frozen: Part | None = None, processes: int = 1, tell: Tell | None = None,
) -> Judgement:  # fmt: skip
    """Compare a version with another (the one that serves, if none is named) on the hold-out, on a dataset's test
    part, and by the reports that were left out while it was trained. Only reads. ``frozen`` stands in for the hold-out;
    ``tell`` is told part, done and total.

    Raises BrokenInstallation where one of the versions cannot be read with.
    """
    base = registry.current(task) if against is None else against
    read = reader(task, base, version)
    facts: list[PartFacts] = []
    verdicts: list[LabelVerdict] = []
    changes: list[Changed] = []
    for part in _parts(task, data, frozen):
        found: list[Compared] = []
        for case in part.cases(processes):
            found.append(read(case))
            if tell:
                tell(part.name, len(found), part.count)
        of_part = weigh(part.name, part.digest, found)
        facts.append(of_part[0])
        verdicts += of_part[1]
        changes += of_part[2]
    if told := _left_out(task, version, base):
        facts.append(told[0])
        verdicts += told[1]
        changes += told[2]
    verdict, reasons = conclude(verdicts)
    date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Judgement(task, version, base, date, verdict, reasons, tuple(facts), tuple(verdicts), tuple(changes))


def _parts(task: Task, data: Dataset | None, frozen: Part | None) -> list[Part]:
    own = [annotated(task, data)] if data is not None else []
    return [frozen or hold_out(task), *(part for part in own if part.count)]


def _left_out(task: Task, version: str, against: str) -> left_out.Weighed | None:
    return left_out.of(registry.read_record(registry.version_dir(task, version)), against)


def judged(task: Task, version: str, data: Dataset | None = None, frozen: Part | None = None) -> dict[str, Any] | None:
    """The judgement in a version's record, if it is of the version that serves now and of the same reports."""
    known = registry.read_record(registry.version_dir(task, version)).get("gate")
    if not isinstance(known, dict) or known.get("against") != registry.pins().get(task):
        return None
    wanted = [[part.name, part.digest] for part in _parts(task, data, frozen)]
    if told := _left_out(task, version, str(known.get("against"))):
        wanted.append([told[0].name, told[0].digest])
    return known if [[p["name"], p["digest"]] for p in known["parts"]] == wanted else None


def note(judgement: Judgement) -> dict[str, Any]:
    """Write a judgement into the version's record, where that is one of the user's. Returns it as plain data."""
    said = judgement.to_json()
    folder = registry.version_dir(judgement.task, judgement.version)
    if _is_users(folder):
        registry.amend_record(folder, gate=said)
    return said


def promote(task: Task, version: str, judgement: Mapping[str, Any] | None, forced: str = "") -> Path:
    """Let a version serve, by its judgement (None: there is none, since the version that serves cannot be read).

    Raises RefusedError where the gate does not allow it and no reason is given; a reason is kept in the version's
    record and in the events of ``current.toml``, the only file that decides what serves.
    """
    allowed = judgement is not None and bool(judgement["allows"])
    reason = "" if allowed else forced.strip()
    if not allowed and not reason:
        raise RefusedError(task, version, judgement)
    verdict = str(judgement["verdict"]) if judgement else "not judged"
    folder = registry.load(task, version)
    if reason and _is_users(folder):
        date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        asked = {"date": date, "instead_of": registry.pins().get(task, ""), "verdict": verdict, "reason": reason}
        registry.amend_record(folder, forced=[*registry.read_record(folder).get("forced", []), asked])
    return promotion.promote(task, version, verdict=verdict, forced=reason)


def _is_users(folder: Path) -> bool:
    return registry.user_root().resolve() in folder.resolve().parents

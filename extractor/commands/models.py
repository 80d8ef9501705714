"""``nianbao models``: the versions there are, how two of them differ, and which one serves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from models import promotion, registry
from models.annotations.dataset import MANIFEST, Dataset
from models.gate import judge as gate
from models.gate.verdict import CHANGES, Judgement
from models.registry import TASKS, BrokenInstallation, Task
from models.workplace import is_unfinished, progress

_DONE, _USAGE, _REFUSED = 0, 2, 3
_SHOWN = 12
_FACTS = ("command", "date", "seconds", "settings", "start", "dataset", "replay", "kept_epoch", "way", "forced")
_VERDICTS = {"better": "更好", "same": "持平", "worse": "变差", "not judged": "未评"}
_CHANGES = {"found": "新找到", "lost": "丢失", "invented": "误报", "withdrawn": "不再误报"}


class UnknownVersionError(ValueError):
    """There is no such version, or several tasks have one of this name."""


def which(name: str) -> tuple[Task, str]:
    """The task and the version that ``claims/u1``, ``claims/current`` or (where one task alone has it) ``u1`` names."""
    task, _, version = name.rpartition("/")
    if task and task not in TASKS:
        raise UnknownVersionError(f"unknown model {task!r}; there are: {', '.join(TASKS)}")
    chosen: list[Task] = [t for t in TASKS if task in ("", t)]
    if version == "current" and len(chosen) == 1:
        return chosen[0], registry.current(chosen[0])
    having: list[Task] = [t for t in chosen if version in registry.versions(t)]
    if len(having) != 1:
        known = ", ".join(f"{t}/{v}" for t in TASKS for v in registry.versions(t))
        raise UnknownVersionError(f"{name!r} names {len(having) or 'no'} versions; there are: {known}")
    return having[0], version


def show_all(as_json: bool) -> int:
    """Print every version of each model. Returns the exit code."""
    rows = [row for task in TASKS for row in _versions(task)]
    if as_json:
        _print_json(rows)
        return _DONE
    table = Table()
    for head in ("", "model", "version", "date", "from", "annotated", "gate", ""):
        table.add_column(head)
    for row in rows:
        cells = ("task", "version", "date", "from", "annotated", "gate", "where")
        table.add_row("●" if row["serves"] else "", *(str(row[c]) for c in cells))
    _out().print(table)
    return _DONE


def _versions(task: Task) -> Iterable[dict[str, Any]]:
    current = registry.pins().get(task)
    for version in registry.versions(task):
        folder = registry.version_dir(task, version)
        record = registry.read_record(folder)
        judged = record.get("gate", {})
        yield {
            "task": task,
            "version": version,
            "serves": version == current,
            "date": record.get("date", ""),
            "from": (record.get("start") or {}).get("version", ""),
            "annotated": record.get("dataset", {}).get("train", {}).get("documents", ""),
            "gate": f"{judged['verdict']} (against {judged['against']})" if judged else "",
            "where": "yours" if folder.is_relative_to(registry.user_root()) else "shipped",
        }
    for folder in sorted((registry.user_root() / task).glob("*")):
        if is_unfinished(folder) and not (folder / registry.RECORD).is_file():
            said = progress(folder)
            state = f"unfinished: {said.get('phase', '')} {said.get('done', 0)}/{said.get('total') or '?'}"
            empty = dict.fromkeys(("date", "from", "annotated"), "")
            yield {"task": task, "version": folder.name, "serves": False, **empty, "gate": state, "where": "yours"}


def show(name: str, as_json: bool) -> int:
    """Print a version's record, without the long lists unless as JSON, and what became of it."""
    task, version = which(name)
    record = registry.read_record(registry.version_dir(task, version))
    events = [asdict(e) for e in promotion.events(task) if version in (e.version, e.instead_of)]
    serves = registry.pins().get(task) == version
    if as_json:
        _print_json({**record, "serves": serves, "events": events})
        return _DONE
    console = _out()
    console.print(f"{task} {version}{'  ● 使用中 serves' if serves else ''}")
    for key in _FACTS:
        if record.get(key) not in (None, ""):
            console.print(f"  {key}: {json.dumps(record[key], ensure_ascii=False)}")
    if words := record.get("words"):
        console.print(f"  words: {len(words)} new, such as {' '.join(words[:_SHOWN])}")
    for file, facts in record.get("files", {}).items():
        console.print(f"  {file}: {facts['bytes']} bytes, sha256 {facts['sha256']}")
    for event in events:
        said = " ".join(f"{k}={v}" for k, v in event.items() if v and k not in ("date", "what", "task"))
        console.print(f"  {event['date']} {event['what']}: {said}")
    if record.get("gate"):
        _show_judgement(record["gate"])
    return _DONE


def diff(old: str, new: str, data: Path | None, as_json: bool) -> int:
    """Compare two versions of one model as the gate does; nothing is written."""
    (task, against), (other, version) = which(old), which(new)
    if task != other:
        raise UnknownVersionError(f"{old} and {new} are versions of different models")
    judgement = _judged(task, version, against, _dataset(data, task, version)).to_json()
    _print_json(judgement) if as_json else _show_judgement(judgement)
    return _DONE


def judge(name: str, data: Path | None, as_json: bool) -> int:
    """Compare a version with the one that serves and note it in the record.

    Exit code 0 when it may be promoted, 3 when it may not.
    """
    task, version = which(name)
    judgement = gate.note(_judged(task, version, None, _dataset(data, task, version)))
    _print_json(judgement) if as_json else _show_judgement(judgement)
    return _DONE if judgement["allows"] else _REFUSED


def promote(name: str, data: Path | None, forced: str = "") -> int:
    """Let a version serve if the gate allows it (asked now, unless it was asked about the same versions and reports).

    Exit code 0 when it serves, 3 when the gate does not allow it.
    """
    task, version = which(name)
    if registry.pins().get(task) == version:
        _say(f"{task} {version} 已在使用", f"{task} {version} serves already")
        return _DONE
    judgement = _judgement(task, version, _dataset(data, task, version), bool(forced.strip()))
    if judgement:
        _show_judgement(judgement)
    try:
        path = gate.promote(task, version, judgement, forced)
    except gate.RefusedError:
        _say(
            "未通过，不予启用；确有理由时用 --force 并写明理由（记入版本档案）",
            'not promoted; with a reason, which is recorded: --force "…"',
        )
        return _REFUSED
    _say(f"{task} {version} 现已启用：{path}", f"{task} {version} serves now")
    return _DONE


def _judgement(task: Task, version: str, data: Dataset | None, forced: bool) -> dict[str, Any] | None:
    """The judgement in the record, or a new one; None where the version that serves cannot be read with."""
    if known := gate.judged(task, version, data):
        return known
    try:
        return gate.note(_judged(task, version, None, data))
    except BrokenInstallation:
        registry.load(task, version)  # is it the candidate that is broken?
        if not forced:
            raise
        return None


def rollback(task: Task | None) -> int:
    """Go back to the version that served before. Exit code 0 when done, 2 when there is none."""
    try:
        event = promotion.rollback(task)
    except promotion.NothingBeforeError as error:
        _say(f"没有可以退回的版本（{error}）", f"there is nothing to go back to: {error}")
        return _USAGE
    _say(
        f"{event.task} 已由 {event.instead_of} 退回 {event.version}",
        f"{event.task} {event.version} serves again, {event.instead_of} no more",
    )
    return _DONE


def _dataset(data: Path | None, task: Task, version: str) -> Dataset | None:
    """The dataset named, or the one that the version was trained on, if it is still there."""
    if data is not None:
        return Dataset(data)
    known = registry.read_record(registry.version_dir(task, version)).get("dataset", {}).get("folder")
    return Dataset(Path(known)) if known and (Path(known) / MANIFEST).is_file() else None


def _judged(task: Task, version: str, against: str | None, data: Dataset | None) -> Judgement:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bar.add_task(f"{task} {version}: {part}", total=total)
            bar.update(tasks[part], completed=done)

        return gate.judge(task, version, against, data, tell=tell)


def _show_judgement(judgement: Mapping[str, Any]) -> None:
    console = _out()
    title = f"{judgement['task']} {judgement['against']} → {judgement['version']}"
    table = Table(title=title, title_justify="left")
    for head in ("part", "label", "items", "F1 before", "F1 after", "95% range", ""):
        table.add_column(head, justify="left" if head in ("part", "label", "") else "right")
    hidden = 0
    for one in judgement["labels"]:
        moved = one["verdict"] != "same"
        if not moved and one["label"].startswith(("concept ", "style ")):
            hidden += 1
            continue
        sign = {"rose": "↑ rose", "fell": "↓ fell"}.get(one["verdict"], "")
        figures = f"{one['old']:.4f}", f"{one['new']:.4f}", f"{one['low']:+.4f} … {one['high']:+.4f}"
        table.add_row(one["part"], one["label"], str(one["count"]), *figures, sign)
    console.print(table)
    if hidden:
        _say(f"另有 {hidden} 个概念或样式无显著变化", f"{hidden} more concepts or styles: the same")
    for part in judgement["parts"]:
        sums = "，".join(f"{_CHANGES[w]} {part['changes'][w]}" for w in CHANGES)
        said = ", ".join(f"{part['changes'][w]} {w}" for w in CHANGES)
        console.print(f"{part['name']}: {part['documents']} reports, drawn by {part['unit']}; {sums} / {said}")
        listed = [c for c in judgement["changes"] if c["part"] == part["name"]]
        for what in CHANGES:
            for c in [c for c in listed if c["what"] == what][:_SHOWN]:
                place = f"{c['document']} {c['start']}–{c['end']}"
                console.print(f"  {_CHANGES[what]} now {what}: {c['label']} “{c['quote']}” ({place})")
    for reason in judgement["reasons"]:
        console.print(f"- {reason}")
    verdict = judgement["verdict"]
    allowed = ("可以启用", "it may be promoted") if judgement["allows"] else ("不予启用", "it may not be promoted")
    console.print(f"结论 verdict: {_VERDICTS[verdict]} {verdict}，{allowed[0]} / {allowed[1]}")


def _out() -> Console:
    return Console(soft_wrap=True, markup=False, highlight=False)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


def _say(zh: str, en: str) -> None:
    Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(f"{zh} / {en}")

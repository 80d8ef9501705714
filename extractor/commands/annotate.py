"""``nianbao annotate``: reports out to annotation tools, annotations back in, and the dataset that they make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import track

from extractor import batch
from extractor.annotate.complete import complete
from extractor.annotate.preannotate import preannotate
from extractor.annotate.rank import Ranked, Weighed, rank, weigh
from extractor.commands.inputs import report_unread, sources
from extractor.document import Document
from extractor.reading import Decoded
from models.annotations import formats, studio_config
from models.annotations.check import wrong
from models.annotations.dataset import MANIFEST, Added, Dataset, Incoming
from models.annotations.draft import Draft
from models.annotations.manifest import totals_of
from models.annotations.reconcile import Prefer
from models.annotations.record import LAYERS, PARTS, Layer, Record
from models.annotations.said import AnnotationError, Refusal, Said
from models.annotations.verify import Admission, admit
from models.registry import current, replace_text

_DONE, _UNREAD, _USAGE, _REFUSED = 0, 1, 2, 3
_SHOWN = 8
_CONFIG = "label-studio.xml"


def as_record(document: Document, _decoded: Decoded) -> Record:
    """The model's own answers for one report."""
    return preannotate(document)


def export(
    files: Sequence[str], data: Path | None, to: formats.Format, out: Path, layers: Sequence[Layer], jobs: int | None
) -> int:
    """Write reports with the model's answers, or the annotations of a dataset, to one file. Returns the exit code."""
    if bool(files) == (data is not None):
        _say("给出报告文件，或用 --data 给出数据集", "give report files, or a dataset with --data")
        return _USAGE
    unread: list[batch.Outcome[Any]] = []
    if data is not None:
        try:
            records = [record for _, record in Dataset(data).records()]
        except AnnotationError as error:
            return _refused([error.refusal])
    else:
        records = list(_answers(files, jobs, unread))
    records = [_only(r, layers) for r in records]
    path = out / f"annotations{formats.SUFFIXES[to]}" if out.is_dir() or not out.suffix else out
    path.parent.mkdir(parents=True, exist_ok=True)
    version = None if data is not None else f"layout {current('layout')}, claims {current('claims')}"
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(formats.write(records, to, version))
    new.replace(path)
    if to == "label-studio":
        replace_text(path.with_name(_CONFIG), studio_config.config())
        _say(f"标注界面配置：{path.with_name(_CONFIG)}", f"labelling configuration: {path.with_name(_CONFIG)}")
    _say(f"已写出 {len(records)} 份报告：{path}", f"{len(records)} reports: {path}")
    report_unread(unread, len(records) + len(unread))
    return _UNREAD if unread else _DONE


def take_in(
    files: Sequence[Path],
    format: formats.Format | Literal["auto"],
    data: Path,
    prefer: Prefer | Literal["neither"],
    predictions: bool,
    keep_good: bool,
) -> int:
    """Verify annotation files and add them to a dataset: all of them, or with ``keep_good`` those that are right."""
    refusals: list[Refusal] = []
    incoming: list[Incoming] = []
    repaired = 0
    for path in files:
        found, drafts = _drafts(path, None if format == "auto" else format, predictions)
        refusals += found
        for origin, draft in drafts:
            made = admit(draft, complete)
            repaired += _report(draft, made)
            refusals += made.refusals
            if made.record is not None:
                incoming.append(Incoming(made.record, origin))
    _refused(refusals)
    if refusals and not keep_good:
        _say("未导入任何标注", "nothing was imported")
        return _REFUSED
    try:
        added = Dataset(data).add(incoming, None if prefer == "neither" else prefer)
    except AnnotationError as error:
        return _refused([error.refusal])
    _refused(added.conflicts)
    if added.conflicts:
        _say("未导入任何标注", "nothing was imported")
        return _REFUSED
    _say_added(added, repaired, data)
    return _REFUSED if refusals else _DONE


def next_reports(folder: str, n: int, data: Path | None, as_json: bool, jobs: int | None) -> int:
    """Print the reports that would teach most, each with its reasons. Returns the exit code."""
    try:
        known = Dataset(data).texts() if data is not None else frozenset()
    except AnnotationError as error:
        return _refused([error.refusal])
    listed = sources([folder])
    unread: list[batch.Outcome[Any]] = []
    weighed: list[tuple[str, Weighed]] = []
    for outcome in _progress(batch.run(listed, weigh, jobs), len(listed), "rank"):
        if outcome.output is None:
            unread.append(outcome)
        else:
            weighed.append((outcome.source.name, outcome.output))
    chosen = rank(weighed, n, known)
    for place, one in enumerate(chosen, 1):
        if as_json:
            print(json.dumps(_plain(one), ensure_ascii=False))
        else:
            _show(place, one)
    skipped = sum(w.text in known for _, w in weighed)
    if skipped:
        _say(f"{skipped} 份已在数据集中，未列出", f"{skipped} are in the dataset already and are not listed")
    report_unread(unread, len(listed))
    return _UNREAD if unread else _DONE


def check(data: Path) -> int:
    """Hold a dataset against its manifest. Returns the exit code."""
    try:
        dataset = Dataset(data)
        found = wrong(dataset)
    except AnnotationError as error:
        return _refused([error.refusal])
    for stray in dataset.strays():
        _say(
            f"{stray} 不在清单中（导入中断或手工放入）：重新导入、运行 nianbao annotate manifest 或删除",
            f"{stray} is not in the manifest (of a stopped import, or put there by hand): import again, run "
            "nianbao annotate manifest, or delete it",
        )
    _say_totals(dataset)
    return _refused(found) if found else _DONE


def manifest(data: Path) -> int:
    """Make a dataset's manifest anew from its files. Returns the exit code."""
    try:
        dataset = Dataset(data)
        dataset.renew()
    except AnnotationError as error:
        return _refused([error.refusal])
    _say_totals(dataset)
    _say(f"清单：{data / MANIFEST}", f"manifest: {data / MANIFEST}")
    return _DONE


def _answers(files: Sequence[str], jobs: int | None, unread: list[batch.Outcome[Any]]) -> Iterable[Record]:
    listed = sources(files)
    for outcome in _progress(batch.run(listed, as_record, jobs), len(listed), "annotate"):
        if outcome.output is None:
            unread.append(outcome)
        else:
            yield outcome.output


def _only(record: Record, layers: Sequence[Layer]) -> Record:
    left_out = {PARTS[layer]: None for layer in LAYERS if layer not in layers}
    return replace(record, **left_out)  # type: ignore[arg-type]


def _drafts(
    path: Path, format: formats.Format | None, predictions: bool
) -> tuple[list[Refusal], list[tuple[str, Draft]]]:
    """What a file holds, each draft with the name of the format. Raises OSError where it cannot be opened."""

    def beside(_id: str) -> str | None:
        text = path.with_suffix(".txt")
        return text.read_bytes().decode("utf-8-sig") if text.is_file() else None

    try:
        data = path.read_bytes()
        chosen = format or formats.detect(data, path.name)
        drafts, refusals = formats.read(data, path.name, chosen, predictions=predictions, beside=beside)
    except AnnotationError as error:
        return [error.refusal], []
    return refusals, [(chosen, draft) for draft in drafts]


def _report(draft: Draft, made: Admission) -> int:
    """Say what was put right and what is worth knowing. Returns how many labels were put right."""
    console = _console()
    for remark in made.remarks:
        _say(remark.zh, remark.en)
    if made.repairs and made.record is not None:
        said = made.repairs[0].said
        n = len(made.repairs)
        _say(f"{draft.where}：已修正 {n} 处偏移（{said.zh}）", f"{draft.where}: {n} offsets put right ({said.en})")
        for repair in made.repairs:
            console.print(f"    {repair.zh} / {repair.said.en}", style="dim")
    return len(made.repairs) if made.record is not None else 0


def _refused(refusals: Sequence[Refusal]) -> int:
    """List what was refused, all of it, on standard error. Returns the exit code for it."""
    console = _console()
    if refusals:
        console.print(f"{len(refusals)} 处不予接受 / {len(refusals)} refused", style="bold red")
    alike: dict[tuple[Said, Said], list[Refusal]] = {}
    for refusal in refusals:
        alike.setdefault((refusal.expected, refusal.todo), []).append(refusal)
    for (expected, todo), listed in alike.items():
        for one in listed:
            console.print(f"  {one.place}：{one.met.zh}\n    {one.met.en}")
        console.print(f"    应为 expected: {expected.zh} / {expected.en}", style="dim")
        console.print(f"    处理办法 what to do: {todo.zh} / {todo.en}", style="dim")
    return _REFUSED


def _say_added(added: Added, repaired: int, data: Path) -> None:
    new, merged, same = len(added.new), len(added.merged), len(added.same)
    _say(
        f"新增 {new} 份，合并 {merged} 份，已有 {same} 份，修正偏移 {repaired} 处：{data}",
        f"{new} added, {merged} merged, {same} there already, {repaired} offsets put right: {data}",
    )


def _say_totals(dataset: Dataset) -> None:
    for split, counts in totals_of(dataset.entries).items():
        listed = ", ".join(f"{name} {n}" for name, n in counts.items() if "." not in name)
        _say(f"{split}：{counts['documents']} 份", f"{split}: {listed}")


def _show(place: int, one: Ranked) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{place:>3}  {one.name}  {one.score:.2f}", style="bold")
    for reason in one.reasons[:_SHOWN]:
        line = f"{reason.line:>5}  " if reason.line else "       "
        console.print(f"     {line}{reason.message.zh}")
        console.print(f"            {reason.message.en}", style="dim")
    if not one.reasons:
        console.print("            未见疑点 / nothing seems unsure", style="dim")


def _plain(one: Ranked) -> dict[str, Any]:
    reasons = [
        {"kind": r.kind, "weight": round(r.weight, 3), "zh": r.message.zh, "en": r.message.en, "line": r.line}
        for r in one.reasons
    ]
    return {"name": one.name, "score": one.score, "reasons": reasons}


def _progress(outcomes: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    console = Console(stderr=True)
    return track(outcomes, what, total, console=console, transient=True, disable=total < 2)


def _console() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def _say(zh: str, en: str) -> None:
    _console().print(f"{zh} / {en}")

"""``nianbao evaluate``: the figures of ``extractor.evaluate`` over a folder of annotations."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import track
from rich.table import Table

from extractor import batch, evaluate
from extractor.commands.inputs import report_unread
from extractor.document import Document
from extractor.reading import Decoded
from extractor.result import payload
from extractor.shapes import Annotation, Prediction, misshapen

Form = Literal["full", "quiet", "json", "markdown"]
_ALL_READ, _SOME_UNREAD, _USAGE = 0, 1, 2
_LISTED = 12
_EXPECTED = "  expected: {what} as training_data/examples has them\n  what to do: mend these files, or move them away"
_SHOWN = (
    "cells_right", "documents_exact", "headings_f1", "claims_f1", "links_f1", "mismatch_p", "mismatch_r",
    "ece_cells", "ece_claims", "ece_findings",
)  # fmt: skip


def as_dict(document: Document, decoded: Decoded) -> dict[str, Any]:
    """Render as plain data."""
    return payload(document, decoded)


def run(gold: Path, text: Path | None, pred: Path | None, by: Sequence[str], form: Form, jobs: int | None) -> int:
    """Print the figures of the reports in ``text``, or of results there are in ``pred``. Returns the exit code."""
    files = sorted(gold.glob("*.json"))
    problem = _problem(gold, text, pred, files)
    if problem:
        Console(stderr=True, soft_wrap=True).print(problem, markup=False)
        return _USAGE
    total: evaluate.Tally = Counter()
    parted: dict[str, evaluate.Tally] = defaultdict(Counter)
    unread: list[batch.Outcome[Any]] = []
    results = _stored(files, pred) if pred else _extracted(files, text or gold, jobs, unread)
    for file, result in zip(files, results, strict=True):
        annotation: dict[str, Any] = json.loads(file.read_bytes())
        score = evaluate.score(annotation, result)
        for tally in (total, *(parted[group] for group in evaluate.groups(annotation, by))):
            tally.update(score.tally)
        if form == "full":
            _list_errors(file.stem, score, bool(result))
    report_unread(unread, len(files))
    _print(total, parted, form)
    return _SOME_UNREAD if unread else _ALL_READ


def _problem(gold: Path, text: Path | None, pred: Path | None, files: Sequence[Path]) -> str | None:
    """What keeps the figures from being made: options, folders, or files that are no annotations or results."""
    if (text is None) == (pred is None):
        return "give either --text or --pred / --text 与 --pred 须且只能给出一个"
    if not files:
        return f"{gold} has no *.json / {gold} 中没有 *.json"
    missing = next((folder for folder in (text, pred) if folder is not None and not folder.is_dir()), None)
    if missing:
        return f"{missing} is no folder / {missing} 不是目录"
    wrong = _wrong(files, Annotation)
    if wrong:
        return f"no annotations / 不是标注文件：\n{wrong}\n{_EXPECTED.format(what='annotations')}"
    wrong = _wrong([file for f in files if (file := pred / f.name).is_file()], Prediction) if pred else ""
    return f"no results / 不是抽取结果：\n{wrong}\n{_EXPECTED.format(what='results')}" if wrong else None


def _wrong(files: Iterable[Path], shape: type[Annotation] | type[Prediction]) -> str:
    """The files that are not of this shape, a line each with what is wrong first; empty where all are."""
    found = [f"  {file.name}: {why}" for file in files if (why := misshapen(shape, file.read_bytes()))]
    more = f"\n  (+{len(found) - _LISTED})" if len(found) > _LISTED else ""
    return "\n".join(found[:_LISTED]) + more


def _stored(files: Sequence[Path], folder: Path) -> Iterator[dict[str, Any]]:
    for file in files:
        stored = folder / file.name
        yield json.loads(stored.read_bytes()) if stored.is_file() else {}


def _extracted(
    files: Sequence[Path], folder: Path, jobs: int | None, unread: list[batch.Outcome[Any]]
) -> Iterator[dict[str, Any]]:
    sources = [batch.Source(f.stem, f"{f.stem}.txt", folder / f"{f.stem}.txt") for f in files]
    outcomes = batch.run(sources, as_dict, jobs)
    for outcome in track(outcomes, "extract", len(files), console=Console(stderr=True), transient=True):
        if outcome.failure:
            unread.append(outcome)
        yield outcome.output or {}


def _list_errors(name: str, score: evaluate.Score, has_result: bool) -> None:
    print(f"== {name}" + ("" if has_result else "  (no result)"))
    for part, errors in score.errors.items():
        for error in errors[:_LISTED]:
            print(f"   {part}: {error}")
        if len(errors) > _LISTED:
            print(f"   {part}: (+{len(errors) - _LISTED} more)")


def _print(total: evaluate.Tally, parted: dict[str, evaluate.Tally], form: Form) -> None:
    if form == "json":
        groups = {name: evaluate.figures(tally) for name, tally in sorted(parted.items())}
        print(json.dumps(evaluate.figures(total) | ({"groups": groups} if groups else {}), ensure_ascii=False))
        return
    if form == "markdown":
        print(_markdown(total, parted))
        return
    for name, value in evaluate.figures(total).items():
        print(f"{name:24} {value}")
    if parted:
        table = Table("group", "reports", *_SHOWN)
        for row in _rows(parted, 3):
            table.add_row(*row)
        Console().print(table)


def _rows(parted: dict[str, evaluate.Tally], digits: int) -> Iterator[list[str]]:
    """Group, reports and figures, as text."""
    for group, tally in sorted(parted.items()):
        figures = evaluate.figures(tally)
        shown = [f"{figures[n]:.{digits}f}" if n in figures else "—" for n in _SHOWN]
        yield [group, str(tally["reports"]), *shown]


def _markdown(total: evaluate.Tally, parted: dict[str, evaluate.Tally]) -> str:
    """A table in GitHub's Markdown: all reports, then each group."""
    rows = [["group", "reports", *_SHOWN], ["---", *["---:"] * (len(_SHOWN) + 1)]]
    rows += [*_rows({"all": total}, 4), *_rows(parted, 4)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)

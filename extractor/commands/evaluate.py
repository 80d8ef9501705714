"""``nianbao evaluate``: the figures of ``extractor.evaluate`` over a folder of annotations."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from extractor import batch, evaluate
from extractor.commands.inputs import report_unread
from extractor.document import Document
from extractor.reading import Decoded
from extractor.result import payload

_ALL_READ, _SOME_UNREAD, _USAGE = 0, 1, 2
_LISTED = 12


def as_dict(document: Document, decoded: Decoded) -> dict[str, Any]:
    """Render as plain data."""
    return payload(document, decoded)


def run(
    gold: Path, text: Path | None, pred: Path | None, by: Sequence[str], as_json: bool, quiet: bool, jobs: int | None
) -> int:
    """Print the figures of the reports in ``text``, or of results there are in ``pred``. Returns the exit code."""
    errors = Console(stderr=True)
    files = sorted(gold.glob("*.json"))
    if (text is None) == (pred is None):
        errors.print("give either --text or --pred / --text 与 --pred 须且只能给出一个")
        return _USAGE
    if not files:
        errors.print(f"{gold} has no *.json / {gold} 中没有 *.json", markup=False)
        return _USAGE
    missing = next((folder for folder in (text, pred) if folder is not None and not folder.is_dir()), None)
    damaged = [file.name for file in files if _object(file) is None]
    if missing or damaged:
        what = f"{missing} is no folder" if missing else f"no annotation: {', '.join(damaged[:_LISTED])}"
        errors.print(f"{what} / 目录或标注无法读取", markup=False)
        return _USAGE
    total: evaluate.Tally = Counter()
    parted: dict[str, evaluate.Tally] = defaultdict(Counter)
    unread: list[batch.Outcome[Any]] = []
    results = _stored(files, pred) if pred else _extracted(files, text or gold, jobs, unread)
    for file, result in zip(files, results, strict=True):
        annotation = _object(file) or {}
        score = evaluate.score(annotation, result)
        for tally in (total, *(parted[group] for group in evaluate.groups(annotation, by))):
            tally.update(score.tally)
        if not (as_json or quiet):
            _list_errors(file.stem, score, bool(result))
    report_unread(unread, len(files))
    _print(total, parted, as_json)
    return _SOME_UNREAD if unread else _ALL_READ


def _object(file: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None where there is no such file, or nothing of the kind in it."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _stored(files: Sequence[Path], folder: Path) -> Iterator[dict[str, Any]]:
    for file in files:
        yield _object(folder / file.name) or {}


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


def _print(total: evaluate.Tally, parted: dict[str, evaluate.Tally], as_json: bool) -> None:
    if as_json:
        groups = {name: evaluate.figures(tally) for name, tally in sorted(parted.items())}
        print(json.dumps(evaluate.figures(total) | ({"groups": groups} if groups else {}), ensure_ascii=False))
        return
    for name, value in evaluate.figures(total).items():
        print(f"{name:24} {value}")
    if parted:
        Console().print(_by_group(parted))


def _by_group(parted: dict[str, evaluate.Tally]) -> Table:
    names = ("cells_right", "documents_exact", "headings_f1", "claims_f1", "links_f1", "mismatch_p", "mismatch_r")
    table = Table("group", "reports", *names)
    for group, tally in sorted(parted.items()):
        figures = evaluate.figures(tally)
        table.add_row(group, str(tally["reports"]), *(f"{figures[n]:.3f}" if n in figures else "—" for n in names))
    return table

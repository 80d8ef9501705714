"""``nianbao check``: only what does not agree, with the lines where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.text import Text

from extractor import batch
from extractor.commands.inputs import report_unread, sources
from extractor.document import Document, Finding, Span
from extractor.reading import Decoded

_AROUND = 24
_AGREES, _UNREAD, _DISAGREES = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A place in the text: its line (from 1) and what stands before, at and after it on that line."""

    line: int
    before: str
    here: str
    after: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A finding whose numbers differ, ready to be printed."""

    zh: str
    en: str
    severity: str
    places: tuple[Excerpt, ...]


def disagreements(document: Document, decoded: Decoded) -> list[Disagreement]:
    """What does not agree in a document, in the order of the findings."""
    return [_disagreement(f, document.text) for f in document.findings if f.status == "mismatch"]


def run(files: Sequence[str], jobs: int | None) -> int:
    """Check the files and print. Returns the exit code."""
    listed = sources(files)
    console, progress = Console(highlight=False, soft_wrap=True), Console(stderr=True)
    unread: list[batch.Outcome[Any]] = []
    wrong = 0
    outcomes = batch.run(listed, disagreements, jobs)
    for outcome in track(outcomes, "check", len(listed), console=progress, transient=True, disable=len(listed) < 2):
        if outcome.failure:
            unread.append(outcome)
        if outcome.output:
            wrong += 1
            console.print(Text(outcome.source.name, style="bold"))
            for one in outcome.output:
                show(one, console)
    report_unread(unread, len(listed))
    _say_total(len(listed) - len(unread), wrong)
    if wrong:
        return _DISAGREES
    return _UNREAD if unread else _AGREES


def show(one: Disagreement, console: Console) -> None:
    """Print one disagreement: both languages, then each place."""
    mark = {"error": "✗", "warning": "!"}.get(one.severity, "·")
    console.print(Text.assemble(("  ", ""), (f"{mark} {one.zh}", "red")))
    console.print(Text(f"    {one.en}", style="dim"))
    for place in one.places:
        console.print(
            Text.assemble((f"    {place.line:>5}  ", "cyan"), place.before, (place.here, "bold reverse"), place.after)
        )


def _disagreement(finding: Finding, text: str) -> Disagreement:
    places = tuple(_excerpt(span, text) for span in finding.evidence)
    return Disagreement(finding.message.zh, finding.message.en, finding.severity, places)


def _excerpt(span: Span, text: str) -> Excerpt:
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - _AROUND)
    stop = text.find("\n", span.end)
    end = min(len(text) if stop < 0 else stop, span.end + _AROUND)
    line = text.count("\n", 0, span.start) + 1
    return Excerpt(line, *(_flat(text[a:b]) for a, b in pairwise((start, span.start, span.end, max(end, span.end)))))


def _flat(text: str) -> str:
    """On one line, with control characters out: a report must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _say_total(read: int, wrong: int) -> None:
    zh, en = f"{read} 份报告未发现数据不一致", f"nothing that disagrees in {read} reports"
    if wrong:
        zh, en = f"{read} 份报告中 {wrong} 份存在数据不一致", f"{wrong} of {read} reports have numbers that differ"
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"{zh} / {en}")

"""``nianbao extract``: JSON on standard output or into a folder, or a summary for people."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from extractor import batch
from extractor.batch import Outcome, Source
from extractor.commands.check import Disagreement, disagreements
from extractor.commands.inputs import report_unread, sources
from extractor.commands.summary import show
from extractor.document import Document
from extractor.reading import Decoded
from extractor.result import Result, dump, payload
from models.grid import segment

_ALL_READ, _SOME_UNREAD, _USAGE = 0, 1, 2


def run(files: Sequence[str], out: Path | None, shown: str | None, draw: Path | None, jobs: int | None) -> int:
    """Read the files, write and print what is wanted. ``shown`` is "json", "summary" or None. Returns the exit code."""
    listed = sources(files)
    if draw is not None and len(listed) != 1:
        Console(stderr=True).print("--draw takes one report / --draw 只能用于一份报告")
        return _USAGE
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    if shown == "summary":
        unread = _with_summaries(listed, out, jobs)
    else:
        unread = _as_json(listed, out, shown is not None, jobs)
    if draw is not None and not unread:
        unread = _drawn(listed[0], draw)
    report_unread(unread, len(listed))
    return _SOME_UNREAD if unread else _ALL_READ


def _as_json(listed: list[Source], out: Path | None, printed: bool, jobs: int | None) -> list[Outcome[Any]]:
    render = batch.as_indented_json if out is not None or len(listed) == 1 else batch.as_json
    unread: list[Outcome[Any]] = []
    for outcome in _progress(batch.run(listed, render, jobs), len(listed), out is not None):
        if outcome.output is None:
            unread.append(outcome)
            continue
        if out is not None:
            _write(out / f"{outcome.source.id}.json", outcome.output)
        if printed:
            sys.stdout.buffer.write(outcome.output + b"\n")
            sys.stdout.buffer.flush()
    return unread


def summary(document: Document, decoded: Decoded) -> tuple[Result, list[Disagreement], bytes]:
    """What a summary needs, and the JSON beside it."""
    made = payload(document, decoded)
    return Result.model_validate(made), disagreements(document, decoded), dump(made, indent=2)


def _with_summaries(listed: list[Source], out: Path | None, jobs: int | None) -> list[Outcome[Any]]:
    unread: list[Outcome[Any]] = []
    console = Console(highlight=False)
    for outcome in batch.run(listed, summary, jobs):
        if outcome.output is None:
            unread.append(outcome)
            continue
        result, wrong, made = outcome.output
        show(result, wrong, outcome.source.name, console)
        if out is not None:
            path = out / f"{outcome.source.id}.json"
            _write(path, made)
            console.print(f"[dim]JSON: {path}[/]")
    return unread


def as_document(document: Document, _decoded: Decoded) -> Document:
    """The document itself, for drawing."""
    return document


def _drawn(source: Source, path: Path) -> list[Outcome[Any]]:
    from models.layout.detect import to_layout
    from models.layout.draw import draw

    for outcome in batch.run([source], as_document, 0):
        if outcome.output is None:
            return [outcome]
        document = outcome.output
        bare = to_layout(document.text, segment(document.text))
        typed = [b.set(type=t.type, score=t.score) for b, t in zip(bare, document.blocks, strict=True)]
        draw(document.text, type(bare)(typed), path)
    return []


def _progress(outcomes: Iterator[Outcome[bytes]], total: int, wanted: bool) -> Iterable[Outcome[bytes]]:
    """A bar on standard error where there are many and their results do not go to the terminal."""
    console = Console(stderr=True)
    return track(outcomes, "extract", total, console=console, disable=not (wanted and total > 1))


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a stopped run leaves no half a file."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.write_bytes(data + b"\n")
    new.replace(path)

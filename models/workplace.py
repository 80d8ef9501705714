"""The folder ``work`` of a training run: what a killed run has done lies there, until the version is whole."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from models.registry import replace_text

WORK, SETTINGS, PROGRESS = "work", "settings.txt", "progress.json"
_EVERY_SECONDS = 1.0


class OtherRunError(ValueError):
    """A folder holds another version, or what another run has done."""


def workplace(out: Path, settings: str, resume: bool = True) -> Path:
    """The folder for the run of these settings; ``resume`` keeps what is in it.

    Raises OtherRunError where ``out`` holds a run of other settings.
    """
    work = out / WORK
    note = work / SETTINGS
    if not resume and work.exists():
        shutil.rmtree(work)
    if note.exists() and note.read_text(encoding="utf-8") != settings:
        raise OtherRunError(f"{work} holds a run of other settings; name another folder, or train without resuming")
    work.mkdir(parents=True, exist_ok=True)
    replace_text(note, settings)
    return work


def is_unfinished(out: Path) -> bool:
    """Does a folder hold a run that was stopped?"""
    return (out / WORK / SETTINGS).is_file()


def progress(out: Path) -> dict[str, Any]:
    """How far the run in a folder is: ``phase``, ``done``, ``total``, ``loss``, ``scores``; empty where none runs."""
    try:
        said: dict[str, Any] = json.loads((out / WORK / PROGRESS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said


class Teller:
    """Tells how far a run is: a bar on the terminal, and a file for whoever looks from elsewhere."""

    def __init__(self, work: Path) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, TextColumn("{task.fields[note]}"), console=Console(stderr=True))
        self._path, self._told = work / PROGRESS, 0.0
        self._task: TaskID | None = None
        self._said: dict[str, Any] = {}

    def __enter__(self) -> Teller:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def phase(self, name: str, total: int | None = None) -> None:
        """Another part of the work begins."""
        self._task = self._bar.add_task(name, total=total, note="")
        self._said |= {"phase": name, "done": 0, "total": total}
        self._write(now=True)

    def step(self, done: int, **facts: Any) -> None:
        """So many steps of this part are done; ``loss`` and ``scores`` among the facts are shown."""
        self._said |= {"done": done, **facts}
        if self._task is not None:
            self._bar.update(self._task, completed=done, note=self._note())
        self._write(now="scores" in facts)

    def _note(self) -> str:
        loss, scores = self._said.get("loss"), self._said.get("scores", {})
        parts = [f"loss {loss:.4f}"] if loss is not None else []
        return "  ".join([*parts, *(f"{name.replace('_', ' ')} {value:.4f}" for name, value in scores.items())])

    def _write(self, now: bool) -> None:
        if now or time.monotonic() - self._told > _EVERY_SECONDS:
            self._told = time.monotonic()
            replace_text(self._path, json.dumps(self._said, ensure_ascii=False) + "\n")

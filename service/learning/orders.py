"""What the service orders of the process that trains, and what that process says of itself: files of a run's folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.registry import Task, replace_text, user_root

ORDER, TOLD, OUTCOME = "order.json", "told.json", "outcome.json"


@dataclass(frozen=True, slots=True)
class Order:
    """Train ``version`` from ``start`` with ``changes`` of the recipe (only compare it where ``start`` is empty), then
    have the gate compare it with what serves, on ``gate_reports`` of each style. ``command`` goes into the record."""

    task: Task
    version: str
    data: str
    gate_reports: int
    start: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    command: str = ""

    @property
    def out(self) -> Path:
        """The folder of the version."""
        return user_root() / self.task / self.version

    def write(self, folder: Path) -> None:
        """Leave it for the process."""
        folder.mkdir(parents=True, exist_ok=True)
        for left in (OUTCOME, TOLD):
            (folder / left).unlink(missing_ok=True)
        replace_text(folder / ORDER, json.dumps(asdict(self), ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Order:
        """The order that lies in a folder."""
        return cls(**json.loads((folder / ORDER).read_text(encoding="utf-8")))


def tell(folder: Path, phase: str, done: int, total: int | None) -> None:
    """Say how far the run is, outside of what the training itself says."""
    replace_text(folder / TOLD, json.dumps({"phase": phase, "done": done, "total": total}) + "\n")


def told(folder: Path) -> dict[str, Any]:
    """What was said last; empty where nothing was."""
    return _read(folder / TOLD)


def end(folder: Path, code: str = "", place: str = "") -> None:
    """Say that the run is over, with which problem, if any, and where that was met."""
    replace_text(folder / OUTCOME, json.dumps({"code": code, "place": place}) + "\n")


def outcome(folder: Path) -> tuple[str, str] | None:
    """Code and place of the problem with which a run ended, "" for none; None where it has not said that it ended."""
    found = _read(folder / OUTCOME)
    return (str(found["code"]), str(found["place"])) if "code" in found else None


def _read(path: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said

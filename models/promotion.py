"""Which version serves: promotion and the way back, each one step that is done whole or not at all.

``current.toml`` of the user's folder holds for each task the version that serves and those that served before it, and
an event for every change. It is replaced in one step, so that a reader, or a process killed at any moment, meets the
old file or the new one. What runs looks at ``registry.stamp()`` and takes the new version up without a restart.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models import registry
from models.registry import CURRENT, TASKS, Task

_HEAD = "# The versions that serve; `nianbao models promote` and `nianbao models rollback` write this file.\n"
_MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One change. ``what``: promoted or rolled back; ``instead_of``: what served before ("" for nothing); ``verdict``:
    the gate's; ``forced``: the reason given for a promotion that the gate did not allow."""

    date: str
    task: str
    what: str
    version: str
    instead_of: str = ""
    verdict: str = ""
    forced: str = ""


class NothingBeforeError(LookupError):
    """There is no earlier version to go back to."""


def promote(task: Task, version: str, *, verdict: str = "", forced: str = "") -> Path:
    """Let a version serve, once its files are found whole. Other tasks stay as they are. Returns the file written.

    Whether it may is the gate's affair (``models.gate``), not asked here. A version that serves already is left alone.
    """
    registry.load(task, version)
    root = registry.user_root()
    root.mkdir(parents=True, exist_ok=True)
    with registry.locked(root):
        before = registry.pins().get(task, "")
        if before != version:
            state = _State(root)
            state.stack[task] = [*state.stack.get(task, []), *([before] if before else [])]
            state.set(task, version)
            state.note(Event(_now(), task, "promoted", version, before, verdict, _plain(forced)))
            state.write()
    return root / CURRENT


def rollback(task: Task | None = None) -> Event:
    """Let the version serve that did before the last promotion (of any task, if none is named).

    Raises NothingBeforeError where nothing was promoted, BrokenInstallation where the files of the earlier one are
    not whole; nothing has changed then.
    """
    root = registry.user_root()
    if not (root / CURRENT).is_file():
        raise NothingBeforeError("no version was promoted here")
    with registry.locked(root):
        state = _State(root)
        chosen = state.last_promoted() if task is None else task
        if chosen is None or not state.stack.get(chosen):
            raise NothingBeforeError(f"no version of the {task} model was promoted" if task else "none was promoted")
        earlier = state.stack[chosen]
        registry.load(chosen, earlier[-1])
        event = Event(_now(), chosen, "rolled back", earlier[-1], registry.pins().get(chosen, ""))
        state.stack[chosen] = earlier[:-1]
        state.set(chosen, earlier[-1])
        state.note(event)
        state.write()
    return event


def events(task: Task | None = None) -> tuple[Event, ...]:
    """Every change that the user's folder remembers, the oldest first."""
    return tuple(e for e in _State(registry.user_root()).events if task in (None, e.task))


class _State:
    """What a ``current.toml`` says. Raises BrokenInstallation where that cannot be understood."""

    def __init__(self, root: Path) -> None:
        self.root = root
        data = registry.read_current(root)
        try:
            tables = {t: data[t] for t in TASKS if t in data}
            self.pinned: dict[Task, str] = {
                t: str(table["version"]) for t, table in tables.items() if "version" in table
            }
            self.stack: dict[Task, list[str]] = {t: [*map(str, v.get("before", ()))] for t, v in tables.items()}
            self.events = [Event(**{k: str(v) for k, v in one.items()}) for one in data.get("event", ())]
        except (TypeError, AttributeError, KeyError) as error:
            raise registry.damaged_current(root / CURRENT, error) from error

    def set(self, task: Task, version: str) -> None:
        """Pin a version. The package's own pin needs none of the user's: so it follows a new release."""
        package = registry.package_root()
        if self.root.resolve() != package.resolve() and not (self.root / task / version / registry.RECORD).is_file():
            shipped: Mapping[str, Any] = registry.read_current(package).get(task, {})
            if shipped.get("version") == version:
                self.pinned.pop(task, None)
                return
        self.pinned[task] = version

    def note(self, event: Event) -> None:
        self.events = [*self.events, event][-_MOST_EVENTS:]

    def last_promoted(self) -> Task | None:
        """The task of the last promotion that was not taken back."""
        dates = {
            t: max((e.date for e in self.events if e.task == t and e.what == "promoted"), default="") for t in TASKS
        }
        known = [t for t in TASKS if self.stack.get(t)]
        known.sort(key=lambda t: dates[t])
        return known[-1] if known else None

    def write(self) -> None:
        parts = [_HEAD]
        for task in TASKS:
            lines = [f"version = {_quoted(self.pinned[task])}\n"] if task in self.pinned else []
            if stack := self.stack.get(task):
                lines.append(f"before = [{', '.join(map(_quoted, stack))}]\n")
            parts += [f"\n[{task}]\n", *lines] if lines else []
        for event in self.events:
            said = {name: value for name, value in asdict(event).items() if value}
            parts += ["\n[[event]]\n", *(f"{name} = {_quoted(value)}\n" for name, value in said.items())]
        registry.replace_text(self.root / CURRENT, "".join(parts))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(reason: str) -> str:
    """One line that can be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in reason).split())


def _quoted(value: str) -> str:
    """A TOML string: JSON's is one, for printable text."""
    return json.dumps(value, ensure_ascii=False)

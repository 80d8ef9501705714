"""Versions of the trained models: which there are, which one serves, and whether its files are whole.

A version is a folder ``<root>/<task>/<version>/`` with its files and a ``record.json`` that says how they came to be
and names every file's size and SHA-256. ``<root>/current.toml`` pins the version that serves. There are two roots:
the folder that the variable ``NIANBAO_MODELS`` names, for models trained by the user, and the package's own weights.
What the first has goes before what the second has.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

Task = Literal["layout", "claims"]
TASKS: tuple[Task, ...] = get_args(Task)
ROOT_VARIABLE = "NIANBAO_MODELS"
RECORD = "record.json"
CURRENT = "current.toml"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class BrokenInstallation(RuntimeError):  # noqa: N818 - it names a state, as its message does
    """Something that belongs to the software is missing or damaged. The message has three parts."""

    def __init__(self, met: str, expected: str, todo: str) -> None:
        super().__init__(f"{met}\n  expected: {expected}\n  what to do: {todo}")
        self.met, self.expected, self.todo = met, expected, todo

    def __reduce__(self) -> tuple[type[BrokenInstallation], tuple[str, str, str]]:
        return type(self), (self.met, self.expected, self.todo)


def package_root() -> Path:
    """The weights that came with the package."""
    return Path(str(resources.files("models").joinpath("weights")))


def roots() -> tuple[Path, ...]:
    """Where models are looked for: the user's folder, if one is named, then the package's."""
    own = os.environ.get(ROOT_VARIABLE)
    return (Path(own), package_root()) if own else (package_root(),)


def versions(task: Task) -> tuple[str, ...]:
    """Every version of a task that has a record, sorted by name."""
    found = {p.parent.name for root in roots() for p in (root / _task(task)).glob(f"*/{RECORD}")}
    return tuple(sorted(found))


def version_dir(task: Task, version: str) -> Path:
    """The folder of a version; the user's goes before the package's. Raises BrokenInstallation if there is none."""
    for root in roots():
        if (root / _task(task) / _named(version) / RECORD).is_file():
            return root / task / version
    known = ", ".join(versions(task)) or "none"
    raise BrokenInstallation(
        f"{task} model {version!r} is in none of {_places()}",
        f"a folder {task}/{version}/ with {RECORD}; versions there are: {known}",
        f"name one of these versions, train one (nianbao train {task}), or install the package again",
    )


def current(task: Task) -> str:
    """The version that serves. Raises BrokenInstallation where no ``current.toml`` pins one."""
    for root in roots():
        pinned = _pins(root).get(_task(task))
        if pinned is not None:
            return pinned
    raise BrokenInstallation(
        f"no {task} model is pinned in {_places()}",
        f'{CURRENT} with a table [{task}] and version = "…"',
        f"train one and promote it (nianbao train {task}), or install the package again",
    )


def load(task: Task, version: str | None = None) -> Path:
    """The folder of a version (the current one by default), once every file in its record has the recorded digest."""
    folder = version_dir(task, current(task) if version is None else version)
    files = read_record(folder).get("files")
    if not isinstance(files, dict) or not files:
        raise _damaged(folder / RECORD, "names no files", 'an object "files" of name → {bytes, sha256}')
    for name, facts in files.items():
        if not isinstance(facts, dict) or not isinstance(facts.get("sha256"), str):
            raise _damaged(folder / RECORD, f"has no SHA-256 of {name}", "{bytes, sha256} for every file")
        _verify(folder / name, facts["sha256"])
    return folder


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a version. Raises BrokenInstallation if it is missing or is no JSON object."""
    path = folder / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})", "the record of the training") from error
    except ValueError as error:
        raise _damaged(path, f"is no JSON ({error})", "the record of the training") from error
    if not isinstance(record, dict):
        raise _damaged(path, "is no JSON object", "the record of the training")
    return record


def write_record(folder: Path, record: Mapping[str, Any], files: Iterable[str] | None = None) -> dict[str, Any]:
    """Write ``record.json`` with size and SHA-256 of each file (all files of the folder by default); returns it."""
    names = sorted(files) if files is not None else sorted(p.name for p in folder.iterdir() if p.is_file())
    facts = {
        name: {"bytes": (folder / name).stat().st_size, "sha256": sha256(folder / name)}
        for name in names
        if name != RECORD and not name.endswith(".new")
    }
    whole = {**record, "files": facts}
    replace_text(folder / RECORD, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    return whole


def promote(task: Task, version: str) -> Path:
    """Pin a version, after checking its files, in the root that holds it; other tasks' pins stay. Returns the file."""
    folder = load(task, version)
    root = folder.parent.parent
    pins = {**_pins(root), task: version}
    text = "# The versions that serve; `nianbao train` writes this file when it promotes a model.\n"
    text += "".join(f'\n[{name}]\nversion = "{pins[name]}"\n' for name in TASKS if name in pins)
    replace_text(root / CURRENT, text)
    return root / CURRENT


def sha256(path: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: a reader never meets half of it, also after a crash."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with new.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)


def _task(task: str) -> str:
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}; there are: {', '.join(TASKS)}")
    return task


def is_name(version: str) -> bool:
    """Can a version be called so?"""
    return _VERSION.fullmatch(version) is not None


def _named(version: str) -> str:
    """A version is a plain folder name: never a path that leads out of the root."""
    if not is_name(version):
        raise ValueError(f"version {version!r} is no plain name; use letters, digits, '.', '_' and '-'")
    return version


def _pins(root: Path) -> dict[str, str]:
    """Task → version of a root's ``current.toml``; empty where there is no such file."""
    path = root / CURRENT
    if not path.is_file():
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return {task: _named(str(data[task]["version"])) for task in TASKS if task in data}
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(
            path, f"cannot be understood ({error})", 'tables [layout], [claims] with version = "…"'
        ) from error


def _verify(path: Path, wanted: str) -> None:
    if not path.is_file():
        raise _damaged(path, "is missing", f"a file with SHA-256 {wanted[:16]}…")
    found = sha256(path)
    if found != wanted:
        raise _damaged(path, f"has SHA-256 {found[:16]}…", f"SHA-256 {wanted[:16]}…, as {RECORD} beside it says")


def _damaged(path: Path, met: str, expected: str) -> BrokenInstallation:
    return BrokenInstallation(
        f"{path} {met}", expected, "install the package again, or train the model again and promote it"
    )


def _places() -> str:
    return " or ".join(str(root) for root in roots())

"""Versions of the trained models: which there are, which one serves, and whether its files are whole.

A version is a folder ``<root>/<task>/<version>/`` with its files and a ``record.json`` that says how they came to be
and names every file's size and SHA-256. ``<root>/current.toml`` pins the version that serves (``models.promotion``
writes it). There are two roots: the user's, which ``NIANBAO_MODELS`` names, and the package's own weights. What the
first has goes before what the second has. A version's files never change once its record is written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

Task = Literal["layout", "claims"]
TASKS: tuple[Task, ...] = get_args(Task)
ROOT_VARIABLE = "NIANBAO_MODELS"
DATA_VARIABLE = "NIANBAO_DATA"
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


def user_root() -> Path:
    """Where the user's models are: what ``NIANBAO_MODELS`` names, else ``models`` in the folder of the user's data.

    That folder is ``NIANBAO_DATA`` or, by the XDG Base Directory Specification, ``nianbao`` in the user's state.
    """
    if own := os.environ.get(ROOT_VARIABLE):
        return Path(own)
    if data := os.environ.get(DATA_VARIABLE):
        return Path(data).expanduser() / "models"
    state = os.environ.get("XDG_STATE_HOME")
    home = Path(state) if state else Path(os.path.expanduser("~")) / ".local" / "state"  # noqa: PTH111 - never raises
    return home / "nianbao" / "models"


def roots() -> tuple[Path, ...]:
    """Where models are looked for: the user's folder, then the package's."""
    return user_root(), package_root()


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
    _task(task)
    for root in roots():
        pinned = _pins(root).get(task)
        if pinned is not None:
            return pinned
    raise BrokenInstallation(
        f"no {task} model is pinned in {_places()}",
        f'{CURRENT} with a table [{task}] and version = "…"',
        f"train one and promote it (nianbao train {task}), or install the package again",
    )


def pins() -> dict[Task, str]:
    """Task → the version that serves, of every task that has one."""
    out: dict[Task, str] = {}
    for root in reversed(roots()):
        out.update(_pins(root))
    return out


def stamp() -> tuple[tuple[str, int, int], ...]:
    """What changes whenever a pin may have changed; it costs a look at two files.

    ``current.toml`` is always replaced whole, so a new one has another number in the file system, or another time.
    """
    out: list[tuple[str, int, int]] = []
    for root in roots():
        try:
            facts = (root / CURRENT).stat()
        except OSError:
            out.append((str(root), 0, 0))
        else:
            out.append((str(root), facts.st_ino, facts.st_mtime_ns))
    return tuple(out)


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


def amend_record(folder: Path, **facts: Any) -> dict[str, Any]:
    """Add to a record, whole or not at all; what it says of files stays. Returns the new one."""
    whole = {**read_record(folder), **facts}
    replace_text(folder / RECORD, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    return whole


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
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the folder's new entry on the disk, where the system lets one ask for that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time: the folder itself is the lock, and the system lets it go when its holder dies.

    Where the system knows no such locks there is none.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _task(task: str) -> str:
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}; there are: {', '.join(TASKS)}")
    return task


def is_name(version: str) -> bool:
    """Can a version be called so? The word ``current`` always means the one that serves."""
    return _VERSION.fullmatch(version) is not None and version != "current"


def _named(version: str) -> str:
    """A version is a plain folder name: never a path that leads out of the root."""
    if not is_name(version):
        raise ValueError(f"version {version!r} is no plain name; use letters, digits, '.', '_' and '-'")
    return version


def read_current(root: Path) -> dict[str, Any]:
    """A root's ``current.toml`` as plain data; empty where there is none. Raises BrokenInstallation for nonsense."""
    path = root / CURRENT
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except ValueError as error:
        raise damaged_current(path, error) from error


def damaged_current(path: Path, error: Exception) -> BrokenInstallation:
    """What to say of a ``current.toml`` that cannot be understood."""
    return _damaged(path, f"cannot be understood ({error})", 'tables [layout], [claims] with version = "…"')


def _pins(root: Path) -> dict[Task, str]:
    """Task → version of a root's ``current.toml``; a table without a version pins nothing."""
    data = read_current(root)
    try:
        return {task: _named(str(data[task]["version"])) for task in TASKS if "version" in data.get(task, {})}
    except (ValueError, KeyError, TypeError) as error:
        raise damaged_current(root / CURRENT, error) from error


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

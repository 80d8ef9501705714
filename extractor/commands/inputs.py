"""Which reports a command is to read, under which names, and where their results go."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from extractor.batch import Outcome, Source
from extractor.reading import MAX_BYTES

STDIN = "-"


def sources(files: Sequence[str]) -> list[Source]:
    """Every report that the arguments name, in their order, each once, with ids that differ.

    A folder stands for its ``*.txt``. A folder without any, and a file that is not there, stay in the list: they are
    reported as not read, and do not keep the others from being read.
    """
    out: list[Source] = []
    seen: set[Path] = set()
    for path in _expanded(files):
        if path is None:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
            out.append(Source("stdin", "<stdin>", data=data))
            continue
        real = path.resolve()
        if real not in seen:
            seen.add(real)
            out.append(Source(path.stem, str(path), path))
    return _with_own_ids(out)


def _expanded(files: Iterable[str]) -> Iterable[Path | None]:
    """Paths in order; None stands for standard input, which is read once."""
    read_stdin = False
    for name in files:
        if name == STDIN:
            if not read_stdin:
                yield None
            read_stdin = True
            continue
        path = Path(name)
        if name and _is_folder(path):
            yield from sorted(p for p in path.glob("*.txt") if p.is_file()) or [path / "*.txt"]
        else:
            yield path


def _is_folder(path: Path) -> bool:
    """A name that the system does not take (too long) is no folder's; opening it will say why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _with_own_ids(listed: list[Source]) -> list[Source]:
    """Two files ``a/x.txt`` and ``b/x.txt`` become ``x`` and ``x-2``: no result is written over another.

    Names are compared without case, because some file systems know none.
    """
    taken = {s.id.casefold() for s in listed}
    used: set[str] = set()
    out: list[Source] = []
    for source in listed:
        name, number = source.id, 1
        while name.casefold() in used or (number > 1 and name.casefold() in taken):
            number += 1
            name = f"{source.id}-{number}"
        used.add(name.casefold())
        out.append(Source(name, source.name, source.path, source.data))
    return out


def report_unread(unread: Sequence[Outcome[Any]], total: int) -> None:
    """List on standard error what was not read, and why, in both languages."""
    if not unread:
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    console.print(f"{total} 份中有 {len(unread)} 份未能读取 / {len(unread)} of {total} not read", style="bold red")
    for outcome in unread:
        failure = outcome.failure
        if failure:
            console.print(f"  {outcome.source.name} [{failure.code}]", style="bold")
            console.print(f"    {failure.message.zh}\n    {failure.message.en}")

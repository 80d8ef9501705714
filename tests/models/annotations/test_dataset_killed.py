"""An import that is killed leaves the dataset as it was or as it should be: nothing lost, nothing half-written."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.annotations import dataset as module
from models.annotations.check import wrong
from models.annotations.dataset import MANIFEST, Dataset, Incoming
from models.annotations.record import Record

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def in_a_child(work: Callable[[], object], kill_after: float | None = None) -> int:
    """Run in a forked process, killed after so many seconds if any. Returns what ended it: 0, or the signal."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def incoming(records: list[Record]) -> list[Incoming]:
    return [Incoming(r, "jsonl") for r in records]


def whole(root: Path, either: tuple[list[Record], ...]) -> list[Record]:
    """The dataset's records, which are one of these lists; all it promises holds."""
    dataset = Dataset(root)
    assert wrong(dataset) == []
    found = [record for _, record in dataset.records()]
    assert found in either
    return found


def test_killed_before_any_write_of_a_file_nothing_is_lost_and_the_import_can_be_done_again(
    tmp_path: Path, records: list[Record]
) -> None:
    """Every file is written by one function: the process dies at its first, second, third … call, before and after."""
    old, new = records[:2], records[2:5]
    Dataset(tmp_path).add(incoming(old))
    write = module.replace_text
    states: list[int] = []
    for step in range(2 * (len(new) + 1)):
        calls = 0

        def dying(path: Path, text: str, step: int = step) -> None:
            nonlocal calls
            if calls == step // 2 and step % 2 == 0:
                path.with_name(f"{path.name}.1.new").write_text(text[: len(text) // 2], encoding="utf-8")
                os.kill(os.getpid(), signal.SIGKILL)
            write(path, text)
            if calls == step // 2:
                os.kill(os.getpid(), signal.SIGKILL)
            calls += 1

        def work(dying: Callable[[Path, str], None] = dying) -> None:
            module.replace_text = dying  # type: ignore[assignment]
            Dataset(tmp_path).add(incoming(new))

        assert in_a_child(work) == signal.SIGKILL
        states.append(len(whole(tmp_path, (old, old + new))))
    assert states == [2] * (len(states) - 1) + [5]
    assert Dataset(tmp_path).add(incoming(new)).same == tuple(r.id for r in new)
    assert whole(tmp_path, (old + new,))
    Dataset(tmp_path).add(incoming(records[5:6]))
    assert list(tmp_path.rglob("*.new")) == []


def test_killed_at_any_moment_nothing_is_lost(tmp_path: Path, records: list[Record]) -> None:
    rng = random.Random("kill")
    old: list[Record] = []
    started = time.monotonic()
    in_a_child(lambda: Dataset(tmp_path / "timing").add(incoming(records[:4])))
    length = time.monotonic() - started
    for round_ in range(8):
        new = records[round_ * 4 : round_ * 4 + 4]
        in_a_child(lambda new=new: Dataset(tmp_path / "data").add(incoming(new)), rng.uniform(0, length))  # type: ignore[misc]
        old = whole(tmp_path / "data", (old, old + new))
    Dataset(tmp_path / "data").add(incoming(records[:32]))
    assert {r.id for _, r in Dataset(tmp_path / "data").records()} == {r.id for r in records[:32]}
    assert wrong(Dataset(tmp_path / "data")) == []


def test_a_correction_that_is_killed_leaves_the_old_annotation_or_the_new_one(
    tmp_path: Path, records: list[Record]
) -> None:
    from dataclasses import replace

    old = records[7]
    new = replace(old, headings=(old.headings or ())[:-1])
    assert new != old
    Dataset(tmp_path).add(incoming([old]))
    write = module.replace_text
    for last in (False, True):

        def dying(path: Path, text: str, last: bool = last) -> None:
            write(path, text)
            if (path.name == MANIFEST) is last:
                os.kill(os.getpid(), signal.SIGKILL)

        def work(dying: Callable[[Path, str], None] = dying) -> None:
            module.replace_text = dying  # type: ignore[assignment]
            Dataset(tmp_path).add(incoming([new]), "new")

        assert in_a_child(work) == signal.SIGKILL
        assert whole(tmp_path, ([old], [new])) == ([new] if last else [old])
    assert len(Dataset(tmp_path).strays()) == 1


def test_two_imports_at_the_same_time_both_arrive(tmp_path: Path, records: list[Record]) -> None:
    children = []
    for part in (records[:6], records[6:12], records[12:18]):
        child = os.fork()
        if child == 0:
            try:
                Dataset(tmp_path).add(incoming(part))
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert {r.id for _, r in Dataset(tmp_path).records()} == {r.id for r in records[:18]}
    assert wrong(Dataset(tmp_path)) == []

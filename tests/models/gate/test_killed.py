"""Kill -9 at any moment of a run, also while a version is exported: it goes on and ends as if nothing had been."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time

import pytest

from models import registry
from tests.models.gate.conftest import World

_LONGEST = 60.0  # seconds that a run of the small world never takes


def _killed_after(world: World, task: registry.Task, seconds: float) -> bool:
    """Run it for so long; whether it had to be killed."""
    process = multiprocessing.get_context("fork").Process(target=world.finetune, args=(task, "u1"))
    process.start()
    process.join(seconds)
    if process.exitcode is None and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return process.exitcode != 0


@pytest.mark.parametrize("task", registry.TASKS)
def test_a_run_killed_at_any_moment_goes_on_and_ends_with_the_same_files(world: World, task: registry.Task) -> None:
    began = time.monotonic()
    world.finetune(task, "whole")
    whole = time.monotonic() - began
    moments = random.Random(f"killed:{task}")
    kills = 0
    for share in (0.35, 0.6, 0.85, 1.0):  # of the time that the whole run takes: later and later
        if not _killed_after(world, task, whole * moments.uniform(share - 0.2, share)):
            break
        kills += 1
    assert kills
    assert not _killed_after(world, task, _LONGEST)
    out, other = world.root / task / "u1", world.root / task / "whole"
    names = sorted(p.name for p in other.iterdir())
    assert sorted(p.name for p in out.iterdir()) == names
    for name in names:
        if name != registry.RECORD:
            assert registry.sha256(out / name) == registry.sha256(other / name)
    registry.load(task, "u1")  # checks every digest of its record


def test_a_checkpoint_that_was_half_written_is_not_gone_on_from(world: World) -> None:
    out = world.root / "claims" / "u1"

    def stop(_epoch: int, _scores: object) -> None:
        torn = out / "work" / "checkpoints" / "checkpoint-999"
        torn.mkdir(parents=True)
        (torn / "model.safetensors").write_bytes(b"")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.finetune("claims", "u1", on_epoch=stop)
    world.finetune("claims", "u1")
    world.finetune("claims", "whole")
    assert registry.sha256(out / "model.onnx") == registry.sha256(world.root / "claims" / "whole" / "model.onnx")

"""Fine-tuning: what is annotated is learned, what was known stays, and a killed run goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import labels, registry
from models.annotations.dataset import Dataset
from models.claims.data import labelled
from models.claims.decode import run
from models.claims.export import network_of
from models.claims.tag import ClaimTagger
from models.claims.train import restore
from models.finetune import (
    FEWEST_DEV,
    MOST_REPEATS,
    Annotated,
    NothingToLearnError,
    between,
    farthest,
    repeated,
    repeats,
    shared_out,
    stale,
)
from models.workplace import OtherRunError, progress
from tests.models.claims.small_reports import sample
from tests.models.gate.conftest import World


def weights(folder: Path) -> list[str]:
    return [registry.sha256(path) for path in sorted(folder.glob("*.onnx"))]


@pytest.mark.parametrize("task", registry.TASKS)
def test_the_record_says_from_what_and_on_what_a_version_was_trained(world: World, task: registry.Task) -> None:
    told: list[int] = []
    record = world.finetune(task, "u1", on_epoch=lambda epoch, _scores: told.append(epoch))
    assert told == [1, 2]
    assert record["start"]["version"] == "base"
    assert record["dataset"]["train"]["ids"] == [e.id for e in world.data.entries if e.split == "train"]
    assert record["replay"]["share_annotated"] == pytest.approx(0.4, abs=0.05)
    few = sum(e.split == "dev" for e in world.data.entries) < FEWEST_DEV
    assert set(record["before"]) == set(record["after"]) == {"synthesis", "train" if few else "dev"}
    assert {"command", "date", "epochs", "kept_epoch", "way", "seconds", "machine"} <= set(record)
    assert registry.load(task, "u1") == world.root / task / "u1"
    assert not (world.root / task / "u1" / "work").exists()
    again = world.finetune(task, "u1", on_epoch=lambda _epoch, _scores: pytest.fail("it was finished"))
    assert again == record
    with pytest.raises(OtherRunError, match="never change"):
        world.finetune(task, "u1", recipe={"seed": 2})


@pytest.mark.parametrize("task", registry.TASKS)
def test_a_run_killed_in_the_middle_goes_on_and_ends_with_the_same_weights(world: World, task: registry.Task) -> None:
    def killed_at_once(epoch: int, _scores: dict[str, Any]) -> None:
        if epoch == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    process = multiprocessing.get_context("fork").Process(
        target=world.finetune, args=(task, "u1"), kwargs={"on_epoch": killed_at_once}
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    out = world.root / task / "u1"
    assert not (out / registry.RECORD).exists()
    assert "u1" not in registry.versions(task)
    assert progress(out)["scores"]
    with pytest.raises(OtherRunError, match="other settings"):
        world.finetune(task, "u1", recipe={"seed": 2})
    world.finetune(task, "u1")
    world.finetune(task, "whole")
    assert weights(out) == weights(world.root / task / "whole")


def test_the_weights_to_start_from_are_those_that_serve() -> None:
    """What is shipped beside the file that serves, to go on from, reads as that file does."""
    folder = registry.load("claims")
    encoded = labelled(sample(3, 1)).encoded
    serving = run(ClaimTagger(folder).network, encoded)[:, labels.SPAN].argmax(axis=1)
    start = run(network_of(restore(folder)), encoded)[:, labels.SPAN].argmax(axis=1)
    assert float((serving == start).mean()) > 0.99


def test_a_dataset_with_nothing_for_the_model_is_refused_before_anything_is_made(world: World) -> None:
    with pytest.raises(NothingToLearnError):
        world.finetune("claims", "u1", data=Dataset(world.root / "empty"))
    assert not (world.root / "claims" / "u1").exists()


def test_what_is_annotated_is_read_until_it_has_its_share_and_no_report_too_often() -> None:
    assert repeats(100, 300, 0.25) == pytest.approx(1.0)
    assert repeats(1, 10_000, 0.5) == MOST_REPEATS
    assert repeats(0, 300, 0.25) == 0
    rows = repeated(np.arange(10), 2.3, np.random.default_rng(0))
    assert (len(rows), set(np.bincount(rows).tolist())) == (23, {2, 3})


def falling(by_way: Callable[[float], float]) -> tuple[float, float]:
    def score(way: float) -> dict[str, tuple[float, int]]:
        return {"kept": (0.9 - by_way(way), 1000), "rare": (0.1, 3)}

    return farthest(score, {"kept": (0.9, 1000), "rare": (0.9, 3)})


def test_only_so_much_of_the_way_is_gone_as_leaves_what_was_known() -> None:
    assert falling(lambda _way: 0.0)[0] == 1.0
    assert falling(lambda way: 0.004 * way)[0] == 0.4
    assert falling(lambda way: 0.5 * way)[0] == 0.25
    assert between({"w": 1.0}, {"w": 3.0}, 0.25) == {"w": 1.5}


def test_training_ends_when_the_last_epochs_brought_nothing() -> None:
    assert not stale([0.5, 0.6], 2)
    assert not stale([0.5, 0.6, 0.55], 2)
    assert stale([0.6, 0.6, 0.55], 2)


def test_a_dev_part_of_a_few_reports_is_learned_from_and_a_larger_one_chooses() -> None:
    def part(*names: str) -> Annotated[str]:
        return Annotated(names, (), ())

    enough = [f"d{i}" for i in range(FEWEST_DEV)]
    assert shared_out(part("a", "b"), part(*enough)) == (("a", "b"), tuple(enough))
    assert shared_out(part("a", "b"), part(*enough[1:])) == (("a", "b", *enough[1:]), ())
    assert shared_out(part(), part("d0")) == (("d0",), ())

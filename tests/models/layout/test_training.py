"""Training: repeatable, resumable after a kill, and what is exported says what was learned."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models import registry
from models.layout.batches import Batch, whole
from models.layout.data import Sample, example
from models.layout.export import FULL, SMALL, restore
from models.layout.labels import BLOCK_TYPES
from models.layout.network import LayoutNetwork
from models.layout.scores import score
from models.layout.train import train_layout

Samples = Callable[[int, int], Sample]


class KilledError(Exception):
    """What ends a run in the middle."""


def batch(samples: Samples, count: int) -> Batch:
    return next(whole([example(samples(9, i)) for i in range(count)]))


def test_the_record_says_how_the_model_came_to_be(trained: Path) -> None:
    record = registry.read_record(trained)
    assert record["held_out"]["accuracy"] > 0.9
    assert set(record["held_out"]["labels"]) == set(BLOCK_TYPES)
    assert set(record["files"]) == {FULL, SMALL}
    assert record["agreement"]["fp32"] == 1.0
    assert record["agreement"]["int8"] > 0.99
    assert {"command", "date", "seconds", "data", "settings"} <= set(record)
    assert not (trained / "work").exists()


def test_the_same_settings_give_the_same_weights_also_after_a_kill(samples: Samples, tmp_path: Path) -> None:
    def small(out: Path, on_epoch: Callable[[int, dict[str, Any]], None] | None = None) -> Path:
        train_layout(out, reports=24, epochs=3, seed=4, source=samples, processes=1, on_epoch=on_epoch)
        return out

    def kill(epoch: int, _scores: dict[str, Any]) -> None:
        if epoch == 2:
            raise KilledError

    whole_run = small(tmp_path / "whole")
    with pytest.raises(KilledError):
        small(tmp_path / "killed", kill)
    resumed: list[int] = []
    small(tmp_path / "killed", lambda epoch, _scores: resumed.append(epoch))
    assert resumed == [3]
    for name in (FULL, SMALL):
        assert registry.sha256(whole_run / name) == registry.sha256(tmp_path / "killed" / name)


def test_a_run_of_other_settings_is_not_taken_up(samples: Samples, tmp_path: Path) -> None:
    def kill(_epoch: int, _scores: dict[str, Any]) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        train_layout(tmp_path, reports=8, epochs=2, seed=1, source=samples, processes=1, on_epoch=kill)
    with pytest.raises(ValueError, match="other settings"):
        train_layout(tmp_path, reports=8, epochs=3, seed=1, source=samples, processes=1)


def test_training_goes_on_from_a_version_and_learns_what_is_added(
    trained: Path, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_MODELS", str(tmp_path))
    shutil.copytree(trained, tmp_path / "layout" / "small")
    extra = [Sample("附件目录", ((0, 4, "caption"),))]
    out = tmp_path / "layout" / "more"
    record = train_layout(
        out, reports=24, epochs=1, seed=5, source=samples, processes=1, from_version="small", extra=extra
    )
    assert record["data"]["documents"] == 25
    assert record["held_out"]["accuracy"] > 0.95


def test_what_is_restored_from_the_exported_file_is_the_network_that_was_exported(
    trained: Path, samples: Samples
) -> None:
    from models.layout.classify import BlockClassifier

    part = batch(samples, 1)
    with torch.no_grad():
        network = restore(trained / FULL).eval()
        learned = network(part.grams, part.text, part.which, part.sight)[0].softmax(1).numpy()
    seen = (part.grams.numpy(), part.text.numpy(), part.which.numpy(), part.sight.numpy())
    assert np.allclose(learned, BlockClassifier(trained, full=True).run(*seen), atol=1e-5)


def test_padding_changes_nothing_for_a_shorter_document(samples: Samples) -> None:
    torch.manual_seed(0)
    network = LayoutNetwork().eval()
    together = batch(samples, 6)
    with torch.no_grad():
        out = network(together.grams, together.text, together.which, together.sight, together.lengths)
        for i, n in enumerate(together.lengths.tolist()):
            alone = network(together.grams, together.text, together.which[i : i + 1, :n], together.sight[i : i + 1, :n])
            assert torch.allclose(out[i, :n], alone[0], atol=1e-5)


def test_scores_count_only_blocks_whose_type_is_known() -> None:
    labels = [np.array([0, 1, -100]), np.array([2, 2])]
    chances = [np.eye(14, dtype=np.float32)[[0, 1, 5]], np.eye(14, dtype=np.float32)[[2, 3]]]
    scores = score(labels, chances)
    assert scores["accuracy"] == 0.75
    assert scores["documents_exact"] == 0.5
    assert scores["labels"]["title"] == {"precision": 1.0, "recall": 0.5, "f1": 0.66667, "blocks": 2}
    assert scores["confusions"] == [["title", "heading", 1]]

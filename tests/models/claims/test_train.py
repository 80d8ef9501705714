"""Training, export and reading end to end, on tiny reports."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForTokenClassification

from models import labels, registry
from models.claims.compare import TABLE, compare
from models.claims.data import labelled
from models.claims.tag import ClaimTagger
from models.claims.train import train_claims
from models.stretches import stretches
from tests.models.claims.small_reports import sample

RUN: dict[str, Any] = {"reports": 60, "epochs": 6, "source": sample, "processes": 1, "budget": 1024}


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "claims" / "small"
    train_claims(out, **RUN)
    return out


def test_what_was_learned_is_read_in_a_text_never_seen(version: Path) -> None:
    prose = "（二）依申请公开。2021年共收到政府信息公开申请357件，予以公开84件。"
    text = f"青禾县2021年报\n{prose}\n规章207\n"
    at = text.index(prose)
    spans = stretches([(0, 9, "title"), (at, at + len(prose), "paragraph"), (len(text) - 6, len(text) - 1, "row")])
    (found,) = ClaimTagger(version).tag(text, spans, 2021, "青禾县")
    assert [(text[s.start : s.end], s.kind) for s in found] == [
        ("（二）依申请公开", "heading"), ("357", "count"), ("84", "count"), ("2", "cell"), ("0", "cell"), ("7", "cell"),
    ]  # fmt: skip
    assert [s.concepts[0][0] for s in found[1:3]] == ["requests_new", "granted"]
    assert [s.scope for s in found[1:3]] == ["own", "own"]


def test_the_same_text_is_read_the_same_alone_and_among_others(version: Path) -> None:
    tagger = ClaimTagger(version)
    text = "本年度未发生行政复议，各项工作平稳。\n2020年收到政府信息公开申请12件。"
    alone = tagger.tag(text, [(0, 18)], 2021, None)
    among = tagger.tag(text, [(0, 18), (19, len(text))], 2021, None)
    assert [(s.start, s.end, s.kind, s.concepts[0][0]) for s in alone[0]] == [(3, 10, "zero", "review")]
    assert [(s.start, s.end, s.kind) for s in among[0]] == [(3, 10, "zero")]
    assert among[1][0].scope == "other_year"
    assert tagger.tag(text, [], None, None) == []


def test_the_record_says_how_the_version_came_to_be_and_its_files_are_whole(
    version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(version.parent.parent))
    assert registry.load("claims", "small") == version
    record = registry.read_record(version)
    assert record["export"]["agreement"] >= 0.999
    assert record["held_out"]["spans"]["f1"] > 0.9
    assert len(record["epochs"]) == RUN["epochs"]
    assert record["outputs"] == list(labels.OUTPUTS)
    assert not (version / "work").exists()


def test_transformers_loads_the_version_by_its_usual_door(version: Path) -> None:
    model = AutoModelForTokenClassification.from_pretrained(version, dtype=torch.float32, local_files_only=True)
    assert tuple(model.config.id2label.values()) == labels.OUTPUTS
    ones = torch.ones(1, 7, dtype=torch.int64)
    assert model(ones, ones, ones, ones, ones).logits.shape == (1, 7, len(labels.OUTPUTS))


def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_weights(version: Path, tmp_path: Path) -> None:
    class KilledError(Exception):
        pass

    def kill(epoch: int, scores: dict[str, Any]) -> None:
        if epoch == 4:
            raise KilledError

    with pytest.raises(KilledError):
        train_claims(tmp_path, **RUN, on_epoch=kill)
    with pytest.raises(ValueError, match="another folder"):
        train_claims(tmp_path, **{**RUN, "seed": 2})
    record = train_claims(tmp_path, **RUN)
    assert [note["held_out_epoch"] for note in record["epochs"]] == [1, 2, 3, 4, 5, 6]
    assert record["files"]["model.onnx"] == registry.read_record(version)["files"]["model.onnx"]


def test_training_goes_on_from_a_version_with_more_examples(
    version: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(version.parent.parent))
    more = [sample(99, i) for i in range(5)]
    record = train_claims(tmp_path, **{**RUN, "epochs": 1}, from_version="small", extra=more)
    assert record["held_out_network"]["spans_f1"] > 0.9
    assert record["settings"]["extra"] == len(more)
    old = registry.read_record(version)["data"]
    assert record["data"]["characters"] > old["characters"] + sum(len(labelled(m).encoded) for m in more) * 0.9
    assert record["data"]["sha256"] != old["sha256"]


def test_encoders_are_compared_on_the_same_reports(tmp_path: Path) -> None:
    rows = compare(tmp_path, epochs=1, encoders=("bilstm", "bert"), reports=16, processes=1, source=sample)
    assert [row["encoder"] for row in rows] == ["bilstm", "bert"]
    assert json.loads((tmp_path / TABLE).read_text(encoding="utf-8")) == rows
    assert all(row["characters_per_second"] > 0 and row["agreement"] >= 0.99 for row in rows)


def test_reading_needs_neither_torch_nor_transformers() -> None:
    code = "import sys, models.claims.tag; print(sorted({'torch', 'transformers', 'onnx', 'spacy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"

"""``nianbao annotate`` as a user meets it."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli import app
from models.annotations import formats
from models.annotations.check import wrong
from models.annotations.dataset import MANIFEST, Dataset
from models.annotations.record import Claim, Record

FORMATS = ("jsonl", "label-studio", "doccano", "conll", "docbin")
TEXT = "全年收到申请约21件，办结19件。"


def annotated(*claims: Claim, text: str = TEXT) -> Record:
    return Record("a", text, {}, None, claims)


COUNT = Claim(7, 9, "count", 21, "件", True)


def write(path: Path, *records: Record, format: formats.Format = "jsonl") -> str:
    path.write_bytes(formats.write(records, format))
    return str(path)


@pytest.mark.parametrize("format", FORMATS)
def test_reports_go_out_with_the_models_answers_and_come_back(
    command: CliRunner, example_path: Path, tmp_path: Path, format: str
) -> None:
    out, data = tmp_path / f"out{formats.SUFFIXES[format]}", tmp_path / "data"  # type: ignore[index]
    made = command.invoke(app, ["annotate", "export", str(example_path), "--to", format, "--out", str(out)])
    assert (made.exit_code, made.stdout) == (0, "")
    assert (tmp_path / "label-studio.xml").exists() is (format == "label-studio")
    back = command.invoke(app, ["annotate", "import", str(out), "--predictions", "--data", str(data)])
    assert back.exit_code == 0, back.stderr
    assert "新增 1 份" in back.stderr
    assert "1 added" in back.stderr
    assert command.invoke(app, ["annotate", "check", "--data", str(data)]).exit_code == 0


def test_a_datasets_annotations_go_out_and_are_there_already_when_they_come_back(
    command: CliRunner, tmp_path: Path
) -> None:
    data, out = str(tmp_path / "data"), str(tmp_path / "out")
    command.invoke(app, ["annotate", "import", write(tmp_path / "a.jsonl", annotated(COUNT)), "--data", data])
    (tmp_path / "out").mkdir()
    made = command.invoke(app, ["annotate", "export", "--data", data, "--to", "doccano", "--out", out])
    assert made.exit_code == 0
    back = command.invoke(app, ["annotate", "import", f"{out}/annotations.jsonl", "--data", data])
    assert "1 there already" in back.stderr


def test_layers_can_be_chosen(command: CliRunner, example_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    arguments = ["annotate", "export", str(example_path), "--to", "jsonl", "--out", str(out), "--layers"]
    assert command.invoke(app, [*arguments, "claim,heading"]).exit_code == 0
    said = json.loads(out.read_text(encoding="utf-8"))
    assert "claims" in said
    assert "blocks" not in said
    assert command.invoke(app, [*arguments, "claim,poems"]).exit_code == 2


def test_export_takes_reports_or_a_dataset(command: CliRunner, tmp_path: Path) -> None:
    made = command.invoke(app, ["annotate", "export", "--to", "jsonl", "--out", str(tmp_path / "x.jsonl")])
    assert made.exit_code == 2
    assert "--data" in made.stderr


def test_reports_that_cannot_be_read_are_listed_and_the_others_written(
    command: CliRunner, example_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    out = tmp_path / "x.jsonl"
    files = [str(example_path), str(tmp_path / "empty.txt")]
    made = command.invoke(app, ["annotate", "export", *files, "--to", "jsonl", "--out", str(out)])
    assert made.exit_code == 1
    assert "empty.txt [empty]" in made.stderr
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1


def test_a_bare_label_is_completed_from_the_text(command: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "doccano.jsonl"
    path.write_text(json.dumps({"id": 1, "text": TEXT, "label": [[7, 9, "count"]]}), encoding="utf-8")
    made = command.invoke(app, ["annotate", "import", str(path), "--data", str(tmp_path / "data")])
    assert made.exit_code == 0, made.stderr
    ((entry, record),) = Dataset(tmp_path / "data").records()
    assert record.claims == (COUNT,)
    assert entry.origin == "doccano"


def test_offsets_put_right_are_reported_one_by_one_in_both_languages(command: CliRunner, tmp_path: Path) -> None:
    said = json.loads(
        formats.write([annotated(Claim(9, 11, "count", 21, "件"), text="𠮷田镇" + TEXT[:6] + "21件。")], "jsonl")
    )
    for claim in said["claims"]:
        claim["start"], claim["end"] = claim["start"] + 1, claim["end"] + 1
    (tmp_path / "a.jsonl").write_text(json.dumps(said), encoding="utf-8")
    made = command.invoke(app, ["annotate", "import", str(tmp_path / "a.jsonl"), "--data", str(tmp_path / "data")])
    assert made.exit_code == 0, made.stderr
    assert "10–12 → 9–11（按 UTF-16 代码单元计数）" in made.stderr
    assert "UTF-16 units were counted" in made.stderr


def poisoned(path: Path, n: int = 9) -> str:
    lines = []
    for i in range(n):
        text = f"第{i}季度收到申请{i}21件，办结19件，公开11件。"
        shift = int(i % 3 == 0)
        spans = [(text.index(v) + shift, v) for v in (f"{i}21", "19", "11")]
        lines.append({"text": text, "label": [[a, a + len(v), "count"] for a, v in spans]})
    path.write_text("\n".join(json.dumps(x) for x in lines), encoding="utf-8")
    return str(path)


def test_a_poisoned_set_is_refused_whole_with_every_place(command: CliRunner, tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = command.invoke(app, ["annotate", "import", poisoned(tmp_path / "p.jsonl"), "--data", str(data)])
    assert made.exit_code == 3
    assert "9 处不予接受 / 9 refused" in made.stderr
    for i in (1, 4, 7):
        assert f"p.jsonl#{i} claim=count" in made.stderr
    assert "未导入任何标注 / nothing was imported" in made.stderr
    assert not data.exists()


def test_what_is_right_can_be_kept_and_the_rest_is_still_said(command: CliRunner, tmp_path: Path) -> None:
    data = tmp_path / "data"
    arguments = ["annotate", "import", poisoned(tmp_path / "p.jsonl"), "--data", str(data), "--keep-good"]
    made = command.invoke(app, arguments)
    assert made.exit_code == 3
    assert "6 added" in made.stderr
    assert "p.jsonl#1 claim=count" in made.stderr
    assert len(Dataset(data).entries) == 6


def test_contradictions_are_listed_until_it_is_said_whose_word_counts(command: CliRunner, tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]
    command.invoke(app, ["annotate", "import", write(tmp_path / "a.jsonl", annotated(COUNT)), *data])
    other = write(tmp_path / "b.jsonl", annotated(Claim(7, 9, "count", 21, "条", True)))
    made = command.invoke(app, ["annotate", "import", other, *data])
    assert made.exit_code == 3
    assert "the dataset says unit=“件”; the new annotation says unit=“条”" in made.stderr
    assert "--prefer old|new" in made.stderr
    assert command.invoke(app, ["annotate", "import", other, *data, "--prefer", "new"]).exit_code == 0
    ((_, record),) = Dataset(tmp_path / "data").records()
    assert [c.unit for c in record.claims or ()] == ["条"]


def test_a_file_that_is_no_annotation_is_refused_and_one_that_is_not_there_is_an_error(
    command: CliRunner, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text("[1", encoding="utf-8")
    data = ["--data", str(tmp_path / "data")]
    made = command.invoke(app, ["annotate", "import", str(tmp_path / "a.json"), *data])
    assert made.exit_code == 3
    assert "a.json：无法理解" in made.stderr
    gone = command.invoke(app, ["annotate", "import", str(tmp_path / "gone.json"), *data])
    assert gone.exit_code == 1
    assert isinstance(gone.exception, FileNotFoundError)


def test_the_next_reports_are_ranked_with_reasons(command: CliRunner, example_path: Path, tmp_path: Path) -> None:
    text = example_path.read_text(encoding="utf-8")
    (tmp_path / "broken.txt").write_text(text.replace("37", "73"), encoding="utf-8")
    shutil.copy(example_path, tmp_path / "fine.txt")
    (tmp_path / "empty.txt").write_bytes(b"")
    made = command.invoke(app, ["annotate", "next", str(tmp_path), "--json"])
    assert made.exit_code == 1
    assert "empty.txt [empty]" in made.stderr
    first, second = (json.loads(line) for line in made.stdout.splitlines())
    assert first["name"].endswith("broken.txt")
    assert second["name"].endswith("fine.txt")
    assert {"kind", "weight", "zh", "en", "line"} == set(first["reasons"][0])
    one = command.invoke(app, ["annotate", "next", str(tmp_path), "--n", "1"])
    assert "broken.txt" in one.stdout
    assert "fine.txt" not in one.stdout
    assert "do not agree" in one.stdout


def test_what_is_in_the_dataset_is_not_to_be_annotated_again(
    command: CliRunner, example_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "examples").mkdir()
    for path in example_path.parent.glob(f"{example_path.stem}.*"):
        shutil.copy(path, tmp_path / "examples")
    assert command.invoke(app, ["annotate", "manifest", "--data", str(tmp_path)]).exit_code == 0
    made = command.invoke(app, ["annotate", "next", str(tmp_path / "examples"), "--data", str(tmp_path)])
    assert (made.exit_code, made.stdout) == (0, "")
    assert "1 are in the dataset already" in made.stderr


def test_a_dataset_that_does_not_keep_its_word_is_found_out(command: CliRunner, tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]
    command.invoke(app, ["annotate", "import", write(tmp_path / "a.jsonl", annotated(COUNT)), *data])
    (tmp_path / "data" / Dataset(tmp_path / "data").entries[0].file).unlink()
    made = command.invoke(app, ["annotate", "check", *data])
    assert made.exit_code == 3
    assert "the file is missing" in made.stderr
    (tmp_path / "data" / MANIFEST).write_text("{", encoding="utf-8")
    for arguments in (["check", *data], ["manifest", *data], ["next", str(tmp_path), *data]):
        assert command.invoke(app, ["annotate", *arguments]).exit_code == 3


def test_an_import_killed_from_outside_leaves_a_whole_dataset(tmp_path: Path) -> None:
    records = [annotated(COUNT, text=TEXT + f"附注第{i}条。") for i in range(150)]
    path, data = write(tmp_path / "a.jsonl", *records), tmp_path / "data"
    arguments = [sys.executable, "-m", "extractor.cli", "annotate", "import", path, "--data", str(data)]
    rng, states = random.Random("outside"), set()
    for _ in range(3):
        with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 60
            while not data.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(rng.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
        dataset = Dataset(data)
        assert wrong(dataset) == []
        states.add(len(dataset.entries))
    assert states <= {0, 150}
    subprocess.run(arguments, check=True, capture_output=True)
    assert len(Dataset(data).entries) == 150
    assert wrong(Dataset(data)) == []

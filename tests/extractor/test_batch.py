"""Many reports, in this process and in a pool."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from extractor.batch import Outcome, Source, as_json, run
from extractor.document import Document
from extractor.reading import Decoded

TEXT = "澄岚县林业局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n全年收到政府信息公开申请3件。\n"


def fragile(document: Document, _decoded: Decoded) -> str:
    """Renders; brings the whole process down, or raises, where the text asks for it."""
    if "倒下" in document.text:
        os._exit(7)
    if "出错" in document.text:
        raise RuntimeError("asked for")
    return document.id


def sources(folder: Path, *texts: str) -> list[Source]:
    out = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        out.append(Source(str(number), path.name, path))
    return out


def told(outcomes: list[Outcome[str]]) -> list[str | None]:
    return [o.failure.code if o.failure else o.output for o in outcomes]


@pytest.mark.parametrize("jobs", [0, 2])
def test_what_goes_wrong_with_one_report_keeps_no_other_from_being_read(tmp_path: Path, jobs: int) -> None:
    listed = sources(tmp_path, TEXT, "", TEXT + "出错", "%PDF-1.4", TEXT)
    listed.insert(1, Source("gone", "gone", tmp_path / "gone.txt"))
    outcomes = list(run(listed, fragile, jobs))
    assert told(outcomes) == ["0", "unopened", "empty", "crashed", "binary", "4"]
    assert [o.source for o in outcomes] == listed


def test_a_report_that_brings_its_process_down_is_the_only_one_lost(tmp_path: Path) -> None:
    texts = [TEXT] * 4 + [TEXT + "倒下"] + [TEXT] * 9
    outcomes = list(run(sources(tmp_path, *texts), fragile, 2))
    expected = [str(n) for n in range(14)]
    expected[4] = "crashed"
    assert told(outcomes) == expected


def test_a_pool_gives_the_same_bytes_in_the_same_order_as_one_process(tmp_path: Path) -> None:
    listed = sources(tmp_path, *(f"{TEXT}第{n}页，共发布信息{n}条。" for n in range(12)))
    alone, pooled = ([o.output for o in run(listed, as_json, jobs)] for jobs in (0, 2))
    assert alone == pooled
    assert None not in alone


def test_sources_are_drawn_as_they_are_needed_and_not_all_at_once(tmp_path: Path) -> None:
    drawn = 0
    (one,) = sources(tmp_path, TEXT)

    def endless() -> object:
        nonlocal drawn
        while True:
            drawn += 1
            yield one

    outcomes = run(endless(), fragile, 1)  # type: ignore[arg-type]
    for _ in range(3):
        assert next(outcomes).output == "0"
    assert drawn < 12
    outcomes.close()  # type: ignore[attr-defined]


def test_an_outcome_tells_time_and_memory(tmp_path: Path) -> None:
    (outcome,) = run(sources(tmp_path, TEXT), fragile, 0)
    assert outcome.ended > outcome.begun
    assert outcome.peak_mb > 10


def test_a_crash_names_its_kind_and_place_in_both_languages(tmp_path: Path) -> None:
    (outcome,) = run(sources(tmp_path, TEXT + "出错"), fragile, 0)
    assert outcome.failure is not None
    for message in (outcome.failure.message.zh, outcome.failure.message.en):
        assert "RuntimeError" in message
        assert "test_batch.py:" in message

"""Any text at all: no crash, no hang, every place valid, the same bytes each time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.pipeline import Extractor
from extractor.result import dump, payload
from models.synthesis.page_other import FAMILIES, synthesize_other
from models.synthesis.report import synthesize
from tests.invariants import faults

SEED = 90210
SIZE = 20_000
SLOW = 8.0  # seconds for SIZE characters: ten times what a busy core needs, a hundredth of what quadratic time costs
_STRAY = "0 1\t|\n\r\u3000（）.,-—\0\u200b万年件%\ufeff①½²٣\u2028\U0001f600"
_REPEATED = (
    "1", "|", "| ", "（", "（一）", "（一）\n", "一、", "规章", "行政许可\n", "（一）予以公开\n0\n",
    "一、总体情况\n", "0\n", "1 ", "\t", "\n", "。", "，1", "全年收到申请3件，", "其中1件予以公开、",
    "共3件，其中1件，2件。", "\0", "\u200b", "增长3%，", "区(qū)", "区(", "一百", "万", "结果维持\n",
    "某局2023年政府信息公开工作年度报告\n", "第二十条第（一）项\n", "自然人\n商业企业\n总计\n", "2023年",
    "-", "www.", "注：",
)  # fmt: skip


def mutated(rng: random.Random, text: str) -> str:
    """The text after one accident: lines lost, doubled or shuffled, an end cut off, strays, breaks changed."""
    lines = text.split("\n")
    i, j = sorted((rng.randrange(len(lines)), rng.randrange(len(lines))))
    at = rng.randrange(len(text))
    stray = list(text)
    for _ in range(rng.randint(1, 60)):
        stray[rng.randrange(len(stray))] = rng.choice(_STRAY)
    accidents = (
        "\n".join(lines[:i] + lines[i + 1 + (j - i) % 30 :]),
        "\n".join(lines[:j] + lines[i:]),
        "\n".join(rng.sample(lines, len(lines))),
        text[:at],
        text[at:],
        "".join(stray),
        text.replace("\n", rng.choice(["\r", "\r\n", " ", "", "\u2028", "\n\n", "\t"])),
        text[:at] + rng.choice(["9" * 400, "（" * 300, "|" * 300, "1 " * 200, "一、" * 200, "0\n" * 300]) + text[at:],
    )
    return rng.choice(accidents) or "x"


@pytest.mark.parametrize("index", range(24))
def test_a_damaged_report_is_read_without_a_broken_promise(extractor: Extractor, index: int) -> None:
    rng = random.Random(f"{SEED}:{index}")
    text = synthesize(SEED, index).text
    for _ in range(3):
        text = mutated(rng, text)
        assert faults(extractor, text) == []


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_any_characters_at_all_are_read(extractor: Extractor, text: str) -> None:
    assert faults(extractor, text) == []


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(
        st.sampled_from([*_REPEATED, "三、收到和处理政府信息公开申请情况", "0", "12", " ", "\n", "总计"]), max_size=60
    )
)
def test_the_words_of_reports_in_any_order_are_read(extractor: Extractor, pieces: list[str]) -> None:
    assert faults(extractor, "".join(pieces)) == []


@pytest.mark.parametrize("piece", _REPEATED)
def test_time_does_not_explode_where_one_thing_is_repeated_endlessly(
    extractor: Extractor, example_text: str, piece: str
) -> None:
    """Behind the head of a report, so that every stage reads it."""
    text = example_text[:300] + "\n" + (piece * (SIZE // len(piece) + 1))[:SIZE] + "\n" + example_text[-300:]
    begun = time.process_time()
    extractor(text)
    assert time.process_time() - begun < SLOW


def test_characters_that_no_encoder_takes_are_passed_over(extractor: Extractor, example_text: str) -> None:
    plain = payload(extractor(example_text))
    for stray in ("\0", "\ud800"):
        text = example_text + "\n" + stray
        assert faults(extractor, text) == []
        assert [c["surface"] for c in payload(extractor(text))["claims"]] == [c["surface"] for c in plain["claims"]]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_page_of_another_kind_never_becomes_a_report_of_zeros(extractor: Extractor, family: str) -> None:
    for index in range(5):
        text = synthesize_other(SEED, index, family=family).text
        assert faults(extractor, text) == []
        values = [c.value for table in extractor(text).tables for c in table.cells]
        assert set(values) <= {None}


def test_two_processes_with_different_hash_seeds_give_the_same_bytes(extractor: Extractor, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(synthesize(SEED, 3).text.replace("\r", ""), encoding="utf-8", newline="")
    text = path.read_bytes().decode()
    command = [sys.executable, "-m", "extractor.cli", "extract", str(path)]
    made = [
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert made[0].decode().strip() == dump(payload(extractor(text, "report")), indent=2).decode()

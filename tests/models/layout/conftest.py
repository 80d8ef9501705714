"""Small reports of our own for the layout model's tests: a generator that needs a few lines and no other part."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from models.layout.classify import BlockClassifier
from models.layout.data import Sample
from models.layout.train import train_layout

_SECTIONS = ("总体情况", "主动公开政府信息情况", "存在的主要问题及改进情况", "其他需要报告的事项")
_BODIES = (
    "本机关持续做好信息发布，全年主动公开各类信息{n}条。",
    "今年以来收到政府信息公开申请{n}件，均按期答复，未发生行政复议。",
    "下一步将充实公开内容，定期开展业务培训，提高工作水平。",
)
_ROWS = ("规章", "行政规范性文件", "行政许可", "行政处罚", "四、结转下年度继续办理", "一、本年新收政府信息公开申请数量")


def sample(seed: int, index: int) -> Sample:
    """A short report with noise, title, headings, paragraphs and a table, one cell a line or one row a line."""
    chance = random.Random(f"{seed}:{index}")
    text, places = "", list[tuple[int, int, str]]()

    def add(part: str, kind: str | None, after: str) -> None:
        nonlocal text
        if kind:
            places.append((len(text), len(text) + len(part), kind))
        text += part + after

    gap = chance.choice(["\n", "\n\n"])
    if chance.random() < 0.5:
        add("首页 > 政务公开 > 正文", "noise", gap)
    add(f"青柳区林业局{chance.randrange(2019, 2025)}年政府信息公开工作年度报告", "title", gap)
    for number, title in zip("一二三四", _SECTIONS, strict=True):
        add(f"{number}、{title}", "heading", gap)
        if number == "二":
            apart = chance.choice([gap, "\t", " | "])
            for row in chance.sample(_ROWS, 4):
                add(row, "label", apart)
                add(str(chance.randrange(90)), "value", gap)
        for body in chance.sample(_BODIES, 2):
            add(body.format(n=chance.randrange(500)), "paragraph", gap)
    add("- 1 -", "page_number", gap)
    return Sample(text, tuple(places))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version trained for a few seconds on these reports."""
    out = tmp_path_factory.mktemp("layout") / "small"
    train_layout(out, reports=240, epochs=6, seed=1, source=sample, processes=1)
    return out


@pytest.fixture(scope="session")
def classifier(trained: Path) -> BlockClassifier:
    return BlockClassifier(trained)


@pytest.fixture(scope="session")
def samples() -> Callable[[int, int], Sample]:
    return sample

"""Serving: block types from text and from layouts, long texts in windows, and pictures of what was found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import layoutparser as lp
import numpy as np
import pytest

from models.grid import segment
from models.layout.classify import OVERLAP, WINDOW, BlockClassifier, windows
from models.layout.detect import GridLayoutModel, to_layout
from models.layout.draw import LONGEST_PICTURE, draw
from models.registry import RECORD, BrokenInstallation

REPORT = """青柳区林业局2023年政府信息公开工作年度报告

一、总体情况

本机关持续做好信息发布，全年主动公开各类信息312条。

二、主动公开政府信息情况

规章\t0
四、结转下年度继续办理\t7

三、其他需要报告的事项

下一步将充实公开内容，定期开展业务培训，提高工作水平。
"""


def test_each_block_gets_a_type_and_a_score(classifier: BlockClassifier) -> None:
    found = classifier.classify(REPORT, segment(REPORT))
    assert [kind for kind, _ in found] == [
        "title", "heading", "paragraph", "heading", "label", "value", "label", "value", "heading", "paragraph",
    ]  # fmt: skip
    assert all(0 < score <= 1 for _, score in found)


def test_a_layout_comes_back_with_types_and_is_itself_left_alone(classifier: BlockClassifier) -> None:
    layout = to_layout(REPORT, segment(REPORT))
    found = GridLayoutModel(classifier).detect(layout)
    assert [(b.type, b.score) for b in found] == classifier.classify(REPORT, segment(REPORT))
    assert [(b.id, b.text, b.coordinates) for b in found] == [(b.id, b.text, b.coordinates) for b in layout]
    assert {b.type for b in layout} == {None}


def test_a_layout_without_its_text_is_read_from_its_blocks(classifier: BlockClassifier) -> None:
    bare = lp.Layout(list(to_layout(REPORT, segment(REPORT))))
    kinds = [b.type for b in GridLayoutModel(classifier).detect(bare)]
    assert kinds == [kind for kind, _ in classifier.classify(REPORT, segment(REPORT))]


def test_a_layout_survives_json(classifier: BlockClassifier) -> None:
    found = GridLayoutModel(classifier).detect(to_layout(REPORT, segment(REPORT)))
    again = lp.load_dict(json.loads(json.dumps(found.to_dict())))
    assert [(b.type, b.text) for b in again] == [(b.type, b.text) for b in found]


def test_a_block_without_text_is_misuse(classifier: BlockClassifier) -> None:
    with pytest.raises(ValueError, match="block 0 of the layout has no text"):
        GridLayoutModel(classifier).detect(lp.Layout([lp.TextBlock(lp.Rectangle(0, 0, 1, 1))]))


def test_blocks_lie_on_the_grid_by_column_and_line() -> None:
    layout = to_layout("一、概述\n  规章\t12\n", segment("一、概述\n  规章\t12\n"))
    assert [b.coordinates for b in layout] == [(0, 0, 4, 1), (2, 1, 4, 2), (5, 1, 7, 2)]


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_text_has_no_types(classifier: BlockClassifier, text: str) -> None:
    assert classifier.classify(text, segment(text)) == []


@pytest.mark.parametrize("count", [1, WINDOW, WINDOW + 1, 2 * WINDOW, 5 * WINDOW + 7])
def test_windows_keep_every_block_once_with_others_around_it(count: int) -> None:
    kept: list[int] = []
    for start, end, keep, until in windows(count):
        assert end - start <= WINDOW
        assert start == 0 or keep - start >= OVERLAP // 2
        assert end == count or end - until >= OVERLAP // 2
        kept += range(keep, until)
    assert kept == list(range(count))


def test_a_text_of_many_windows_is_read_like_one_of_few(classifier: BlockClassifier) -> None:
    text = REPORT * 150
    chances = classifier.probabilities(text, segment(text))
    assert chances.shape == (1500, 14)
    assert np.allclose(chances.sum(1), 1, atol=1e-4)
    kinds = [kind for kind, _ in classifier.classify(text, segment(text))]
    assert sum(a == b for a, b in zip(kinds, kinds[10:], strict=False)) > 0.9 * len(kinds[10:])


def test_the_same_text_has_the_same_scores_again(classifier: BlockClassifier) -> None:
    blocks = segment(REPORT)
    assert classifier.classify(REPORT, blocks) == classifier.classify(REPORT, blocks)


def test_a_model_of_other_features_is_refused(trained: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(trained, copy)
    record = json.loads((copy / RECORD).read_text("utf-8"))
    (copy / RECORD).write_text(json.dumps({**record, "features": "older"}), "utf-8")
    with pytest.raises(BrokenInstallation, match="features older"):
        BlockClassifier(copy)


def test_a_picture_shows_every_type_in_a_colour_of_its_own(classifier: BlockClassifier, tmp_path: Path) -> None:
    from PIL import Image

    layout = GridLayoutModel(classifier).detect(to_layout(REPORT, segment(REPORT)))
    (path,) = draw(REPORT, layout, tmp_path / "page.png")
    picture = Image.open(path)
    assert picture.format == "PNG"
    assert len(picture.convert("RGB").getcolors(1 << 24)) > 14


def test_a_long_text_is_drawn_on_several_pictures(classifier: BlockClassifier, tmp_path: Path) -> None:
    text = "规章\n" * (LONGEST_PICTURE + 1)
    layout = GridLayoutModel(classifier).detect(to_layout(text, segment(text)))
    assert [p.name for p in draw(text, layout, tmp_path / "page.png")] == ["page.png", "page-2.png"]

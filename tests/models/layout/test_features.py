"""What the layout model sees: the same for every spelling that says the same, and cheap."""

from __future__ import annotations

import numpy as np
import pytest

from models.grid import segment
from models.layout.features import (
    BUCKETS,
    PLACE_NAMES,
    SIGHT_NAMES,
    TEXT_NAMES,
    encode,
    place_figures,
    sight,
)
from models.layout.lexicon import stem


def figures(text: str) -> dict[str, float]:
    """The figures of a text that is one block."""
    encoded = encode(text, segment(text))
    assert len(encoded) == 1
    return dict(zip(TEXT_NAMES, encoded.text[0].tolist(), strict=True))


def test_a_row_of_the_table_is_told_from_a_section_of_the_same_number() -> None:
    row, section = figures("四、结转下年度继续办理"), figures("四、政府信息公开行政复议、行政诉讼情况")
    assert (row["row_is"], row["section_stem"]) == (1, 0)
    assert (section["row_is"], section["section_stem"]) == (0, 1)


@pytest.mark.parametrize("text", ["規章", "规 章", " 规章", "规\u200b章", "規(guī)章"])
def test_a_label_is_known_in_every_script_and_spacing(text: str) -> None:
    assert figures(text)["row_is"] == 1


def test_a_torn_label_is_known_as_a_part_of_one() -> None:
    torn = figures("4.保护第三方合法权")
    assert (torn["row_is"], torn["row_begins"], torn["row_inside"]) == (0, 1, 1)
    assert figures("第三方合法权益")["row_inside"] == 1


def test_a_label_with_its_values_glued_on_opens_with_a_label() -> None:
    glued = figures("行政许可66")
    assert (glued["row_opens"], glued["label_number"]) == (1, 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("12", "number"), ("+126", "number"), ("1,280", "number"), ("１２", "number"), ("/", "blank_mark"),
        ("无", "blank_mark"), ("-3-", "page"), ("第 4 页", "page"), ("2023年", "whole_year"),
        ("(2023年度)", "year_in_brackets"), ("第二十条第（五）项", "article"),
        ("2024年1月5日", "date"), ("------", "rule"), ("（二）", "numbering_alone"), ("一、概述", "chapter"),
        ("（三）监督保障", "bracket"), ("2.重复申请", "point"), ("一是完善制度", "one_is"),
    ],
)  # fmt: skip
def test_the_shape_of_a_text_is_seen(text: str, name: str) -> None:
    assert figures(text)[name] == 1


def test_a_number_with_a_point_is_no_numbering() -> None:
    assert figures("14.2404")["point"] == 0


def test_the_stem_leaves_numbering_and_edges_out() -> None:
    assert stem("（三)不予公开。") == stem("(三)不予公开") == stem("不予公开") == "不予公开"


def test_texts_that_come_again_are_encoded_once() -> None:
    text = "规章\t0\t0\t0\n"
    encoded = encode(text, segment(text))
    assert encoded.which.tolist() == [0, 1, 1, 1]
    assert len(encoded.grams) == 2


def test_buckets_are_the_same_today_and_tomorrow() -> None:
    grams = encode("规章", segment("规章")).grams[0]
    assert grams[grams > 0].tolist() == [9344, 9318, 1492, 7261, 11487, 14310, 7026, 16362, 10603]
    assert grams.max() < BUCKETS


def test_the_tail_of_a_long_text_is_seen() -> None:
    start = "本机关持续推进各项信息公开工作并加强对下级单位的指导"
    one, other = (
        encode(t, segment(t)).grams[0] for t in (start + "三三三三三三三三三。", start + "四四四四四四四四四:")
    )
    assert not np.array_equal(one, other)


def test_the_place_of_a_part_is_that_in_the_whole() -> None:
    text = "一\n\n二\n三\t四\n五\n"
    place = encode(text, segment(text)).place
    whole = place_figures(place)
    part = place_figures(place[2:4], 2, len(place))
    below = PLACE_NAMES.index("blank_below")
    keep = [i for i in range(len(PLACE_NAMES)) if i != below]
    assert np.allclose(whole[2:4][:, keep], part[:, keep])


def test_pipes_and_tabs_beside_a_block_are_seen() -> None:
    text = "规章 | 0 |"
    encoded = encode(text, segment(text))
    seen = sight(encoded.edges, place_figures(encoded.place))
    assert seen[1, SIGHT_NAMES.index("pipe_after")] == 1
    assert seen[0, SIGHT_NAMES.index("pipe_before")] == 0


@pytest.mark.parametrize("text", ["", "\n\n", "|||"])
def test_a_text_without_blocks_encodes_to_nothing(text: str) -> None:
    encoded = encode(text, segment(text))
    assert len(encoded) == 0
    assert place_figures(encoded.place).shape == (0, len(PLACE_NAMES))


def test_a_line_of_a_million_characters_is_read_at_its_ends() -> None:
    text = "公开" * 500_000 + "。"
    assert figures(text)["stop"] == 1

"""Damage to characters: what it does, and that marks stay right."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from models.synthesis.damage import KINDS, damage, draw_damage
from models.synthesis.markup import Mark, Marked
from models.text import normalise


def claim(start: int, end: int, **data: object) -> Mark:
    base = {"kind": "count", "value": 1.0, "unit": "件", "approx": False, "scope": "own", "concepts": []}
    return Mark(start, end, "claim", {**base, **data})


def sample() -> Marked:
    heading = "（二）依申请公开情况"
    body = (
        "自从2023年1月1日以来，制度健全。台账完整。关于公开事项，全局共收到申请24件，其中信函7件，网络17件，"
        "均在规定期限内办结并答复申请人，未发生行政复议。队伍稳定。渠道畅通。"
    )
    text = heading + "\n" + body + "\n一、本年新收\n12\n0"
    at = len(heading) + 1
    marks = [
        Mark(0, len(heading), "heading", {"level": 2, "kind": None}),
        Mark(0, len(heading), "block", {"type": "heading"}),
        Mark(at, at + len(body), "block", {"type": "paragraph"}),
        *(claim(text.index(n), text.index(n) + len(n), value=float(n)) for n in ("24", "7件"[:1], "17")),
        claim(text.index("未发生"), text.index("未发生") + 7, kind="zero", value=0.0, unit=""),
        Mark(len(text) - 4, len(text) - 2, "cell", {"id": "t3.new.total", "value": 12.0}),
        Mark(len(text) - 1, len(text), "cell", {"id": "t3.carried_in.total", "value": 0.0}),
    ]
    return Marked(text, marks)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_numbers_and_cells_where_gold_says(kind: str) -> None:
    changed = 0
    for i in range(30):
        made = damage(random.Random(i), sample(), (kind,))
        changed += made.text != sample().text
        for m in made.of("claim"):
            surface = "".join(normalise(made.text[m.start : m.end]).text.split())
            if m.data["kind"] == "count":
                assert float(surface) == m.data["value"]
        for m in made.of("cell"):
            assert float(made.text[m.start : m.end]) == m.data["value"]
            assert "uncertain" not in m.data
    assert changed > 5


def test_a_claim_that_lost_its_unit_says_so_and_one_without_digits_is_gone() -> None:
    lost_unit = lost_claim = 0
    for i in range(60):
        made = damage(random.Random(i), sample(), ("units",))
        counts = [m for m in made.of("claim") if m.data["kind"] == "count"]
        lost_claim += len(counts) < 3
        for m in counts:
            follows = made.text[m.end : m.end + 1] == "件"
            assert (m.data["unit"] == "件") == follows
            lost_unit += not follows
    assert lost_unit > 10
    assert lost_claim > 5


def test_pinyin_is_taken_out_again_by_the_reading_view() -> None:
    made = damage(random.Random(2), sample(), ("pinyin",))
    assert "(" in made.text
    assert normalise(made.text).text == normalise(sample().text).text


def test_traditional_script_reads_back_as_simplified() -> None:
    made = damage(random.Random(2), sample(), ("traditional",))
    assert "開" in made.text
    assert normalise(made.text).text == normalise(sample().text).text


def test_taiwan_vocabulary_is_swapped() -> None:
    made = damage(random.Random(2), Marked("信息公开文件"), ("taiwan",))
    assert made.text == "資訊公開檔案"


def test_a_hijacked_text_has_a_brand_for_a_word() -> None:
    for i in range(20):
        text = damage(random.Random(i), sample(), ("hijacked",)).text
        assert "关于" not in text or "依申请公开" not in text


def test_crlf_ends_every_line() -> None:
    made = damage(random.Random(0), sample(), ("crlf",))
    assert made.text.count("\r\n") == made.text.count("\n") == sample().text.count("\n")


def test_damage_is_drawn_with_the_weights_of_the_wild() -> None:
    rng = random.Random(7)
    drawn = Counter(k for _ in range(4000) for k in (draw_damage(rng) or ("none",)))
    assert set(KINDS) | {"none"} == set(drawn)
    assert 240 < drawn["pinyin"] < 400
    assert 130 < drawn["units"] < 270


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        damage(random.Random(0), sample(), ("rust",))

"""The template language, the printing of numbers and the manner of a report."""

from __future__ import annotations

from random import Random

import pytest

from models.form import concepts
from models.synthesis.markup import Marked
from models.synthesis.numbers import draw_facts
from models.synthesis.prose import ProseOptions
from models.synthesis.prose.families import FILES
from models.synthesis.prose.figures import chinese, draw_figure, plain
from models.synthesis.prose.grammar import Number, TemplateError, bound_names, parse, settle, walk
from models.synthesis.prose.scribe import Scribe
from models.synthesis.prose.style import typeset
from models.synthesis.prose.vocabulary import claiming, load_yaml, noun, rule, rule_sources, topic, words


def _said(source: str, seed: str = "x") -> Marked:
    rng = Random(seed)
    return Scribe(rng, draw_facts(rng, "2021"), ProseOptions()).say(source)


def test_choices_nest_and_may_be_empty() -> None:
    seen = {_said("甲[乙[丙|]|丁]", str(i)).text for i in range(40)}
    assert seen == {"甲乙丙", "甲乙", "甲丁"}


def test_a_number_marks_itself_and_not_its_unit() -> None:
    made = _said("公布<:7..7;条>")
    (mark,) = made.of("claim")
    assert (made.text, made.text[mark.start : mark.end], mark.data["unit"]) == ("公布7条", "7", "条")


def test_a_zero_claim_that_does_not_hold_is_not_chosen() -> None:
    rng = Random("busy")
    facts = next(f for f in (draw_facts(rng, "2021") for _ in range(50)) if f.values["t3.new.total"] > 3)
    for _ in range(20):
        made = Scribe(rng, facts, ProseOptions()).say("[«requests_new|未收到申请»|收到申请<requests_new;件>]")
        assert "未收到" not in made.text


def test_settling_leaves_only_what_is_available() -> None:
    nodes = parse("[增<$rise;件>|减<$fall;件>]", frozenset())
    for i in range(10):
        assert bound_names(settle(Random(i), nodes, frozenset({"fall"}))) == {"fall"}


@pytest.mark.parametrize("source", ["[甲|乙", "甲]", "{没有", "«a|甲", "<:1..2;条"])
def test_a_broken_template_is_told_with_its_place(source: str) -> None:
    with pytest.raises(TemplateError, match="template"):
        parse(source, frozenset())


def test_every_template_and_rule_parses_and_names_known_concepts_and_rules() -> None:
    known = set(concepts())
    sources = [t for name in FILES for f in load_yaml(name).values() for t in f["say"]]  # type: ignore[index]
    for nodes in [parse(s, claiming()) for s in sources] + [(rule(name),) for name in rule_sources()]:
        for claim in walk(nodes):
            assert set(claim.concepts) <= known
            assert not isinstance(claim, Number) or claim.low <= claim.high


def test_sentences_without_claims_claim_nothing() -> None:
    for i in range(200):
        assert not _said("{sentence}{decoy}{lacks}{contact}", f"decoy:{i}").of("claim")


def test_chinese_numerals_are_those_of_speech() -> None:
    assert [chinese(n) for n in (1, 2, 10, 12, 20, 35)] == ["一", "两", "十", "十二", "二十", "三十五"]


def test_numbers_are_printed_as_they_are() -> None:
    assert [plain(37), plain(36.4), plain(1204, True), plain(0.0505)] == ["37", "36.4", "1,204", "0.0505"]


def test_a_number_in_ten_thousands_keeps_its_printed_value() -> None:
    for i in range(300):
        figure = draw_figure(Random(i), 10000 + 7919 * i, "aw")
        if "万" in figure.surface:
            assert figure.value == round(float(figure.surface[:-1]) * 10000)


def test_the_dictionary_gives_many_words_of_no_domain_meaning() -> None:
    assert len(words().nouns) > 8000
    assert not [w for w in words().nouns if "申请" in w or "复议" in w]
    assert noun(Random(3)) == noun(Random(3))
    assert topic(Random(5)) == topic(Random(5))


def test_typography_moves_no_mark_off_its_number() -> None:
    made = _said("收到（含<:3..3;件>）<:1204..1204;条>，同比增长<:5..5;%;u>")
    set_text = typeset(Random(1), made, ProseOptions(punctuation="ascii", spaces=1.0))
    assert [set_text.text[m.start : m.end] for m in set_text.of("claim")] == ["3", "1204", "5"]
    assert "(含 3 件)" in set_text.text


def test_lost_units_leave_the_number() -> None:
    rng = Random("lost")
    made = Scribe(rng, draw_facts(rng, "2021"), ProseOptions(lost_units=1.0)).say("公布<:7..7;条>，")
    assert made.text == "公布7，"
    assert made.of("claim")[0].data["unit"] == ""

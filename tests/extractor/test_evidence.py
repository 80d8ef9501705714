"""Words around a claim: what they do not bear out is dropped, what they plainly say otherwise is turned."""

import pytest

from extractor.checks.wording import page
from extractor.document import Claim, Span
from extractor.evidence import borne_out, outcome_of, shared_by


def concepts(text: str, number: str, *named: str, unit: str = "件") -> tuple[str, ...]:
    at = text.index(number)
    claim = Claim(
        "c1",
        "count",
        Span(at, at + len(number)),
        float(number),
        unit,
        False,
        "own",
        named,
        (),
        0.99,
        Span(0, len(text)),
    )
    return borne_out(page(text), claim).concepts


def test_what_the_words_bear_out_stays() -> None:
    assert concepts("全年制发行政规范性文件7件。", "7", "normative_made") == ("normative_made",)
    assert concepts("收到申请9件，提起行政诉讼2件。", "2", "litigation") == ("litigation",)


def test_policy_papers_that_were_published_are_no_normative_documents() -> None:
    assert concepts("公布惠企政策文本27件。", "27", "normative_made") == ()


@pytest.mark.parametrize(
    ("text", "named", "meant"),
    [
        ("当年废止规章4部。", "regulations_made", "regulations_repealed"),
        ("其中规范性文件继续有效的4件。", "normative_made", "normative_valid"),
        ("复议机关予以纠正4件。行政复议", "review.other", "review.correct"),
        ("新制定并废止规章4部。", "regulations_made", "regulations_made"),
    ],
)
def test_the_words_before_the_number_turn_the_concept(text: str, named: str, meant: str) -> None:
    assert concepts(text, "4", named) == (meant,)


def test_requests_named_behind_the_number_are_requests() -> None:
    assert concepts("没有行政诉讼，6件政府信息公开申请。", "6", "litigation") == ("requests_new",)
    assert concepts("没有行政复议，6件政府信息公开申请引发诉讼。", "6", "litigation") == ("litigation",)


def test_a_fee_taken_for_requests_counts_no_lawsuits() -> None:
    assert concepts("对8件申请案件收取处理费。", "8", "litigation") == ()


def test_a_number_is_of_requests_carried_in_only_where_its_own_clause_says_so() -> None:
    assert concepts("上年结转2件，全年办结37件。", "37", "results", "requests_carried_in") == ("results",)
    assert concepts("上年度结转办理37件。", "37", "requests_carried_in") == ("requests_carried_in",)


@pytest.mark.parametrize(
    ("text", "number", "named", "meant"),
    [
        ("全年收到申请9件，其中结转下年2件。", "9", "requests_handled", ("requests_new",)),
        ("全年受理申请9件，其中结转下年2件。", "9", "requests_handled", ("requests_handled",)),
        ("发生行政诉讼5件，结果维持4件。", "4", "direct.maintain", ("litigation.maintain",)),
        ("未经复议直接起诉5件，结果维持4件。", "4", "direct.maintain", ("direct.maintain",)),
        ("受理来信93件，已答复90件。", "90", "results", ()),
        ("受理申请93件，已答复90件。", "90", "results", ("results",)),
        ("接收行政许可申请51件。", "51", "requests_new", ()),
        ("权责清单共有行政处罚112项。", "112", "penalty", ()),
        ("向上级备案规范性文件2件。", "2", "normative_made", ()),
    ],
)
def test_what_the_words_do_not_say_is_turned_or_dropped(
    text: str, number: str, named: str, meant: tuple[str, ...]
) -> None:
    assert concepts(text, number, named) == meant


def test_reviews_and_lawsuits_are_told_together_only_where_the_clause_names_both() -> None:
    both = ("review", "litigation")
    assert concepts("行政复议、行政诉讼均为7件。", "7", *both) == both
    assert concepts("发生行政复议1件，行政诉讼数为7件。", "7", *both) == ("litigation",)


def _count(text: str, number: str, *named: str) -> Claim:
    at = text.index(number)
    place = Span(at, at + len(number))
    return Claim("c1", "count", place, float(number), "件", False, "own", named, (), 0.99, Span(0, len(text)))


def test_an_outcome_follows_the_one_number_of_reviews_before_it() -> None:
    text = "发生行政复议4件，其中撤销1件，维持3件。"
    reviews = _count(text, "4", "review")
    assert outcome_of(page(text), _count(text, "3"), [reviews]) == "review.maintain"
    assert outcome_of(page(text), _count(text, "1"), [reviews]) == "review.correct"
    assert outcome_of(page(text), _count(text, "3"), [reviews, _count(text, "1", "litigation")]) is None
    assert outcome_of(page(text), _count(text, "3"), []) is None


def test_words_behind_a_number_may_tell_a_second_quantity() -> None:
    text = "收到申请7件，均为自然人。"
    assert shared_by(page(text), _count(text, "7", "requests_new")) == "new_natural"
    assert shared_by(page("收到申请7件，办结5件，均为自然人。"), _count(text, "7", "requests_new")) is None

"""From marked spans to claims: the number's own span, its value and measure word, and what is no claim."""

import pytest

from extractor.document import Cell, Claim, Document, Span, Table
from extractor.stages.claims import ClaimStage
from tests.extractor.checks.marked_report import cells_of, report


def claims(marked: str) -> list[tuple[str, float | None, str, bool]]:
    document = ClaimStage()(report(marked))
    return [(c.span.of(document.text), c.value, c.unit, c.approx) for c in document.claims]


def only(marked: str) -> Claim:
    (claim,) = ClaimStage()(report(marked)).claims
    return claim


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("累计发布信息{4600余条}。", ("4600", 4600, "条", True)),
        ("印制手册{2.4万余张}。", ("2.4万", 24000, "张", True)),
        ("受理申请{１２件}。", ("１２", 12, "件", False)),
        ("收到申请共{两}件。", ("两", 2, "件", False)),
        ("收到申请{十二}件。", ("十二", 12, "件", False)),
        ("发布信息{3,518}条。", ("3,518", 3518, "条", False)),
        ("答复申请{35} \n件。", ("35", 35, "件", False)),
        ("发放資料{3萬}余份。", ("3萬", 30000, "份", True)),
        ("发布动态{219}主持发布会。", ("219", 219, "", False)),
        ("召开会议近{30}次。", ("30", 30, "次", True)),
        ("组织培训{6}场次以上。", ("6", 6, "场次", True)),
        ("到附近{3}个村走访。", ("3", 3, "个", False)),
        ("不少于{8}次。", ("8", 8, "次", True)),
    ],
)
def test_a_claim_is_the_number_itself_with_its_measure_word(
    marked: str, expected: tuple[str, float, str, bool]
) -> None:
    assert claims(marked) == [expected]


def test_a_span_that_cuts_a_number_is_widened_to_the_whole_number() -> None:
    assert claims("公开信息2{80}15条。") == [("28015", 28015, "条", False)]


def test_two_marked_numbers_that_touch_stay_two() -> None:
    assert [c[1] for c in claims("发布动态{118}{35}条。")] == [118, 35]


def test_a_digit_of_a_name_is_no_part_of_the_number_behind_it() -> None:
    assert [c[1] for c in claims("制作H5{6}篇。")] == [6]


def test_ten_thousand_yuan_is_a_measure_word_and_no_factor() -> None:
    claim = only("收费共约{58.2万元|fees_amount|money}。")
    assert (claim.value, claim.unit, claim.kind, claim.approx) == (58.2, "万元", "money", True)


def test_a_zero_statement_keeps_its_phrase() -> None:
    document = ClaimStage()(report("我中心全年{未接到公开申请。|requests_new|zero}"))
    assert [(c.span.of(document.text), c.value, c.unit) for c in document.claims] == [("未接到公开申请", 0, "")]


def test_a_fall_of_a_signed_cell_is_negative_and_any_other_difference_is_not() -> None:
    assert only("许可事项比上年减少{3|licensing_delta|delta}项。").value == -3
    assert only("申请比上年减少{3||delta}件。").value == 3


@pytest.mark.parametrize(
    "marked",
    [
        "依据〔{2021}〕{30}号文件。",
        "截至{2023}年{12}月{31}日。",
        "第{20}条第一款。",
        "联系电话：{88023345}，邮编：{223600}。",
        "拨打0511-{8123456}。",
        "接听{12345}热线来电。",
        "在{20}个工作日内答复。",
        "推进“8+{4}”改革。",
        "支持IPv{6}访问。",
        "{2022}区政府办公室持续发力。",
        "办公地址3楼{302}室。",
        "浏览次数：{352}",
    ],
)
def test_what_only_looks_like_a_claim_is_rejected_with_a_reason(marked: str) -> None:
    document = ClaimStage()(report(marked))
    assert document.claims == ()
    assert {n.code for n in document.notices} == {"not_a_claim"}


def test_the_count_behind_a_hotline_stays() -> None:
    assert claims("办理12345热线转办件{47}件。") == [("47", 47, "件", False)]


def test_a_span_without_a_number_is_left_out_and_said_so() -> None:
    document = ClaimStage()(report("发布信息{若干|requests_new}条。"))
    assert document.claims == ()
    assert [n.code for n in document.notices] == ["claim_without_number"]


def test_numbers_between_the_cells_of_a_table_are_no_claims_but_prose_before_it_is() -> None:
    text = "三、申请情况\n收到申请{5|requests_new}件。\n予以公开 {3|granted} 2 5"
    plain = report(text)
    at = plain.text.index("予以公开")
    cells = (
        Cell("t3.granted.natural", 3, "3", Span(at + 5, at + 6), "read", 0.9),
        Cell("t3.granted.total", 5, "5", Span(at + 9, at + 10), "read", 0.9),
    )
    table = Table("t3", "2021", Span(0, len(plain.text)), cells)
    assert [c.value for c in ClaimStage()(plain.having(tables=(table,))).claims] == [5]


def test_a_claim_knows_its_sentence() -> None:
    document = ClaimStage()(report("加强管理。全年收到{3}件，均已办结。加强培训。"))
    assert document.claims[0].sentence.of(document.text) == "全年收到3件，均已办结。"


def test_two_marks_on_one_number_are_one_claim_the_surer_one() -> None:
    document = report("收到{21|requests_new}件。")
    tag = document.prose[0].tagged[0]
    weak = type(tag)(tag.start, tag.end, "count", 0.4, False, "own", (("results", 0.5),))
    prose = type(document.prose[0])(document.prose[0].span, (weak, tag))
    (claim,) = ClaimStage()(document.having(prose=(prose,))).claims
    assert claim.concepts == ("requests_new",)


def test_a_count_of_percent_is_a_ratio_and_of_yuan_is_money() -> None:
    assert only("占比{84}%。").kind == "ratio"
    assert only("收取费用{420}元。").kind == "money"


def test_claims_are_numbered_in_text_order_and_the_same_each_time() -> None:
    marked = "收到{9|requests_new}件，办结{8|results}件，{无复议|review|zero}。"
    first, second = ClaimStage()(report(marked)), ClaimStage()(report(marked))
    assert [c.id for c in first.claims] == ["c1", "c2", "c3"]
    assert first.claims == second.claims


def test_offsets_point_into_the_text_as_given_in_spite_of_inline_pinyin() -> None:
    document = ClaimStage()(report("政府信息公開(kāi)申請(qǐng){3|requests_new}件(jiàn)。"))
    assert [c.span.of(document.text) for c in document.claims] == ["3"]
    assert document.claims[0].unit == "件"


def test_headings_and_cells_among_the_marks_make_no_claims() -> None:
    document: Document = report("（一）主动公开。发布{3}条。", cells_of("2021", "t3", {}))
    assert len(ClaimStage()(document).claims) == 1

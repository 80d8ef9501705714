"""Totals and their parts in prose: what is found, and above all what is not."""

import pytest

from extractor.document import Document, Finding
from tests.extractor.checks.marked_report import examined, requests_table


def sums(document: Document) -> list[Finding]:
    return [f for f in document.findings if f.kind == "narrative_arithmetic"]


def result(marked: str, *tables: object, **options: object) -> list[str]:
    return [f.status for f in sums(examined(marked, *tables, **options))]


@pytest.mark.parametrize(
    "marked",
    [
        "全年发布信息{40}条，其中动态{25}条、公告{15}条。",
        "全年发布信息{40}条（动态{25}条，公告{15}条）。",
        "全年发布信息{40}条，其中：动态{20}条；公告{15}条；其他{5}条。",
        "新到申请{9|requests_new}件，{5}件从网站来、{4}件用信函寄来，其中{2|granted}件公开，{7|denied}件不公开。",
        "新到申请{36|requests_new}件，上年转来{4|requests_carried_in}件，其中转下年{7|carried_out}件，其余{33|results}件办完。",
        "累计公开预算信息{30}条，其中部门预算{20}条（公办{12}条，民办{8}条）、决算{10}条。",
        "复议{12|review}件、诉讼{3|litigation}件，其中复议维持{8|review.maintain}件，复议未结{4|review.pending}件。",
        "全年办结申请{80|results}件，其中公开{60|granted}件；不予公开{20|denied}件；复议{3|review}件。",
    ],
)
def test_parts_that_add_up_are_said_to(marked: str) -> None:
    assert result(marked)
    assert set(result(marked)) == {"match"}


@pytest.mark.parametrize(("total", "expected"), [(50, "match"), (52, "mismatch"), (48, "mismatch")])
def test_a_total_may_follow_its_parts(total: int, expected: str) -> None:
    assert result(f"微博发布{{20}}条，微信发布{{30}}条，合计{{{total}}}条。") == [expected]


def test_a_total_behind_other_matters_decides_nothing() -> None:
    assert "mismatch" not in result("开展培训{3}次，微博发布{20}条，微信发布{30}条，共计{70}条。")


@pytest.mark.parametrize("last", [("{60}", "match"), ("{75}", "mismatch")])
def test_a_colon_opens_a_list_and_shares_that_make_a_hundred_close_it(last: tuple[str, str]) -> None:
    marked = f"公开信息{{100}}条：动态{{40}}条（{{40||ratio}}%）、公告{last[0]}条（{{60||ratio}}%）。"
    assert result(marked) == [last[1]]


@pytest.mark.parametrize(
    "marked",
    [
        "发布信息{500}条，其中动态{300}条，政策{150}条，解读{70}条。",
        "收录文件{60}件，其中市政府文件{25}件、办公室文件{37}件。",
        "发布信息{100}条（网站{60}条，微信{30}条）。",
        "发布信息{100}条，其中动态{60}条，公告{20}条，其他信息{15}条。",
        "作出许可{90|licensing}件，其中{30}件为新办，其余{50}件为变更。",
        "公布消息{970}条，(其中公告{310}条，计划{220}条，其余栏目{400}条)。",
        "发布信息{100}条，其中动态{60}条和公告{30}条两类。",
        "从申请方式看，{5|requests_new}件来件中，当面{3}件、平台{3}件、信件{1}件。",
        "全办推送信息{200}条。其中，科室{140}条，所站{50}条；柏溪镇{30}条；松口镇{9}条。",
        "全办推送信息{200}条。其中，科室{100}条，所站{60}条；柏溪镇{30}条；其他{9}条。",
        "网站公开{27}条动态消息，其中征地{13}条、环保{41}条，参加会议{3}次。",
    ],
)
def test_parts_that_exceed_the_total_or_miss_it_in_a_closed_list_are_a_mismatch(marked: str) -> None:
    assert result(marked) == ["mismatch"]


@pytest.mark.parametrize(
    "marked",
    [
        "发布信息{100}条，其中动态{60}条，公告{20}条。",
        "发布信息{100}条，其中主要有动态{60}条，其他{20}条。",
        "发布信息{100}条，其中动态{60}条、公告{20}条、其他{10}条等。",
        "发布信息{100|approx}余条，其中动态{60}条，其他{20}条。",
        "发布信息{100}条，其中动态{60}条，公告{30}件，其他{20}份。",
        "发布信息{100}条，其中原创{80}条，视频{30}条，图解{20}条。",
        "发布信息{100}条，其中动态{60|0.4}条，公告{20}条，其他{10}条。",
        "全市发布信息{100}条，其中甲县{60|other_org}条，乙县{50|other_org}条，丙县{20|other_org}条。",
        "发布信息{100}条，其中动态{60}条，视频{40}条，图解{10}条。",
        "发布信息{100}条，其中动态{60}条，公告15条，其他{10}条。",
        "发布信息{100}条，其中动态{60}条，原创{80}条。",
        "公开�信息{100}条，其中动态{60}条，公告{20}条，其他{10}条。",
    ],
)
def test_a_difference_that_need_not_be_an_error_is_not_decided(marked: str) -> None:
    assert set(result(marked)) == {"unverifiable"}


@pytest.mark.parametrize(
    "marked",
    [
        "管理账号{14}个。其中短视频号{6}个，推送内容{820}条。",
        "推送消息{4820}条。首先印发文件{36}件，然后撰写解读{52}篇。",
        "收到申请{5|requests_new}件，办结{4|results}件。",
        "撰写稿件{480}篇，其中自撰{95}篇，读者{700}人。",
    ],
)
def test_numbers_that_are_no_breakdown_raise_nothing(marked: str) -> None:
    assert result(marked) == []


def test_shares_between_the_parts_are_no_parts() -> None:
    marked = "办结{50|results}件，其中公开{40|granted}件，占{80||ratio}%；不予公开{10|denied}件，占{20||ratio}%。"
    assert result(marked)[0] == "match"


def test_a_difference_to_last_year_is_no_part() -> None:
    marked = "收到申请{70|requests_new}件，比上年增加{12||delta}件，其中窗口{8}件，邮箱{22}件，邮寄{40}件。"
    assert result(marked) == ["match"]


def test_nested_brackets_are_sums_of_their_own() -> None:
    marked = "公开财政信息{30}条，其中预算{20}条（部门{12}条，政府{7}条）、决算{10}条。"
    found = sums(examined(marked))
    assert [f.status for f in found] == ["match", "mismatch"]
    assert found[1].found == 20
    assert found[1].expected == 19


def test_outcomes_may_count_those_carried_in() -> None:
    marked = "受理申请{50|requests_new}件，其中公开{30|granted}件，部分公开{10|partial}件，不予公开{14|denied}件。"
    table = requests_table(new=50, carried_in=4, granted=30, partial=10, denied__third_party=14)
    assert "mismatch" not in result(marked, table)


COMPLETE = (
    "新收申请{40|requests_new}件，上年结转{2|requests_carried_in}件；予以公开{20|granted}件，部分公开{5|partial}件，"
    "不予公开{4|denied}件，无法提供{6|unavailable}件，不予处理{1|rejected}件，其他处理{3|other}件，结转下年{%d|carried_out}件。"
)


def test_a_complete_chain_of_applications_must_balance() -> None:
    assert result(COMPLETE % 3) == ["match"]
    assert result(COMPLETE % 5) == ["mismatch"]


def test_a_chain_with_a_gap_decides_nothing() -> None:
    marked = "收到申请{40|requests_new}件，上年{2|requests_carried_in}件，公开{20|granted}件，结转{3|carried_out}件。"
    assert "mismatch" not in result(marked)


def test_received_against_concluded_and_carried_over() -> None:
    marked = (
        "受理{130|requests_new}件，上年{6|requests_carried_in}件，办结{131|results}件，结转下年{%d|carried_out}件。"
    )
    assert result(marked % 5) == ["match"]
    assert result(marked % 9) == ["mismatch"]


def test_the_evidence_is_the_total_and_every_part() -> None:
    document = examined("发布信息{100}条（网站{60}条，微信{30}条）。")
    (found,) = sums(document)
    assert [s.of(document.text) for s in found.evidence] == ["100", "60", "30"]
    assert "60+30" in found.message.zh

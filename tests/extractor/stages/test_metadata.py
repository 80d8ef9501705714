"""Title, issuer, year and date from the head of a page."""

import pytest

from extractor.document import Block, Document, Metadata, Span
from extractor.stages.metadata import MetadataStage, issuer_of
from models.grid import segment


def read(text: str) -> Metadata:
    blocks = tuple(Block(Span(b.start, b.end), b.line, b.column, "paragraph", 1.0) for b in segment(text))
    return MetadataStage()(Document(text, blocks=blocks)).metadata


BODY = "\n一、总体情况\n2022年，我局按照要求做好公开工作。\n"


def test_a_title_on_one_line_gives_issuer_and_year() -> None:
    found = read("云溪县水务局2022年政府信息公开工作年度报告" + BODY)
    assert (found.title, found.issuer, found.year) == (
        "云溪县水务局2022年政府信息公开工作年度报告",
        "云溪县水务局",
        2022,
    )


def test_a_title_torn_over_three_lines_is_joined_without_white_space() -> None:
    found = read("云溪县人民政府办公室\n2022 年政府信息公开\n工作年度报告" + BODY)
    assert found.title == "云溪县人民政府办公室2022年政府信息公开工作年度报告"
    assert found.issuer == "云溪县人民政府办公室"


def test_the_title_of_the_text_wins_over_the_title_of_the_page() -> None:
    page = "标题: 云溪县水务局2022年度政府信息公开工作年度报告\n发布时间: 2023-01-09 10:22\n正文\n"
    found = read(page + "云溪县水务局2022年政府信息公开工作年度报告" + BODY)
    assert found.title == "云溪县水务局2022年政府信息公开工作年度报告"
    assert found.published == "2023-01-09"


def test_a_year_before_the_issuer_is_read_too() -> None:
    assert read("2022年云溪县水务局政府信息公开工作年度报告" + BODY).issuer == "云溪县水务局"


def test_a_notice_about_reports_is_no_title() -> None:
    assert read("关于做好2022年政府信息公开工作年度报告编制工作的通知\n各单位：\n").title is None


def test_without_a_title_the_year_comes_from_the_period() -> None:
    text = "本报告所列数据的统计期限自2021年1月1日起至2021年12月31日止。" + BODY
    assert (read(text).title, read(text).year) == (None, 2021)


def test_the_day_a_crawler_came_is_not_the_day_of_publication() -> None:
    text = "采集时间：2025-12-30\n公开日期\t2023-01-17\n云溪县水务局2022年政府信息公开年度报告" + BODY
    assert read(text).published == "2023-01-17"


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("云溪县水务局政府信息公开工作2024年度报告", "云溪县水务局"),
        ("关于2022年度政府信息公开情况的报告", None),
        ("云溪市2023年政府信息公开工作年度报告", "云溪市"),
    ],
)
def test_the_issuer_is_what_stands_around_the_year(title: str, issuer: str | None) -> None:
    assert issuer_of(title) == issuer

"""The tree of sections, from headings alone."""

from collections.abc import Sequence

import pytest

from extractor.document import Heading, Section, Span
from extractor.section_tree import number, section_tree, without_contents


def headings(*given: str) -> list[Heading]:
    """``1 一 overview`` → a heading of level 1 with that ordinal and kind; ten characters apart."""
    out = []
    for i, line in enumerate(given):
        level, ordinal, *kind = line.split()
        out.append(
            Heading(Span(i * 10, i * 10 + 5), int(level), ordinal, f"{ordinal}{i}", kind[0] if kind else None, 0.9, "")
        )
    return out


def shape(sections: Sequence[Section]) -> list[object]:
    return [s.ordinal if not s.children else (s.ordinal, shape(s.children)) for s in sections]


def tree(*given: str) -> list[object]:
    return shape(section_tree(headings(*given), 1000)[1])


def test_a_numbering_that_restarts_stands_inside_the_section_that_goes_on_behind_it() -> None:
    assert tree("1 一 overview", "1 一", "1 二", "1 三", "1 二 disclosure") == [("一", ["一", "二", "三"]), "二"]


def test_what_restarts_names_no_section() -> None:
    kept, _ = section_tree(headings("1 一 overview", "1 一 disclosure", "1 二 requests", "1 二 disclosure"), 1000)
    assert [h.kind for h in kept] == ["overview", None, None, "disclosure"]


def test_a_numbering_that_nothing_goes_on_behind_is_not_nested() -> None:
    given = ("1 一 overview", "1 二", "1 三", "1 一 disclosure", "1 二 requests")
    assert tree(*given) == ["一", "二", "三", "一", "二"]


def test_brackets_may_stand_under_arabic_numerals_that_go_on() -> None:
    assert tree("3 1", "2 一", "2 二", "3 2") == [("1", ["一", "二"]), "2"]
    assert tree("2 一", "3 1", "2 二") == [("一", ["1"]), "二"]


def test_titles_without_text_that_come_again_are_a_table_of_contents() -> None:
    given = headings("1 一 overview", "1 二 disclosure", "1 三 requests", "1 四 disputes", "1 一 overview",
                     "1 二 disclosure", "1 三 requests", "1 四 disputes")  # fmt: skip
    bare = "." * 45 + "正文。" + "." * 7 + "正文" + "." * 8 + "正文" + "." * 100
    assert [h.span.start for h in without_contents(given, bare)] == [40, 50, 60, 70]


def test_titles_without_text_that_never_come_again_stay() -> None:
    given = headings("1 一 overview", "1 二 disclosure", "1 三 requests", "1 四 disputes", "1 五 problems")
    assert without_contents(given, "." * 100) == given


@pytest.mark.parametrize(("ordinal", "value"), [("一", 1), ("十", 10), ("十二", 12), ("7", 7), ("③", 3), ("", 0)])
def test_ordinals_are_numbers(ordinal: str, value: int) -> None:
    assert number(ordinal) == value

"""Headings as they come: numbering that restarts, titles that repeat, are torn, glued or lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from typing import Any

import pytest

from extractor.document import Section
from extractor.pipeline import Extractor
from tests.extractor.case_reports import cases, report, table_lines


def _parameters() -> list[Any]:
    return [
        pytest.param(
            case, id=name, marks=pytest.mark.xfail(strict=True, reason=case["xfail"]) if "xfail" in case else ()
        )
        for name, case in cases("headings")
    ]


def text_of(case: dict[str, Any]) -> str:
    """The text of a case: all of it, with ``[t2]`` for a table, or what stands in the sections of the plain report."""
    if "whole" not in case:
        return report(case).text
    text: str = case["whole"]
    for table in ("t2", "t3", "t4"):
        lines = "\n".join(table_lines(str(case.get("form", "2021")), table, case.get("cells", {})))
        text = text.replace(f"[{table}]", lines)
        text = text.replace(f"[{table} glued]", lines.replace(" | ", " ").replace(" |", "").replace("\n", " "))
    return text


def lines_of(sections: Sequence[Section], text: str, depth: int = 0) -> Iterator[str]:
    """The tree as lines: two spaces a depth, level, kind, heading (a line break in it is ⏎)."""
    for s in sections:
        printed = s.heading.span.of(text).replace("\n", "⏎") if s.heading else s.title
        yield f"{'  ' * depth}{s.level} {s.kind or '-'} {printed}"
        yield from lines_of(s.children, text, depth + 1)


PLAIN_TAIL = [
    "1 disclosure 二、主动公开政府信息情况",
    "1 requests 三、收到和处理政府信息公开申请情况",
    "1 disputes 四、政府信息公开行政复议、行政诉讼情况",
    "1 problems 五、存在的主要问题及改进情况",
    "1 other_matters 六、其他需要报告的事项",
]


@pytest.mark.parametrize("case", _parameters())
def test_the_section_tree_is_the_one_of_the_case(extractor: Extractor, case: dict[str, Any]) -> None:
    text = text_of(case)
    document = extractor(text)
    expected = case["tree"].rstrip("\n").split("\n")
    if "whole" not in case:
        expected += PLAIN_TAIL
    met = list(lines_of(document.sections, text))
    assert not list(unified_diff(expected, met, "expected", "met", lineterm="")), "\n".join(
        unified_diff(expected, met, "expected", "met", lineterm="", n=9)
    )


@pytest.mark.parametrize("case", [case for _, case in cases("headings")])
def test_sections_nest_and_follow_each_other(extractor: Extractor, case: dict[str, Any]) -> None:
    def check(sections: Sequence[Section], start: int, end: int) -> None:
        for s in sections:
            assert start <= s.span.start < s.span.end <= end
            start = s.span.end
            check(s.children, s.span.start, s.span.end)

    document = extractor(text_of(case))
    check(document.sections, 0, len(document.text))

"""The character grid: where lines are cut into blocks."""

import time

from hypothesis import given
from hypothesis import strategies as st

from models.grid import lines, segment


def words(text: str) -> list[str]:
    return [text[b.start : b.end] for b in segment(text)]


def test_tabs_pipes_and_wide_gaps_part_the_pieces_of_a_line() -> None:
    assert words("规章\t0\t\t1") == ["规章", "0", "1"]
    assert words("| 规章 | 0 || 1 |") == ["规章", "0", "1"]
    assert words("来源：县府办    日期：2024-01-02") == ["来源：县府办", "日期：2024-01-02"]


def test_one_space_parts_numbers_but_not_words() -> None:
    assert words("行政许可 66 +126 192") == ["行政许可 66", "+126", "192"]
    assert words("第一 季度") == ["第一 季度"]


def test_blank_lines_make_no_block_but_are_counted() -> None:
    blocks = segment("一\n\n\n二")
    assert [(b.line, b.blank_above) for b in blocks] == [(0, 0), (3, 2)]


def test_every_kind_of_line_break_ends_a_line() -> None:
    assert [("a\r\nb\rc\u2028d\x0be"[a:b]) for a, b in lines("a\r\nb\rc\u2028d\x0be")] == ["a", "b", "c", "d", "e"]


@given(st.text(alphabet=st.sampled_from("一0 \t|\r\n\u3000\u00a0/-+.1，"), max_size=80))
def test_blocks_ascend_and_lose_nothing_but_white_space_and_pipes(text: str) -> None:
    blocks = segment(text)
    ends = [0, *(b.end for b in blocks)]
    starts = [*(b.start for b in blocks), len(text)]
    assert all(e <= s for e, s in zip(ends, starts, strict=True))
    left = "".join(text[e:s] for e, s in zip(ends, starts, strict=True))
    assert not left.strip(" \t|\r\n\u3000\u00a0")


def test_a_line_of_a_million_gaps_is_cut_in_linear_time() -> None:
    began = time.perf_counter()
    segment("0 " * 300_000)
    segment(" |" * 300_000)
    segment(" " * 600_000)
    assert time.perf_counter() - began < 8

"""Views: what they change, and that every character keeps its place."""

import time

from hypothesis import given
from hypothesis import strategies as st

from models.text import normalise, simplify, squeeze, squeezed

TRICKY = st.text(
    alphabet=st.sampled_from("区區(qū)総0２，｜| \t\r\n\u3000\u00a0\u200b\ufeff一（）件𠀀😀a"), max_size=60
)


@given(TRICKY)
def test_every_character_of_a_view_points_at_the_character_it_came_from(text: str) -> None:
    view = normalise(text)
    assert len(view.text) == len(view.offsets)
    assert list(view.offsets) == sorted(set(view.offsets))
    assert all(simplify(text[o]) == c for c, o in zip(view.text, view.offsets, strict=True))


@given(TRICKY, st.integers(0, 60), st.integers(0, 60))
def test_a_view_of_a_part_points_into_the_whole(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    view = normalise(text, start, end)
    assert all(start <= o < end for o in view.offsets)


@given(TRICKY)
def test_a_span_of_a_view_holds_the_characters_it_was_asked_for(text: str) -> None:
    view = squeeze(normalise(text))
    for i in range(len(view.text)):
        a, b = view.span(i, i + 1)
        assert simplify(text[a:b]) == view.text[i]


def test_traditional_script_and_inline_pinyin_read_as_simplified() -> None:
    assert normalise("區(qū)總計(jì)").text == "区总计"
    assert normalise("一(yī)、總體(tǐ)情況").text == "一、总体情况"


def test_full_width_digits_and_brackets_read_as_half_width() -> None:
    assert normalise("（２１）件").text == "(21)件"


def test_a_bracket_with_words_is_no_pinyin() -> None:
    assert normalise("平台（APP）").text == "平台(APP)"
    assert normalise("(kāi)").text == "(kāi)"


def test_white_space_and_pipes_are_squeezed_out() -> None:
    view = squeeze(normalise("商业 |\n企业"))
    assert view.text == "商业企业"
    assert view.span(0, 4) == (0, 7)


@given(TRICKY)
def test_a_long_text_is_simplified_as_its_characters_are(text: str) -> None:
    assert simplify(text * 3) == "".join(map(simplify, text * 3))


@given(TRICKY, st.integers(0, 60), st.integers(0, 90))
def test_the_squeezed_text_is_that_of_the_squeezed_view(text: str, a: int, b: int) -> None:
    start, end = min(a, b, len(text)), max(a, b)
    view = squeeze(normalise(text, start, end))
    assert squeezed(text, start, end) == view.text
    assert len(view.offsets) == len(view.text)


def test_a_million_brackets_are_read_in_linear_time() -> None:
    began = time.perf_counter()
    normalise("区(" * 500_000)
    assert time.perf_counter() - began < 3

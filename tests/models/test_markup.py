"""Text under construction: marks move with their characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.synthesis.markup import Marked


def test_marks_of_a_joined_text_move_behind_the_first() -> None:
    text = (
        Marked()
        .add("前言。")
        .join(Marked().add("收到").add("21", "claim", value=21).add("件"), "block", type="paragraph")
    )
    assert [(text.text[m.start : m.end], m.kind) for m in text.marks] == [("收到21件", "block"), ("21", "claim")]


def test_an_edit_before_a_mark_moves_it_and_one_inside_widens_it() -> None:
    text = Marked().add("收到").add("21", "claim").add("件")
    assert_marks(text.substitute([(0, 1, "接收")]), "21")
    assert_marks(text.substitute([(2, 4, "1,021")]), "1,021")
    assert_marks(text.substitute([(3, 3, " ")]), "2 1")


def test_text_put_in_at_the_edges_of_a_mark_stays_outside() -> None:
    text = Marked().add("收到").add("21", "claim").add("件")
    assert_marks(text.substitute([(2, 2, " "), (4, 4, " ")]), "21")


def assert_marks(text: Marked, surface: str) -> None:
    (mark,) = text.of("claim")
    assert text.text[mark.start : mark.end] == surface


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Marked("abcd").substitute([(0, 3, "x"), (2, 4, "y")])


@given(st.lists(st.tuples(st.integers(0, 20), st.text("ab", max_size=3)), max_size=6))
def test_insertions_never_change_what_a_mark_holds_unless_inside(edits: list[tuple[int, str]]) -> None:
    text = Marked().add("x" * 8).add("MARK", "claim").add("y" * 8)
    chosen = {at: new for at, new in edits if not 8 < at < 12}
    (mark,) = (done := text.substitute((a, a, n) for a, n in chosen.items())).of("claim")
    assert done.text[mark.start : mark.end] == "MARK"

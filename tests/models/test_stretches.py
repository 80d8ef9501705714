from models.stretches import stretches


def test_prose_and_rows_that_follow_one_another_are_one_stretch() -> None:
    blocks = [(0, 5, "title"), (7, 12, "heading"), (14, 30, "paragraph"), (31, 40, "item"), (41, 46, "row")]
    assert stretches(blocks) == [(7, 46)]


def test_a_block_of_another_type_ends_a_stretch() -> None:
    blocks = [(0, 9, "paragraph"), (10, 12, "caption"), (13, 15, "value"), (16, 25, "paragraph")]
    assert stretches(blocks) == [(0, 9), (16, 25)]


def test_a_page_number_inside_prose_does_not_end_a_stretch_and_outside_it_is_left_out() -> None:
    blocks = [(0, 2, "page_number"), (3, 9, "paragraph"), (10, 12, "page_number"), (13, 25, "paragraph")]
    assert stretches([*blocks, (26, 28, "page_number")]) == [(3, 25)]


def test_a_report_without_prose_has_no_stretches() -> None:
    assert stretches([(0, 4, "noise"), (5, 9, "value")]) == []
    assert stretches([]) == []

"""Page numbers that look like cells are told by how the whole document counts them."""

from __future__ import annotations

from extractor.tables.pagination import countings

LINE = "完善目录规范流程畅通渠道做到应公开尽公开"


def paged(height: int, pages: int, cell: str = "0") -> str:
    lines: list[str] = []
    for page in range(1, pages + 1):
        lines += [LINE] * 3 + [cell] * (height - 4) + [str(page)]
    return "\n".join([*lines, LINE])


def counted(text: str) -> list[list[int]]:
    return [[n.number for n in c.numbers] for c in countings(text)]


def test_pages_counted_evenly_are_found() -> None:
    assert counted(paged(40, 4))[0] == [1, 2, 3, 4]


def test_the_likeliest_counting_stands_at_the_ends_of_its_pages() -> None:
    text = paged(40, 3)
    lines = [text[: n.start].count("\n") for n in countings(text)[0].numbers]
    assert lines == [39, 79, 119]


def test_a_page_number_between_two_lines_of_text_is_sure() -> None:
    lines = paged(40, 2).split("\n")
    lines[38] = LINE
    found = countings("\n".join(lines))[0]
    assert [n.sure for n in found.numbers] == [True, False]


def test_places_that_the_layout_knows_are_sure() -> None:
    text = paged(40, 2)
    at = text.index("\n1\n") + 1
    assert countings(text, {at})[0].support == 1


def test_numbers_at_uneven_distances_count_no_pages() -> None:
    lines = [LINE] * 200
    lines[30], lines[40], lines[150] = "1", "2", "3"
    assert counted("\n".join(lines)) == []


def test_a_text_with_long_lines_is_no_page_of_print() -> None:
    assert countings(paged(40, 4) + ("\n" + LINE * 4) * 200) == []


def test_many_cells_that_could_count_make_a_counting_less_telling() -> None:
    few, many = countings(paged(40, 3))[0], countings(paged(40, 3, "1"))[0]
    assert few.chance < many.chance
    assert few.even


def test_a_text_of_nothing_but_numbers_takes_no_time() -> None:
    assert len(countings("\n".join(str(1 + i % 9) for i in range(3000)))) <= 4

import numpy as np
import pytest

from models import vocabulary, words
from models.encoding import (
    CORE,
    ISSUER_AREA,
    ISSUER_OFFICE,
    ISSUER_UNKNOWN,
    LEFT,
    RIGHT,
    YEAR_EARLIER,
    YEAR_NONE,
    YEAR_OPEN,
    YEAR_PREVIOUS,
    YEAR_SAME,
    batch,
    concatenate,
    encode,
    issuer_kind,
)


def _read(text: str, spans: list[tuple[int, int]] | None = None) -> str:
    """What the classifier sees of a text, in characters."""
    known = ("□", "?", "\n", " ", *vocabulary.characters())
    return "".join(known[i] for i in encode(text, spans or [(0, len(text))], None, None).chars)


def test_white_space_shrinks_to_one_sign_and_a_line_break_wins() -> None:
    assert _read("收到  来信\t件。\r\n\r\n　　予以 \n公开") == "收到 来信 件。\n予以\n公开"


def test_blanks_around_digits_and_breaks_of_a_page_s_width_are_not_read() -> None:
    assert _read("编印  6\u00a0期") == "编印6期"
    torn = "本镇围绕春耕备耕和防汛备汛发布提示 57 条，并编印图解便民手\n册 6 期。"
    assert _read(torn) == "本镇围绕春耕备耕和防汛备汛发布提示57条，并编印图解便民手册6期。".replace("，", ",")


def test_full_width_and_traditional_signs_are_read_as_plain_ones_and_pinyin_is_left_out() -> None:
    assert _read("（一）主動公開區(qū)") == "(一)主动公开区"


def test_each_character_knows_its_place_in_the_text_as_given() -> None:
    text = "區(qū)收到 \n ２１件"
    encoded = encode(text, [(0, len(text))], None, None)
    assert [text[a:b] for a, b in zip(encoded.starts, encoded.ends, strict=True)] == list("區收到 ２１件")


def test_hanzi_outside_the_standard_are_unknown_and_empty_input_is_fine() -> None:
    assert vocabulary.ids("𠮷\ud800件")[:2].tolist() == [vocabulary.UNKNOWN, vocabulary.UNKNOWN]
    assert vocabulary.ids("件")[0] >= vocabulary.first_hanzi()
    assert len(encode("", [], 2023, "白石市")) == 0


def test_words_are_known_also_where_a_line_break_tears_them() -> None:
    places = words.positions("行政复\n议件")
    assert places.tolist() == [words.BEGIN, words.MIDDLE, words.MIDDLE, words.NONE, words.END, words.SINGLE]


def test_the_words_of_a_text_joined_are_the_text() -> None:
    text = "全年共收到政府信息公开申请21件，ABC-7型。"
    assert "".join(words.cut(text)) == text


def test_years_are_seen_by_their_distance_to_the_report_s_year() -> None:
    text = "2023年比2022年多，2008年起20231件"
    years = encode(text, [(0, len(text))], 2023, None).years.tolist()
    assert years[:5] == [YEAR_SAME] * 4 + [YEAR_NONE]
    assert years[6:10] == [YEAR_PREVIOUS] * 4
    assert years[13:17] == [YEAR_EARLIER] * 4
    assert years[19:24] == [YEAR_NONE] * 5
    assert encode(text, [(0, len(text))], None, None).years[0] == YEAR_OPEN


def test_a_year_that_lost_its_sign_is_still_seen() -> None:
    assert encode("20231月1日", [(0, 7)], 2023, None).years.tolist() == [YEAR_SAME] * 4 + [YEAR_NONE] * 3


@pytest.mark.parametrize(
    ("issuer", "kind"),
    [
        ("云溪县", ISSUER_AREA),
        ("白石市人民政府", ISSUER_AREA),
        ("白石高新技术产业开发区管委会", ISSUER_AREA),
        ("云溪县人民政府办公室", ISSUER_OFFICE),
        ("青禾镇人民政府", ISSUER_OFFICE),
        ("白石市教育局", ISSUER_OFFICE),
        ("白石市发展和改革委员会", ISSUER_OFFICE),
        ("  ", ISSUER_UNKNOWN),
        (None, ISSUER_UNKNOWN),
    ],
)
def test_a_body_reports_for_an_area_or_for_itself(issuer: str | None, kind: int) -> None:
    assert issuer_kind(issuer) == kind


def test_the_cores_of_windows_cover_a_stretch_once_and_end_behind_sentences() -> None:
    text = "今年工作有序开展。" * 90
    encoded = encode(text, [(0, len(text))], None, None)
    cores = encoded.windows[:, 1:3]
    assert cores[0, 0] == 0
    assert cores[-1, 1] == len(text)
    assert (cores[1:, 0] == cores[:-1, 1]).all()
    assert all(text[end - 1] == "。" for end in cores[:, 1])
    assert (np.diff(cores, axis=1) <= CORE).all()
    assert (encoded.windows[1:, 1] - encoded.windows[1:, 0] == LEFT).all()
    assert (encoded.windows[:-1, 3] - encoded.windows[:-1, 2] == RIGHT).all()


def test_a_text_without_stops_is_cut_all_the_same() -> None:
    encoded = encode("件" * 700, [(0, 700)], None, None)
    assert encoded.windows[:, 2].tolist() == [256, 512, 700]


def test_windows_do_not_see_the_next_stretch() -> None:
    encoded = encode("第一段。第二段。", [(0, 4), (4, 8)], None, None)
    assert encoded.windows.tolist() == [[0, 0, 4, 4], [4, 4, 8, 8]]


def test_a_batch_is_padded_and_marks_the_cores() -> None:
    one = encode("收到申请。", [(0, 5)], 2023, "白石市")
    both = concatenate([one, encode("无。", [(0, 2)], None, None)])
    part = batch(both, np.array([0, 1]))
    assert part.input_ids.shape == (2, 5)
    assert part.attention_mask.tolist() == [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]
    assert (part.input_ids[1, 2:] == vocabulary.PAD).all()
    assert part.issuer_ids[:, 0].tolist() == [ISSUER_AREA, ISSUER_UNKNOWN]
    assert both.chars[part.positions[part.core]].tolist() == both.chars.tolist()

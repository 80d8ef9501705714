"""Bytes to text."""

from __future__ import annotations

import hashlib
import io
import pickle
import random
import time
from pathlib import Path

import pytest

from extractor.reading import (
    MAX_BYTES,
    BinaryError,
    EmptyError,
    ReadingError,
    TooLargeError,
    UndecodableError,
    read_bytes,
    read_path,
    read_stream,
    read_text,
)

TEXT = "澄岚县林业局2023年政府信息公开工作年度报告\r\n\r\n一、总体情况\r\n全年收到申请３件，均已办结。\n"
TRADITIONAL = "澄嵐縣林業局2023年政府信息公開工作年度報告，全年收到申請3件，均已辦結。總體情況"


def codes(data: bytes, charset: str | None = None) -> list[str]:
    return [notice.code for notice in read_bytes(data, charset).notices]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [TEXT, TRADITIONAL])
def test_each_encoding_is_detected_and_gives_the_same_text(encoding: str, text: str) -> None:
    decoded = read_bytes(text.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.notices) == (text, encoding, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_no_character_of_the_text(encoding: str) -> None:
    assert read_bytes(TEXT.encode(encoding)).text == TEXT


def test_line_breaks_and_control_characters_stay_and_are_warned_about() -> None:
    text = TEXT + "\x07\x0c" + TEXT
    decoded = read_bytes(text.encode())
    assert decoded.text == text
    (notice,) = decoded.notices
    assert notice.code == "control_characters"
    assert notice.span is not None
    assert text[notice.span.start] == "\x07"


def test_utf8_with_a_torn_character_is_read_and_warned_about() -> None:
    data = (TEXT * 20).encode()[:-5] + "。".encode()[:2]
    decoded = read_bytes(data)
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(TEXT)
    assert [n.code for n in decoded.notices] == ["undecodable_bytes"]


def test_a_declared_charset_that_fits_is_believed() -> None:
    assert codes(TEXT.encode("gbk"), "GB2312") == []
    assert read_bytes(TRADITIONAL.encode("big5hkscs", "ignore"), "big5").encoding == "big5hkscs"


@pytest.mark.parametrize("charset", ["gbk", "utf-16", "rot13", "no-such-thing"])
def test_a_declared_charset_that_does_not_fit_is_overruled_with_a_warning(charset: str) -> None:
    decoded = read_bytes(TEXT.encode(), charset)
    assert decoded.text == TEXT
    assert [n.code for n in decoded.notices] == ["charset_mismatch"]


def test_a_server_that_says_latin1_of_gb18030_is_overruled() -> None:
    assert read_bytes(TEXT.encode("gb18030"), "iso-8859-1").text == TEXT


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\u3000\u00a0\n".encode(), b"\xef\xbb\xbf"])
def test_nothing_but_white_space_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyError):
        read_bytes(data)


@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n"])
def test_files_of_other_kinds_are_known_by_their_first_bytes(head: bytes) -> None:
    with pytest.raises(BinaryError):
        read_bytes(head + TEXT.encode())


def test_random_bytes_are_no_text() -> None:
    for seed in range(20):
        with pytest.raises((BinaryError, UndecodableError)):
            read_bytes(random.Random(f"junk:{seed}").randbytes(3000))


def test_a_text_full_of_control_characters_is_binary() -> None:
    with pytest.raises(BinaryError):
        read_text("报告\x00\x01\x02" * 50)


def test_a_language_in_a_legacy_encoding_that_is_not_read_is_undecodable() -> None:
    with pytest.raises(UndecodableError):
        read_bytes(("Отчёт о доступе к информации за год. " * 30).encode("cp1251"))


def test_a_lone_surrogate_is_no_text() -> None:
    with pytest.raises(UndecodableError):
        read_text("报告\ud800")


def test_fifty_megabytes_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    begun = time.perf_counter()
    with pytest.raises(TooLargeError):
        read_path(path)
    assert time.perf_counter() - begun < 0.5


def test_a_stream_is_not_read_beyond_the_limit() -> None:
    stream = io.BytesIO(b"a" * 5000)
    with pytest.raises(TooLargeError):
        read_stream(stream, limit=1000)
    assert stream.tell() == 1001


def test_a_text_of_exactly_the_limit_is_read() -> None:
    data = b"a" * 1000
    assert read_bytes(data, limit=1000).text == data.decode()
    assert MAX_BYTES == 10 * 1024 * 1024


def test_the_hash_is_that_of_the_bytes_as_given() -> None:
    data = TEXT.encode("gb18030")
    assert read_bytes(data).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", random.Random(1).randbytes(999), b"x" * (MAX_BYTES + 1)])
def test_every_error_says_in_both_languages_what_was_met_expected_and_is_to_be_done(data: bytes) -> None:
    with pytest.raises(ReadingError) as caught:
        read_bytes(data)
    message = caught.value.message
    assert message.zh.count("。") == 3
    assert len([part for part in message.en.split(". ") if part]) == 3


def test_errors_survive_the_way_from_a_worker_process() -> None:
    error = pickle.loads(pickle.dumps(EmptyError()))
    assert isinstance(error, EmptyError)
    assert error.message == EmptyError().message

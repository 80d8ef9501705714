"""Bytes to text: which encoding they are in, and what is no text at all. The text's characters are never changed.

A byte order mark belongs to the encoding, not to the text: offsets count from the character behind it. Line breaks and
control characters stay as they are, so that every offset fits the caller's own copy (opened with ``newline=""``).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from extractor.document import Message, Notice, Span

MAX_BYTES = 10 * 1024 * 1024
_SAMPLE = 20_000
_PLAUSIBLE = 0.5
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP (docx, xlsx …)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word/Excel 97–2003"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x7fELF", "ELF"),
)
# GB 18030 holds all of GB 2312 and GBK. ISO-8859-1, US-ASCII and windows-1252 are what servers say when they know
# nothing, and decode anything, so they are not believed.
_CHARSETS = {
    "utf8": "utf-8", "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be", "utf32": "utf-32",
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb18030": "gb18030", "xgbk": "gb18030",
    "big5": "big5hkscs", "big5hkscs": "big5hkscs",
}  # fmt: skip
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ORDINARY = re.compile(r"[\t\n\r\x20-\x7e\u00a0\u2013-\u2026\u3000-\u301f\uff01-\uff5e\u2460-\u2473]")


class ReadingError(ValueError):
    """The input is no text that can be read. ``message`` says what was met, what was expected and what to do."""

    code = "unreadable"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = Message(zh, en)

    def __reduce__(self) -> tuple[type[ReadingError], tuple[str, str]]:
        return type(self), (self.message.zh, self.message.en)


class EmptyError(ReadingError):
    """There is nothing but white space."""

    code = "empty"

    def __init__(
        self,
        zh: str = "输入为空，没有任何文字。应为一份年度报告的全文。请检查文件是否下载完整。",
        en: str = "The input is empty. Expected the text of a yearly report. Check that the file was fetched whole.",
    ) -> None:
        super().__init__(zh, en)


class BinaryError(ReadingError):
    """The bytes are a file of another kind, or hold no text."""

    code = "binary"


class UndecodableError(ReadingError):
    """The bytes are in none of the encodings that are read."""

    code = "undecodable"


class TooLargeError(ReadingError):
    """There are more bytes than the limit allows."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it was in, the SHA-256 of the bytes as given, and what is worth a warning."""

    text: str
    encoding: str
    sha256: str
    notices: tuple[Notice, ...] = ()


def read_path(path: Path, limit: int = MAX_BYTES) -> Decoded:
    """Read a file. Raises ReadingError, or OSError where the file cannot be opened; a large file is not read."""
    size = path.stat().st_size
    if size > limit:
        raise too_large(size, limit)
    with path.open("rb") as stream:
        return read_stream(stream, limit)


def read_stream(stream: BinaryIO, limit: int = MAX_BYTES) -> Decoded:
    """Read a stream to its end, or until it is too large."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise too_large(None, limit)
    return read_bytes(data, limit=limit)


def read_bytes(data: bytes, charset: str | None = None, limit: int = MAX_BYTES) -> Decoded:
    """Decode bytes; ``charset`` is what the sender says they are in, believed only where it fits.

    Raises EmptyError, BinaryError, UndecodableError or TooLargeError.
    """
    if len(data) > limit:
        raise too_large(len(data), limit)
    if not data.strip():
        raise EmptyError()
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise _binary(kind)
    text, encoding, notices = _decode(data, charset)
    return _checked(text, encoding, hashlib.sha256(data).hexdigest(), notices)


def read_text(text: str, limit: int = MAX_BYTES) -> Decoded:
    """Check a text that came decoded. Its SHA-256 is that of its UTF-8 form. Raises as ``read_bytes`` does."""
    lone = _SURROGATES.search(text)
    if lone:
        raise UndecodableError(
            f"第 {lone.start()} 个字符是孤立的代理项，不是字符。应为 Unicode 文本。请以正确的编码重新读取原文件。",
            f"Character {lone.start()} is a lone surrogate. Expected Unicode text. Decode the file again.",
        )
    data = text.encode()
    if len(data) > limit:
        raise too_large(len(data), limit)
    return _checked(text, "utf-8", hashlib.sha256(data).hexdigest(), [])


def too_large(size: int | None, limit: int) -> TooLargeError:
    """The error for an input of ``size`` bytes (None: not counted to its end)."""
    zh, en = (f"{size} 字节", f"{size} bytes") if size is not None else ("超过上限", "over the limit")
    return TooLargeError(
        f"输入过大（{zh}）。上限为 {limit} 字节。请每次只提交一份报告的正文。",
        f"The input is too large ({en}). The limit is {limit} bytes. Send the text of one report at a time.",
    )


def _decode(data: bytes, charset: str | None) -> tuple[str, str, list[Notice]]:
    """The first reading that fits: byte order mark, what the sender says, UTF-8, then the most plausible."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _strictly(data[len(bom) :], encoding)
            if text is not None:
                return text, encoding, []
    notices: list[Notice] = []
    if charset:
        said = _CHARSETS.get(charset.strip().strip("\"'").lower().replace("-", "").replace("_", ""))
        text = _strictly(data, said) if said else None
        if said and text is not None and _plausibility(text) >= _PLAUSIBLE:
            return text, said, []
        notices.append(_charset_notice(charset))
    text = _strictly(data, "utf-8")
    if text is not None and text.count("\0") * 5 < len(text):
        return text, "utf-8", notices if notices and not text.isascii() else []
    best = max(_readings(data), key=lambda reading: _plausibility(reading[0]))
    text, encoding = best
    if _plausibility(text) < _PLAUSIBLE:
        raise _no_text(data)
    lost = text.count("\ufffd")
    if lost:
        at = text.index("\ufffd")
        notices.append(
            Notice(
                "undecodable_bytes",
                Message(
                    f"有 {lost} 处字节无法按 {encoding} 解码，已以 U+FFFD 代替。",
                    f"In {lost} places the bytes are no {encoding}; U+FFFD stands for them.",
                ),
                Span(at, at + 1),
            )
        )
    return text, encoding, notices


def _readings(data: bytes) -> list[tuple[str, str]]:
    """Every candidate, strict ones first: the first of equally plausible readings is taken."""
    out: list[tuple[str, str]] = []
    for encoding in ("gb18030", "utf-16-le", "utf-16-be"):
        text = _strictly(data, encoding)
        if text is not None:
            out.append((text, encoding))
    return [*out, *((data.decode(encoding, "replace"), encoding) for encoding in ("utf-8", "gb18030"))]


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _plausibility(text: str) -> float:
    """The share of characters that Chinese prose is made of: 0 for mojibake, 0.6 and more for any real text."""
    sample = text[:_SAMPLE]
    if not sample:
        return 0.0
    common = _common()
    return sum(c in common or _ORDINARY.match(c) is not None for c in sample) / len(sample)


@cache
def _common() -> frozenset[str]:
    """The 3,755 characters of GB 2312's first level, by frequency of use: mojibake is made of the rarer ones."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in rows))


def _checked(text: str, encoding: str, sha256: str, notices: list[Notice]) -> Decoded:
    if not text.strip():
        raise EmptyError()
    controls = list(_CONTROLS.finditer(text))
    if len(controls) * 50 > len(text):
        raise _binary("control characters")
    if controls:
        first = controls[0]
        notices.append(
            Notice(
                "control_characters",
                Message(
                    f"文本含 {len(controls)} 个控制字符，已原样保留。",
                    f"The text has {len(controls)} control characters; they were kept as they are.",
                ),
                Span(*first.span()),
            )
        )
    return Decoded(text, encoding, sha256, tuple(notices))


def _charset_notice(charset: str) -> Notice:
    name = re.sub(r"[^\w.:-]", "", charset)[:40]
    return Notice(
        "charset_mismatch",
        Message(
            f"声明的编码 {name} 与内容不符，已自动识别编码。",
            f"The declared charset {name} does not fit the bytes; the encoding was detected.",
        ),
    )


def _no_text(data: bytes) -> ReadingError:
    controls = sum(byte < 9 or 13 < byte < 32 for byte in data[:_SAMPLE])
    if controls * 100 > len(data[:_SAMPLE]):
        return _binary("control bytes")
    return UndecodableError(
        "字节序列不属于任何可识别的编码。可识别 UTF-8、UTF-16、GB18030（含 GBK、GB2312）。请转换为 UTF-8 后重试。",
        "The bytes are in no known encoding. Read are UTF-8, UTF-16 and GB18030 (GBK, GB2312). Convert them to UTF-8.",
    )


def _binary(kind: str) -> BinaryError:
    return BinaryError(
        f"输入是二进制内容（{kind}），不是文本。应为报告的纯文本。请先从文件中提取文字。",
        f"The input is binary ({kind}), not text. Expected the report's plain text. Take the text out of it first.",
    )

"""Pages of a list, by cursor: a page stays right while reports come and go, and the last costs as much as the first."""

from __future__ import annotations

import base64
import binascii

from extractor.document import Message

_LARGEST = 2**31 - 1  # PostgreSQL's integer; a larger one would be its error, not the caller's


class CursorError(ValueError):
    """The cursor was not made by this service."""

    message = Message(
        "cursor 无效。应为上一页答复中的 next。请从第一页重新开始。",
        "The cursor is not valid. Expected the next of an earlier page. Start again at the first page.",
    )


def cursor_of(pk: int) -> str:
    """The cursor that goes on behind this row."""
    return base64.urlsafe_b64encode(f"p{pk}".encode()).decode().rstrip("=")


def behind(cursor: str) -> int:
    """The row that a cursor names. Raises CursorError."""
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        raise CursorError from None
    number = plain[1:]
    if not (plain.startswith("p") and number.isdecimal() and len(number) < 12 and int(number) <= _LARGEST):
        raise CursorError
    return int(number)

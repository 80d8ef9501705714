"""The columns of the exports. Names and order are part of the API: new ones are added at the end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from models.form import load_forms

What = Literal["findings", "cells", "tables", "annotations"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """``number`` columns hold figures or nothing, ``flag`` columns true or false, all others text or nothing."""

    name: str
    kind: Literal["text", "number", "flag"] = "text"


def _columns(text: str, numbers: str = "", flags: str = "") -> dict[str, Column]:
    named = {name: Column(name) for name in text.split()}
    named |= {name: Column(name, "number") for name in numbers.split()}
    return named | {name: Column(name, "flag") for name in flags.split()}


_FACTS = tuple(_columns("document_id name title issuer", "year").values())
_FINDING = (
    *_columns("finding_id kind status severity message message_en cells claim_id").values(),
    *_columns("", "expected found confidence").values(),
    *_columns("cause evidence why decision author note reviewed_at", "", "changed_since_review").values(),
)
_CELL = (
    *_columns("format table cell").values(),
    *_columns("", "value value_read", "corrected").values(),
    *_columns("raw", "start end").values(),
    *_columns("status", "confidence").values(),
    *_columns("author note").values(),
)


@cache
def columns_of(what: What) -> tuple[Column, ...]:
    """The columns of an export. ``tables`` has one for each cell of the statutory tables of any form.

    ``annotations`` has none: they are objects with parts, written as NDJSON only.
    """
    if what == "findings":
        return (*_FACTS, *_FINDING)
    if what == "cells":
        return (*_FACTS, *_CELL)
    if what == "annotations":
        return ()
    cells = dict.fromkeys(cell for form in load_forms() for cell in form.cell_ids())
    return (*_FACTS, *_columns("format status").values(), *(Column(cell, "number") for cell in cells))

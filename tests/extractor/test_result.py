"""The result contract."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from extractor.document import (
    Cell,
    Claim,
    Document,
    Finding,
    Heading,
    Indicator,
    Message,
    Metadata,
    Notice,
    Section,
    Span,
    Table,
)
from extractor.reading import read_bytes
from extractor.result import Result, dump, payload

TEXT = "一、总体情况\n收到申请3件。\n本年新收 3 1.5"

CONTRACT = {
    "document": {"id", "title", "issuer", "year", "format", "published", "sha256"},
    "sections": {"level", "ordinal", "title", "kind", "heading", "start", "end", "children"},
    "tables": {"id", "schema", "start", "end", "cells"},
    "claims": {
        "id", "kind", "surface", "start", "end", "value", "unit", "approx", "scope", "metrics", "confidence",
        "sentence",
    },
    "findings": {"id", "kind", "status", "severity", "message", "claim", "cells", "expected", "found", "evidence"},
    "model": {"layout", "claims", "schema_version"},
    "warnings": {"code", "message", "start", "end"},
}  # fmt: skip


def document() -> Document:
    heading = Heading(Span(0, 6), 1, "一", "总体情况", "overview", 0.987654321, "layout")
    child = Section(Span(7, 14), 2, "", "", None, None)
    return Document(
        text=TEXT,
        id="r1",
        metadata=Metadata("标题", "某局", 2023, "2021", "2024-01-22"),
        headings=(heading,),
        sections=(Section(Span(0, 14), 1, "一", "总体情况", "overview", heading, (child,)),),
        tables=(
            Table("t3", "2021", Span(15, 25), (
                Cell("t3.new.total", 3.0, "3", Span(20, 21), "read", 0.99),
                Cell("t3.new.natural", None, "", None, "unread", 0.4, "two readings"),
                Cell("t2.fees.amount", 1.5, "1.5", Span(22, 25), "read", 0.9),
            )),
            Table("x1", "pre2019", Span(15, 25), (), (Indicator("收到申请数", "件", 3.0, Span(20, 21)),)),
        ),
        claims=(
            Claim("c1", "count", Span(11, 12), 3.0, "件", False, "own", ("requests_new",), ("t3.new.total",), 0.9,
                  Span(7, 14)),
        ),
        findings=(
            Finding("f1", "claim_vs_table", "match", "info", Message("一致", "agree"), "c1", ("t3.new.total",), 3.0,
                    3.0, (Span(11, 12), Span(20, 21))),
            Finding("f2", "table_arithmetic", "mismatch", "error", Message("不等", "differ"), None, (), 4.0, 3.0, ()),
        ),
        notices=(Notice("odd", Message("怪", "odd"), Span(0, 1)),),
        versions=(("layout", "l1"), ("claims", "c1")),
    )  # fmt: skip


def items(part: Any) -> list[Any]:
    return part if isinstance(part, list) else [part]


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_every_field_of_the_contract_is_there(name: str) -> None:
    made = payload(document())
    assert set(made) == set(CONTRACT)
    for item in items(made[name]):
        assert set(item) >= CONTRACT[name]


def test_offsets_give_back_what_is_printed() -> None:
    result = Result.of(document())
    heading = result.sections[0].heading
    assert heading is not None
    assert TEXT[heading.start : heading.end] == heading.text == "一、总体情况"
    assert TEXT[result.claims[0].start : result.claims[0].end] == result.claims[0].surface == "3"


def test_whole_numbers_are_printed_whole_and_others_as_they_are() -> None:
    made = json.loads(dump(payload(document())))
    assert [repr(cell["value"]) for cell in made["tables"][0]["cells"]] == ["3", "None", "1.5"]


def test_a_cell_without_a_place_says_so_with_null() -> None:
    cell = Result.of(document()).tables[0].cells[1]
    assert (cell.start, cell.end, cell.value, cell.status) == (None, None, None, "unread")


def test_both_languages_stand_in_findings_and_warnings() -> None:
    result = Result.of(document())
    assert (result.findings[0].message, result.findings[0].message_en) == ("一致", "agree")
    assert (result.warnings[0].message, result.warnings[0].message_en) == ("怪", "odd")


def test_the_same_document_gives_the_same_bytes_by_either_way() -> None:
    for indent in (None, 2):
        fast = dump(payload(document()), indent)
        assert fast == dump(payload(document()), indent) == Result.of(document()).json_bytes(indent)


def test_chinese_is_written_as_it_is() -> None:
    assert "总体情况".encode() in dump(payload(document()))


def test_json_reads_back_into_the_same_result() -> None:
    result = Result.of(document())
    assert Result.model_validate_json(result.json_bytes()) == result


def test_what_the_reading_of_bytes_met_is_in_the_warnings_and_the_hash_is_of_the_bytes() -> None:
    decoded = read_bytes(TEXT.encode("gb18030"), charset="utf-8")
    result = Result.of(document(), decoded)
    assert [w.code for w in result.warnings] == ["charset_mismatch", "odd"]
    assert result.document.sha256 == decoded.sha256 != Result.of(document()).document.sha256


def test_only_mismatches_are_disagreements() -> None:
    assert [finding.id for finding in Result.of(document()).disagreements()] == ["f2"]


def test_a_text_with_a_lone_surrogate_still_gives_json() -> None:
    made = dump(payload(Document(text="\ud800", notices=(Notice("x", Message("\ud800", "x")),))))
    assert json.loads(made)["warnings"][0]["message"] == "\ud800"


def test_a_field_that_the_contract_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError):
        Result.model_validate(payload(document()) | {"surplus": 1})

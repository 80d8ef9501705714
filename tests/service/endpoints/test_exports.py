"""Exports hold every row, the corrections, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import gc
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from httpx import AsyncClient, Response
from pyarrow import parquet

from service.exports.columns import Column
from service.exports.writers import ParquetMissingError, defused, write
from tests.service.speaking import Serve, code

pytestmark = pytest.mark.anyio
CELL = "t2.normative.made"


def read(answer: Response, format: str) -> list[dict[str, Any]]:
    """The rows of a file, figures as figures, nothing as None."""
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'.{format}"')
    if format == "json":
        return list(json.loads(answer.content))
    if format == "ndjson":
        return [json.loads(line) for line in answer.content.splitlines()]
    if format == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    if format == "parquet":
        return list(parquet.read_table(io.BytesIO(answer.content)).to_pylist())
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip((str(name) for name in head), row, strict=True)) for row in rows]


@pytest.fixture
async def address(client: AsyncClient, example_text: str) -> str:
    made = await client.post("/v1/documents", json={"text": example_text, "id": "=1+1"})
    address: str = made.headers["location"]
    await client.patch(f"{address}/cells/{CELL}", json={"value": 5, "note": "@note"})
    return address


@pytest.mark.parametrize("format", ["json", "ndjson", "csv", "xlsx", "parquet"])
async def test_every_format_holds_the_same_rows(client: AsyncClient, address: str, format: str) -> None:
    cells = read(await client.get(f"/v1/exports/cells.{format}"), format)
    assert len(cells) == len((await client.get(f"{address}/cells")).json())
    fixed = next(row for row in cells if row["cell"] == CELL)
    assert (float(fixed["value"]), float(fixed["value_read"])) == (5, 4)
    assert fixed["corrected"] in (True, "true")
    findings = read(await client.get(f"/v1/exports/findings.{format}?status=mismatch"), format)
    assert [(row["cells"], float(row["found"])) for row in findings] == [(CELL, 5)]
    tables = read(await client.get(f"/v1/exports/tables.{format}?year=2023"), format)
    assert [(row["issuer"], float(row[CELL])) for row in tables] == [("澄岚县人民政府办公室", 5)]
    assert read(await client.get(f"/v1/exports/tables.{format}?year=1999"), format) == []


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_spreadsheets_get_no_formula(client: AsyncClient, address: str, format: str) -> None:
    rows = read(await client.get(f"/v1/exports/cells.{format}"), format)
    assert {row["name"] for row in rows} == {"'=1+1"}
    assert {row["note"] for row in rows if row["cell"] == CELL} == {"'@note"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "＝1"])
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1=1", "澄岚县", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize("format", ["json", "ndjson", "csv", "xlsx", "parquet"])
def test_any_text_can_be_written(format: Any) -> None:
    row = {"text": 'a\0\x07"\n,\ufffe𠮷', "figure": -2.5}
    made = b"".join(write(format, (Column("text"), Column("figure", "number")), [row, {"text": None, "figure": None}]))
    assert made


@pytest.mark.parametrize("format", ["xlsx", "parquet"])
@pytest.mark.filterwarnings("error")
def test_an_export_that_is_stopped_half_way_leaves_nothing(
    format: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield {"text": "a"}
        raise KeyError

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(KeyError):
        list(write(format, (Column("text"),), broken()))
    gc.collect()
    assert list(tmp_path.iterdir()) == []


async def test_an_export_that_is_too_large_is_to_be_a_job(serve: Serve, example_text: str) -> None:
    async with serve(export_rows=20) as client:
        await client.post("/v1/documents", json={"text": example_text})
        assert code(await client.get("/v1/exports/cells.csv")) == (413, "export_too_large")
        assert (await client.get("/v1/exports/tables.csv")).status_code == 200


def test_without_pyarrow_there_is_no_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.exports.writers.find_spec", lambda name: None)
    with pytest.raises(ParquetMissingError):
        write("parquet", (), [])


async def test_corrected_reports_come_out_as_annotations(
    client: AsyncClient, address: str, example_text: str, example_path: Path
) -> None:
    await client.post("/v1/documents", json={"text": example_text.replace("2023", "2022")})
    lines = (await client.get("/v1/exports/annotations.ndjson")).content.splitlines()
    assert len(lines) == 1
    made = json.loads(lines[0])
    ours = json.loads(example_path.with_suffix(".json").read_text(encoding="utf-8"))
    assert made["text"] == example_text
    assert made["cells"] == ours["cells"] | {CELL: 5}
    assert made["headings"] == ours["headings"]
    assert made["findings"] == [{k: v for k, v in f.items() if k != "note"} for f in ours["findings"]]
    ours_counted, counted = ([c for c in gold["claims"] if c["kind"] == "count"] for gold in (ours, made))
    assert counted == ours_counted

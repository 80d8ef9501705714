"""The store, in SQLite and in PostgreSQL alike: what goes in comes out, and decisions outlast every new reading."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from extractor.reading import Decoded, read_text
from service.store import corrections, documents, findings
from service.store.database import Database
from service.store.documents import DocumentFilter
from service.store.findings import FindingFilter
from service.store.pages import CursorError
from service.store.recording import canonical, document_id, record, save
from service.store.tables import DocumentRow

ANY = DocumentFilter()


def stored(session: Session, id: str) -> DocumentRow:
    row = documents.row_of(session, id)
    assert row is not None
    return row


def variant(report: Decoded, body: bytes, n: int, **facts: Any) -> tuple[Decoded, bytes]:
    """Another report: the same text with a last line of its own, and other facts."""
    changed = canonical(replace(report, text=f"{report.text}\n第{n}份"))
    result = json.loads(body)
    result["document"] |= {"id": document_id(changed), "sha256": changed.sha256, **facts}
    return changed, json.dumps(result).encode()


def with_changes(body: bytes, change: Callable[[dict[str, Any]], None], layout: str = "layout-next") -> bytes:
    """What another model read: as before, but for this change."""
    result = json.loads(body)
    result["model"]["layout"] = layout
    change(result)
    return json.dumps(result).encode()


def mismatch(session: Session, document: DocumentRow) -> str:
    return next(f.id for f in findings.findings_of(session, document) if f.status == "mismatch")


@pytest.fixture
def saved(database: Database, report: Decoded, result_body: bytes) -> str:
    with database.writing() as session:
        row, created = save(session, report, "chenglan", result_body)
        assert created
        return row.id


def test_a_stored_report_comes_back_as_it_was_given(
    database: Database, saved: str, report: Decoded, result_body: bytes
) -> None:
    with database.reading() as session:
        row = stored(session, saved)
        assert documents.read_report(session, row) == report
        assert documents.result_of(session, row) == result_body
        shown = documents.shape(row)
    assert (shown.year, shown.issuer, shown.status) == (2023, "澄岚县人民政府办公室", "open")
    assert (shown.findings.mismatch, shown.findings.open) == (1, 1)
    assert shown.findings.match == sum(f["status"] == "match" for f in json.loads(result_body)["findings"])


def test_cells_claims_and_findings_are_those_of_the_result(database: Database, saved: str, result_body: bytes) -> None:
    result = json.loads(result_body)
    with database.reading() as session:
        row = stored(session, saved)
        cells = {c.id: c.value for c in corrections.cells_of(session, row)}
        claims = [c.claim.model_dump(mode="json") for c in corrections.claims_of(session, row)]
        found = findings.findings_of(session, row)
    assert cells == {c["id"]: c["value"] for t in result["tables"] for c in t["cells"]}
    assert claims == result["claims"]
    assert [f.local_id for f in found] == [f["id"] for f in result["findings"]]
    assert len({f.id for f in found}) == len(found)


def test_the_same_text_twice_is_one_document(
    database: Database, saved: str, report: Decoded, result_body: bytes
) -> None:
    in_gb18030 = canonical(replace(report, encoding="gb18030", sha256="0" * 64))
    with database.writing() as session:
        row, created = save(session, in_gb18030, "again", result_body)
        assert (row.id, created) == (saved, False)
        assert len(documents.list_documents(session, ANY, None, 10).items) == 1


def test_the_same_text_at_the_same_time_is_one_document(
    database: Database, report: Decoded, result_body: bytes
) -> None:
    made: list[tuple[str, bool]] = []

    def work() -> None:
        with database.writing() as session:
            row, created = save(session, report, "x", result_body)
            made.append((row.id, created))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id for id, _ in made}) == 1
    assert sorted(created for _, created in made) == [False, False, False, True]


def test_a_text_with_nul_is_kept_to_the_character(database: Database, report: Decoded, result_body: bytes) -> None:
    odd = canonical(read_text("一、总体情况\0\n" + "𠮷" + report.text))
    body = with_changes(result_body, lambda r: r["document"].update(title="一\0二"))
    with database.writing() as session:
        row, _ = save(session, odd, "n\0", body)
    with database.reading() as session:
        assert documents.read_text(session, row) == odd.text


def test_lists_filter_by_issuer_year_status_and_text(database: Database, report: Decoded, result_body: bytes) -> None:
    with database.writing() as session:
        for n in range(4):
            changed, body = variant(report, result_body, n, year=2020 + n, issuer=f"云渡县第{n}局")
            save(session, changed, f"r{n}", body)

    def years(**wanted: Any) -> list[int | None]:
        with database.reading() as session:
            return [d.year for d in documents.list_documents(session, DocumentFilter(**wanted), None, 10).items]

    assert years() == [2023, 2022, 2021, 2020]
    assert years(year=2021) == [2021]
    assert years(issuer="第2局") == [2022]
    assert years(status="agrees") == []
    assert years(q="第3份") == [2023]
    assert years(q="第 ３\n份") == [2023]
    assert years(q="2局") == [2022]
    assert years(q="政府信息公開") == [2023, 2022, 2021, 2020]
    for nothing in ("没有这样的话", "*", "%%%", "[a", "第?份", "'\"", "\0\0\0"):
        assert years(q=nothing) == []


def test_pages_hold_every_document_once_also_when_one_is_added(
    database: Database, report: Decoded, result_body: bytes
) -> None:
    with database.writing() as session:
        for n in range(5):
            save(session, *variant_named(report, result_body, n))
    seen: list[str] = []
    cursor = None
    with database.reading() as session:
        for _ in range(9):
            page = documents.list_documents(session, ANY, cursor, 2)
            seen += [d.name for d in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert seen == ["r4", "r3", "r2", "r1", "r0"]
    with database.reading() as session, pytest.raises(CursorError):
        documents.list_documents(session, ANY, "nonsense", 2)


def variant_named(report: Decoded, body: bytes, n: int) -> tuple[Decoded, str, bytes]:
    changed, made = variant(report, body, n)
    return changed, f"r{n}", made


def test_a_review_survives_the_next_model_and_says_when_the_finding_changed(
    database: Database, saved: str, report: Decoded, result_body: bytes
) -> None:
    with database.writing() as session:
        wanted = mismatch(session, stored(session, saved))
        found = findings.find(session, wanted)
        assert found is not None
        findings.review(session, *found, "confirmed", "两处不符", "王")

    def change(result: dict[str, Any]) -> None:
        finding = next(f for f in result["findings"] if f["status"] == "mismatch")
        finding["expected"] = 7
        result["claims"][0]["confidence"] = 0.5

    for body, changed in (
        (with_changes(result_body, lambda r: None), False),
        (with_changes(result_body, change), True),
    ):
        with database.writing() as session:
            record(session, stored(session, saved), report.text, body)
        with database.reading() as session:
            again = next(f for f in findings.findings_of(session, stored(session, saved)) if f.id == wanted)
            assert (again.decision, again.changed_since_review) == ("confirmed", changed)
            assert again.review is not None
            assert (again.review.note, again.review.author) == ("两处不符", "王")
            assert stored(session, saved).status == "reviewed"


def test_a_finding_keeps_its_id_where_the_text_before_it_shifts(
    database: Database, saved: str, report: Decoded, result_body: bytes
) -> None:
    def shift(result: dict[str, Any]) -> None:
        for claim in result["claims"]:
            for place in (claim, claim["sentence"]):
                place["start"] += 5
                place["end"] += 5

    moved = canonical(read_text("公开年报\n" + report.text))
    with database.writing() as session:
        row, _ = save(session, moved, "moved", with_changes(result_body, shift))
        first, second = (findings.findings_of(session, d) for d in (stored(session, saved), row))
    assert [f.id.split(".")[1] for f in first] == [f.id.split(".")[1] for f in second]
    assert {f.document_id for f in first}.isdisjoint(f.document_id for f in second)


def test_undoing_a_review_brings_the_one_before_it_back(database: Database, saved: str) -> None:
    with database.writing() as session:
        row = stored(session, saved)
        wanted = mismatch(session, row)

        def decision() -> tuple[str, str]:
            session.flush()
            session.expire_all()
            return next(f.decision for f in findings.findings_of(session, row) if f.id == wanted), row.status

        found = findings.find(session, wanted)
        assert found is not None
        assert not findings.withdraw(session, *found)
        findings.review(session, *found, "confirmed", "", "a")
        findings.review(session, *found, "dismissed", "", "b")
        assert decision() == ("dismissed", "reviewed")
        assert findings.withdraw(session, *found)
        assert decision() == ("confirmed", "reviewed")
        assert findings.withdraw(session, *found)
        assert decision() == ("open", "open")
        past = findings.history(session, row, wanted.split(".")[1])
    assert [(r.decision, r.withdrawn_at is None) for r in past] == [("dismissed", False), ("confirmed", False)]


def test_findings_of_everything_are_filtered(database: Database, report: Decoded, result_body: bytes) -> None:
    with database.writing() as session:
        for n in range(3):
            changed, body = variant(report, result_body, n, year=2021 + n)
            save(session, changed, f"r{n}", body)
        listed = findings.list_findings(session, FindingFilter(status="mismatch"), None, 2)
        rest = findings.list_findings(session, FindingFilter(status="mismatch"), listed.next, 2)
        assert [f.year for f in (*listed.items, *rest.items)] == [2023, 2022, 2021]
        assert rest.next is None
        one = findings.find(session, listed.items[0].id)
        assert one is not None
        findings.review(session, *one, "dismissed", "", "")

        def count(**wanted: Any) -> int:
            return len(findings.list_findings(session, FindingFilter(**wanted), None, 500).items)

        assert count(status="mismatch", decision="open") == 2
        assert count(decision="dismissed", year=2023) == 1
        assert count(status="mismatch", year=1999) == 0
        assert count(kind="structure", document=listed.items[0].document_id) == 9
        numbers = documents.statistics(session)
        assert numbers.documents == {"open": 2, "reviewed": 1}
        assert sorted((f.year, f.decision, f.count) for f in numbers.findings) == [
            (2021, "open", 1), (2022, "open", 1), (2023, "dismissed", 1),
        ]  # fmt: skip


def test_a_correction_keeps_the_original_and_survives_the_next_model(
    database: Database, saved: str, report: Decoded, result_body: bytes
) -> None:
    with database.writing() as session:
        row = stored(session, saved)
        cell = corrections.find_cell(session, row, "t2.normative.made")
        claim = corrections.claims_of(session, row)[0]
        assert cell is not None
        corrections.correct_cell(session, row, cell, 5, "原件为5", "王")
        corrections.correct_claim(session, row, claim, {"value": 1300}, "", "王")
        record(session, row, report.text, with_changes(result_body, lambda r: None))
    with database.writing() as session:
        row = stored(session, saved)
        again = corrections.find_cell(session, row, "t2.normative.made")
        assert again is not None
        assert again.correction is not None
        assert (again.value, again.value_read, again.correction.original["cells"]) == (5, 4, {"t2.normative.made": 4})
        fixed = corrections.claims_of(session, row)[0]
        assert fixed.correction is not None
        assert fixed.correction.corrected["claims"][0]["value"] == 1300
        assert fixed.claim.value == claim.claim.value
        assert corrections.withdraw(session, row, "cell", "t2.normative.made")
        undone = corrections.find_cell(session, row, "t2.normative.made")
        assert undone is not None
        assert undone.value == 4
        assert len(corrections.annotations_of(session, row)) == 2


def test_each_version_of_the_models_has_one_extraction(
    database: Database, saved: str, report: Decoded, result_body: bytes
) -> None:
    with database.writing() as session:
        row = stored(session, saved)
        record(session, row, report.text, result_body)
        record(session, row, report.text, with_changes(result_body, lambda r: r["findings"].clear()))
        assert next((e.layout, e.current) for e in documents.extractions_of(session, row)) == ("layout-next", True)
        assert len(documents.extractions_of(session, row)) == 2
        assert row.status == "agrees"
        old = documents.result_of(session, row, layout=json.loads(result_body)["model"]["layout"])
        assert old == result_body


def test_deleting_a_document_leaves_nothing_of_it(database: Database, saved: str) -> None:
    with database.writing() as session:
        documents.remove(session, stored(session, saved))
    with database.reading() as session:
        assert documents.row_of(session, saved) is None
        assert findings.list_findings(session, FindingFilter(), None, 5).items == []
        assert documents.list_documents(session, DocumentFilter(q="行政规范性文件"), None, 5).items == []


def test_a_transaction_that_fails_leaves_nothing(database: Database, report: Decoded, result_body: bytes) -> None:
    def fail() -> None:
        with database.writing() as session:
            save(session, report, "x", result_body)
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    with database.reading() as session:
        assert documents.list_documents(session, ANY, None, 5).items == []

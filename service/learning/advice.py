"""Which stored reports to annotate next, by what was read in them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from extractor import document as layers
from extractor import result as plain
from extractor.annotate.rank import Ranked, Weighed, rank, weigh
from extractor.reading import Decoded
from models.annotations.dataset import Dataset
from service.learning import shapes
from service.settings import Settings
from service.store import documents
from service.store.tables import DocumentRow

MOST = 500  # reports weighed for one request: half of them those with most mismatches, half the newest
_REMEMBERED = 20_000


class Adviser:
    """Remembers what was weighed: an extraction never changes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: OrderedDict[int, Weighed] = OrderedDict()
        self._lock = threading.Lock()

    def advise(self, session: Session, n: int) -> shapes.Advice:
        """The ``n`` reports that would teach most. Raises AnnotationError where the dataset is damaged."""
        known = Dataset(self._settings.dataset_folder).texts()
        rows = {row.id: row for row in self._considered(session)}
        weighed = [(id, self._weighed(session, row)) for id, row in rows.items()]
        chosen = rank(weighed, n, known)
        stored = session.scalar(select(func.count()).select_from(DocumentRow)) or 0
        left_out = sum(one.text in known for _, one in weighed)
        items = [_advised(rows[one.name], one) for one in chosen]
        return shapes.Advice(items=items, considered=len(rows), stored=stored, known=left_out)

    def _considered(self, session: Session) -> list[DocumentRow]:
        query = select(DocumentRow).where(DocumentRow.status != "not_a_report", DocumentRow.extraction_pk.is_not(None))
        doubtful = session.scalars(
            query.order_by(DocumentRow.mismatches.desc(), DocumentRow.pk.desc()).limit(MOST // 2)
        )
        newest = session.scalars(query.order_by(DocumentRow.pk.desc()).limit(MOST // 2))
        return list({row.pk: row for row in (*doubtful, *newest)}.values())

    def _weighed(self, session: Session, row: DocumentRow) -> Weighed:
        key = row.extraction_pk or 0
        with self._lock:
            found = self._known.get(key)
        if found is None:
            found = _weigh(session, row)
            with self._lock:
                self._known[key] = found
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return found


def _weigh(session: Session, row: DocumentRow) -> Weighed:
    result = plain.Result.model_validate_json(documents.result_of(session, row) or b"{}")
    report = documents.read_report(session, row)
    return weigh(document_of(result, report), report)


def document_of(result: plain.Result, report: Decoded) -> layers.Document:
    """As much of a document as a result tells and ranking asks for: blocks are not in it."""
    return layers.Document(
        report.text,
        result.document.id,
        tables=tuple(
            layers.Table(t.id, t.schema_, layers.Span(t.start, t.end), tuple(_cell(c) for c in t.cells))
            for t in result.tables
        ),
        claims=tuple(_claim(c) for c in result.claims),
        findings=tuple(_finding(f) for f in result.findings),
        notices=tuple(
            layers.Notice(w.code, layers.Message(w.message, w.message_en), _span(w.start, w.end))
            for w in result.warnings
        ),
    )


def _cell(cell: plain.Cell) -> layers.Cell:
    place = _span(cell.start, cell.end)
    return layers.Cell(cell.id, cell.value, cell.raw, place, cell.status, cell.confidence, cell.why)


def _claim(claim: plain.Claim) -> layers.Claim:
    place, sentence = layers.Span(claim.start, claim.end), layers.Span(claim.sentence.start, claim.sentence.end)
    said = claim.value, claim.unit, claim.approx, claim.scope, tuple(claim.concepts), tuple(claim.metrics)
    return layers.Claim(claim.id, claim.kind, place, *said, claim.confidence, sentence, claim.why)


def _finding(finding: plain.Finding) -> layers.Finding:
    message = layers.Message(finding.message, finding.message_en)
    evidence = tuple(layers.Span(place.start, place.end) for place in finding.evidence)
    head = finding.id, finding.kind, finding.status, finding.severity, message, finding.claim
    return layers.Finding(*head, tuple(finding.cells), finding.expected, finding.found, evidence)


def _span(start: int | None, end: int | None) -> layers.Span | None:
    return None if start is None or end is None else layers.Span(start, end)


def _advised(row: DocumentRow, one: Ranked) -> shapes.Advised:
    return shapes.Advised(
        document_id=row.id,
        name=row.name,
        title=row.title,
        issuer=row.issuer,
        year=row.year,
        score=one.score,
        reasons=[
            shapes.Reason(kind=r.kind, weight=round(r.weight, 3), zh=r.message.zh, en=r.message.en, line=r.line)
            for r in one.reasons
        ],
    )

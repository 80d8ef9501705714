"""What jobs do. Reports are read side by side, but one process is left to those who wait for an answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import func, select

from extractor.reading import ReadingError, read_bytes
from service.asked import JobRequest
from service.bodies import Report, from_json, short
from service.exports.make import Export
from service.problems import ProblemError
from service.reading.pool import CrashedError, Pool, TimeLimitError, WaitLimitError
from service.settings import Settings
from service.store import documents, jobs, recording
from service.store.documents import DocumentFilter
from service.store.findings import FindingFilter
from service.store.tables import DocumentRow, JobItemRow
from service.work.progress import Progress

T = TypeVar("T")
FILES, NDJSON = "files", "ndjson"
_PART = 1024 * 1024
_CHECKED_ROWS = 200


@dataclass(frozen=True, slots=True)
class _Read:
    """What became of one report: the result, or the code of what went wrong."""

    report: Report | None
    body: bytes | None
    code: str | None


class Tasks:
    """The three kinds of work."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._settings = settings
        self._pool = pool
        self._side_by_side = max(1, pool.size - 1)

    def all(self) -> dict[str, Callable[[Progress], None]]:
        """Each kind of job and what does it."""
        return {"import": self.bring_in, "reextract": self.read_again, "export": self.export}

    def bring_in(self, progress: Progress) -> None:
        """Store the reports of a bulk upload. A batch is stored in one transaction with how far the job is."""
        while True:
            with progress.step() as (session, row):
                items = jobs.next_items(session, row, self._side_by_side * 4)
                form = row.params["form"]
            if not items:
                return
            outcomes = self._each(partial(self._bring, progress, form), items)
            with progress.step() as (session, row):
                for old, read in zip(items, outcomes, strict=True):
                    item = session.get_one(JobItemRow, (old.job_pk, old.line))
                    if read.report and read.body:
                        document, _ = recording.save(session, read.report.decoded, read.report.id, read.body)
                        item.document = document.id
                    item.error, item.content = read.code, None
                    row.failed += read.code is not None
                row.done += len(items)
                row.position = items[-1].line

    def _bring(self, progress: Progress, form: str, item: JobItemRow) -> _Read:
        try:
            data = item.content or b""
            if form == NDJSON:
                report = from_json(data, item.name, self._settings)
            else:
                report = Report(short(read_bytes(data, limit=self._settings.max_body_bytes), self._settings), item.name)
        except ReadingError as error:
            return _Read(None, None, error.code)
        except ProblemError as error:
            return _Read(None, None, error.problem.code)
        decoded = recording.canonical(report.decoded)
        return self._read(progress, recording.document_id(decoded), Report(decoded, report.id))

    def _read(self, progress: Progress, id: str, report: Report) -> _Read:
        try:
            with progress.ticket(self._settings.job_seconds) as ticket:
                return _Read(report, self._pool.read(report.decoded, id, ticket), None)
        except CrashedError:
            return _Read(report, None, "crashed")
        except (TimeLimitError, WaitLimitError):
            return _Read(report, None, "time_limit")

    def read_again(self, progress: Progress) -> None:
        """Read every document that the current models have not read; with ``force`` all."""
        versions = dict(self._pool.versions)
        while True:
            with progress.step() as (session, row):
                asked = JobRequest.model_validate(row.params)
                if row.total is None:
                    row.total = session.scalar(select(func.count()).select_from(DocumentRow))
                query = select(DocumentRow).where(DocumentRow.pk > row.position).order_by(DocumentRow.pk)
                batch = list(session.scalars(query.limit(self._side_by_side * 4)))
                todo = [
                    (document.pk, document.id, documents.read_report(session, document))
                    for document in batch
                    if asked.force
                    or not documents.has_extraction(session, document, versions["layout"], versions["claims"])
                ]
            if not batch:
                return
            outcomes = self._each(lambda one: self._read(progress, one[1], Report(one[2], "")), todo)
            with progress.step() as (session, row):
                for (pk, _, report), read in zip(todo, outcomes, strict=True):
                    document = session.get(DocumentRow, pk)
                    if document is not None and read.body is not None:
                        recording.record(session, document, report.text, read.body)
                    row.failed += read.code is not None
                row.done += len(batch)
                row.position = batch[-1].pk

    def export(self, progress: Progress) -> None:
        """Make a file. It is not gone on with but made anew after a restart: rows may have changed since."""
        with progress.step() as (session, row):
            jobs.drop_parts(session, row)
            made = export_of(JobRequest.model_validate(row.params))
            row.done = 0
        total = made.count(progress.database)
        with progress.step() as (_, row):
            row.total, row.media_type = total, made.media_type
        seen = 0

        def see() -> None:
            nonlocal seen
            seen += 1
            if seen % _CHECKED_ROWS == 0:
                progress.check()

        pending = bytearray()
        number = 0
        for piece in made.pieces(progress.database, see):
            pending += piece
            if len(pending) >= _PART:
                with progress.step() as (session, row):
                    jobs.add_part(session, row, number, bytes(pending))
                    row.done = min(seen, total)
                pending.clear()
                number += 1
        with progress.step() as (session, row):
            jobs.add_part(session, row, number, bytes(pending))
            row.done = row.total = seen

    def _each(self, work: Callable[[Any], T], todo: list[Any]) -> list[T]:
        with ThreadPoolExecutor(self._side_by_side) as threads:
            return list(threads.map(work, todo))


def export_of(asked: JobRequest) -> Export:
    """The export that a request names. ``status`` is a finding's for findings, else a report's."""
    if asked.what != "findings":
        reports = DocumentFilter(asked.issuer, asked.year, asked.status, asked.q, asked.document)
        return Export(asked.what, asked.format, reports)
    wanted = FindingFilter(
        asked.status, asked.year, asked.finding_kind, asked.severity, asked.decision, asked.issuer, asked.document
    )
    return Export(asked.what, asked.format, wanted)

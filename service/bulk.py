"""Many reports in one request: each is kept as it comes in, and a job reads them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import aclosing

from anyio import to_thread
from fastapi import Request

from service import bodies
from service.dependencies import State
from service.store import idempotency, jobs
from service.store.database import Database
from service.store.idempotency import Answer, Once
from service.work.tasks import FILES, NDJSON

_BATCH_LINES = 200
_BATCH_BYTES = 4 * 1024 * 1024
Item = tuple[int, str, bytes]


class Upload:
    """A bulk job while it comes in. Until it is whole it is ``receiving``, and nobody works on it."""

    def __init__(self, database: Database, form: str) -> None:
        self._database = database
        self._items: list[Item] = []
        self._size = 0
        self._count = 0
        with database.writing() as session:
            self.id = jobs.create(session, "import", {"form": form}, "receiving").id

    def add(self, name: str, content: bytes) -> bool:
        """Take one report; True when it is time to ``flush``."""
        self._count += 1
        self._items.append((self._count, name, content))
        self._size += len(content)
        return len(self._items) >= _BATCH_LINES or self._size >= _BATCH_BYTES

    def flush(self) -> None:
        """Write what was taken."""
        with self._database.writing() as session:
            jobs.add_items(session, jobs.found(session, self.id), self._items)
        self._items, self._size = [], 0

    def close(self, key: Once | None) -> Answer:
        """The job is whole and waits. With an Idempotency-Key the answer is kept in the same transaction."""
        with self._database.writing() as session:
            row = jobs.found(session, self.id)
            jobs.add_items(session, row, self._items)
            row.status, row.total = "queued", self._count
            session.flush()
            answer = Answer(202, jobs.shape(row).model_dump(mode="json"))
            if key is not None:
                idempotency.remember(session, key, answer)
        return answer

    def drop(self) -> None:
        """Forget it: the request broke off, or was a twin of another."""
        with self._database.writing() as session:
            jobs.remove(session, self.id)


async def from_lines(request: Request, state: State) -> tuple[Upload, str]:
    """Take NDJSON line by line. Returns the upload and the digest of what came."""
    digest = hashlib.sha256()
    upload = await to_thread.run_sync(Upload, state.database, NDJSON)
    settings = state.settings
    try:
        async with aclosing(bodies.chunks(request, settings.max_bulk_bytes, settings.request_seconds)) as pieces:
            async for line in bodies.lines(_hashed(pieces, digest), settings.max_body_bytes):
                if upload.add("", line):
                    await to_thread.run_sync(upload.flush)
    except BaseException:
        await to_thread.run_sync(upload.drop)
        raise
    return upload, digest.hexdigest()


async def _hashed(pieces: AsyncIterator[bytes], digest: hashlib._Hash) -> AsyncIterator[bytes]:
    async for piece in pieces:
        digest.update(piece)
        yield piece


def from_files(state: State, files: list[tuple[str, bytes]]) -> tuple[Upload, str]:
    """Take the files of a form."""
    digest = hashlib.sha256()
    upload = Upload(state.database, FILES)
    for name, data in files:
        digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "replace") + data)
        if upload.add(name[:200], data):
            upload.flush()
    return upload, digest.hexdigest()

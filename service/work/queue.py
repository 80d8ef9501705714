"""The queue and its workers (huey): in SQLite beside the store, or in Redis.

The queue carries ids of jobs and no more; what a job is and how far it is stands in the store. So nothing is lost
when a worker dies with a job in hand: its lease runs out, and whoever looks next puts the job into the queue again.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable
from typing import Any

from huey import RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.exc import SQLAlchemyError

from models.registry import BrokenInstallation
from service import metrics
from service.settings import Settings
from service.store import jobs
from service.store.database import Database
from service.store.recording import digest
from service.work.progress import Cancelled, Interrupted, Lost, Progress

_log = logging.getLogger("nianbao.jobs")
_BEAT_SECONDS = 2.0
_SWEEP_BEATS = 5
_POLL_SECONDS = 0.5
Work = Callable[[Progress], None]


class Jobs:
    """One worker thread of this process, and a keeper that says that it is alive and looks for jobs left behind."""

    def __init__(
        self, settings: Settings, database: Database, work: dict[str, Work], lane: str = "", alone: bool = False
    ) -> None:
        """``work``: what does each kind of job. ``lane`` names a queue of its own, so that its jobs hold no others up.
        Of jobs that are ``alone`` no more than one is under way in all workers together."""
        self._database = database
        self._alone = tuple(work) if alone else ()
        self._work = work
        self._owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._huey = _queue(settings, lane)
        self._task = self._huey.task(name="run")(self._run)
        self._consumer = _Consumer(self._huey, workers=1, periodic=False, max_delay=_POLL_SECONDS)
        self._stop = threading.Event()
        self._under_way: dict[str, Progress] = {}
        self._keeper = threading.Thread(target=self._keep, name="nianbao-keeper", daemon=True)

    def start(self) -> None:
        """Take up what was left, and whatever comes."""
        self._sweep()
        self._consumer.start()
        self._keeper.start()

    def stop(self) -> None:
        """Let the job under way stop at its next step; it is gone on with after the next start."""
        self._stop.set()
        for progress in list(self._under_way.values()):
            progress.interrupt()
        self._consumer.stop(graceful=True)
        self._keeper.join()
        self._huey.storage.close()

    def enqueue(self, id: str) -> None:
        """Have a job done; it must be in the store already."""
        self._task(id)

    def cancel(self, id: str) -> None:
        """Tell the job at once where it is this process that does it; elsewhere the keeper sees it in the store."""
        if id in self._under_way:
            self._under_way[id].cancel()

    def _run(self, id: str) -> None:
        with self._database.writing() as session:
            row = jobs.claim(session, id, self._owner, self._alone)
            if row is None:
                return
            kind, is_cancelled = row.kind, row.status == "cancelling"
        progress = Progress(self._database, id, self._owner)
        self._under_way[id] = progress
        if is_cancelled:
            progress.cancel()
        if self._stop.is_set():
            progress.interrupt()
        status, error = "done", None
        try:
            self._work[kind](progress)
        except Cancelled:
            status = "cancelled"
        except Interrupted:
            status = "queued"
        except Lost:
            return
        except Exception as failure:
            # Its message may quote a report: type and place are logged.
            _log.error("job failed", exc_info=failure, extra={"job": id, "kind": kind})
            status, error = "failed", getattr(failure, "code", "internal")
        finally:
            self._under_way.pop(id, None)
        with self._database.writing() as session:
            jobs.end(session, id, status, error)
        metrics.JOBS.labels(kind, status).inc()
        _log.info("job", extra={"job": id, "kind": kind, "status": status})

    def _keep(self) -> None:
        count = 0
        while not self._stop.wait(_BEAT_SECONDS):
            count += 1
            try:
                if self._under_way:
                    self._beat()
                if count % _SWEEP_BEATS == 0:
                    self._sweep()
            except SQLAlchemyError as error:
                _log.warning("the store does not answer", extra={"exception": type(error).__name__})

    def _beat(self) -> None:
        with self._database.writing() as session:
            statuses = jobs.beat(session, self._owner)
        for id, progress in list(self._under_way.items()):
            if statuses.get(id) == "cancelling":
                progress.cancel()

    def _sweep(self) -> None:
        """Jobs that are in the queue already are put there once more only when it is empty: doing so harms nothing."""
        if self._huey.pending_count():
            return
        with self._database.writing() as session:
            jobs.tidy(session)
            left = jobs.waiting(session, self._work)
        for id in left:
            self.enqueue(id)


class _Consumer(Consumer):  # type: ignore[misc]
    """Runs inside the service, which answers to signals itself."""

    def _set_signal_handlers(self) -> None:
        return


class _Json(Serializer):  # type: ignore[misc]
    """Messages as JSON: what stands in a queue is never run, as pickled data could be."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


def _queue(settings: Settings, lane: str = "") -> Any:
    """Services on different stores may share a Redis: each has a queue of its own."""
    name = f"nianbao-{lane}{digest(settings.database_url)[:12]}"
    options: dict[str, Any] = {"results": False, "serializer": _Json()}
    if not settings.redis:
        folder = settings.data.expanduser()
        folder.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(name, filename=str(folder / "queue.db"), fsync=True, **options)
    try:
        return RedisHuey(name, url=settings.redis, **options)
    except Exception as error:
        raise BrokenInstallation(
            f"the job queue in Redis cannot be used ({type(error).__name__})",
            "redis://HOST:PORT/NUMBER, and the extra 'redis'",
            "pip install 'nianbao[redis]', or unset NIANBAO_REDIS",
        ) from None

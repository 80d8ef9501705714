"""The jobs that train and compare: each a process of its own, watched from a thread of the job queue."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models import workplace
from models.registry import RECORD
from service.learning.orders import Order, outcome, told
from service.settings import Settings
from service.work.progress import Cancelled, Progress

_log = logging.getLogger("nianbao.training")
_GLANCE_SECONDS = 0.2
_NOTE_SECONDS = 1.0
_TRIES = 3  # a process that dies again and again is not started for ever
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TORCH_NUM_THREADS")


class RunFailedError(Exception):
    """A run came to an end that is none; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Trainer:
    """The two kinds of work."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def all(self) -> dict[str, Callable[[Progress], None]]:
        """Each kind of job and what does it."""
        return {"train": self.run, "judge": self.run}

    def run(self, progress: Progress) -> None:
        """Train a version and have the gate judge it, or the latter alone. A process that dies is followed by another,
        which goes on where it was; what a cancelled run has done is of no use and goes.
        """
        with progress.step() as (_, row):
            order = order_of(row.params, self._settings)
        folder = self._settings.runs_folder / progress.id
        order.write(folder)
        try:
            code, place = self._outcome(progress, folder, order)
        except Cancelled:
            if order.start and not (order.out / RECORD).is_file():
                shutil.rmtree(order.out, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)
        if code:
            _log.error("run failed", extra={"job": progress.id, "code": code, "place": place})
            raise RunFailedError(code)

    def _outcome(self, progress: Progress, folder: Path, order: Order) -> tuple[str, str]:
        for _ in range(_TRIES):
            self._process(progress, folder, order)
            if (said := outcome(folder)) is not None:
                return said
            _log.warning("the training process died", extra={"job": progress.id})
        return "crashed", ""

    def _process(self, progress: Progress, folder: Path, order: Order) -> None:
        """One process from its start to its end. Raises as ``Progress.check`` does: then it is no more."""
        command = [sys.executable, "-m", "service.learning.child", str(folder)]
        environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
        # It ends when its standard input does: with this process, however that comes to its end.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        noted, known = 0.0, (-1, None)
        try:
            while process.poll() is None:
                progress.check()
                time.sleep(_GLANCE_SECONDS)
                said = far(folder, order)
                now: Any = (said.get("done", 0), said.get("total"))
                if now != known and time.monotonic() - noted > _NOTE_SECONDS:
                    noted, known = time.monotonic(), now
                    with progress.step() as (_, row):
                        row.done, row.total = now
        finally:
            process.kill()
            process.wait()
            if process.stdin:
                with contextlib.suppress(OSError):
                    process.stdin.close()


def order_of(params: dict[str, Any], settings: Settings) -> Order:
    """The order that a job's parameters amount to."""
    return Order(**params["order"], data=str(settings.dataset_folder), gate_reports=settings.gate_reports)


def far(folder: Path, order: Order) -> dict[str, Any]:
    """How far a run is: ``phase``, ``done``, ``total``, and while it trains ``loss`` and ``scores``."""
    training = workplace.progress(order.out) if order.start else {}
    return {**training, **told(folder)}

"""A fixed number of reading processes. A report that takes too long, or that nobody waits for, loses its process.

That is what frees the slot: Python cannot stop a thread, and half a report cannot be taken back from a model. The
next report waits until a new process has loaded the models, about two seconds.
"""

from __future__ import annotations

import logging
import math
import os
import pickle
import queue
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection

from extractor.reading import Decoded
from models import registry
from models.registry import BrokenInstallation
from service.reading.messages import Crashed, Hello, Order

_log = logging.getLogger("nianbao.reading")
_STARTUP_SECONDS = 120.0
_GRACE_SECONDS = 1.0
_GLANCE_SECONDS = 0.2
_LOOK_SECONDS = 5.0
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class TimeLimitError(Exception):
    """Reading took longer than it may."""


class WaitLimitError(Exception):
    """No process became free in time."""


class AbandonedError(Exception):
    """Nobody waits for the result any more."""


class CrashedError(Exception):
    """The software failed on this text, or its process died."""


class Ticket:
    """One wish to have a report read: until when, and whether somebody still waits for it."""

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self._abandoned_at: float | None = None

    def abandon(self) -> None:
        """Nobody waits any more. A report that is nearly read is read to its end."""
        self._abandoned_at = time.monotonic()

    @property
    def left(self) -> float:
        """Seconds until the deadline, 0 behind it."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def is_abandoned(self) -> bool:
        return self._abandoned_at is not None

    @property
    def is_stale(self) -> bool:
        """Abandoned for longer than a usual report takes."""
        return self._abandoned_at is not None and time.monotonic() - self._abandoned_at > _GRACE_SECONDS


class Pool:
    """Reads reports in ``size`` processes. Methods may be called from any thread."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.versions: tuple[tuple[str, str], ...] = ()
        self._free: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._all: set[_Process] = set()
        self._stopped = False
        self._looked_at = -math.inf
        self._wanted: tuple[tuple[str, str], ...] = ()

    def start(self) -> None:
        """Start every process and wait until they are ready. Raises BrokenInstallation where models cannot load."""
        for process in [self._new() for _ in range(self.size)]:
            self.versions = self._wanted = process.greet(_STARTUP_SECONDS)
            self._free.put(process)

    def stop(self) -> None:
        """End every process; what they read is lost."""
        with self._lock:
            self._stopped = True
            todo, self._all = self._all, set()
        for process in todo:
            process.end()

    @property
    def alive(self) -> int:
        """How many processes there are, ready or busy."""
        with self._lock:
            return sum(process.is_alive for process in self._all)

    def read(self, report: Decoded, id: str, ticket: Ticket) -> bytes:
        """The result as JSON. Raises TimeLimitError, WaitLimitError, AbandonedError or CrashedError."""
        process = self._up_to_date(self._take(ticket))
        whole = False
        try:
            self.versions = process.greet(ticket.left)
            answer = process.ask(Order(report, id), ticket)
            whole = True
        except WaitLimitError:
            whole = True  # it is still loading: the next report will find it ready
            raise
        except (EOFError, OSError):
            if ticket.is_stale:
                raise AbandonedError from None
            _log.error("reading process died sha256=%s", report.sha256)
            raise CrashedError from None
        finally:
            self._give_back(process, whole)
        if answer.startswith(b"\0"):
            crash: Crashed = pickle.loads(answer[1:])
            _log.error("reading crashed type=%s place=%s sha256=%s", crash.type, crash.place, report.sha256)
            raise CrashedError
        return answer

    def _take(self, ticket: Ticket) -> _Process:
        while True:
            try:
                return self._free.get(timeout=min(_GLANCE_SECONDS, ticket.left) or 0.001)
            except queue.Empty:
                if ticket.is_abandoned:
                    raise AbandonedError from None
                if not ticket.left:
                    raise WaitLimitError from None

    def _up_to_date(self, process: _Process) -> _Process:
        """The process, or a new one where another version of the models has been promoted since it began."""
        if time.monotonic() - self._looked_at > _LOOK_SECONDS:
            self._looked_at = time.monotonic()
            with suppress(BrokenInstallation):  # pins that cannot be read do not stop what runs
                self._wanted = tuple((task, registry.current(task)) for task in registry.TASKS)
        if process.versions in (None, self._wanted):
            return process
        self._end(process)
        return self._new()

    def look(self) -> None:
        """Have the next report ask at once which versions serve."""
        self._looked_at = -math.inf

    def _end(self, process: _Process) -> None:
        process.end()
        with self._lock:
            self._all.discard(process)

    def _give_back(self, process: _Process, whole: bool) -> None:
        if not whole:
            self._end(process)
            if self._stopped:
                return
            process = self._new()
        self._free.put(process)

    def _new(self) -> _Process:
        process = _Process()
        with self._lock:
            self._all.add(process)
        return process


class _Process:
    """One reading process and the socket to it. One thread at a time uses it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "service.reading.child", str(theirs.fileno())]
        # Each process computes on one core: as many processes as cores do not get in each other's way.
        environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment)
        theirs.close()
        self._channel = Connection(ours.detach())
        self.versions: tuple[tuple[str, str], ...] | None = None

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def greet(self, seconds: float) -> tuple[tuple[str, str], ...]:
        """Wait until the models are loaded; returns their versions."""
        if self.versions is None:
            if not self._channel.poll(seconds):
                raise WaitLimitError
            try:
                hello: Hello | BrokenInstallation = pickle.loads(self._channel.recv_bytes())
            except EOFError:
                raise BrokenInstallation(
                    "a reading process ended before it was ready",
                    "a process that loads the models within two minutes",
                    "see what it printed above; check memory, and that the package is whole",
                ) from None
            if isinstance(hello, BrokenInstallation):
                raise hello
            self.versions = hello.versions
        return self.versions

    def ask(self, order: Order, ticket: Ticket) -> bytes:
        """Raises TimeLimitError or AbandonedError, EOFError or OSError where the process died."""
        self._channel.send_bytes(pickle.dumps(order))
        while not self._channel.poll(min(_GLANCE_SECONDS, ticket.left)):
            if not ticket.left:
                raise TimeLimitError
            if ticket.is_stale:
                raise AbandonedError
        return self._channel.recv_bytes()

    def end(self) -> None:
        with suppress(OSError):
            self._channel.close()
        self._process.kill()
        self._process.wait()

"""Many reports: in this process or in a pool of them, in the order given, none lost and never many held at once.

Each worker process loads the models once and reads its files itself. Only as many reports are under way as keep the
workers busy, so that thousands of files need no more memory than a dozen. A report that brings its worker down is
tried once more alone, and reported if it does so again.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from extractor.document import Document, Message
from extractor.pipeline import collect_seldom, load
from extractor.reading import Decoded, ReadingError, read_bytes, read_path
from extractor.result import Result, dump, payload

T = TypeVar("T")
Render = Callable[[Document, Decoded], T]
_AHEAD = 4
_POOL_FROM = 12
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Source:
    """One report to be read: a file, or bytes that are there already. ``name`` is what a person calls it."""

    id: str
    name: str
    path: Path | None = None
    data: bytes | None = None

    def read(self) -> Decoded:
        """Raises ReadingError, or OSError where the file cannot be opened."""
        if self.path is not None:
            return read_path(self.path)
        return read_bytes(self.data or b"")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a report was not read. ``code`` is that of the reading error, ``unopened`` or ``crashed``."""

    code: str
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one report: ``output``, or a ``failure``.

    ``begun`` and ``ended`` are seconds of the machine's monotonic clock, ``peak_mb`` the worker's memory so far.
    """

    source: Source
    output: T | None
    failure: Failure | None
    begun: float
    ended: float
    peak_mb: float


def as_result(document: Document, decoded: Decoded) -> Result:
    """Render as a Result."""
    return Result.of(document, decoded)


def as_json(document: Document, decoded: Decoded) -> bytes:
    """Render as JSON on one line."""
    return dump(payload(document, decoded))


def as_indented_json(document: Document, decoded: Decoded) -> bytes:
    """Render as JSON with an item a line."""
    return dump(payload(document, decoded), indent=2)


def run(sources: Iterable[Source], render: Render[T], jobs: int | None = None) -> Iterator[Outcome[T]]:
    """One outcome for each source, in order.

    ``render`` is a function of a module (workers import it). ``jobs`` is the number of processes: 0 works in this
    one, None decides by the number of reports and of cores. Raises BrokenInstallation where the models cannot load.
    """
    if jobs is None:
        sources, jobs = _fitting(sources)
    if jobs <= 0:
        return (_work(source, render) for source in sources)
    return _pooled(iter(sources), render, jobs)


def cores() -> int:
    """The number of cores that this process may use."""
    with suppress(AttributeError):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def _fitting(sources: Iterable[Source]) -> tuple[Iterable[Source], int]:
    """A pool is worth its start only where there are some reports and more cores than one."""
    listed = list(sources)
    return listed, cores() if len(listed) >= _POOL_FROM and cores() > 1 else 0


def _pooled(sources: Iterator[Source], render: Render[T], jobs: int) -> Iterator[Outcome[T]]:
    pool = _pool(jobs)
    under_way: deque[tuple[Source, Future[Outcome[T]]]] = deque()
    try:
        while True:
            for source in islice(sources, jobs * _AHEAD - len(under_way)):
                under_way.append((source, pool.submit(_work, source, render)))
            if not under_way:
                return
            source, future = under_way[0]
            try:
                outcome = future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                yield from _one_by_one([source for source, _ in under_way], render)
                under_way.clear()
                pool = _pool(jobs)
                continue
            under_way.popleft()
            yield outcome
    finally:
        # a pool that has nothing left to do ends at once; waiting keeps Python's own exit from tripping over it
        pool.shutdown(wait=not under_way, cancel_futures=True)


def _one_by_one(sources: list[Source], render: Render[T]) -> Iterator[Outcome[T]]:
    """After a worker died: each report that was under way alone, so that only the one that kills it is given up."""
    pool = _pool(1)
    try:
        for source in sources:
            begun = time.monotonic()
            try:
                yield pool.submit(_work, source, render).result()
            except BrokenProcessPool:
                yield Outcome(source, None, _died(), begun, time.monotonic(), 0.0)
                pool.shutdown(wait=False)
                pool = _pool(1)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Spawned, not forked: ONNX Runtime's threads do not survive a fork. One process computes with one thread."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), collect_seldom)


def _work(source: Source, render: Callable[[Document, Decoded], Any]) -> Outcome[Any]:
    """Read one report. Whatever goes wrong with it is its outcome; a broken installation is everybody's and raises."""
    extractor = load()
    begun = time.monotonic()
    output, failure = None, None
    try:
        decoded = source.read()
        output = render(extractor(decoded.text, source.id), decoded)
    except ReadingError as error:
        failure = Failure(error.code, error.message)
    except OSError as error:
        failure = _unopened(error)
    except Exception as error:
        failure = _crashed(error)
    return Outcome(source, output, failure, begun, time.monotonic(), peak_mb())


def peak_mb() -> float:
    """The most memory that this process has had, in MB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _unopened(error: OSError) -> Failure:
    reason = error.strerror or type(error).__name__
    return Failure(
        "unopened",
        Message(
            f"文件无法打开（{reason}）。应为可读的文本文件。请检查路径与权限。",
            f"The file cannot be opened ({reason}). Expected a readable text file. Check its path and permissions.",
        ),
    )


def _crashed(error: Exception) -> Failure:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace else None
    place = f"{Path(code.co_filename).name}:{trace.tb_lineno}" if code and trace else "?"
    what = f"{type(error).__name__}: {error}"
    return Failure(
        "crashed",
        Message(
            f"处理该文本时程序出错（{what}，{place}）。应为正常处理任何文本。请将此信息连同文本报告给开发者。",
            f"The software failed on this text ({what}, {place}). It should take any text. Please report this.",
        ),
    )


def _died() -> Failure:
    return Failure(
        "crashed",
        Message(
            "处理该文本的进程两次异常终止。应为正常处理任何文本。请检查内存，并将文本报告给开发者。",
            "The process that read this text died twice. It should take any. Check the memory; please report this.",
        ),
    )

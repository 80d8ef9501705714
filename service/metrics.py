"""What /metrics tells Prometheus. With several workers they add up, through files in PROMETHEUS_MULTIPROC_DIR."""

from __future__ import annotations

import os
from collections.abc import Iterable

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client import multiprocess as several

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)

REQUESTS = Counter("nianbao_requests", "Requests by route and status.", ("method", "route", "status"))
LATENCY = Histogram("nianbao_request_seconds", "Time to answer.", ("method", "route"), buckets=_SECONDS)
REPORTS = Counter("nianbao_reports", "Reports by what became of them.", ("outcome",))
READING = Histogram("nianbao_reading_seconds", "Time in a reading process, waiting included.", buckets=_SECONDS)
IN_FLIGHT = Gauge("nianbao_requests_in_flight", "Requests under way.", multiprocess_mode="livesum")
WAITING = Gauge("nianbao_reports_waiting", "Reports that wait for a reading process.", multiprocess_mode="livesum")
JOBS = Counter("nianbao_jobs", "Jobs that ended, by kind and status.", ("kind", "status"))
MODEL = Gauge("nianbao_model_info", "The models: 1 for those that serve.", ("task", "version"), multiprocess_mode="max")


_shown: set[tuple[str, str]] = set()


def serving(versions: Iterable[tuple[str, str]]) -> None:
    """Say which versions serve now; others do no more."""
    now = set(versions)
    for labels in _shown | now:
        MODEL.labels(*labels).set(labels in now)
    _shown.update(now)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    several.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)

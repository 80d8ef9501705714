"""``nianbao serve`` as it is run: several workers, stopped with patience. Over a real socket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def serving(data: Path, *options: str, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """A service that is ready, and a client of it."""
    port = free_port()
    environment = os.environ | {"NIANBAO_DATA": str(data), "PYTHONPATH": str(ROOT), **settings}
    for name in ("NIANBAO_HOST", "NIANBAO_WORKERS", "PROMETHEUS_MULTIPROC_DIR"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "extractor.cli", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, env=environment, cwd=data, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as client:
            wait_until_ready(process, client)
            yield process, client
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(SECONDS)


def wait_until_ready(process: subprocess.Popen[bytes], client: httpx.Client) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert process.poll() is None
        with suppress(httpx.TransportError):
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.05)
    raise TimeoutError("the service was not ready in time")


def report(number: int) -> dict[str, str]:
    text = f"澄岚县第{number}局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n全年收到政府信息公开申请{number}件。\n"
    return {"text": text, "id": f"r{number}"}


def test_several_workers_share_the_store_and_add_up_their_figures(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", NIANBAO_PROCESSES="1") as (process, client):
        for number in range(8):
            with httpx.Client(base_url=client.base_url, timeout=SECONDS) as other:
                assert other.post("/v1/documents", json=report(number)).status_code == 201
        assert len(client.get("/v1/documents").json()["items"]) == 8
        figures = client.get("/metrics").text
        counted = [line for line in figures.splitlines() if line.startswith('nianbao_reports_total{outcome="read"}')]
        assert float(counted[0].rsplit(" ", 1)[1]) == 8
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0


def test_a_request_under_way_is_answered_before_the_service_stops(tmp_path: Path) -> None:
    long = "全年收到政府信息公开申请3件，予以公开2件，部分公开1件。" * 400
    answers: list[int] = []
    with serving(tmp_path, NIANBAO_PROCESSES="1") as (process, client):
        asking = threading.Thread(
            target=lambda: answers.append(client.post("/v1/extract", json={"text": long}).status_code)
        )
        asking.start()
        time.sleep(0.15)
        process.send_signal(signal.SIGTERM)
        asking.join()
        assert process.wait(SECONDS) in (0, -signal.SIGTERM)
    assert answers == [200]


@pytest.mark.parametrize("name", ["NIANBAO_DATABASE", "NIANBAO_KEYS"])
def test_a_setting_that_does_not_fit_stops_the_start(tmp_path: Path, name: str) -> None:
    environment = os.environ | {"NIANBAO_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), name: "nosuch://x"}
    command = [sys.executable, "-m", "extractor.cli", "serve", "--port", str(free_port())]
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert stopped.returncode != 0
    assert "what to do" in stopped.stderr

"""``nianbao serve`` in a process of its own, for the tests of the browser and for the measurements."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
SECONDS = 60.0


def environment(data: Path, **settings: str) -> dict[str, str]:
    """A service's environment with its store in a folder, whatever this machine's settings are."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    own = {"NIANBAO_DATA": str(data), "NIANBAO_PROCESSES": "1", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return plain | own | settings


@contextmanager
def running(data: Path, **settings: str) -> Iterator[str]:
    """The address of a service that is ready."""
    with started(data, **settings) as (_, address):
        yield address


@contextmanager
def started(data: Path, *options: str, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A service that is ready, with its address. At the end it is killed with all its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "extractor.cli", "serve", "--port", str(port), *options]
    process = subprocess.Popen(
        command, env=environment(data, **settings), cwd=data, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}/readyz")
        yield process, f"http://127.0.0.1:{port}"
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """As ``kill -9`` does: it and what it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(SECONDS)


def _wait(process: subprocess.Popen[bytes], probe: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the service did not start"
        with suppress(httpx.TransportError):
            if httpx.get(probe).status_code == 200:
                return
        time.sleep(0.05)
    raise TimeoutError("the service was not ready in time")

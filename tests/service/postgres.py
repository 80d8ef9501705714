"""A PostgreSQL server for the tests, started from the binaries that are on the machine."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def binaries() -> Path | None:
    """The folder with initdb and postgres, the newest version first; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name.split(".")[0]))
    on_path = shutil.which("initdb")
    folders = [*reversed(found), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def plain_user() -> str | None:
    """Whom to run as: PostgreSQL refuses root. None means: as whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The URL of an empty database; it listens on a socket in a folder of its own, not on the network."""
    user = plain_user()
    home = Path(tempfile.mkdtemp(prefix="nianbao-pg-"))
    if user:
        shutil.chown(home, user)
    data = home / "data"
    common = {"user": user, "cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    initdb = [folder / "initdb", "-D", data, "-U", "nianbao", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(initdb, check=True, **common)  # type: ignore[call-overload]
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", str(home)]
    process = subprocess.Popen([folder / "postgres", "-D", data, *options], **common)  # type: ignore[call-overload]
    url = f"postgresql://nianbao@/postgres?host={home}"
    try:
        _wait(url)
        yield url
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _wait(url: str) -> None:
    """Until it takes connections: its socket is there a little earlier."""
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)

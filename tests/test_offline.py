"""Nothing leaves the machine, and nothing is written where nobody asked for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
READ = """
from extractor.pipeline import load
import socket, sys

def refuse(*_): raise SystemExit("asked for a name")
socket.getaddrinfo = refuse
print(len(load()(open(sys.argv[1], encoding="utf-8", newline="").read()).tables))
"""
# Where one of these is set, the libraries report nothing anyway.
_QUIET = ("ORT_DISABLE_TELEMETRY", "CI", "TF_BUILD", "GITHUB_ACTIONS", "XDG_CACHE_HOME")


def test_reading_a_report_leaves_no_trace_in_the_home_folder(tmp_path: Path, example_path: Path) -> None:
    """Libraries that report their use to their makers keep an identifier and a queue there."""
    environment = {name: value for name, value in os.environ.items() if name not in _QUIET}
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    made = subprocess.run(
        [sys.executable, "-c", READ, str(example_path)], env=environment, capture_output=True, text=True, check=False
    )
    assert (made.stdout.strip(), made.stderr) == ("3", "")
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()] == []

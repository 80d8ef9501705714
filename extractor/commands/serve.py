"""``nianbao serve``: the service in one process or in several, once models and settings are seen to be whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory

import uvicorn
from pydantic import ValidationError
from rich.console import Console

from models import registry

_DONE, _USAGE = 0, 2
# Named, not imported: the service stands above the extractor, and each worker process builds its own.
_APP = "service.app:create_app"
_MANAGE = "service.manage"
_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
_PATIENCE = 20


def run(host: str, port: int, workers: int) -> int:
    """Serve until stopped. Returns the exit code. Raises BrokenInstallation where the models cannot load."""
    for task in registry.TASKS:
        registry.load(task)
    # Worker processes read their settings themselves: what only this command knows goes to them the same way.
    os.environ |= {"NIANBAO_HOST": host, "NIANBAO_WORKERS": str(workers)}
    try:
        prepare: Callable[[], None] = import_module(_MANAGE).prepare
        prepare()
        with _shared_figures(workers):
            uvicorn.run(
                _APP, factory=True, host=host, port=port, workers=workers, access_log=False, log_config=None,
                server_header=False, timeout_graceful_shutdown=_patience(),
            )  # fmt: skip
    except ValidationError as error:
        wrong = "; ".join(f"NIANBAO_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(
            f"nianbao: {wrong}\n  expected: settings as service/README.md names them\n"
            "  what to do: change or unset these environment variables",
        )
        return _USAGE
    return _DONE


@contextmanager
def _shared_figures(workers: int) -> Iterator[None]:
    """Several workers add up the figures of /metrics through files; prometheus_client asks for the folder by name."""
    if workers == 1 or _FIGURES in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="nianbao-metrics-") as folder:
        os.environ[_FIGURES] = folder
        yield


def _patience() -> int:
    """Seconds for requests under way at the end; the service itself says when the variable does not fit."""
    given = os.environ.get("NIANBAO_SHUTDOWN_SECONDS", "")
    return int(given) if given.isdecimal() else _PATIENCE

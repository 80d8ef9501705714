"""``nianbao serve``: the service in one process or in several, once models and settings are seen to be whole."""

from __future__ import annotations

import uvicorn
from pydantic import ValidationError
from rich.console import Console

from models import registry

_DONE, _USAGE = 0, 2
# Named, not imported: the service stands above the extractor, and each worker process builds its own.
_APP = "service.app:create_app"


def run(host: str, port: int, workers: int) -> int:
    """Serve until stopped. Returns the exit code. Raises BrokenInstallation where the models cannot load."""
    for task in registry.TASKS:
        registry.load(task)
    try:
        uvicorn.run(_APP, factory=True, host=host, port=port, workers=workers, access_log=False)
    except ValidationError as error:
        wrong = "; ".join(f"NIANBAO_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(
            f"nianbao: {wrong}\n  expected: settings as the README names them\n"
            "  what to do: change or unset these environment variables",
        )
        return _USAGE
    return _DONE

"""``nianbao keys``: hands over to the service, which is named and not imported, because it stands above."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_MANAGE = "service.manage"


def run(action: str, *arguments: str) -> int:
    """Do ``create``, ``show`` or ``revoke``. Returns the exit code."""
    manage: Any = import_module(_MANAGE)
    return int(getattr(manage, action)(*arguments))

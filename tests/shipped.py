"""The versions of the models that come with the package, by task."""

import tomllib

from models import registry

_PINS = tomllib.loads((registry.package_root() / registry.CURRENT).read_text())
SHIPPED: dict[str, str] = {task: pin["version"] for task, pin in _PINS.items()}

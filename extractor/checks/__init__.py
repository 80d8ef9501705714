"""The checks of a report, one small class each, in the order in which their findings are listed."""

from __future__ import annotations

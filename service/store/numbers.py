"""Figures as the result prints them."""

from __future__ import annotations


def number(value: float | None) -> int | float | None:
    """Columns hold floats; 21.0 is answered as 21."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else value

"""What a reading process and the service say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.reading import Decoded


@dataclass(frozen=True, slots=True)
class Hello:
    """The process is ready, with these versions of the models."""

    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Read this report; ``id`` is given back in the result."""

    report: Decoded
    id: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """The software failed: type and place of the exception, without its message, which may quote the report."""

    type: str
    place: str

"""The formats by name: which one a file is in, and one way to read and to write each."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Literal, get_args

from models.annotations import conll, docbin, doccano, label_studio, own
from models.annotations.draft import Draft
from models.annotations.record import Record
from models.annotations.said import AnnotationError, Refusal, Said

Format = Literal["jsonl", "label-studio", "doccano", "conll", "docbin"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: dict[Format, str] = {
    "jsonl": ".jsonl",
    "label-studio": ".json",
    "doccano": ".jsonl",
    "conll": ".conll",
    "docbin": ".spacy",
}
Beside = Callable[[str], str | None]


def write(records: Iterable[Record], format: Format, model: str | None = None) -> bytes:
    """A file of records. ``model``: the version whose answers these are; Label Studio shows them as predictions."""
    if format == "label-studio":
        return label_studio.write(records, model)
    return {"jsonl": own.write, "doccano": doccano.write, "conll": conll.write, "docbin": docbin.write}[format](records)


def read(
    data: bytes, name: str, format: Format | None = None, *, predictions: bool = False, beside: Beside | None = None
) -> tuple[list[Draft], list[Refusal]]:
    """Drafts of a file and what was refused of it. Raises AnnotationError where it is in no format that is known."""
    chosen = format or detect(data, name)
    try:
        if chosen == "jsonl":
            return own.read(data, name, beside)
        if chosen == "label-studio":
            return label_studio.read(data, name, predictions)
        return {"doccano": doccano.read, "conll": conll.read, "docbin": docbin.read}[chosen](data, name)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        met = f"{type(error).__name__}: {error}"
        raise AnnotationError(_no_file_of(name, chosen, met)) from error


def detect(data: bytes, name: str) -> Format:
    """The format of a file by its content. Raises AnnotationError where it is none of them."""
    if _is_docbin(data):
        return "docbin"
    head = data[:4096].decode("utf-8-sig", "replace").lstrip()
    if not head.startswith(("{", "[")):
        if head and "\0" not in head:
            return "conll"
        raise AnnotationError(_no_file_of(name, None, "no text, or nothing at all"))
    try:
        first = own.first_object(data)
    except ValueError as error:
        raise AnnotationError(_no_file_of(name, None, str(error))) from error
    return _of_object(first) if first is not None else "jsonl"


def _of_object(one: dict[str, object]) -> Format:
    if "data" in one or "annotations" in one or "annotation_id" in one or "lead_time" in one:
        return "label-studio"
    if {"headings", "claims", "cells", "blocks"} & set(one):
        return "jsonl"
    if {"label", "labels", "entities"} & set(one):
        return "doccano"
    return "label-studio" if {"heading", "claim", "cell", "block"} & set(one) else "jsonl"


def _is_docbin(data: bytes) -> bool:
    try:
        return data[:1] == b"\x78" and b"version" in zlib.decompressobj().decompress(data, 65536)
    except zlib.error:
        return False


def _no_file_of(name: str, format: Format | None, met: str) -> Refusal:
    known = ", ".join(FORMATS)
    return Refusal(
        name,
        Said(f"无法理解（{met}）", f"it cannot be understood ({met})"),
        Said(f"{format or known} 格式的文件", f"a file in the format {format}" if format else f"one of {known}"),
        Said("用 --format 指明格式，或重新导出", "name its format with --format, or export it again"),
    )

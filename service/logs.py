"""Structured logs: one JSON object a line, with the id of its request. No text of a report is in them."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from service.settings import Settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What was given as ``extra``, and the request that is being answered."""
    found = {name: value for name, value in vars(record).items() if name not in _ORDINARY}
    current = request_id.get()
    return {"request_id": current, **found} if current else found


class JsonFormatter(logging.Formatter):
    """A record as JSON. Of an exception it gives type and places, never the message: that may quote a report."""

    def format(self, record: logging.LogRecord) -> str:
        made = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if record.exc_info and record.exc_info[0]:
            made["exception"] = record.exc_info[0].__name__
            made["places"] = places(record.exc_info[1])
        return json.dumps(made, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """The same for people, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        told = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        failed = ""
        if record.exc_info and record.exc_info[0]:
            failed = f" exception={record.exc_info[0].__name__} places={places(record.exc_info[1])}"
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return f"{time} {record.levelname} {record.name} {record.getMessage()}{told}{failed}"


def places(error: BaseException | None) -> list[str]:
    """Where an exception passed through: file and line, the innermost last."""
    out: list[str] = []
    trace = error.__traceback__ if error else None
    while trace:
        code = trace.tb_frame.f_code
        out.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return out[-12:]


def install(settings: Settings) -> None:
    """Log everything to standard error in this form. Handlers that are there already (a test's) stay."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else TextFormatter())
    handler.set_name("nianbao")
    root = logging.getLogger()
    for old in [h for h in root.handlers if h.get_name() == "nianbao"]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    for name in ("huey", "alembic", "multipart", "python_multipart"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))

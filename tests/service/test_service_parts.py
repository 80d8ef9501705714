"""Settings, examples and the error for what must not happen."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from extractor.document import Document
from extractor.pipeline import Extractor
from extractor.reading import Decoded
from extractor.result import Result
from models.registry import BrokenInstallation
from service.examples import RESULT, TEXT
from service.reading.child import _read
from service.reading.messages import Order
from service.settings import Settings
from service.work.queue import _queue

ROOT = Path(__file__).parents[2]


class Failing:
    """A stage that quotes the report in its exception."""

    name = "failing"
    needs = ("text",)
    makes = ("nothing",)

    def __call__(self, document: Document) -> Document:
        raise KeyError(document.text)


def test_a_crash_is_told_without_the_text(report: Decoded) -> None:
    answer = _read(Extractor([Failing()]), Order(report, "r1"))
    assert answer.startswith(b"\0")
    told = pickle.loads(answer[1:])
    assert told.type == "KeyError"
    assert "test_service_parts.py" in told.place
    assert "澄岚".encode() not in answer


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_MAX_BODY_BYTES", "2048")
    monkeypatch.setenv("NIANBAO_THREADS", "3")
    settings = Settings()
    assert (settings.max_body_bytes, settings.threads) == (2048, 3)


@pytest.mark.parametrize(("name", "value"), [("THREADS", "0"), ("MAX_BODY_BYTES", "many"), ("LOG_LEVEL", "LOUD")])
def test_a_setting_that_does_not_fit_stops_the_start(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"NIANBAO_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_the_example_answer_fits_the_example_text() -> None:
    result = Result.model_validate(RESULT)
    assert result.document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    section, claim = result.sections[0], result.claims[0]
    assert section.heading is not None
    assert TEXT[section.heading.start : section.heading.end] == section.heading.text
    assert TEXT[claim.start : claim.end] == claim.surface
    assert TEXT[claim.sentence.start : claim.sentence.end] == "全年收到政府信息公开申请3件。"
    assert (section.end, result.findings[0].evidence[0].start) == (len(TEXT), claim.start)


def test_the_service_starts_without_what_only_the_extras_bring(tmp_path: Path) -> None:
    block = "".join(f"sys.modules[{name!r}] = None; " for name in ("psycopg", "redis", "pyarrow", "torch", "httpx"))
    code = f"""import sys; {block}
from service.app import create_app
from service.manage import prepare
create_app().openapi()
prepare()"""
    environment = os.environ | {"NIANBAO_DATA": str(tmp_path)}
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "nianbao.db").exists()


def test_without_redis_the_setting_for_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huey.storage.Redis", None)
    with pytest.raises(BrokenInstallation, match=r"nianbao\[redis\]"):
        _queue(Settings(data=tmp_path, redis="redis://localhost:1/0"))

"""Settings, examples and the error for what must not happen."""

from __future__ import annotations

import hashlib

import pytest
from anyio import CapacityLimiter
from pydantic import ValidationError

from extractor.document import Document
from extractor.pipeline import Extractor
from extractor.reading import read_text
from extractor.result import Result
from service.dependencies import Report, State
from service.endpoints.extract import _extract
from service.errors import Problem, ProblemError
from service.examples import PROBLEMS, RESULT, TEXT
from service.settings import Settings


class Failing:
    """A stage that quotes the report in its exception."""

    name = "failing"
    needs = ("text",)
    makes = ("nothing",)

    def __call__(self, document: Document) -> Document:
        raise KeyError(document.text)


def test_a_crash_is_a_problem_that_quotes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    state = State(Settings(), Extractor([Failing()]), CapacityLimiter(1))
    report = Report(read_text(TEXT), "r1")
    with pytest.raises(ProblemError) as caught:
        _extract(report, state)
    assert (caught.value.problem.status, caught.value.problem.code) == (500, "crashed")
    assert caught.value.__suppress_context__
    assert report.decoded.sha256 in caplog.text
    assert "澄岚" not in caplog.text


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_MAX_BODY_BYTES", "2048")
    monkeypatch.setenv("NIANBAO_THREADS", "3")
    settings = Settings()
    assert (settings.max_body_bytes, settings.threads) == (2048, 3)


def test_every_setting_is_documented() -> None:
    for name in Settings.model_fields:
        assert f"NIANBAO_{name.upper()}" in (Settings.__doc__ or "")


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


def test_the_example_problems_are_problems() -> None:
    for status, response in PROBLEMS.items():
        for example in response["content"]["application/problem+json"]["examples"].values():
            assert Problem.model_validate(example["value"]).status == status

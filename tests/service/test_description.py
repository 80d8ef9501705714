"""/openapi.json against the service: every operation has an example, every problem a code, every answer its schema."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python.asgi import get_client, shutdown_lifespans
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from models import promotion, registry
from models.annotations.dataset import Dataset, Incoming
from service.app import create_app
from service.bodies import JSON
from service.problems import KNOWN, known
from service.reading.pool import Pool
from service.settings import PREFIX, Settings
from service.store import jobs
from service.store.database import Database
from service.store.tables import now
from tests.models.gate.conftest import annotated
from tests.shipped import SHIPPED

README = Path(__file__).parents[2] / "service" / "README.md"
DESCRIPTION: dict[str, Any] = create_app(Settings()).openapi()
OPERATIONS = [
    (path, method, operation) for path, item in DESCRIPTION["paths"].items() for method, operation in item.items()
]
NAMES = [f"{method} {path}" for path, method, _ in OPERATIONS]


def fits(schema: dict[str, Any], value: Any) -> None:
    """Raises where a value is not what the description says of it."""
    whole = {**schema, "components": DESCRIPTION["components"]}
    jsonschema_rs.Draft202012Validator(whole).validate(value)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_has_an_example_that_fits(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    answers = [r for status, r in operation["responses"].items() if status.startswith("2") and "content" in r]
    examples = [
        (content["schema"], content["example"])
        for r in answers
        for content in r["content"].values()
        if "example" in content
    ]
    assert examples or method == "delete"
    for schema, example in examples:
        fits(schema, example)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "example" in content:
            fits(content["schema"], content["example"])


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=NAMES)
def test_every_problem_is_described_with_an_example(path: str, method: str, operation: dict[str, Any]) -> None:
    problems = {
        name: (content["schema"], example["value"])
        for status, response in operation["responses"].items()
        if int(status) >= 400
        for content in response["content"].values()
        for name, example in content["examples"].items()
    }
    if path not in ("/livez", "/readyz", "/healthz"):
        assert problems.keys() >= {"unauthorized", "forbidden", "busy", "internal", "rate_limited"}
    if "{id}" in path:
        assert "not_found" in problems
    if "requestBody" in operation:
        assert problems.keys() >= {"too_large", "too_slow", "invalid_request", "unsupported_media_type"}
    for name, (schema, example) in problems.items():
        fits(schema, example)
        assert example == known(name).model_dump()


def test_the_readme_lists_every_problem() -> None:
    listed = table_of(README.read_text(encoding="utf-8"), "code")
    assert {code: status for code, status, *_ in listed} == {code: str(found.status) for code, found in KNOWN.items()}


def test_the_readme_lists_every_setting_with_its_default() -> None:
    listed = {name: (default, text) for name, default, text in table_of(README.read_text(encoding="utf-8"), "variable")}
    listed.pop("NIANBAO_MODELS")  # models.registry reads it
    assert listed.keys() == {PREFIX + name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default, text = listed[PREFIX + name.upper()]
        assert text == field.description
        if field.default_factory is None:
            assert default == str(field.default)


def table_of(markdown: str, head: str) -> list[list[str]]:
    """The rows of the table whose first column has this head; code marks around a first or second cell are left out."""
    lines = iter(markdown.splitlines())
    for line in lines:
        if line.startswith(f"| {head} "):
            break
    next(lines)
    rows: list[list[str]] = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        rows.append([cells[0].strip("`"), cells[1].strip("`"), *cells[2:]])
    return rows


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of models with a version that was promoted, so that there is a way back."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(registry.ROOT_VARIABLE, str(folder))
        shutil.copytree(registry.version_dir("layout", SHIPPED["layout"]), folder / "layout" / "copy")
        promotion.promote("layout", "copy")
        yield folder


@pytest.fixture(scope="module")
def app(pool: Pool, models: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    made = Settings(data=tmp_path_factory.mktemp("described"), allowed_hosts="localhost,testserver", rate_per_minute=0)
    data = Dataset(made.dataset_folder)
    data.add([Incoming(annotated(n), "test") for n in range(6)])
    database = Database(made.database_url)
    database.migrate()
    with database.writing() as session:  # another worker trains: no run that is asked for here begins
        row = jobs.create(
            session,
            "train",
            {"order": {"task": "layout", "version": "run0", "start": SHIPPED["layout"], "changes": {}}},
        )
        row.status, row.owner, row.beat_at = "running", "elsewhere", now() + timedelta(hours=1)
    database.close()
    return create_app(made, pool)


@pytest.fixture(scope="module")
def operations(app: FastAPI) -> Iterator[dict[str, APIOperation[Any, Any, Any]]]:
    """The operations as schemathesis sees them, of a service that runs."""
    found = (result.ok() for result in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations())
    yield {operation.label: operation for operation in found}
    shutdown_lifespans()


@pytest.fixture(scope="module")
def ids(app: FastAPI, operations: object, example_text: str) -> dict[str, str]:
    """Ids of what is stored, so that requests do not only meet what is not there."""
    with get_client(app) as client:
        document = client.post("/v1/documents", json={"text": example_text}).json()["id"]
        finding = client.get("/v1/findings?status=mismatch").json()["items"][0]
        job = client.post("/v1/jobs", json={"kind": "export"}).json()["id"]
        run = client.get("/v1/training-runs").json()["items"][0]["id"]
    return {
        "documents": document, "findings": finding["id"], "jobs": job, "training-runs": run, "version": "layout-copy",
        "forms": "2021", "cell": "t2.normative.made", "claim": finding["claim_id"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def seen() -> Counter[tuple[str, int]]:
    """How often which operation was answered with which status."""
    return Counter()


WANTED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


QUICK = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("label", [f"{method.upper()} {path}" for path, method, _ in OPERATIONS])
@pytest.mark.parametrize(("mode", "examples"), [(GenerationMode.POSITIVE, 8), (GenerationMode.NEGATIVE, 4)])
def test_no_request_meets_a_failure_or_an_answer_that_is_not_described(
    operations: dict[str, APIOperation[Any, Any, Any]],
    ids: dict[str, str],
    seen: Counter[tuple[str, int]],
    label: str,
    mode: GenerationMode,
    examples: int,
) -> None:
    operation = operations[label]
    if mode is GenerationMode.NEGATIVE and not (list(operation.iter_parameters()) or operation.body):
        mode = GenerationMode.POSITIVE

    @settings(QUICK, max_examples=examples)
    @given(case=operation.as_strategy(mode))
    def ask(case: Any) -> None:
        kind = operation.path.split("/")[2] if operation.path.count("/") > 1 else ""
        stored = ids | {"id": ids.get(kind, "")}
        if mode is GenerationMode.POSITIVE and case.method != "DELETE":
            case.path_parameters = {
                name: stored.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        # A made-up key is refused before anything else happens; that is tested elsewhere.
        case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"}
        seen[label, case.call_and_validate(checks=WANTED).status_code] += 1

    ask()


def test_the_requests_above_met_what_is_stored(operations: object, seen: Counter[tuple[str, int]]) -> None:
    """Nobody learns anything from requests that are all refused at the door."""
    fine = {label for label, status in seen if status in (200, 201, 202)}
    wanted = {f"{method.upper()} {path}" for path, method, _ in OPERATIONS if method != "delete"}
    assert wanted - fine <= {"GET /v1/jobs/{id}/result", "POST /v1/annotations"}  # no chance finds what fits these


def test_the_description_is_json() -> None:
    assert json.loads(json.dumps(DESCRIPTION))["openapi"].startswith("3.")
    assert JSON in DESCRIPTION["paths"]["/v1/extract"]["post"]["requestBody"]["content"]

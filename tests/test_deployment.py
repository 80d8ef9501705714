"""Dockerfile, compose.yaml and CI's script name files, settings, commands and addresses that this project has."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from extractor.cli import app as command_line
from service.app import create_app
from service.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICE: dict[str, Any] = COMPOSE["services"]["service"]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's lines: the word each begins with, and the rest."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line and not line.startswith("#")]


def only(word: str) -> str:
    [rest] = [rest for name, rest in instructions() if name == word]
    return rest


def serving(command: list[str]) -> dict[str, Any]:
    """What ``nianbao serve`` takes a command of the container for. Fails where it would refuse it."""
    assert command[:2] == ["nianbao", "serve"]
    serve = typer.main.get_command(command_line).commands["serve"]  # type: ignore[attr-defined]
    return dict(serve.make_context("serve", command[2:]).params)


def test_what_the_image_copies_is_there_and_not_left_out() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [
        part for name, rest in instructions() if name == "COPY" and "--from" not in rest for part in rest.split()[:-1]
    ]
    assert {"pyproject.toml", "README.md", "models", "extractor", "service"} == set(copied)
    assert all((ROOT / part).exists() for part in copied)
    # Everything is left out but these.
    assert left_out[0] == "*"
    assert {f"!{part}" for part in copied} == {pattern for pattern in left_out if pattern.startswith("!")}


def test_what_the_image_installs_is_what_the_package_offers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    steps = " ".join(rest for name, rest in instructions() if name == "RUN")
    [extras] = re.findall(r"'\.\[([\w,]+)\]'", steps)
    assert set(extras.split(",")) == {"postgres", "redis", "parquet"}
    assert set(extras.split(",")) <= project["optional-dependencies"].keys()
    [image] = {rest.split()[0] for name, rest in instructions() if name == "FROM"}
    assert image == "python:" + project["requires-python"].removeprefix(">=") + "-slim"


def test_the_image_serves_as_one_who_may_do_nothing_else() -> None:
    asked = serving(json.loads(only("CMD")))
    assert (asked["host"], asked["port"]) == ("0.0.0.0", int(only("EXPOSE")))
    assert only("USER") == "nianbao"
    environment = dict(word.split("=", 1) for word in shlex.split(only("ENV")))
    assert {name for name in environment if name.startswith(PREFIX)} <= KNOWN
    assert environment["NIANBAO_DATA"] == only("VOLUME") == "/data"
    assert "-o nianbao /data" in " ".join(rest for name, rest in instructions() if name == "RUN")


def test_the_health_check_asks_an_address_that_is_served() -> None:
    code = json.loads(only("HEALTHCHECK").split("CMD", 1)[1])
    assert code[:2] == ["python", "-c"]
    compile(code[2], "HEALTHCHECK", "exec")
    [(port, path)] = re.findall(r"'http://127\.0\.0\.1:(\d+)(/\w+)'", code[2])
    assert port == only("EXPOSE")
    assert path in create_app(Settings()).openapi()["paths"]


def test_compose_sets_only_what_the_service_knows() -> None:
    assert set(SERVICE["environment"]) <= KNOWN
    url = SERVICE["environment"]["NIANBAO_DATABASE"]
    database = COMPOSE["services"]["db"]
    assert re.fullmatch(r"postgresql://(\w+):\$\{NIANBAO_DB_PASSWORD:\?[\w ]+\}@(\w+)/(\w+)", url)
    assert url.split("@")[1] == f"db/{database['environment']['POSTGRES_DB']}"
    assert url.split("/")[2].split(":")[0] == database["environment"]["POSTGRES_USER"]
    assert database["environment"]["POSTGRES_PASSWORD"] in url
    assert Settings(database=url.replace("${NIANBAO_DB_PASSWORD:?set a password}", "x")).database_url


def test_compose_runs_the_service_behind_its_database_and_lets_it_end() -> None:
    asked = serving(SERVICE["command"])
    assert (asked["workers"], asked["port"]) == (2, int(only("EXPOSE")))
    assert SERVICE["build"] == "."
    assert SERVICE["ports"] == ["127.0.0.1:8000:8000"]
    assert SERVICE["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert "healthcheck" in COMPOSE["services"]["db"]
    assert int(SERVICE["stop_grace_period"].rstrip("s")) > Settings().shutdown_seconds
    named = {place.split(":")[0] for one in COMPOSE["services"].values() for place in one["volumes"]}
    assert named == COMPOSE["volumes"].keys()


@pytest.mark.parametrize("script", ["run", "programs"])
def test_the_scripts_of_ci_are_valid(script: str) -> None:
    made = subprocess.run(["bash", "-n", ROOT / ".ci" / script], capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    assert (ROOT / ".ci" / script).stat().st_mode & 0o100

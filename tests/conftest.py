"""What many tests need: the example report, the extractor with the models that serve, a command line runner."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.pipeline import Extractor, load

ROOT = Path(__file__).parent.parent
# Tests judge the models that came with the package, whatever their runner has promoted; processes they start do too.
os.environ["NIANBAO_MODELS"] = os.devnull + "/none"


@pytest.fixture(scope="session")
def example_path() -> Path:
    return ROOT / "training_data" / "examples" / "chenglan-2023-claim-differs.txt"


@pytest.fixture(scope="session")
def example_text(example_path: Path) -> str:
    return example_path.read_bytes().decode()


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return load()


@pytest.fixture
def command() -> CliRunner:
    return CliRunner()

"""The annotated examples of training_data are read exactly: cells, headings, claims with their cells, findings."""

import json
from pathlib import Path

import pytest

from extractor.evaluate import figures, score
from extractor.pipeline import Extractor
from extractor.result import payload

EXAMPLES = sorted((Path(__file__).parents[2] / "training_data" / "examples").glob("*.txt"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_is_read_as_it_is_annotated(path: Path, extractor: Extractor) -> None:
    gold = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    result = payload(extractor(path.read_bytes().decode("utf-8"), path.stem))
    marked = score(gold, result)
    assert not marked.errors
    assert figures(marked.tally)["links_f1"] == 1.0


def test_there_are_examples() -> None:
    assert EXAMPLES

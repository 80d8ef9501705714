"""The repository's own training data is what its manifest says, and its guidelines name what the software names."""

from __future__ import annotations

import re
from pathlib import Path

from models.annotations.build import is_metric, known_cells
from models.annotations.check import wrong
from models.annotations.dataset import MANIFEST, Dataset
from models.annotations.draft import named
from models.annotations.manifest import dumps
from models.annotations.record import CLAIM_KINDS, FIELDS
from models.layout.labels import BLOCK_TYPES

ROOT = Path(__file__).parents[3] / "training_data"
GUIDELINES = ROOT / "guidelines"


def test_the_manifest_is_true() -> None:
    dataset = Dataset(ROOT)
    assert [r.en for r in wrong(dataset)] == []
    assert dataset.strays() == []
    assert dumps(dataset.surveyed()) == (ROOT / MANIFEST).read_text(encoding="utf-8")
    assert len(dataset.entries) == len(list((ROOT / "examples").glob("*.txt")))


def test_examples_are_named_by_what_they_teach() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", e.id) and e.id in e.file for e in Dataset(ROOT).entries)


def test_the_guidelines_name_every_kind_type_and_field() -> None:
    pages = {p.stem: p.read_text(encoding="utf-8") for p in GUIDELINES.glob("*.md")}
    assert set(pages) == {"README", "headings", "claims", "cells", "blocks", "fields"}
    assert [k for k in CLAIM_KINDS if f"| {k} |" not in pages["claims"]] == []
    assert [t for t in BLOCK_TYPES if f"| {t} |" not in pages["blocks"]] == []
    assert [f for f in FIELDS if f"| {f} |" not in pages["fields"]] == []
    assert all("## Hard cases" in pages[p] or p in ("README", "fields") for p in pages)


def test_every_cell_that_a_guideline_names_exists() -> None:
    for page in GUIDELINES.glob("*.md"):
        for name in re.findall(r"`(t[234]\.[a-z_.+*\dt]+)`", page.read_text(encoding="utf-8")):
            assert is_metric(name) or name.removesuffix(".*") + ".natural" in known_cells(), name


def test_every_label_that_a_guideline_shows_is_one_that_imports_know() -> None:
    for page in GUIDELINES.glob("*.md"):
        for label in re.findall(r"`((?:claim|heading|block|cell)=[a-z0-9.]+)`", page.read_text(encoding="utf-8")):
            assert named(label) is not None, label

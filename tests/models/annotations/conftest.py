"""Annotated synthetic reports, made once: as records, and as the gold that they came from."""

from __future__ import annotations

import json

import pytest

from models.annotations import own
from models.annotations.record import Record
from models.annotations.verify import admit
from models.synthesis.report import Synthetic, synthesize

REPORTS = 200


@pytest.fixture(scope="session")
def synthetic() -> list[Synthetic]:
    return [synthesize(404, i) for i in range(REPORTS)]


@pytest.fixture(scope="session")
def records(synthetic: list[Synthetic]) -> list[Record]:
    """Every report's gold, taken in as annotations are."""
    lines = [json.dumps({**s.gold, "text": s.text}, ensure_ascii=False) for s in synthetic]
    drafts, refusals = own.read("\n".join(lines).encode(), "synthesis.jsonl")
    made = [admit(draft) for draft in drafts]
    assert not refusals
    assert [r.en for m in made for r in m.refusals] == []
    return [m.record for m in made if m.record is not None]

"""Claims as people write them: every trap has its cases, whole reports through the whole pipeline."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.pipeline import Extractor
from tests.extractor.case_reports import cases, differences, report, told_in


def _parameters() -> list[Any]:
    """The cases; one that is out of reach says why in ``xfail``, and must fail as long as it says so."""
    return [
        pytest.param(
            case, id=name, marks=pytest.mark.xfail(strict=True, reason=case["xfail"]) if "xfail" in case else ()
        )
        for name, case in cases("claims")
    ]


@pytest.mark.parametrize("case", _parameters())
def test_claims_and_what_the_tables_say_of_them_are_as_the_case_says(
    extractor: Extractor, case: dict[str, Any]
) -> None:
    given = report(case)
    document = extractor(given.text)
    wrong = differences(given.claims, told_in(document), bool(case.get("tables", True)))
    assert not wrong, "\n".join([case.get("text", given.text), *wrong])
    others = sorted(f.kind for f in document.findings if f.status == "mismatch" and f.kind != "claim_vs_table")
    assert others == case.get("mismatches", []), [f.message.en for f in document.findings if f.status == "mismatch"]


def test_every_case_has_a_name_of_its_own() -> None:
    names = [name for name, _ in cases("claims")]
    assert len(names) == len(set(names))

"""Scope in words: whose number it is where the clause says so."""

import pytest

from extractor.checks.wording import page
from extractor.document import Claim, Metadata, Span
from extractor.scopes import consolidated, rescoped


def scope(text: str, number: str, issuer: str = "青禾县水务局", told: str = "own", kind: str = "count") -> str:
    at = text.index(number)
    place = Span(at, at + len(number))
    claim = Claim(
        "c1", kind, place, float(number), "件", False, told, (), (), 0.99, Span(0, len(text))  # type: ignore[arg-type]
    )  # fmt: skip
    return rescoped(page(text), Metadata(issuer=issuer, year=2023), claim).scope


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("公开信息312条，去年同期为290条。", "290", "other_year"),
        ("公开信息312条，比去年同期增加22条。", "22", "own"),
        ("上年度收到申请14件，本年收到11件。", "14", "other_year"),
        ("上年度收到申请14件，本年收到11件。", "11", "own"),
        ("去年收到申请14件，均已办结。", "14", "own"),
        ("上年结转申请4件，本年新收11件。", "4", "own"),
        ("自2008年以来累计公开信息592条。", "592", "other_year"),
        ("自2008年以来持续公开，2023年累计公开信息592条。", "592", "own"),
        ("协助县医保局办理申请6件。", "6", "other_org"),
        ("全县收到申请80件，本局收到7件。", "80", "other_org"),
        ("全县收到申请80件，本局收到7件。", "7", "own"),
        ("全县收到申请80件。", "80", "own"),
    ],
)
def test_the_clause_gives_a_number_to_its_year_and_body(text: str, number: str, expected: str) -> None:
    assert scope(text, number) == expected


def test_a_report_of_a_whole_county_speaks_for_it() -> None:
    assert scope("全县收到申请80件，本级收到7件。", "80", issuer="青禾县人民政府") == "own"
    assert consolidated("青禾县人民政府")
    assert not consolidated("青禾县人民政府办公室")
    assert not consolidated(None)


def test_what_the_tagger_gave_to_another_year_stays_there() -> None:
    assert scope("2021年收到申请9件。", "9", told="other_year") == "other_year"


def test_differences_and_ratios_keep_their_scope() -> None:
    assert scope("去年同期12件。", "12", kind="delta") == "own"

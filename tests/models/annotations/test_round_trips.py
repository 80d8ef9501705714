"""What goes out in a format comes back the same, whatever is in it."""

from __future__ import annotations

import json

import pytest

from models.annotations import formats, own
from models.annotations.record import Block, Cell, Claim, Heading, Record, to_json
from models.annotations.verify import admit
from models.synthesis.report import Synthetic


def there_and_back(records: list[Record], format: formats.Format, model: str | None = None) -> list[Record | None]:
    data = formats.write(records, format, model)
    drafts, refusals = formats.read(data, f"export{formats.SUFFIXES[format]}", predictions=model is not None)
    assert refusals == []
    made = [admit(draft) for draft in drafts]
    assert [r.en for m in made for r in m.refusals] == []
    assert [r.en for m in made for r in m.repairs] == []
    return [m.record for m in made]


@pytest.mark.parametrize("format", formats.FORMATS)
def test_two_hundred_reports_come_back_exactly(records: list[Record], format: formats.Format) -> None:
    assert len(records) == 200
    back = there_and_back(records, format)
    assert [r.id for r, b in zip(records, back, strict=True) if r != b] == []


def test_predictions_come_back_exactly_where_they_are_wanted(records: list[Record]) -> None:
    assert there_and_back(records[:20], "label-studio", "claims v1") == records[:20]


def test_a_record_says_all_that_its_gold_says(synthetic: list[Synthetic], records: list[Record]) -> None:
    for made, record in zip(synthetic, records, strict=True):
        said = to_json(record)
        assert {k: v for k, v in said.items() if k in made.gold and k not in ("blocks", "uncertain_cells")} == {
            k: v for k, v in made.gold.items() if k not in ("blocks", "uncertain_cells")
        }
        assert set(said["uncertain_cells"]) == set(made.gold["uncertain_cells"])
        assert [(b["start"], b["end"], b["type"]) for b in said["blocks"]] == [
            (b["start"], b["end"], b["type"]) for b in made.gold["blocks"]
        ]


@pytest.mark.parametrize("format", formats.FORMATS)
def test_a_format_is_known_by_its_content(records: list[Record], format: formats.Format) -> None:
    assert formats.detect(formats.write(records[:2], format), "export") == format


@pytest.mark.parametrize("format", formats.FORMATS)
def test_the_same_records_give_the_same_bytes(records: list[Record], format: formats.Format) -> None:
    assert formats.write(records[:3], format) == formats.write(records[:3], format)


# every kind of thing that can go wrong on the way: astral characters, HTML, CRLF, signs that formats use themselves
ODD = (
    '<p class="a">𠮷田镇&nbsp;人民政府</p>\r\n一、总体情况 # columns\t|\\u4e00;\r\n全年收到申请2 1件，'
    "😀约３０余件；未发生行政诉讼。"
    '\u2028\x0c\u200b-DOCSTART- O\r\n\n\n1\t/\t\n{"text": "B-count"}\n'
)


def place(quote: str) -> tuple[int, int]:
    return ODD.index(quote), ODD.index(quote) + len(quote)


def odd_record() -> Record:
    return Record(
        "odd/1 “id”",
        ODD,
        {"format": "2021", "year": 2023, "issuer": "𠮷田镇人民政府", "published": None},
        headings=(
            Heading(*place("一、总体情况"), 1, "overview"),
            Heading(*place("全年收到申请2 1件"), 3, optional=True),
        ),
        claims=(
            Claim(*place("2 1"), "count", None, "件", metrics=("t3.new.total", "t3.new.natural+t3.new.total")),
            Claim(*place("３０"), "count", 30, "件", True, "other_year", (), ("requests_new",), {"alt_metrics": []}),
            Claim(*place("未发生行政诉讼"), "zero", 0, scope="other_org", extra={"optional": True, "note": "a\tb\n"}),
        ),
        cells=(
            Cell("t3.new.natural", 1, *place("1\t")[:1], place("1\t")[0] + 1, uncertain=True),
            Cell("t3.new.business", None, *place("/\t")[:1], place("/\t")[0] + 1),
            Cell("t3.new.research", None, ODD.index("/\t") + 2, ODD.index("/\t") + 2),
            Cell("t3.new.total", 1.5),
        ),
        blocks=(Block(*place("<p class=\"a\">𠮷田镇&nbsp;人民政府</p>"), "noise"),),
        extra={"findings": [{"kind": "ratio", "spans": [[0, 3]]}], "notes": "“𠮷”"},
    )  # fmt: skip


@pytest.mark.parametrize("format", formats.FORMATS)
def test_odd_characters_overlaps_and_what_has_no_place_survive(format: formats.Format) -> None:
    record = odd_record()
    assert there_and_back([record], format) == [record]


@pytest.mark.parametrize("format", formats.FORMATS)
def test_layers_that_nobody_annotated_stay_apart_from_empty_ones(format: formats.Format) -> None:
    bare = Record("a", "𠮷\r\n全年共21件。")
    empty = Record("b", "无。", {"published": None}, (), (), (), ())
    back = there_and_back([bare, empty], format)
    assert back == [bare, empty]
    assert back[0] is not None
    assert back[0].layers() == ()


def test_our_own_format_is_one_json_object_a_line_with_the_text_in_it() -> None:
    lines = own.write([odd_record(), odd_record()]).decode().removesuffix("\n").split("\n")
    assert [json.loads(line)["text"] for line in lines] == [ODD, ODD]

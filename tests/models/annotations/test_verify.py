"""What is taken in, what is put right, what is refused: labels against their text."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.annotations import doccano, label_studio, own
from models.annotations.draft import Draft, Region
from models.annotations.record import Block, Cell, Claim, Heading, Record, to_json
from models.annotations.verify import Admission, admit
from models.grid import segment

Count = Callable[[str, int], int]


def code_points(text: str, at: int) -> int:
    return at


def utf_16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le")) // 2


def crlf_as_one(text: str, at: int) -> int:
    return len(text[:at].replace("\r\n", "\n"))


def both(text: str, at: int) -> int:
    return utf_16(text[:at].replace("\r\n", "\n"), at)


FAULTS: dict[str, Count] = {"utf-16": utf_16, "lf": crlf_as_one, "lf+utf-16": both}


def counted(record: Record, count: Count, mark: str = "") -> dict[str, Any]:
    """A record as our own JSON, with every offset as ``count`` gives it."""

    def place(at: int) -> int:
        return count(mark + record.text, at + len(mark))

    def moved(said: Any) -> Any:
        if isinstance(said, dict):
            return {k: place(v) if k in ("start", "end") else moved(v) for k, v in said.items()}
        return [moved(x) for x in said] if isinstance(said, list) else said

    said: dict[str, Any] = moved(to_json(record))
    said["cell_spans"] = {k: [place(a), place(b)] for k, (a, b) in said["cell_spans"].items()}
    return {**said, "text": mark + record.text}


def taken_in(said: dict[str, Any]) -> Admission:
    drafts, refusals = own.read(json.dumps(said).encode(), "x.jsonl")
    assert refusals == []
    return admit(drafts[0])


@dataclass
class Writer:
    """Writes a report piece by piece and keeps what is labelled."""

    text: str = ""
    headings: tuple[Heading, ...] = ()
    claims: tuple[Claim, ...] = ()
    cells: tuple[Cell, ...] = ()

    def add(self, piece: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += piece
        return start, len(self.text)

    def record(self) -> Record:
        blocks = tuple(Block(b.start, b.end, "paragraph") for b in segment(self.text))
        return Record("x", self.text, {}, self.headings, self.claims, self.cells, blocks)


FILLER = st.text(alphabet="公开信息，𠮷😀𪚥 ", max_size=8)
BREAK = st.sampled_from(["\n", "\r\n", "\r\n\r\n"])


@st.composite
def reports(draw: st.DrawFn) -> Record:
    out = Writer()
    for i in range(draw(st.integers(1, 4))):
        out.add(draw(FILLER) + draw(BREAK))
        a, b = out.add(f"{'一二三四'[i]}、总体{draw(FILLER).strip(' ，')}情况")
        out.headings += (Heading(a, b, 1),)
        out.add(draw(BREAK) + draw(FILLER) + "共收到申请")
        value = draw(st.integers(0, 4000))
        out.claims += (Claim(*out.add(str(value)), "count", value, "件"),)
        out.add("件，" + draw(FILLER))
        out.claims += (Claim(*out.add("未发生" + draw(FILLER).strip(" ，") + "诉讼"), "zero", 0),)
        out.add("。" + draw(BREAK))
        out.cells += (Cell(f"t4.review.{('maintain', 'correct', 'other', 'pending')[i]}", value, *out.add(str(value))),)
    out.add("\t" + draw(FILLER))
    return out.record()


@settings(max_examples=60, deadline=None)
@given(reports(), st.sampled_from(sorted(FAULTS)))
def test_a_known_way_of_miscounting_is_put_right_and_every_label_reported(record: Record, fault: str) -> None:
    made = taken_in(counted(record, FAULTS[fault]))
    assert made.record == record
    assert made.refusals == ()
    items = [*(record.headings or ()), *(record.claims or ()), *(record.cells or ()), *(record.blocks or ())]
    places = [(i.start, i.end) for i in items if i.start is not None and i.end is not None]
    wrong = [p for p in places if p != tuple(FAULTS[fault](record.text, at) for at in p)]
    assert sorted((r.start, r.end) for r in made.repairs) == sorted(wrong)


@settings(max_examples=30, deadline=None)
@given(reports(), st.sampled_from(["none", *sorted(FAULTS)]))
def test_a_byte_order_mark_goes_whether_it_was_counted_or_not(record: Record, fault: str) -> None:
    count = FAULTS.get(fault, code_points)
    with_mark = taken_in(counted(record, count, "\ufeff"))
    without = taken_in({**counted(record, count), "text": "\ufeff" + record.text})
    assert with_mark.record == without.record == record
    assert "byte order mark" in with_mark.remarks[0].en
    assert with_mark.repairs


@settings(max_examples=30, deadline=None)
@given(reports(), st.sampled_from(sorted(FAULTS)), st.booleans())
def test_labels_without_quotes_are_put_right_too(record: Record, fault: str, remembers: bool) -> None:
    line = json.loads(doccano.write([record]))
    line["label"] = [
        [FAULTS[fault](record.text, a), FAULTS[fault](record.text, b), name] for a, b, name in line["label"]
    ]
    if remembers:
        made = admit(doccano.read(json.dumps(line).encode(), "x")[0][0])
        assert made.record == record


def shifted(record: Record, share: float, seed: int, requote: bool = False) -> dict[str, Any]:
    """A record with labels moved by one character, their quotes left, or made to fit the wrong place."""
    rng, said, text = random.Random(seed), to_json(record), record.text
    for part, quote in (("headings", "text"), ("claims", "surface")):
        for item in said[part]:
            if rng.random() < share and item["end"] < len(text):
                item["start"], item["end"] = item["start"] + 1, item["end"] + 1
                if requote:
                    item[quote] = text[item["start"] : item["end"]]
    return said


@pytest.mark.parametrize("requote", [False, True])
def test_a_set_with_a_third_of_its_labels_shifted_is_refused(records: list[Record], requote: bool) -> None:
    poisoned = [r for r in records if len(r.claims or ()) + len(r.headings or ()) > 10]
    assert len(poisoned) > 150
    taken = [r.id for i, r in enumerate(poisoned) if taken_in(shifted(r, 1 / 3, i, requote)).record is not None]
    assert taken == []


def test_a_shifted_set_without_quotes_is_refused(records: list[Record]) -> None:
    rng = random.Random(1)
    for record in records[:40]:
        lines = [
            [a + (d := rng.random() < 1 / 3), b + d, name]
            for a, b, name in json.loads(doccano.write([record]))["label"]
            if name.startswith(("claim", "heading"))
        ]
        drafts, _ = doccano.read(json.dumps({"text": record.text, "label": lines}).encode(), "x")
        assert admit(drafts[0]).record is None or len(lines) < 6


def test_a_single_shifted_label_is_refused_with_all_that_a_person_needs() -> None:
    text = "一、总体情况\n全年收到申请21件。"
    said = {"id": "a", "text": text, "claims": [claim(text, "21", shift=1)]}
    refusal = taken_in(said).refusals[0]
    assert refusal.place == "x.jsonl#1 a claim=count 14–16"
    assert refusal.met.en == "at 14–16 stands “1件”, the quote is “21” (the quote stands at 13, which is -1)"
    assert "text[start:end]" in refusal.expected.en
    assert refusal.todo.zh
    assert refusal.zh.count("：") >= 3


def claim(text: str, number: str, shift: int = 0, **more: Any) -> dict[str, Any]:
    at = text.index(number) + shift
    said = {"start": at, "end": at + len(number), "surface": number, "kind": "count", "value": 21, "unit": "件"}
    return {**said, "approx": False, "scope": "own", "metrics": []} | more


def test_a_constant_shift_is_no_known_way_of_counting() -> None:
    """It would be one if a line break were taken to be two characters; but one shift for all labels is a slip."""
    text = "标题\n全年收到申请21件，办结19件，公开11件。"
    claims = [claim(text, n, 1, value=int(n)) for n in ("21", "19", "11")]
    made = taken_in({"id": "a", "text": text, "claims": claims})
    assert len(made.refusals) == 3


def test_offsets_of_a_text_whose_breaks_were_crlf_are_put_right() -> None:
    text = "标题\n全年收到申请21件。\n办结19件。\n"
    before = text.replace("\n", "\r\n")
    claims = []
    for n in ("21", "19"):
        at = before.index(n)
        claims.append({**claim(text, n, value=int(n)), "start": at, "end": at + 2})
    made = taken_in({"id": "a", "text": text, "claims": claims})
    assert [text[c.start : c.end] for c in made.record.claims or ()] == ["21", "19"] if made.record else False
    assert [r.said.en for r in made.repairs] == ["a line break was counted as two characters"] * 2


def test_a_label_counted_otherwise_than_its_neighbours_is_put_right_by_its_quote() -> None:
    text = "𠮷田镇全年收到申请21件，办结19件。"
    right, late = claim(text, "21"), claim(text, "19", shift=1, value=19)
    made = taken_in({"id": "a", "text": text, "claims": [right, late]})
    assert made.record is not None
    assert [(r.region.start, r.start) for r in made.repairs] == [(late["start"], late["start"] - 1)]


@pytest.mark.parametrize(
    ("change", "met"),
    [
        ({"kind": "sum"}, "label is 'sum'"),
        ({"scope": "theirs"}, "scope is 'theirs'"),
        ({"value": "many"}, "value is"),
        ({"value": 12}, "the value of “21” is given as 12"),
        ({"metrics": ["t9.new.total"]}, "metrics is ['t9.new.total']"),
        ({"concepts": ["all"]}, "concepts is ['all']"),
        ({"approx": "yes"}, "approx is 'yes'"),
        ({"start": 999, "end": 1001}, "999–1001 is no stretch of the text"),
        ({"start": 6, "end": 6, "surface": ""}, "6–6 is no stretch"),
        ({"start": "/div[1]", "end": "/div[1]"}, "/div[1]–/div[1] is no stretch"),
        ({"surface": 21}, "the quote is “21”"),
    ],
)
def test_what_is_no_claim_is_refused(change: dict[str, Any], met: str) -> None:
    text = "全年收到申请21件。"
    made = taken_in({"id": "a", "text": text, "claims": [claim(text, "21", **change)]})
    assert made.record is None
    assert any(met in r.met.en for r in made.refusals), [r.en for r in made.refusals]


@pytest.mark.parametrize(
    ("region", "met"),
    [
        (Region("heading", "heading", 0, 7, {"level": 1}), "white space"),
        (Region("heading", "heading", 0, 6, {"level": 9}), "level is 9"),
        (Region("heading", "heading", 0, 6, {}), "level is None"),
        (Region("heading", "heading", 1, 6, {"level": 1}), "begins or ends with a stop"),
        (Region("heading", "heading", 3, 6, {"level": 1}), "begins inside a word"),
        (Region("heading", "heading", 0, 6, {"level": 1, "kind": "weather"}), "kind is 'weather'"),
        (Region("claim", "zero", 19, 24), "begins or ends with a stop"),
        (Region("claim", "zero", 22, 24), "does not open with"),
        (Region("claim", "count", 12, 13), "is no number"),
        (Region("cell", "cell", 13, 15, {"id": "t3.new.total", "value": 22}), "does not print the cell's value 22"),
        (Region("cell", "cell", 13, 15, {"id": "t3.new.all", "value": 21}), "id is 't3.new.all'"),
        (Region("cell", "cell", 13, 15, {"id": "t3.new.total"}), "value is None"),
        (Region("block", "paragraph", 8, 25), "begin and end where pieces of the page do"),
        (Region("block", "poem", 7, 25), "label is 'poem'"),
    ],
)
def test_what_cannot_be_the_label_that_it_says_is_refused(region: Region, met: str) -> None:
    text = "一、总体情况\n全年收到申请21件；办结，未被诉讼。"
    made = admit(Draft("x", "x", text, (region,)))
    assert made.record is None
    assert any(met in r.met.en for r in made.refusals), [r.en for r in made.refusals]


def test_labels_of_one_layer_must_lie_apart_and_of_two_need_not() -> None:
    text = "21件申请情况"
    number = Region("claim", "count", 0, 2, {"value": 21})
    heading = Region("heading", "heading", 0, 7, {"level": 2})
    assert admit(Draft("x", "x", text, (number, heading))).record is not None
    clash = admit(Draft("x", "x", text, (number, Region("claim", "count", 1, 2, {"value": 1}), heading)))
    assert ["overlaps" in r.met.en for r in clash.refusals] == [True]


def test_a_cell_can_be_labelled_once_only() -> None:
    cells = [Region("cell", "cell", at, at + 1, {"id": "t3.new.total", "value": 0}) for at in (0, 2)]
    (refusal,) = admit(Draft("x", "x", "0\t0", tuple(cells))).refusals
    assert "t3.new.total is labelled 2 times" in refusal.met.en


@pytest.mark.parametrize("field", [{"format": "2020"}, {"year": "2021"}, {"year": 3}, {"issuer": 7}])
def test_document_fields_have_their_kinds(field: dict[str, Any]) -> None:
    (refusal,) = admit(Draft("x", "x", "无。", (), field)).refusals
    assert next(iter(field)) in refusal.met.en


def test_half_a_surrogate_pair_is_no_text() -> None:
    (refusal,) = admit(Draft("x", "x", "收到\ud842件", ())).refusals
    assert "surrogate" in refusal.met.en


def test_places_of_findings_outside_the_text_are_refused() -> None:
    made = admit(Draft("x", "x", "无。", (), extra={"findings": [{"spans": [[0, 90]]}]}))
    assert "outside the text" in made.refusals[0].met.en


def test_labels_that_were_moved_or_taken_away_are_told(records: list[Record]) -> None:
    record = next(r for r in records if len(r.claims or ()) > 3)
    task = json.loads(doccano.write([record]))
    task["label"] = [x for x in task["label"] if not x[2].startswith(("heading", "section"))]
    made = admit(doccano.read(json.dumps(task).encode(), "x")[0][0])
    assert made.record is not None
    assert made.record.headings == ()
    assert made.record.claims == record.claims
    assert f"{len(record.headings or ())} labels of the export were moved or deleted" in made.remarks[0].en


def test_new_links_leave_nothing_behind_of_the_old_ones() -> None:
    """A person who links a claim to another cell takes back what the model had said of it."""
    record = Record(
        "x",
        "收到21件。",
        {},
        None,
        (Claim(2, 4, "count", 21, "件", metrics=("t3.new.total",), concepts=("requests_new",)),),
    )
    (task,) = json.loads(label_studio.write([record]))
    for result in task["annotations"][0]["result"]:
        if result["from_name"] == "metrics":
            result["value"]["choices"] = ["t3.carried_in.total"]
    made = admit(label_studio.read(json.dumps([task]).encode(), "x")[0][0]).record
    assert made is not None
    assert made.claims is not None
    assert (made.claims[0].metrics, made.claims[0].concepts) == (("t3.carried_in.total",), None)

"""The model's answers as annotations, what is filled in for people, and which report to annotate next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractor.annotate.complete import complete
from extractor.annotate.preannotate import preannotate
from extractor.annotate.rank import Reason, Weighed, rank, weigh
from extractor.document import Block, Document, Heading, Message, Span
from extractor.pipeline import Extractor
from extractor.reading import Decoded
from extractor.result import payload
from models.annotations import formats
from models.annotations.draft import Draft, Region
from models.annotations.record import digest
from models.annotations.verify import admit
from models.synthesis.report import synthesize


def test_a_first_annotation_has_everything_that_extraction_found(extractor: Extractor, example_text: str) -> None:
    document = extractor(example_text, "example")
    record, result = preannotate(document), payload(document)
    assert record.fields["issuer"] == result["document"]["issuer"]
    assert [(c.start, c.value, c.metrics) for c in record.claims or ()] == [
        (c["start"], c["value"], tuple(c["metrics"])) for c in result["claims"]
    ]
    cells = {c["id"]: c["value"] for t in result["tables"] for c in t["cells"] if c["status"] != "unread"}
    assert {c.id: c.value for c in record.cells or ()} == cells
    assert len(record.blocks or ()) == len(document.blocks)


@pytest.mark.parametrize("format", formats.FORMATS)
def test_what_is_exported_for_correction_can_be_imported_untouched(
    extractor: Extractor, format: formats.Format
) -> None:
    records = [preannotate(extractor(made.text, made.id)) for made in (synthesize(909, i) for i in range(6))]
    drafts, refusals = formats.read(formats.write(records, format, "v1"), "x", predictions=True)
    assert refusals == []
    assert [admit(d).record for d in drafts] == records


def test_layers_that_are_not_asked_for_count_as_not_annotated(extractor: Extractor, example_text: str) -> None:
    record = preannotate(extractor(example_text), ["claim"])
    assert record.layers() == ("claim",)


def test_answers_that_no_annotation_may_give_are_left_out() -> None:
    text = "总体情况\n全年"
    heading = Heading(Span(0, 4), 1, "", "总体情况", None, 0.9, "")
    wrong = replace(heading, span=Span(3, 5))
    blocks = (Block(Span(0, 4), 0, 0, "heading", 1.0), Block(Span(5, 6), 1, 0, "paragraph", 1.0))
    record = preannotate(Document(text, headings=(heading, wrong), blocks=blocks))
    assert [h.start for h in record.headings or ()] == [0]
    assert [b.start for b in record.blocks or ()] == [0]


@pytest.mark.parametrize(
    ("text", "quote", "name", "said"),
    [
        ("收到申请21件。", "21", "count", {"value": 21, "unit": "件", "approx": False}),
        ("发布信息1.7万余条。", "1.7万", "count", {"value": 17000, "unit": "条", "approx": True}),
        ("同比增长５％。", "５", "delta", {"value": 5, "unit": "%", "approx": False}),
        ("未收取费用。", "未收取费用", "zero", {"value": 0}),
    ],
)
def test_a_bare_label_gets_what_its_characters_say(text: str, quote: str, name: str, said: dict[str, object]) -> None:
    start = text.index(quote)
    assert complete(text, Region("claim", name, start, start + len(quote))) == said


def test_headings_get_the_level_of_their_number_and_cells_their_value() -> None:
    text = "（二）主动公开\n1.平台\n3"
    assert complete(text, Region("heading", "heading", 0, 7)) == {"level": 2}
    assert complete(text, Region("heading", "heading", 8, 12)) == {"level": 3}
    assert complete(text, Region("cell", "cell", 13, 14, {"id": "t3.new.total"})) == {"value": 3}


def test_what_a_person_said_is_not_filled_in_over() -> None:
    text = "收到申请21件。"
    told = Region("claim", "count", 4, 6, {"value": 21, "unit": "条"})
    made = admit(Draft("x", "x", text, (told,)), complete).record
    assert made is not None
    assert made.claims is not None
    assert made.claims[0].unit == "条"


def weighed(extractor: Extractor, text: str) -> Weighed:
    return weigh(extractor(text), Decoded(text, "utf-8", ""))


def test_a_report_whose_sums_fail_goes_before_one_whose_do_not(extractor: Extractor, example_text: str) -> None:
    broken = example_text.replace("37", "73")
    one, other = weighed(extractor, example_text), weighed(extractor, broken)
    first, second = rank([("fine", one), ("broken", other)], 2)
    assert (first.name, second.name) == ("broken", "fine")
    assert first.score > second.score
    reason = next(r for r in first.reasons if r.kind == "arithmetic")
    assert "不一致" in reason.message.zh
    assert "do not agree" in reason.message.en
    assert reason.line is not None
    assert 0 < reason.line <= broken.count("\n") + 1


def test_a_report_that_the_models_do_not_understand_says_where(extractor: Extractor) -> None:
    strange = "三号渠本月放水21方，灌田19亩；\n\n甲 乙 丙 1 2 3\n共计 17 18 19 其余未计\n" * 6
    reasons = weighed(extractor, strange).reasons
    assert {"blocks", "structure"} & {r.kind for r in reasons}
    assert all(r.message.zh and r.message.en and r.weight > 0 for r in reasons)


def reason(kind: str, weight: float) -> Reason:
    return Reason(kind, weight, Message(kind, kind))


def test_texts_that_are_known_or_repeated_are_left_out() -> None:
    same = Weighed(digest("甲"), (reason("claims", 3.0),))
    listed = [("b", same), ("a", same), ("c", Weighed(digest("乙"), ())), ("d", Weighed(digest("丙"), ()))]
    assert [r.name for r in rank(listed, 9, frozenset({digest("丙")}))] == ["b", "c"]


def test_of_reports_alike_the_one_that_teaches_something_else_goes_first() -> None:
    listed = [(f"claims{i}", Weighed(f"c{i}", (reason("claims", 3.1),))) for i in range(3)]
    listed.append(("cells", Weighed("t", (reason("cells", 3.0),))))
    assert [r.name for r in rank(listed, 3)] == ["claims0", "cells", "claims1"]


def test_the_ranking_does_not_depend_on_the_order_of_the_files() -> None:
    listed = [(f"r{i}", Weighed(f"{i}", (reason("blocks", float(i % 4)),))) for i in range(12)]
    assert rank(listed, 12) == rank(listed[::-1], 12)

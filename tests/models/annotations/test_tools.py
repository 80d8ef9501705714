"""What annotation tools really export, which is not always what was given to them."""

from __future__ import annotations

import json
import random
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from models.annotations import formats
from models.annotations.build import is_metric
from models.annotations.draft import named
from models.annotations.formats import Format
from models.annotations.record import CLAIM_KINDS, Claim, Heading, Record
from models.annotations.said import AnnotationError
from models.annotations.studio_config import CONTROLS, LINKS, config
from models.annotations.verify import admit
from models.layout.labels import BLOCK_TYPES

TEXT = "一、总体情况\n全年收到申请21件，同比增长5%。"
RECORD = Record(
    "x",
    TEXT,
    {"format": "2021", "year": 2023},
    (Heading(0, 6, 1, "overview"),),
    (Claim(13, 15, "count", 21, "件", metrics=("t3.new.total",)), Claim(21, 22, "delta", 5, "%")),
)


def read(data: Any, format: Format | None = None, **more: Any) -> list[Record]:
    """Records of an export that is right."""
    raw = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    drafts, refusals = formats.read(raw, "export", format, **more)
    made = [admit(d) for d in drafts]
    assert [r.en for r in refusals] + [r.en for m in made for r in m.refusals] == []
    return [m.record for m in made if m.record]


def refused(data: Any, format: Format | None = None, **more: Any) -> str:
    """What is said of an export that is not."""
    raw = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    drafts, refusals = formats.read(raw, "export", format, **more)
    said = [*refusals, *(r for d in drafts for r in admit(d).refusals)]
    assert said
    assert all(r.place and r.met.zh and r.expected.en and r.todo.en for r in said)
    return "\n".join(r.en for r in said)


def task(**more: Any) -> dict[str, Any]:
    (made,) = json.loads(formats.write([RECORD], "label-studio"))
    return {"id": 7, "project": 1, "created_at": "2024-01-01T00:00:00Z", **made, **more}


def test_label_studios_own_fields_do_no_harm() -> None:
    one = task()
    one["annotations"][0] |= {"id": 1001, "completed_by": 1, "was_cancelled": False, "lead_time": 4.2}
    for result in one["annotations"][0]["result"]:
        result |= {"origin": "prediction-changed", "score": 0.5}
        result["value"]["globalOffsets"] = {"start": 0, "end": 0}
    assert read([one]) == [RECORD]


def test_a_task_that_nobody_finished_is_refused_and_predictions_are_taken_when_asked_for() -> None:
    (made,) = json.loads(formats.write([RECORD], "label-studio", "v1"))
    assert "nobody has submitted" in refused([made])
    assert read([made], predictions=True) == [RECORD]
    cancelled = task()
    cancelled["annotations"][0]["was_cancelled"] = True
    assert "nobody has submitted" in refused([cancelled])


def test_what_a_person_submitted_goes_before_predictions() -> None:
    one = task()
    one["predictions"] = [{"result": []}]
    assert read([one], predictions=True) == [RECORD]


def test_two_people_on_one_task_are_two_annotations() -> None:
    one = task()
    one["annotations"].append({"result": [r for r in one["annotations"][0]["result"] if r["from_name"] != "heading"]})
    first, second = read([one])
    assert (first.headings, second.headings) == (RECORD.headings, ())


def test_a_changed_value_a_new_label_and_a_document_field_come_back_from_label_studio() -> None:
    one = task()
    results = one["annotations"][0]["result"]
    for result in results:
        if result["id"].startswith("claim-21") and result["from_name"] == "unit":
            result["value"]["text"] = ["个百分点"]
    results.append(
        {
            "id": "q",
            "from_name": "document_issuer",
            "type": "textarea",
            "to_name": "text",
            "value": {"text": ["云溪县"]},
        }
    )
    results.append(
        {
            "id": "n",
            "from_name": "block",
            "type": "labels",
            "value": {"start": 0, "end": 6, "labels": ["block=heading"]},
        }
    )
    (back,) = read([one])
    assert back.claims is not None
    assert back.claims[1].unit == "个百分点"
    assert back.fields["issuer"] == "云溪县"
    assert [b.type for b in back.blocks or ()] == ["heading"]


def test_json_min_is_read() -> None:
    one = task()
    flat: dict[str, Any] = {"id": 7, "annotator": 1, "annotation_id": 3, "lead_time": 2.0, **one["data"]}
    for result in one["annotations"][0]["result"]:
        if result["from_name"].startswith("document_"):
            flat[result["from_name"]] = result["value"].get("choices", result["value"].get("text"))[0]
        else:
            flat.setdefault(result["from_name"], []).append(result["value"])
    assert formats.detect(json.dumps([flat]).encode(), "x") == "label-studio"
    assert read([flat]) == [RECORD]


def test_a_project_of_another_configuration_is_read_as_far_as_its_labels_are_known() -> None:
    result = {"from_name": "label", "to_name": "text", "type": "labels", "id": "a"}
    value = {"start": 13, "end": 15, "text": "21", "labels": ["count"]}
    one = {"id": 1, "data": {"report": TEXT, "n": 3}, "annotations": [{"result": [{**result, "value": value}]}]}
    (back,) = read([one])
    assert back.text == TEXT
    assert [(c.start, c.kind) for c in back.claims or ()] == [(13, "count")]
    value["labels"] = ["PER"]
    assert "the label “PER” is unknown" in refused([one])


def test_html_regions_whose_places_are_paths_are_refused() -> None:
    value = {"start": "/div[1]/p[2]/text()[1]", "end": "/div[1]/p[2]/text()[1]", "labels": ["count"]}
    one = {
        "data": {"text": TEXT},
        "annotations": [{"result": [{"id": "a", "from_name": "label", "type": "labels", "value": value}]}],
    }
    assert "is no stretch of the text" in refused([one])


def test_the_configuration_is_xml_that_names_every_label_and_every_control() -> None:
    root = ET.fromstring(config())
    controls = {e.get("name") for e in root.iter() if e.tag in ("Labels", "Choices", "TextArea")}
    assert controls == set(CONTROLS)
    labels = {e.get("value") for e in root.iter("Label")}
    assert all(named(str(label)) is not None for label in labels)
    assert labels >= {f"claim={k}" for k in CLAIM_KINDS} | {f"block={t}" for t in BLOCK_TYPES}
    assert all(is_metric(m) for m in LINKS)
    assert {e.get("toName") for e in root.iter("Labels")} == {e.get("name") for e in root.iter("Text")}


def test_every_label_and_choice_of_a_task_is_in_the_configuration(records: list[Record]) -> None:
    """Label Studio shows a prediction only where its control, and its label or choice, are configured."""
    root = ET.fromstring(config())
    values = {e.get("name"): {x.get("value") for x in e} for e in root.iter() if e.tag in ("Labels", "Choices")}
    areas = {e.get("name") for e in root.iter("TextArea")}
    seen = 0
    for one in json.loads(formats.write(records[:40], "label-studio", "v1")):
        for result in one["predictions"][0]["result"]:
            value = result["value"]
            if result["type"] == "textarea":
                assert result["from_name"] in areas
            else:
                assert set(value[result["type"]]) <= values[result["from_name"]]
            seen += 1
    assert seen > 5000


def doccano_line() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(formats.write([RECORD], "doccano"))
    return {"id": 12, **made, "Comments": []}


def test_doccano_gives_metadata_back_in_several_places() -> None:
    line = doccano_line()
    side = line.pop("nianbao")
    for more in ({"nianbao": side}, {"meta": {"nianbao": side}}, {"meta": {"nianbao": json.dumps(side)}}):
        assert read({**line, **more}) == [RECORD]


def test_doccanos_relation_projects_are_read() -> None:
    line = doccano_line()
    listed = [
        {"id": i, "label": n, "start_offset": a, "end_offset": b} for i, (a, b, n) in enumerate(line.pop("label"))
    ]
    assert read({**line, "entities": listed, "relations": []}) == [RECORD]


def test_doccanos_old_name_for_labels_and_a_json_list_are_read() -> None:
    line = doccano_line()
    line["labels"] = line.pop("label")
    assert read([line]) == [RECORD]


def test_names_alone_say_what_a_claim_is_about() -> None:
    labels = [[13, 15, "claim=count"], [13, 15, "about=t3.new.total"], [13, 15, "approx"], [13, 15, "scope=other_year"]]
    (back,) = read({"text": TEXT, "label": labels})
    assert back.claims is not None
    made = back.claims[0]
    assert (made.metrics, made.approx, made.scope) == (("t3.new.total",), True, "other_year")
    assert "there is none here" in refused({"text": TEXT, "label": [[13, 15, "approx"]]})


def test_a_text_without_labels_is_kept_as_one_that_nobody_annotated() -> None:
    (back,) = read({"text": TEXT, "label": []}, "doccano")
    assert back.layers() == ()


@pytest.mark.parametrize("format", ["jsonl", "label-studio", "doccano", "conll"])
def test_files_with_crlf_and_a_byte_order_mark_are_the_same_files(format: Format) -> None:
    data = formats.write([RECORD, RECORD], format)
    assert read(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"), format) == [RECORD, RECORD]


def test_other_projects_conll_is_read_with_tabs_or_spaces() -> None:
    lines = {"全": "O", "年": "O", "2": "B-count", "1": "I-count", "件": "O"}
    for sign in "\t ":
        part = "\n".join(f"{c}{sign}{t}" for c, t in lines.items())
        first, second = read(f"{part}\n\n{part}\n".encode())
        assert first.text == second.text == "全年21件"
        assert [(c.start, c.end) for c in first.claims or ()] == [(2, 4)]


def test_conll_with_document_marks_keeps_the_lines_of_a_document_together() -> None:
    data = "-DOCSTART- O\n\n2 B-count\n件 O\n\n3 B-count\n件 O\n\n-DOCSTART- O\n\n无 B-zero\n".encode()
    first, second = read(data)
    assert (first.text, second.text) == ("2件\n3件", "无")


def test_conll_of_no_bio_tags_or_of_words_is_no_annotation() -> None:
    for data in (b"a b c d\n", "全年 O\n".encode(), b"\n\n"):
        with pytest.raises(AnnotationError, match="expected"):
            formats.read(data, "x.conll", "conll") if data.strip() else formats.read(data, "x")


def test_other_projects_docbin_is_read_whatever_its_tokens_are() -> None:
    from spacy.tokens import Doc, DocBin, Span
    from spacy.vocab import Vocab

    doc = Doc(Vocab(), words=["𠮷田镇", "全年", "收到", "21", "件"], spaces=[False] * 5)
    doc.ents = [Span(doc, 3, 4, label="count")]
    (back,) = read(DocBin(docs=[doc]).to_bytes())
    assert [(c.start, c.end) for c in back.claims or ()] == [(7, 9)]
    grouped = Doc(Vocab(), words=["无", "。"], spaces=[False] * 2)
    grouped.spans["claim"] = [Span(grouped, 0, 1, label="zero")]
    (other,) = read(DocBin(docs=[grouped]).to_bytes())
    assert [c.kind for c in other.claims or ()] == ["zero"]


@pytest.mark.parametrize(
    "data", [b"", b"[", b"[3]", b'{"text": 3, "label": []}', b"\x00\x01", b"x\x9c" + b"\0" * 9, b"null"]
)
def test_what_is_no_annotation_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(AnnotationError, match="expected") as caught:
        formats.read(data, "x")
    assert caught.value.refusal.zh


def test_annotations_without_a_text_are_refused_one_by_one() -> None:
    assert refused({"id": "a", "claims": []}).startswith("export#1 a: there is no text")


@pytest.mark.parametrize("format", formats.FORMATS)
def test_damaged_exports_are_refused_or_read_but_never_trip_the_reader(records: list[Record], format: Format) -> None:
    rng = random.Random(f"damage:{format}")
    data = formats.write([RECORD], format)
    for _ in range(150):
        at = rng.randrange(len(data))
        piece = bytes(rng.randrange(256) for _ in range(rng.randrange(3)))
        try:
            drafts, _ = formats.read(data[:at] + piece + data[at + rng.randrange(9) :], "x", format)
            for draft in drafts:
                admit(draft)
        except AnnotationError:
            continue

"""The spaCy component."""

from __future__ import annotations

import json
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from extractor.component import GROUPS
from extractor.pipeline import Extractor
from extractor.result import payload


@pytest.fixture(scope="module")
def nlp() -> Any:
    made = spacy.blank("zh")
    made.add_pipe("report_structure")
    return made


@pytest.fixture(scope="module")
def doc(nlp: Any, example_text: str) -> Doc:
    return nlp(example_text)  # type: ignore[no-any-return]


def test_the_report_is_that_of_the_extractor(doc: Doc, extractor: Extractor, example_text: str) -> None:
    assert doc._.report == payload(extractor(example_text))


def test_every_place_has_a_span_with_exactly_its_text(doc: Doc) -> None:
    report = doc._.report
    places = {
        "cells": [c for t in report["tables"] for c in t["cells"] if c["start"] is not None and c["start"] < c["end"]],
        "claims": report["claims"],
    }
    assert set(doc.spans) == set(GROUPS)
    for name, expected in places.items():
        spans = [(s.start_char, s.end_char, s.id_) for s in doc.spans[name]]
        assert spans == [(p["start"], p["end"], p["id"]) for p in expected]
        assert spans


def test_headings_have_their_kind_as_label(doc: Doc) -> None:
    kinds = {span.text: span.label_ for span in doc.spans["headings"]}
    assert kinds["一、总体情况"] == "overview"


def test_with_words_for_tokens_a_span_grows_to_the_words_it_touches(example_text: str) -> None:
    config = {"nlp": {"tokenizer": {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": "jieba"}}}
    words = spacy.blank("zh", config=config)
    words.add_pipe("report_structure")
    doc = words(example_text)
    report = doc._.report
    assert len(doc.spans["claims"]) == len(report["claims"])
    for span, claim in zip(doc.spans["claims"], report["claims"], strict=True):
        assert span.start_char <= claim["start"] < claim["end"] <= span.end_char


def test_docs_can_be_stored_with_their_report_and_spans(nlp: Any, doc: Doc) -> None:
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (back,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert json.dumps(back._.report) == json.dumps(doc._.report)
    assert [s.text for s in back.spans["claims"]] == [s.text for s in doc.spans["claims"]]


def test_an_empty_doc_has_an_empty_report(nlp: Any) -> None:
    assert nlp("")._.report["tables"] == []

"""What training gets from annotations is what it gets from synthesis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.annotations.record import Block, Claim, Record
from models.annotations.samples import about, claims_sample, layout_sample
from models.claims import data as claims
from models.form import FORM_IDS, load_form
from models.grid import segment
from models.layout import data as layout
from models.layout.labels import INDEX
from models.synthesis.report import Synthetic


def test_the_claims_model_sees_the_same_spans(synthetic: list[Synthetic], records: list[Record]) -> None:
    compared = 0
    for made, record in zip(synthetic[:12], records[:12], strict=True):
        sample = claims_sample(record)
        assert sample is not None
        whole = claims.Sample(made.text, tuple(made.marks), made.gold.get("year"), made.gold.get("issuer"))
        # an optional heading is no mark's business: synthesis marks it as any other
        found, due = claims.labelled(sample), claims.labelled(whole)
        if len(found.encoded) == len(due.encoded):
            compared += 1
            assert np.array_equal(found.targets, due.targets)
            assert len(found.attributes) == len(due.attributes)
    assert compared > 8


def test_the_layout_model_sees_the_same_types(synthetic: list[Synthetic], records: list[Record]) -> None:
    for made, record in zip(synthetic[:12], records[:12], strict=True):
        sample = layout_sample(record)
        assert sample is not None
        found = layout.label(segment(sample.text), sample.places).tolist()
        due = {(b["start"], b["end"]): INDEX[b["type"]] for b in made.gold["blocks"]}
        assert [due.get((b.start, b.end), layout.UNKNOWN) for b in segment(made.text)] == found


def test_metrics_lead_back_to_their_concepts_in_every_form() -> None:
    for form in FORM_IDS:
        for concept, metric in load_form(form).metrics.items():
            if metric.expression:
                claim = Claim(0, 1, "count", 1, metrics=(metric.expression,))
                assert about(claim, form) == (concept,)


def test_concepts_that_were_named_go_before_metrics() -> None:
    claim = Claim(0, 1, "count", 1, metrics=("t3.new.total",), concepts=("results",))
    assert about(claim, "2021") == ("results",)


def test_nothing_is_learned_from_what_is_held_back() -> None:
    text = "全年收到申请21件。\n办结19件。"
    record = Record("a", text, {}, (), (Claim(6, 8, "count", 21, "件"), Claim(13, 15, "count", 19, "件")), None,
                    (Block(0, 10, "paragraph"), Block(11, 17, "paragraph")))  # fmt: skip
    sample, places = claims_sample(record, [(0, 10)]), layout_sample(record, [(0, 10)])
    assert sample is not None
    assert places is not None
    assert places.places == ((11, 17, "paragraph"),)
    made = claims.labelled(sample)
    assert set(made.encoded.starts.tolist()) <= set(range(11, 17))
    assert len(made.attributes) == 1


def test_a_record_without_a_layer_is_no_sample_of_it() -> None:
    bare = Record("a", "21件。")
    assert layout_sample(bare) is None
    assert claims_sample(bare) is None
    claimed = replace(bare, headings=(), claims=(Claim(0, 2, "count", 21, "件"),))
    sample = claims_sample(claimed, blocks=[(0, 4, "paragraph")])
    assert sample is not None
    assert len(claims.labelled(sample).attributes) == 1


def test_glued_rows_whose_cells_nobody_marked_are_not_read() -> None:
    text = "规章12\n规章34\n"
    rows = (Block(0, 4, "row"), Block(5, 9, "paragraph"))
    sample = claims_sample(Record("r", text, headings=(), claims=(), blocks=rows))
    assert sample is not None
    assert [(m.start, m.data["type"]) for m in sample.marks] == [(5, "paragraph")]
    known = claims_sample(Record("r", text, headings=(), claims=(), cells=(), blocks=rows))
    assert known is not None
    assert [m.start for m in known.marks] == [0, 5]

import random

import numpy as np

from models import labels, vocabulary
from models.claims.data import NO_CLAIM, Sample, join, labelled, training_stretches, truth
from models.claims.plan import Plan, blot
from models.synthesis.markup import Mark
from tests.models.claims.small_reports import sample


def test_marks_become_spans_of_the_encoded_text() -> None:
    report = sample(3, 1)
    data = labelled(report)
    found = [
        (report.text[data.encoded.starts[a] : data.encoded.ends[b - 1]], labels.SPAN_KINDS[kind])
        for a, b, kind in truth(data)
    ]
    marks = sorted((m.start, m.end, m) for m in report.marks if m.kind in ("claim", "heading", "cell"))
    assert found == [(report.text[a:b], m.data.get("kind", m.kind)) for a, b, m in marks]


def test_a_claim_inside_a_heading_stays_a_claim() -> None:
    text = "一、办结率100%"
    marks = [
        Mark(0, 9, "block", {"type": "heading"}),
        Mark(5, 8, "claim", {"kind": "ratio", "concepts": ["results"]}),
        Mark(0, 9, "heading", {}),
    ]
    data = labelled(Sample(text, tuple(marks)))
    assert (5, 8, labels.SPAN_KINDS.index("ratio")) in truth(data)
    assert data.claim_ids.tolist() == [NO_CLAIM] * 5 + [0] * 3 + [NO_CLAIM]
    assert data.attributes[0, 2 + labels.CONCEPTS.index("results")] == 1


def test_glued_cells_stay_apart() -> None:
    text = "规章104"
    marks = [Mark(0, 5, "block", {"type": "row"}), *(Mark(i, i + 1, "cell", {"value": text[i]}) for i in (2, 3, 4))]
    cell = labels.SPAN_KINDS.index("cell")
    assert truth(labelled(Sample(text, tuple(marks)))) == [(2, 3, cell), (3, 4, cell), (4, 5, cell)]


def test_claims_keep_their_attributes_when_reports_are_joined() -> None:
    parts = [labelled(sample(5, i)) for i in range(4)]
    whole = join(parts)
    at = 0
    for part in parts:
        here = whole.claim_ids[at : at + len(part.encoded)]
        inside = part.claim_ids >= 0
        assert ((here >= 0) == inside).all()
        assert (whole.attributes[here[inside]] == part.attributes[part.claim_ids[inside]]).all()
        at += len(part.encoded)


def test_mistaken_blocks_depend_on_the_given_chance_alone() -> None:
    reports = [sample(7, i) for i in range(60)]
    plain = [training_stretches(r) for r in reports]
    once = [training_stretches(r, random.Random(i)) for i, r in enumerate(reports)]
    again = [training_stretches(r, random.Random(i)) for i, r in enumerate(reports)]
    assert once == again
    assert once != plain


def test_a_plan_shows_every_window_once_an_epoch_and_steps_depend_on_seed_and_number_alone() -> None:
    data = join([labelled(sample(9, i)) for i in range(20)])
    plan, same = Plan(data, 2, seed=1, budget=400), Plan(data, 2, seed=1, budget=400)
    first = np.concatenate(plan.steps[: plan.epoch_ends[0]])
    assert sorted(first.tolist()) == list(range(len(data.encoded.windows)))
    assert len(plan) == plan.epoch_ends[1]
    last = len(plan) - 1
    for name, tensor in plan[last].items():
        assert tensor.equal(same[last][name])
    assert int(plan[0]["claim_ids"].max()) + 1 == len(plan[0]["attributes"])


def test_blotting_changes_hanzi_only() -> None:
    chars = np.tile(vocabulary.ids("收到申请21件。").astype(np.int64), (40, 20))
    words = np.ones_like(chars)
    blotted = blot(chars, words, np.random.default_rng(1))
    changed = blotted != chars
    assert 0.02 < changed.mean() < 0.1
    assert (chars[changed] >= vocabulary.first_hanzi()).all()

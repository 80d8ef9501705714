from models import labels
from models.form import concepts


def test_every_output_has_a_name_of_its_own_and_the_slices_cover_them_in_order() -> None:
    assert len(set(labels.OUTPUTS)) == len(labels.OUTPUTS)
    assert labels.OUTPUTS[labels.SPAN][:3] == ("span:O", "span:B-count", "span:I-count")
    assert labels.OUTPUTS[labels.APPROX] == "approx"
    assert labels.OUTPUTS[labels.SCOPE] == ("scope:own", "scope:other_org", "scope:other_year")
    assert labels.OUTPUTS[labels.CONCEPT] == tuple(f"concept:{name}" for name in concepts())
    assert labels.CONCEPT.stop == len(labels.OUTPUTS)


def test_a_kind_begins_with_its_b_label_and_goes_on_with_the_next() -> None:
    for kind in labels.SPAN_KINDS:
        assert labels.SPAN_LABELS[labels.begin(kind)] == f"B-{kind}"
        assert labels.SPAN_LABELS[labels.begin(kind) + 1] == f"I-{kind}"

import numpy as np

from models import labels
from models.claims.decode import Floats, decode
from models.claims.tag import tag_spans
from models.encoding import Encoded, encode


def _outputs(names: list[str]) -> Floats:
    """Outputs that speak clearly for a label of each character."""
    out = np.zeros((len(names), len(labels.OUTPUTS)), dtype=np.float32)
    out[np.arange(len(names)), [labels.SPAN_LABELS.index(n) for n in names]] = 9.0
    return out


def _found(text: str, names: list[str], encoded: Encoded | None = None) -> list[tuple[str, str]]:
    encoded = encoded or encode(text, [(0, len(text))], None, None)
    return [(text[s.start : s.end], s.kind) for s in tag_spans(decode(_outputs(names), encoded), encoded)]


def test_a_span_that_does_not_open_with_its_first_label_is_mended() -> None:
    assert _found("无诉讼。", ["I-zero", "I-zero", "I-zero", "O"]) == [("无诉讼", "zero")]
    assert _found("件21", ["I-heading", "I-count", "I-count"]) == [("件", "heading"), ("21", "count")]


def test_the_digits_of_a_claim_s_number_are_never_torn_apart() -> None:
    assert _found("共213件", ["O", "B-count", "B-count", "I-count", "O"]) == [("213", "count")]
    assert _found("共213件", ["O", "B-count", "O", "I-count", "O"]) == [("213", "count")]
    assert _found("1.7万张", ["B-count", "I-count", "I-count", "I-count", "O"]) == [("1.7万", "count")]


def test_glued_cells_are_torn_apart() -> None:
    assert _found("规章104", ["O", "O", *["B-cell"] * 3]) == [("1", "cell"), ("0", "cell"), ("4", "cell")]


def test_a_span_loses_the_white_space_at_its_ends() -> None:
    assert _found("一、情况\n今年", [*["I-heading"] * 5, "O", "O"]) == [("一、情况", "heading")]


def test_no_span_crosses_from_one_stretch_to_the_next() -> None:
    text = "一、情况二、情况"
    encoded = encode(text, [(0, 4), (4, 8)], None, None)
    assert _found(text, ["I-heading"] * 8, encoded) == [("一、情况", "heading"), ("二、情况", "heading")]


def test_attributes_are_means_over_the_characters_of_a_claim() -> None:
    encoded = encode("约21件", [(0, 4)], None, None)
    outputs = _outputs(["O", "B-count", "I-count", "O"])
    outputs[1:3, labels.APPROX] = (4.0, -1.0)
    outputs[1:3, labels.SCOPE.start + 2] = 5.0
    outputs[:, labels.CONCEPT] = -6.0
    outputs[1:3, labels.CONCEPT.start + labels.CONCEPTS.index("granted")] = (3.0, 1.0)
    outputs[1:3, labels.CONCEPT.start + labels.CONCEPTS.index("partial")] = -1.0
    (span,) = tag_spans(decode(outputs, encoded), encoded)
    assert span.approx
    assert span.scope == "other_year"
    assert [name for name, _ in span.concepts] == ["granted", "partial"]
    assert span.concepts[0][1] > 0.85
    assert span.concepts[1][1] < 0.5
    assert span.score > 0.99


def test_a_text_with_nothing_in_it_gives_no_spans() -> None:
    empty = encode("", [], None, None)
    assert tag_spans(decode(_outputs([]), empty), empty) == []
    assert _found("无关。", ["O", "O", "O"]) == []

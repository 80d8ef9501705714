"""Reading with the trained token classifier. Needs ONNX Runtime alone, neither PyTorch nor transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models import labels, registry
from models.claims.decode import Floats, Spans, decode, run
from models.claims.pairs import Pairs
from models.claims.spans import TagSpan
from models.encoding import Encoded, encode

LIKELY = 0.5
WORTH_KEEPING = 0.2
MODEL_FILE = "model.onnx"
PAIRS = "pairs"  # the model file's own note of the pairs that it knows, parted by blanks
_HARMFUL = ["SkipLayerNormFusion"]  # the fused operator takes five times as long as addition and LayerNormalization


class ClaimTagger:
    """Tags stretches of a text. One may be shared by threads; it works on one core at a time."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds ``model.onnx`` of a version (``models.registry.load("claims")``)."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"], disabled_optimizers=_HARMFUL
        )
        notes = self._session.get_modelmeta().custom_metadata_map
        self._pairs = Pairs(notes.get(PAIRS, "").split())
        self.version = folder.name

    @classmethod
    def load(cls, version: str | None = None) -> ClaimTagger:
        """A version of the registry. Raises BrokenInstallation where its files are missing or damaged."""
        return cls(registry.load("claims", version))

    def network(self, inputs: dict[str, NDArray[np.int64]]) -> Floats:
        """The model's outputs for a padded batch: (windows, length, outputs)."""
        rows = self._pairs.rows(inputs["input_ids"])
        out: Floats = self._session.run(None, {**inputs, "input_ids": rows})[0]
        return out

    def tag(
        self, text: str, spans: Sequence[tuple[int, int]], year: int | None, issuer: str | None
    ) -> list[list[TagSpan]]:
        """The marked spans of each stretch, in text order.

        ``spans`` are places of the text to read (``models.stretches``), ascending and apart; ``year`` and ``issuer``
        are the report's, None where unknown. A span's concepts are those of at least ``WORTH_KEEPING``; those of
        ``LIKELY`` and more are what the model would say. No spans, no answer: an empty list.
        """
        encoded = encode(text, spans, year, issuer)
        found = decode(run(self.network, encoded), encoded)
        out: list[list[TagSpan]] = [[] for _ in spans]
        for stretch, tagged in zip(encoded.stretch[found.starts].tolist(), tag_spans(found, encoded), strict=True):
            out[stretch].append(tagged)
        return out


def tag_spans(found: Spans, encoded: Encoded) -> list[TagSpan]:
    """Spans by position as spans of the text. Attributes are given for claims only."""
    starts = encoded.starts[found.starts].tolist()
    ends = encoded.ends[found.ends - 1].tolist()
    scopes = found.scopes.argmax(axis=1).tolist()
    out: list[TagSpan] = []
    for i, number in enumerate(found.kinds.tolist()):
        kind, score = labels.SPAN_KINDS[number], round(float(found.scores[i]), 4)
        if kind not in labels.CLAIM_KINDS:
            out.append(TagSpan(starts[i], ends[i], kind, score))
            continue
        approx = bool(found.approx[i] >= LIKELY)
        about = _concepts(found.concepts[i])
        out.append(TagSpan(starts[i], ends[i], kind, score, approx, labels.SCOPES[scopes[i]], about))
    return out


def _concepts(chances: Floats) -> tuple[tuple[str, float], ...]:
    """Concepts worth keeping, the most certain first."""
    kept = np.flatnonzero(chances >= WORTH_KEEPING)
    order = kept[np.argsort(-chances[kept], kind="stable")]
    return tuple((labels.CONCEPTS[i], round(float(chances[i]), 4)) for i in order.tolist())

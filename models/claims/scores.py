"""How well spans and their attributes were found, against what synthesis says."""

from __future__ import annotations

from typing import Any

import numpy as np

from models import labels
from models.claims.data import Labelled, truth
from models.claims.decode import Spans
from models.claims.tag import LIKELY


def score(found: Spans, data: Labelled) -> dict[str, Any]:
    """Precision, recall and F1 of spans (same place and kind), each kind's F1, and how right the attributes of the
    claims found in their place are: scope, approx, the whole set of concepts, and F1 over single concepts."""
    wanted = set(truth(data))
    got = {
        key: i for i, key in enumerate(zip(*(x.tolist() for x in (found.starts, found.ends, found.kinds)), strict=True))
    }
    kinds = {kind: _rates(_of(wanted, i), _of(got, i)) for i, kind in enumerate(labels.SPAN_KINDS)}
    claims = [i for i, kind in enumerate(labels.SPAN_KINDS) if kind in labels.CLAIM_KINDS]
    return {
        "spans": _rates(wanted, set(got)),
        "claims": _rates(_of(wanted, *claims), _of(got, *claims)),
        "kinds": kinds,
        **_attributes(found, data, [(key, i) for key, i in got.items() if key in wanted and key[2] in claims]),
    }


def headline(scores: dict[str, Any]) -> dict[str, float]:
    """The figures that one looks at first."""
    flat = {k: scores[k] for k in ("concepts_exact", "concepts_f1", "scope", "approx")}
    return {"spans_f1": scores["spans"]["f1"], "claims_f1": scores["claims"]["f1"], **flat}


def _of(spans: Any, *kinds: int) -> set[tuple[int, int, int]]:
    return {s for s in spans if s[2] in kinds}


def _rates(wanted: set[tuple[int, int, int]], got: set[tuple[int, int, int]]) -> dict[str, float]:
    right = len(wanted & got)
    return {
        "precision": round(right / max(len(got), 1), 5),
        "recall": round(right / max(len(wanted), 1), 5),
        "f1": round(2 * right / max(len(got) + len(wanted), 1), 5),
        "count": len(wanted),
    }


def _attributes(found: Spans, data: Labelled, claims: list[tuple[tuple[int, int, int], int]]) -> dict[str, float]:
    rows = np.array([i for _, i in claims], dtype=np.int64)
    known = data.attributes[data.claim_ids[np.array([key[0] for key, _ in claims], dtype=np.int64)]]
    said, meant = found.concepts[rows] >= LIKELY, known[:, 2:] > 0
    right, total = int((said & meant).sum()), int(said.sum() + meant.sum())
    some = meant.any(axis=1)
    return {
        "concepts_exact": _share((said == meant).all(axis=1)),
        "concepts_exact_where_some": _share((said == meant).all(axis=1)[some]),
        "concepts_f1": round(2 * right / max(total, 1), 5),
        "scope": _share(found.scopes[rows].argmax(axis=1) == known[:, 1]),
        "approx": _share((found.approx[rows] >= LIKELY) == (known[:, 0] > 0)),
    }


def _share(right: Any) -> float:
    return round(float(right.mean()), 5) if len(right) else 1.0

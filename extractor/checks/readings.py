"""Other quantities that a claim's words may mean: 受理 N 件 is new, or new and carried in; 办结 N 件 is either, too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extractor.document import Claim
from extractor.lexicon import lexicon
from models.form import Form


def expression(form: Form, name: str) -> str | None:
    """The metric expression of a concept; an expression stands for itself; None where the form has no such cell."""
    if name.startswith("t"):
        table = name.split(".", 1)[0]
        if table in form.tables:
            known = set(form.cell_ids())
            return name if all(c in known for part in name.split("+") for c in form.expand(part)) else None
    metric = form.metrics.get(name)
    return metric.expression if metric else None


def readings(
    form: Form, concept: str, clause: str, claimed: Iterable[str], beside: Iterable[str] = (), key: str = "read_as"
) -> tuple[str, ...]:
    """The admissible other expressions of a concept, most likely first.

    ``clause`` is the claim's own; ``claimed`` are the concepts that the report claims anywhere, ``beside`` those of
    the same sentence. With ``key`` "relink": those to which the claim may be linked where the tables prove them.
    """
    entry: dict[str, Any] = lexicon("alternatives").get(concept, {})
    if any(word in clause for word in entry.get("unless", ())):
        return ()
    if "when" in entry and not set(entry["when"]) & set(claimed):
        return ()
    if set(entry.get("without", ())) & set(beside):
        return ()
    only: dict[str, list[str]] = entry.get("only", {})
    named = (n for n in entry.get(key, ()) if n not in only or any(w in clause for w in only[n]))
    found = (expression(form, name) for name in named)
    return tuple(dict.fromkeys(e for e in found if e))


def concepts_by_metric(form: Form, claim: Claim) -> dict[str, str]:
    """Each of the claim's metrics with the concept that led to it."""
    named = {e: c for c in claim.concepts if (e := expression(form, c))}
    if len(claim.metrics) == len(claim.concepts):
        named.update(zip(claim.metrics, claim.concepts, strict=True))
    return {m: named.get(m) or form.concept_of(m) or "" for m in claim.metrics}

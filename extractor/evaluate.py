"""How well results agree with annotations: headings, cells, claims, links, findings, metadata.

A tally counts hits over any number of reports; ``figures`` turns it into precision, recall and shares. Counted are
  headings  by place (within two characters) and level
  cells     by id and value, a blank being a value too; a document is exact when all are right and none is invented
  claims    counts and zero statements, by overlap and value; links by the set of cells that a claim names
  findings  mismatches, by a shared cell or place; a report's findings about one fault are one alarm
Confidences have their expected calibration error (``ece_…``): Guo et al. 2017, "On Calibration of Modern Neural
Networks", with 15 bins of equal width. What is right is told in ``extractor.correctness``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.correctness import NEAR, PARTS, Json, about, equal, judged, overlap
from extractor.curves import BINS, bin_of

Tally = Counter[str]
_COUNTED = ("count", "zero")
_CALIBRATED = (*PARTS, "mismatches")
_UNITS = 10_000  # sums of confidences are kept as whole numbers: the order in which they are added does not matter
_METADATA = ("year", "issuer", "title", "format")


@dataclass(slots=True)
class Score:
    """One report's tally, and what was wrong, by part."""

    tally: Tally = field(default_factory=Counter)
    errors: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def wrong(self, part: str, *what: Any) -> None:
        self.errors.setdefault(part, []).append(what)


def score(gold: Json, result: Json) -> Score:
    """Hold one result (empty: there is none) against its annotation. What is not annotated is not scored."""
    out = Score()
    out.tally["reports"] = 1
    if "headings" in gold:
        _score_headings(gold, result, out)
    if "cells" in gold:
        _score_cells(gold, result, out)
    if "claims" in gold:
        _score_claims(gold, result, out)
    if "findings" in gold:
        _score_findings(gold, result, out)
    _score_metadata(gold, result, out)
    _score_confidences(gold, result, out)
    return out


def figures(tally: Tally) -> dict[str, float]:
    """Precision, recall, F1 and shares of a tally, rounded to four digits; only of what was annotated."""
    out: dict[str, float] = {}
    if tally["headings.gold"]:
        out |= _ratios("headings", tally)
    if tally["cells.gold"]:
        out["cells_right"] = tally["cells.right"] / tally["cells.gold"]
        out["nonzero_cells_right"] = _share(tally["nonzero.right"], tally["nonzero.gold"])
        out["documents_exact"] = tally["documents.exact"] / tally["documents"]
        out["cells_invented"] = tally["cells.invented"]
    if tally["claims.gold"] or tally["claims.found"]:
        out |= _ratios("claims", tally) | _ratios("links", tally)
    if tally["mismatch.gold"] or tally["mismatch.found"] or tally["clean"]:
        out |= _ratios("mismatch", tally)
        out["false_alarms_on_clean"] = tally["clean.alarmed"]
    if tally["metadata.gold"]:
        out["metadata_right"] = tally["metadata.right"] / tally["metadata.gold"]
    out |= {f"ece_{part}": _calibration_error(part, tally) for part in _CALIBRATED if tally[f"ece.{part}"]}
    return {name: round(value, 4) for name, value in out.items()}


def groups(gold: Json, by: Sequence[str]) -> list[str]:
    """The groups a report belongs to, such as ``style=rows_with_pipes``: one for each value of each field of ``by``.

    ``fault`` stands for ``faults``, too.
    """
    return [f"{name}={value}" for name in by for value in _values(gold.get(name, gold.get(f"{name}s")))]


def _values(value: Any) -> list[str]:
    """A field's values: of a list of objects their kinds, nothing at all as "none"."""
    if isinstance(value, Mapping):
        value = [key for key, on in value.items() if on]
    if isinstance(value, str) or not isinstance(value, Iterable):
        value = [] if value is None else [value]
    named = {str(v.get("kind", v.get("type", "?")) if isinstance(v, Mapping) else v) for v in value}
    return sorted(named) or ["none"]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _ratios(name: str, tally: Tally) -> dict[str, float]:
    hit, found, gold = (tally[f"{name}.{what}"] for what in ("hit", "found", "gold"))
    precision = hit / found if found else float(not gold)
    recall = _share(hit, gold)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {f"{name}_p": precision, f"{name}_r": recall, f"{name}_f1": f1}


def _headings_of(sections: Iterable[Json]) -> Iterator[tuple[int, int, str]]:
    for section in sections:
        if section.get("heading"):
            yield section["heading"]["start"], section["level"], section["heading"]["text"]
        yield from _headings_of(section.get("children", ()))


def _score_headings(gold: Json, result: Json, out: Score) -> None:
    left = sorted(_headings_of(result.get("sections", ())))
    hits = 0
    for wanted in gold["headings"]:
        near = [h for h in left if abs(h[0] - wanted["start"]) <= NEAR and h[1] == wanted["level"]]
        if near:
            left.remove(near[0])
            hits += 1
        else:
            out.wrong("headings", "missed", wanted["level"], wanted["text"])
    optional = [h["start"] for h in gold.get("optional_headings", ())]
    extra = [h for h in left if not any(abs(h[0] - at) <= NEAR for at in optional)]
    for _, level, text in extra:
        out.wrong("headings", "extra", level, text)
    out.tally["headings.hit"] = hits
    out.tally["headings.gold"] = len(gold["headings"])
    out.tally["headings.found"] = hits + len(extra)


def _score_cells(gold: Json, result: Json, out: Score) -> None:
    found = {cell["id"]: cell["value"] for table in result.get("tables", ()) for cell in table.get("cells", ())}
    uncertain = frozenset(gold.get("uncertain_cells", ()))
    tally = out.tally
    for name, value in gold["cells"].items():
        if name in uncertain:
            continue
        right = name in found and equal(found[name], value)
        tally["cells.gold"] += 1
        tally["cells.right"] += right
        tally["nonzero.gold"] += bool(value)
        tally["nonzero.right"] += bool(right and value)
        if not right:
            out.wrong("cells", name, value, found.get(name, "absent"))
    invented = [(name, value) for name, value in found.items() if value and name not in gold["cells"]]
    for name, value in invented:
        out.wrong("cells", name, "not in gold", value)
    tally["cells.invented"] += len(invented)
    tally["documents.exact"] += "cells" not in out.errors
    tally["documents"] += 1


def _score_claims(gold: Json, result: Json, out: Score) -> None:
    wanted = [c for c in gold["claims"] if _counted(c) and not c.get("optional")]
    neither = [c for c in gold["claims"] if not _counted(c) or c.get("optional")]
    left = [c for c in result.get("claims", ()) if _counted(c)]
    tally = out.tally
    for claim in wanted:
        own = claim.get("scope", "own") == "own"
        linkable = own and bool(claim["metrics"])
        tally["links.gold"] += linkable
        at = next((i for i, c in enumerate(left) if _same_claim(c, claim)), None)
        if at is None:
            out.wrong("claims", "missed", claim["surface"], claim["value"], claim["metrics"])
            continue
        named = set(left.pop(at).get("metrics", ()))
        linked = linkable and named in [set(m) for m in (claim["metrics"], *claim.get("alt_metrics", ()))]
        tally["claims.hit"] += 1
        tally["links.hit"] += linked
        tally["links.found"] += own and bool(named)
        if not linked and (linkable or named):
            out.wrong("claims", "link", claim["surface"], claim["metrics"], sorted(named))
    extra = [c for c in left if not any(overlap(c, other) for other in neither)]
    for claim in extra:
        out.wrong("claims", "extra", claim.get("surface"), claim["value"], claim.get("metrics"))
    tally["links.found"] += sum(bool(c.get("metrics")) for c in extra)
    tally["claims.gold"] = len(wanted)
    tally["claims.found"] = tally["claims.hit"] + len(extra)


def _counted(claim: Json) -> bool:
    return claim.get("kind", "count") in _COUNTED


def _same_claim(found: Json, gold: Json) -> bool:
    return overlap(found, gold) and (gold.get("kind") == "zero" or equal(found["value"], gold["value"]))


def _score_findings(gold: Json, result: Json, out: Score) -> None:
    alarms = [f for f in result.get("findings", ()) if f.get("status") == "mismatch"]
    hits = 0
    for fault in gold["findings"]:
        if any(about(alarm, fault) for alarm in alarms):
            hits += 1
        else:
            out.wrong("findings", "missed", fault)
    excused = (*gold["findings"], *gold.get("doubtful", ()))
    false = [a for a in alarms if not any(about(a, fault) for fault in excused)]
    for alarm in false:
        out.wrong("findings", "false alarm", alarm.get("message"), alarm.get("cells"))
    clean = not gold["findings"]
    out.tally["mismatch.hit"] = hits
    out.tally["mismatch.gold"] = len(gold["findings"])
    out.tally["mismatch.found"] = hits + len(false)
    out.tally["clean"] = int(clean)
    out.tally["clean.alarmed"] = int(clean and bool(false))


def _score_metadata(gold: Json, result: Json, out: Score) -> None:
    facts = result.get("document", {})
    for name in _METADATA:
        if name not in gold:
            continue
        right = str(facts.get(name)) == str(gold[name])
        out.tally["metadata.gold"] += 1
        out.tally["metadata.right"] += right
        if not right:
            out.wrong("metadata", name, gold[name], facts.get(name))


def _score_confidences(gold: Json, result: Json, out: Score) -> None:
    for item in judged(gold, result):
        if item.confidence is None:
            continue
        alarm = item.part == "findings" and item.status == "mismatch"
        for part in (item.part, "mismatches") if alarm else (item.part,):
            at = f"ece.{part}.{bin_of(item.confidence)}"
            out.tally[f"ece.{part}"] += 1
            out.tally[f"{at}.sum"] += round(item.confidence * _UNITS)
            out.tally[f"{at}.right"] += item.right


def _calibration_error(part: str, tally: Tally) -> float:
    """Expected calibration error: how far the confidences of each bin are from the share that is right."""
    bins = (f"ece.{part}.{i}" for i in range(BINS))
    return sum(abs(tally[f"{b}.sum"] / _UNITS - tally[f"{b}.right"]) for b in bins) / tally[f"ece.{part}"]

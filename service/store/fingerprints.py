"""Names for claims and findings that stay the same over re-extraction and model versions.

A claim is known by its sentence and its surface, a finding by its kind, its claim and the cells it compares, and both
by which of several alike it is. Offsets, scores, statuses and figures are left out: a review still finds its finding
when the next model reads a number otherwise, and the answer says that it changed since.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

from models.text import simplify

_SPACE = re.compile(r"\s+")
_QUOTED = re.compile("“([^”]{0,200})”")
_LENGTH = 16


def claim_keys(result: dict[str, Any], text: str) -> list[str]:
    """The key of each claim of a result, in order; no two are alike."""
    counted: Counter[str] = Counter()
    return [_key("c", counted, "claim", _squeezed(text, c["sentence"]), _flat(c["surface"])) for c in result["claims"]]


def finding_keys(result: dict[str, Any], claims: dict[str, str]) -> list[str]:
    """The key of each finding of a result, in order. ``claims`` maps the claims' names (c1) to their keys.

    A finding on neither a claim nor a cell (a section that is missing) is known by what its message quotes.
    """
    counted: Counter[str] = Counter()
    return [_key("f", counted, f["kind"], *_about(f, claims)) for f in result["findings"]]


def _about(finding: dict[str, Any], claims: dict[str, str]) -> list[str]:
    parts = [claims[finding["claim"]]] if finding["claim"] in claims else []
    parts += sorted(finding["cells"])
    return parts or [_flat(quoted) for quoted in _QUOTED.findall(finding["message"])]


def _key(letter: str, counted: Counter[str], *parts: str) -> str:
    plain = "\x1f".join(parts)
    counted[plain] += 1
    digest = hashlib.sha256(f"{plain}\x1f{counted[plain]}".encode("utf-8", "surrogatepass")).hexdigest()
    return letter + digest[:_LENGTH]


def _squeezed(text: str, place: dict[str, int]) -> str:
    return _flat(text[place["start"] : place["end"]])


def _flat(piece: str) -> str:
    return _SPACE.sub("", simplify(piece)).casefold()

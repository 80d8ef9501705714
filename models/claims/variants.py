"""Annotated reports as they are learned from: several encodings of each, all but the first changed a little."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from models.claims.data import Labelled, Sample, join, labelled
from models.synthesis.markup import Marked

VARIANTS = 8  # encodings of each report
_ALONE = 0.5  # share of them that are read sentence by sentence


def varied(samples: Sequence[Sample], seed: int) -> Labelled:
    """All encodings of reports."""
    return join([variant(s, seed, i) for s in samples for i in range(VARIANTS)])


def variant(sample: Sample, seed: int, number: int) -> Labelled:
    """A report's encoding; all but the first with something hidden and with other numbers.

    A handful of reports is soon known by heart. What their numbers count must be learned from the words beside them.
    """
    if not number:
        return labelled(sample)
    rng = random.Random(f"{seed}:{number}:annotated")
    return labelled(_with_other_numbers(sample, rng), rng, _ALONE)


def _with_other_numbers(sample: Sample, rng: random.Random) -> Sample:
    """The sample with every count that is printed in digits printed in others, of up to four."""
    counts = {(m.start, m.end) for m in sample.marks if m.kind == "claim" and m.data["kind"] == "count"}
    printed = sorted((a, b) for a, b in counts if sample.text[a:b].isdigit())
    edits = [(a, b, str(rng.randrange(10 ** rng.choice((1, 1, 2, 2, 3, 4))))) for a, b in printed]
    made = Marked(sample.text, list(sample.marks)).substitute(edits)
    return replace(sample, text=made.text, marks=tuple(made.marks))

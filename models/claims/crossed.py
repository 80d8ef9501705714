"""Annotated reports as networks read them that learned their new words from the others only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.claims.data import Labelled, Sample, labelled
from models.claims.export import network_of
from models.claims.network import ClaimTaggerModel
from models.claims.novel import learn_words
from models.claims.student import Student
from models.claims.train import restore
from models.claims.variants import varied
from models.finetune import Recipe
from models.gate.items import Compared, read_claims, true_claims
from models.gate.left_out import folds
from models.workplace import Teller


def read_left_out(
    samples: Sequence[Sample], names: Sequence[str], start: Path, how: Recipe, replay: Labelled, work: Path,
    teller: Teller,
) -> list[Compared]:  # fmt: skip
    """Each of the annotated ``samples``, called ``names``, as the version ``start`` reads it, and as one does that
    learned words from the samples that are not of its fold. What a killed run has done lies in ``work``."""
    old: ClaimTaggerModel = restore(start)
    out: list[Compared] = []
    for number, fold in enumerate(folds(len(samples), how.folds)):
        others = [s for i, s in enumerate(samples) if i not in fold]
        student = restore(start, Student).taught_by(restore(start), how.hold)
        folder = work / f"fold-{number}"
        folder.mkdir(exist_ok=True)
        own = varied(others, how.seed)
        reports = [labelled(s) for s in others]
        learn_words(student, reports, own, replay, how, folder, teller, "leaving reports out")
        out += [_compared(samples[i], names[i], old, student) for i in fold]
    return out


def _compared(sample: Sample, name: str, old: ClaimTaggerModel, new: ClaimTaggerModel) -> Compared:
    known = labelled(sample)
    firsts = np.flatnonzero(np.diff(known.encoded.stretch, prepend=-1))
    passages = tuple(known.encoded.starts[firsts].tolist())
    read = (read_claims(network_of(model), known.encoded) for model in (old, new))
    return Compared(name, "", sample.text, passages, frozenset(true_claims(known)), *read)

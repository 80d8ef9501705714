"""What fine-tuning of either model has in common: its recipe, what was annotated, and how much of it is read.

A run starts from the weights of a version. What is new in a new style is mostly its words; so these are learned first
or fastest (``models.claims.novel``, ``models.layout.finetune``). Each epoch reads fresh synthesis and the annotated
reports, as often as it takes for them to be a stated share of what is read. Of what is annotated the labels are
learned; on synthesis the network is held to what the version said that it starts from (Li & Hoiem 2017, *Learning
without Forgetting*). After each epoch the model is scored on held-out synthesis and on the dataset's dev part (if that
is no mere handful); the epoch with the best mean of both is the one that is kept, and training ends when the last few
brought none better. In the end only so much of the way from the old weights to the new is gone as leaves every label
of held-out synthesis where it was (Wortsman et al. 2022, *Robust fine-tuning of zero-shot models*: on a line between
the two, what is new is learned long before what was known is lost).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.annotations.dataset import Dataset
from models.annotations.manifest import Entry, Split
from models.annotations.record import Record
from models.annotations.samples import claims_sample, layout_sample
from models.claims import data as claims
from models.claims.data import Sample as ClaimsSample
from models.grid import segment
from models.layout import data as layout
from models.layout.classify import load_classifier
from models.layout.data import Sample as LayoutSample
from models.registry import RECORD, read_record
from models.workplace import WORK, OtherRunError

if TYPE_CHECKING:
    from models.synthesis.report import Synthetic

REPLAY_SEED = 3_000_017  # added to a run's seed: synthesis that no version was trained on from scratch
DEV_SEED = 4_000_037  # added to a run's seed: synthesis that it is scored on after each epoch
MOST_REPEATS = 12
FEWEST_DEV = 4  # documents of a dev part by which an epoch can be chosen
WAYS = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25)
_MOST_FALLEN = 0.001  # half of what the gate lets pass; and one item more, which is chance
_FEW = 150
S = TypeVar("S")
LabelScores = Mapping[str, tuple[float, int]]


class NothingToLearnError(ValueError):
    """The train part of a dataset has nothing for this model."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result, beside code and data.

    ``start``: the version whose weights it starts from. ``replay``: fresh synthetic reports, all epochs together.
    ``share``: how much of what an epoch reads (characters, blocks) is annotated, as far as ``MOST_REPEATS`` readings
    of each report give it. ``held_out``: synthetic reports for the scores after each epoch. ``rate``: the highest
    learning rate. ``hold``: how much more than annotated reports the replay weighs, where the network is held to what
    it said before. ``folds``: how often it is trained without some of the reports (``models.gate.left_out``); 0: never.
    """

    start: str
    epochs: int
    replay: int
    share: float
    rate: float
    seed: int = 1
    patience: int = 3
    held_out: int = 240
    hold: float = 1.0
    folds: int = 3


@dataclass(frozen=True, slots=True)
class Annotated(Generic[S]):
    """Samples of a split of a dataset, with the entries that they are of. ``lacking``: documents whose annotations
    have nothing for this model."""

    samples: tuple[S, ...]
    entries: tuple[Entry, ...]
    lacking: tuple[str, ...]

    def digest(self) -> str:
        """SHA-256 of the documents' files and of what is held back from them."""
        told = repr([(e.text, e.sha256, e.held_back) for e in self.entries])
        return hashlib.sha256(told.encode()).hexdigest()

    def facts(self) -> dict[str, Any]:
        """For records."""
        out = {"documents": len(self.samples), "sha256": self.digest(), "ids": [e.id for e in self.entries]}
        return out | ({"lacking": list(self.lacking)} if self.lacking else {})


def annotated_claims(data: Dataset, split: Split) -> Annotated[ClaimsSample]:
    """What the token classifier learns from a split. Blocks that nobody annotated are the current layout model's."""

    def make(record: Record, entry: Entry) -> ClaimsSample | None:
        return claims_sample(record, entry.held_back, _typed(record.text) if record.blocks is None else ())

    return _annotated(data, split, make)


def annotated_layout(data: Dataset, split: Split) -> Annotated[LayoutSample]:
    """What the layout model learns from a split."""
    return _annotated(data, split, lambda record, entry: layout_sample(record, entry.held_back))


def _annotated(data: Dataset, split: Split, make: Callable[[Record, Entry], S | None]) -> Annotated[S]:
    samples: list[S] = []
    entries: list[Entry] = []
    lacking: list[str] = []
    for entry, record in data.records(split):
        sample = make(record, entry)
        if sample is None:
            lacking.append(entry.id)
        else:
            samples.append(sample)
            entries.append(entry)
    return Annotated(tuple(samples), tuple(entries), tuple(lacking))


def _typed(text: str) -> list[tuple[int, int, str]]:
    blocks = segment(text)
    types = load_classifier().classify(text, blocks)
    return [(b.start, b.end, t) for b, (t, _) in zip(blocks, types, strict=True)]


def shared_out(train: Annotated[S], dev: Annotated[S]) -> tuple[tuple[S, ...], tuple[S, ...]]:
    """What is learned from, and what epochs are chosen by.

    A dev part of a few documents would choose by chance: then it is learned from too, and the last epoch is kept.
    """
    if len(dev.samples) >= FEWEST_DEV:
        return train.samples, dev.samples
    return (*train.samples, *dev.samples), ()


def finished(out: Path, how: Recipe, train: Annotated[Any], dev: Annotated[Any]) -> dict[str, Any] | None:
    """The record of the run of this recipe and dataset, if ``out`` holds its version already.

    Raises OtherRunError where it holds another version: versions never change.
    """
    if not (out / RECORD).is_file():
        return None
    record = read_record(out)
    parts = record.get("dataset", {})
    digests = [parts.get(name, {}).get("sha256") for name in ("train", "dev")]
    if record.get("settings") != asdict(how) or digests != [train.digest(), dev.digest()]:
        raise OtherRunError(f"{out} is another version; versions never change, name another")
    shutil.rmtree(out / WORK, ignore_errors=True)
    return record


def kept(folder: Path, what: str, seed: int, count: int) -> Path:
    """The file for so many reports of a seed: runs that share a folder read the same ones."""
    return folder / f"{what}-{seed}-{count}.npz"


def claims_replay(seed: int, index: int) -> ClaimsSample:
    """A report of synthesis; every second is of a style that its number decides, so that rare ones are there too."""
    return claims.of_report(_report(seed, index))


def layout_replay(seed: int, index: int) -> LayoutSample:
    """As ``claims_replay``."""
    return layout.of_report(_report(seed, index))


def _report(seed: int, index: int) -> Synthetic:
    from models.synthesis.report import Options, synthesize
    from models.synthesis.tables import STYLES

    return synthesize(seed, index, Options(style=list(STYLES)[index // 2 % len(STYLES)] if index % 2 else None))


def farthest(
    score: Callable[[float], LabelScores], before: LabelScores, ways: Sequence[float] = WAYS
) -> tuple[float, float]:
    """How far to go from the old weights to the new: the farthest of ``ways`` on which no label falls; and by how
    much the worst label fell there. ``score`` gives F1 and number of items of each label on a part of the way."""
    tried: list[tuple[float, float]] = []
    for way in ways:
        found = score(way)
        falls = [before[k][0] - found[k][0] - 1 / count for k, (_, count) in before.items() if count >= _FEW]
        fallen = max(falls, default=0.0)
        tried.append((round(fallen, 5), way))
        if fallen <= _MOST_FALLEN:
            break
    fallen, way = min(tried)
    return way, fallen


def between(old: Mapping[str, Any], new: Mapping[str, Any], way: float) -> dict[str, Any]:
    """Weights on the line from the old to the new."""
    return {name: old[name] + way * (new[name] - old[name]) for name in new}


def repeats(annotated: float, replay: float, share: float) -> float:
    """How often what is annotated is read in an epoch, to be a ``share`` of it beside ``replay`` (same unit)."""
    if not annotated:
        return 0.0
    return min(share / (1 - share) * replay / annotated, MOST_REPEATS)


def repeated(rows: NDArray[np.int64], times: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Rows so many times over; for a part of a time, a random choice of them."""
    whole = int(times)
    rest = rng.permutation(rows)[: round((times - whole) * len(rows))]
    return np.concatenate([np.tile(rows, whole), rest])


def stale(measures: Sequence[float], patience: int) -> bool:
    """Have the last ``patience`` epochs brought nothing better than those before them?"""
    behind = len(measures) - patience
    return behind > 0 and max(measures[behind:]) <= max(measures[:behind])


def mean(values: Sequence[float]) -> float:
    """The mean, to five digits."""
    return round(sum(values) / len(values), 5)

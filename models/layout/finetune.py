"""Fine-tuning of the layout model on annotated reports: from a version that is there to a candidate."""

from __future__ import annotations

import dataclasses
import datetime
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models import registry
from models.annotations.dataset import Dataset
from models.finetune import (
    DEV_SEED,
    REPLAY_SEED,
    LabelScores,
    NothingToLearnError,
    Recipe,
    annotated_layout,
    between,
    farthest,
    finished,
    kept,
    layout_replay,
    mean,
    repeated,
    repeats,
    shared_out,
)
from models.gate import left_out
from models.gate.items import Compared, Item, Items, passage_starts
from models.grid import segment
from models.layout.batches import Batch
from models.layout.data import UNKNOWN, DataSet, Example, Sample, Source, digest_of, example
from models.layout.export import FULL, restore
from models.layout.features import fingerprint
from models.layout.labels import BLOCK_TYPES
from models.layout.network import LayoutNetwork
from models.layout.scores import score
from models.layout.train import Run, Settings, finish, headline, written
from models.workplace import Teller, workplace

# A mean over types says little of a few reports, where some types stand once.
_MEASURED = {"synthesis": ("accuracy", "macro_f1"), "dev": ("accuracy",), "train": ("accuracy",)}
_SURE = 0.8
_FASTER = 30.0  # what blocks say is learned so many times as fast as how they are read: there a new style is new
OnEpoch = Callable[[int, dict[str, Any]], None]


def recipe(start: str, **changes: Any) -> Recipe:
    """The recipe for the layout model."""
    made = {"start": start, "epochs": 8, "replay": 2000, "share": 0.25, "rate": 1e-4, "held_out": 480, "hold": 10.0}
    return Recipe(**{**made, **changes})


def finetune_layout(
    out: Path, data: Dataset, how: Recipe, *, resume: bool = True, source: Source = layout_replay, processes: int = 2,
    on_epoch: OnEpoch | None = None, command: str = "", data_folder: Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Fine-tune the version ``how.start`` on the train part of a dataset into the folder ``out``; returns the record.

    As ``models.claims.finetune.finetune_claims``; what a killed run has done is whole after every epoch.
    """
    started = time.time()
    train, dev = annotated_layout(data, "train"), annotated_layout(data, "dev")
    learned, chosen_by = shared_out(train, dev)
    names = [entry.id for entry in (*train.entries, *dev.entries)][: len(learned)]
    if not learned:
        raise NothingToLearnError(f"the train part of {data.root} has no report with blocks")
    if (done := finished(out, how, train, dev)) is not None:
        return done
    settings = (dataclasses.asdict(how), fingerprint(), train.digest(), dev.digest())
    work = workplace(out, repr(settings), resume)
    torch.set_num_threads(max(processes, 1))
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # nothing reads it, and filling takes long
    with Teller(work) as teller:
        replay, held = synthesis(data_folder or work, how, source, processes, teller)
        own = [dataclasses.replace(example(s), annotated=True) for s in learned]
        watched = {"synthesis": held, **_measured_on(chosen_by, learned)}
        start = registry.load("layout", how.start) / FULL
        run = _Run(how, work, replay, own, watched, teller, restore(start))
        before = run.scores(restore(start))
        run.go(on_epoch or (lambda _epoch, _scores: None))
        teller.phase("weighing old and new")
        way, fallen = run.blend(restore(start))
        read = _read_left_out(learned, names, chosen_by, run, restore(start))
    record = {
        "task": "layout",
        "command": command,
        "date": datetime.datetime.fromtimestamp(started, datetime.UTC).date().isoformat(),
        "settings": dataclasses.asdict(how),
        "start": {"version": how.start, "sha256": registry.sha256(start)},
        "features": fingerprint(),
        "labels": list(BLOCK_TYPES),
        "dataset": {"folder": str(data.root.resolve()), "train": train.facts(), "dev": dev.facts()},
        "learned_from": len(learned),
        "replay": {"sha256": replay.digest, "documents": how.replay, "share_annotated": run.share_annotated},
        "before": before,
        "epochs": run.history,
        "kept_epoch": run.kept(),
        "way": way,
        "most_fallen": fallen,
        "after": run.scores(run.best()),
        left_out.FIELD: left_out.noted(train.digest(), read),
        "held_out": {"sha256": held.digest, **score(*run.predict(run.best(), held))},
        "parameters": sum(p.numel() for p in run.network.parameters()),
        "machine": {"processor": platform.machine(), "threads": torch.get_num_threads(), "torch": torch.__version__},
    }
    return finish(out, work, record, run, held, started)


def synthesis(
    folder: Path, how: Recipe, source: Source = layout_replay, processes: int = 1, teller: Teller | None = None
) -> tuple[DataSet, DataSet]:
    """What a run reads beside what is annotated, and what it is scored on after each epoch; kept in ``folder``."""

    def fetch(name: str, what: str, seed: int, count: int) -> DataSet:
        path = kept(folder, f"layout-{name}", how.seed, count)
        return written(path, source, seed, count, processes, teller, (), what)

    replay = fetch("replay", "replay", how.seed + REPLAY_SEED, how.replay)
    held = fetch("dev", "held out", how.seed + DEV_SEED, how.held_out)
    return replay, held


def _measured_on(dev: Sequence[Sample], train: Sequence[Sample]) -> dict[str, DataSet]:
    """What is annotated and scored after each epoch: the dev part, or the train part where there is no other."""
    made = DataSet.of((example(s), digest_of(s)) for s in dev or train)
    return {"dev" if dev else "train": made}


def _read_left_out(
    samples: Sequence[Sample], names: Sequence[str], dev: Sequence[Sample], whole: _Run, old: LayoutNetwork
) -> list[Compared]:
    """Each of the annotated ``samples``, called ``names``, as the old version reads it, and as one does that learned
    from the samples that are not of its fold. What a killed run has done lies in the folder of the ``whole`` run."""
    out: list[Compared] = []
    for number, fold in enumerate(left_out.folds(len(samples), whole.how.folds)):
        others = [s for i, s in enumerate(samples) if i not in fold]
        own = [dataclasses.replace(example(s), annotated=True) for s in others]
        folder = whole.state_file.parent / f"fold-{number}"
        folder.mkdir(exist_ok=True)
        parts = {"synthesis": whole.parts["synthesis"], **_measured_on(dev, others)}
        run = _Run(whole.how, folder, whole.data, own, parts, whole.teller, whole.teacher)
        run.go(lambda _epoch, _scores: None)
        run.blend(old)
        out += [_compared(samples[i], names[i], (old, run.best()), run) for i in fold]
    return out


def _compared(sample: Sample, name: str, networks: Sequence[LayoutNetwork], run: _Run) -> Compared:
    one = example(sample)
    blocks = segment(sample.text)
    told = [i for i, kind in enumerate(one.labels.tolist()) if kind != UNKNOWN]

    def items(kinds: NDArray[np.int64]) -> Items:
        return frozenset(Item(BLOCK_TYPES[kinds[i]], blocks[i].start, blocks[i].end) for i in told if i < len(kinds))

    data = DataSet.of([(one, digest_of(sample))])
    old, new = (items(run.predict(network, data)[1][0].argmax(1)) for network in networks)
    return Compared(name, "", sample.text, passage_starts(blocks), items(one.labels), old, new)


def taught_loss(out: Tensor, known: Tensor, labels: Tensor, annotated: Tensor, hold: float) -> Tensor:
    """Cross-entropy of outputs (batch, blocks, types): of what is ``annotated`` (batch) with the labels, of the replay
    with the old version's chances, which are ``known``; and where it was sure already of what is annotated, so that it
    is not made surer at the cost of the rest. ``hold``: how much more the replay weighs."""
    said = nn.functional.one_hot(labels.clamp(min=0), known.shape[2]).to(known.dtype)
    new = annotated[:, None, None] & ((known * said).sum(2, keepdim=True) < _SURE)
    losses = -(torch.where(new, said, known) * out.log_softmax(2)).sum(2)
    weights = torch.where(annotated[:, None], 1.0, hold) * (labels != UNKNOWN)
    return (losses * weights).sum() / weights.sum()


class _Run(Run):
    """Each epoch reads a part of the replay, and what is annotated several times.

    Of what is annotated the labels are learned; on the replay the network is held to what the version says that it
    starts from (Li & Hoiem 2017, *Learning without Forgetting*), right or wrong: so that nothing that it read right
    is read otherwise for the sake of an example of synthesis.
    """

    def __init__(
        self, how: Recipe, work: Path, replay: DataSet, own: list[Example], parts: dict[str, DataSet], teller: Teller,
        teacher: LayoutNetwork,
    ) -> None:  # fmt: skip
        self.teacher, self.chooses = teacher.eval(), "dev" in parts
        self.highest_rate, self.how, self.own, self.parts = how.rate, how, own, parts
        settings = Settings(how.replay, how.epochs, how.seed, how.patience, from_version=how.start, extra=len(own))
        super().__init__(settings, work, replay, parts["synthesis"], teller)
        self.network.dropout.p = 0.0  # what is held to a network without it would have to change for its sake
        order = np.random.default_rng((how.seed, 7)).permutation(len(replay.examples))
        self.blended: LayoutNetwork | None = None
        self.fresh = np.array_split(order, how.epochs)
        blocks = sum(len(e.labels) for e in own), sum(len(e.labels) for e in replay.examples)
        self.times = repeats(blocks[0], blocks[1] / how.epochs, how.share)
        self.share_annotated = round(blocks[0] * self.times / (blocks[0] * self.times + blocks[1] / how.epochs), 3)

    def groups(self) -> list[dict[str, Any]]:
        rest = [p for name, p in self.network.named_parameters() if not name.startswith("grams")]
        words = {"params": list(self.network.grams.parameters()), "faster": _FASTER, "weight_decay": 0.0}
        return [words, {"params": rest, "faster": 1.0}]

    def loss(self, batch: Batch, out: Tensor) -> Tensor:
        with torch.no_grad():
            known = self.teacher(batch.grams, batch.text, batch.which, batch.sight, batch.lengths).softmax(2)
        return taught_loss(out, known, batch.labels, batch.annotated, self.how.hold)

    def blend(self, old: LayoutNetwork) -> tuple[float, float]:
        """Keep the weights between the old and the best new ones that keep what was known (see ``farthest``)."""
        before, new, network = old.state_dict(), super().best().state_dict(), LayoutNetwork()

        def by_label(network: LayoutNetwork) -> LabelScores:
            labels = score(*self.predict(network, self.parts["synthesis"]))["labels"]
            return {name: (figures["f1"], figures["blocks"]) for name, figures in labels.items()}

        def at(way: float) -> LabelScores:
            network.load_state_dict(between(before, new, way))
            return by_label(network)

        way, fallen = farthest(at, by_label(old))
        network.load_state_dict(between(before, new, way))
        self.blended = network
        return way, fallen

    def best(self) -> LayoutNetwork:
        return self.blended or super().best()

    def examples(self) -> list[Example]:
        again = repeated(np.arange(len(self.own)), self.times, np.random.default_rng((self.how.seed, 8, self.epoch)))
        return [*(self.data.examples[i] for i in self.fresh[self.epoch]), *(self.own[i] for i in again)]

    def assess(self) -> tuple[dict[str, Any], dict[str, Any]]:
        scores = self.scores(self.network)
        measures = [mean([scores[part][name] for name in _MEASURED[part]]) for part in scores]
        return {"measure": mean(measures), **scores}, scores

    def measure(self, note: dict[str, Any]) -> float:
        return float(note["measure"] if self.chooses else note["epoch"])

    def scores(self, network: LayoutNetwork) -> dict[str, Any]:
        """The headline scores on each part."""
        return {name: headline(score(*self.predict(network, part))) for name, part in self.parts.items()}

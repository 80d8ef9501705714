"""Training of the layout model: from nothing but the seed to a version with its record."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import platform
import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from models import registry
from models.finetune import mean, stale
from models.layout import batches
from models.layout.classify import BlockClassifier
from models.layout.data import UNKNOWN, DataSet, Example, Sample, Source, digest_of, example, make, synthetic
from models.layout.export import FULL, SMALL, export, restore
from models.layout.features import fingerprint
from models.layout.labels import BLOCK_TYPES
from models.layout.network import LayoutNetwork
from models.layout.scores import score
from models.workplace import Teller, workplace

HELD_OUT_SEED = 1_000_003  # added to the seed: reports that are never trained on
_RATE, _DECAY, _CLIP = 3e-3, 0.01, 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the result, beside the code: the same settings give the same weights."""

    reports: int = 2000
    epochs: int = 10
    seed: int = 1
    patience: int = 3
    batch: int = 16
    from_version: str | None = None
    extra: int = 0

    @property
    def held_out(self) -> int:
        return min(max(self.reports // 10, 8), 400)


def train_layout(
    out: Path, *, reports: int = 2000, epochs: int = 10, seed: int = 1, resume: bool = True,
    from_version: str | None = None, extra: Sequence[Sample] | None = None, source: Source = synthetic,
    processes: int = 2, on_epoch: Callable[[int, dict[str, Any]], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Train a version of the layout model into the folder ``out`` and return its record.

    ``source`` writes the reports (seed, index → Sample); ``extra`` are samples trained on beside them.
    ``from_version`` starts from a version there is instead of from chance. What a killed run has done stays in
    ``out/work`` and is taken up again where ``resume`` is true and the settings are the same. ``on_epoch`` is told the
    epoch's number (from 1) and held-out scores. Raises ValueError where ``out`` holds a run of other settings.
    """
    started = time.time()
    settings = Settings(reports, epochs, seed, from_version=from_version, extra=len(extra or ()))
    work = workplace(out, repr(dataclasses.asdict(settings) | {"features": fingerprint()}), resume)
    torch.set_num_threads(max(processes, 1))
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # nothing reads it, and filling takes most of the time
    with Teller(work) as teller:
        data, held_out = _data(work, settings, source, extra or (), processes, teller)
        run = Run(settings, work, data, held_out, teller)
        run.go(on_epoch or (lambda _epoch, _scores: None))
    record = _record(settings, run, data, held_out, started)
    return finish(out, work, record, run, held_out, started)


def finish(
    out: Path, work: Path, record: dict[str, Any], run: Run, held_out: DataSet, started: float
) -> dict[str, Any]:
    """Export the best network, say how the files agree with it, and make the version whole by its record."""
    files = work / "files"
    files.mkdir(exist_ok=True)
    export(run.best(), files)
    registry.write_record(files, record, [])  # what serves is only opened with a record beside it
    record |= _served(files, run, held_out)
    for path in sorted(files.glob("*.onnx")):
        path.replace(out / path.name)
    record["seconds"] = round(run.spent(started), 1)
    whole = registry.write_record(out, record, [FULL, SMALL])
    shutil.rmtree(work)
    return whole


def _data(
    work: Path, settings: Settings, source: Source, extra: Sequence[Sample], processes: int, teller: Teller
) -> tuple[DataSet, DataSet]:
    seed, count = settings.seed, settings.reports
    return (
        written(work / "reports.npz", source, seed, count, processes, teller, extra),
        written(
            work / "held_out.npz", source, seed + HELD_OUT_SEED, settings.held_out, processes, teller, what="held out"
        ),
    )


def written(
    path: Path, source: Source, seed: int, count: int, processes: int, teller: Teller | None,
    extra: Sequence[Sample] = (), what: str = "reports",
) -> DataSet:  # fmt: skip
    """``count`` reports of ``source`` and the ``extra`` samples, read from ``path`` if they are there, else made, as
    ``what`` the teller says."""
    if not path.exists():
        if teller:
            teller.phase(f"writing {what}", count)
        made = (_told(teller, i, one) for i, one in enumerate(make(source, seed, count, processes), 1))
        DataSet.of(itertools.chain(made, ((example(s), digest_of(s)) for s in extra))).save(path)
    return DataSet.load(path)


def _told(teller: Teller | None, done: int, one: tuple[Example, bytes]) -> tuple[Example, bytes]:
    if teller:
        teller.step(done)
    return one


class Run:
    """One training run: its state on disk is whole after every epoch."""

    highest_rate = _RATE

    def __init__(self, settings: Settings, work: Path, data: DataSet, held_out: DataSet, teller: Teller) -> None:
        self.settings, self.data, self.held_out, self.teller = settings, data, held_out, teller
        self.state_file, self.best_file = work / "state.pt", work / "best.pt"
        torch.manual_seed(settings.seed)
        self.network = self._start()
        self.optimiser = torch.optim.AdamW(self.groups(), lr=_RATE, weight_decay=_DECAY)
        self.epoch, self.history, self.seconds = 0, list[dict[str, Any]](), 0.0
        if self.state_file.exists():
            state = torch.load(self.state_file, weights_only=True)
            self.network.load_state_dict(state["network"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.epoch, self.history, self.seconds = state["epoch"], state["history"], state["seconds"]

    def _start(self) -> LayoutNetwork:
        if self.settings.from_version is None:
            return LayoutNetwork()
        return restore(registry.load("layout", self.settings.from_version) / FULL)

    def groups(self) -> list[dict[str, Any]]:
        """The weights that learn; ``faster``: so many times the others' rate."""
        return [{"params": list(self.network.parameters()), "faster": 1.0}]

    def go(self, on_epoch: Callable[[int, dict[str, Any]], None]) -> None:
        """Epochs until the last, or until none of the last few was better than the best before them."""
        self.teller.phase("epochs", self.settings.epochs)
        while self.epoch < self.settings.epochs and not self._stale():
            began = time.time()
            loss = self._learn()
            note, scores = self.assess()
            self.epoch += 1
            self.history.append({"epoch": self.epoch, "loss": round(loss, 5), **note})
            self.seconds += time.time() - began
            if self._measure(-1) >= max(self._measure(i) for i in range(self.epoch)):
                _save(self.best_file, self.network.state_dict())
            _save(self.state_file, self._state())
            self.teller.step(self.epoch, loss=loss, scores={"measure": self._measure(-1)})
            on_epoch(self.epoch, scores)

    def assess(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The scores now: what of them is noted, and all."""
        scores = score(*self.predict(self.network, self.held_out))
        return headline(scores), scores

    def examples(self) -> list[Example]:
        """What this epoch reads."""
        return self.data.examples

    def _learn(self) -> float:
        """One epoch; returns the mean loss."""
        self.network.train()
        torch.manual_seed(random.Random(f"{self.settings.seed}:{self.epoch}").getrandbits(60))
        steps = list(batches.shuffled(self.examples(), f"{self.settings.seed}:{self.epoch}", self.settings.batch))
        total = 0.0
        for i, batch in enumerate(steps):
            self._rate((self.epoch + i / len(steps)) / self.settings.epochs)
            out = self.network(batch.grams, batch.text, batch.which, batch.sight, batch.lengths)
            loss = self.loss(batch, out)
            self.optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), _CLIP)
            self.optimiser.step()
            total += float(loss.detach())
        return total / max(len(steps), 1)

    def loss(self, batch: batches.Batch, out: torch.Tensor) -> torch.Tensor:
        """What learning makes small: wrong types. ``out`` [B, N, types]."""
        return nn.functional.cross_entropy(out.flatten(0, 1), batch.labels.flatten(), ignore_index=UNKNOWN)

    def _rate(self, done: float) -> None:
        """Warms up over the first twentieth, then falls in a straight line to a fiftieth."""
        rate = self.highest_rate * min(1.0, 0.05 + done * 20) * max(0.02, 1 - done)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["faster"]

    def _measure(self, epoch: int) -> float:
        return self.measure(self.history[epoch])

    def measure(self, note: dict[str, Any]) -> float:
        """What the best epoch has most of."""
        return mean([note["accuracy"], note["macro_f1"]])

    def kept(self) -> int:
        """The number of the epoch whose weights are kept: of equals the last."""
        return 1 + max(range(self.epoch), key=lambda i: (self._measure(i), i))

    def _stale(self) -> bool:
        return stale([self._measure(i) for i in range(self.epoch)], self.settings.patience)

    def _state(self) -> dict[str, Any]:
        state = {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict()}
        return {**state, "epoch": self.epoch, "history": self.history, "seconds": self.seconds}

    def best(self) -> LayoutNetwork:
        network = LayoutNetwork()
        network.load_state_dict(torch.load(self.best_file, weights_only=True))
        return network

    def spent(self, started: float) -> float:
        """Seconds of work: those of this process, and those of the epochs that an earlier one did."""
        return max(time.time() - started, self.seconds)

    def predict(self, network: LayoutNetwork, data: DataSet) -> tuple[list[Any], list[Any]]:
        """Labels and probabilities of each document, up to the longest sequence that is read at once."""
        network.eval()
        labels: list[Any] = []
        chances: list[Any] = []
        for batch in batches.whole(data.examples):
            with torch.no_grad():
                out = network(batch.grams, batch.text, batch.which, batch.sight, batch.lengths).softmax(2).numpy()
            for i, n in enumerate(batch.lengths.tolist()):
                labels.append(batch.labels[i, :n].numpy())
                chances.append(out[i, :n])
        return labels, chances


def _save(path: Path, state: dict[str, Any]) -> None:
    new = path.with_suffix(".new")
    torch.save(state, new)
    new.replace(path)


def headline(scores: dict[str, Any]) -> dict[str, float]:
    return {k: scores[k] for k in ("accuracy", "macro_f1", "documents_exact")}


def _command(settings: Settings) -> str:
    words = f"nianbao train layout --reports {settings.reports} --epochs {settings.epochs} --seed {settings.seed}"
    return words + (f" --from {settings.from_version}" if settings.from_version else "")


def _record(settings: Settings, run: Run, data: DataSet, held_out: DataSet, started: float) -> dict[str, Any]:
    unknown = sum(int((e.labels == UNKNOWN).sum()) for e in data.examples)
    return {
        "task": "layout",
        "command": _command(settings),
        "date": datetime.datetime.fromtimestamp(started, datetime.UTC).date().isoformat(),
        "settings": dataclasses.asdict(settings),
        "features": fingerprint(),
        "labels": list(BLOCK_TYPES),
        "data": {"sha256": data.digest, "documents": len(data.examples), "blocks_without_type": unknown,
                 "blocks": sum(len(e.labels) for e in data.examples)},
        "held_out": {"sha256": held_out.digest, **score(*run.predict(run.best(), held_out))},
        "epochs": run.history,
        "parameters": sum(p.numel() for p in run.network.parameters()),
        "machine": {"processor": platform.machine(), "threads": torch.get_num_threads(), "torch": torch.__version__},
    }  # fmt: skip


def _served(out: Path, run: Run, held_out: DataSet) -> dict[str, Any]:
    """How the exported files agree with the network, block for block, and what the small one scores."""
    network = run.best().eval()
    agreement: dict[str, float] = {}
    labels: list[Any] = []
    chances: list[Any] = []
    for name, full in (("fp32", True), ("int8", False)):
        classifier = BlockClassifier(out, full=full)
        same = count = 0
        for one in held_out.examples:
            part = next(batches.whole([one]))
            with torch.no_grad():
                wanted = network(part.grams, part.text, part.which, part.sight)[0].softmax(1).numpy()
            found = classifier.run(part.grams.numpy(), part.text.numpy(), part.which.numpy(), part.sight.numpy())
            same += int((wanted.argmax(1) == found.argmax(1)).sum())
            count += len(wanted)
            if not full:
                labels.append(part.labels[0].numpy())
                chances.append(found)
        agreement[name] = round(same / max(count, 1), 6)
    small = {k: v for k, v in score(labels, chances).items() if k != "labels"}
    return {"agreement": agreement, "held_out_int8": small}

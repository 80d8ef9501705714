"""Fine-tuning of the token classifier on annotated reports: from a version that is there to a candidate."""

from __future__ import annotations

import dataclasses
import datetime
import platform
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import TrainerCallback, TrainerControl, TrainerState

from models import labels, registry
from models.annotations.dataset import Dataset
from models.claims import store
from models.claims.data import Labelled, Sample, Source, join, labelled
from models.claims.network import ClaimTaggerModel
from models.claims.plan import BUDGET, Plan, Rows
from models.claims.scores import headline
from models.claims.student import Student
from models.claims.tag import MODEL_FILE
from models.claims.train import evaluate, learn, restore, serve
from models.finetune import (
    DEV_SEED,
    REPLAY_SEED,
    LabelScores,
    NothingToLearnError,
    Recipe,
    annotated_claims,
    between,
    claims_replay,
    farthest,
    finished,
    kept,
    mean,
    repeated,
    repeats,
    shared_out,
    stale,
)
from models.synthesis.markup import Marked
from models.workplace import Teller, workplace

_VARIANTS = 8  # encodings of each annotated report (see ``variant``)
_ALONE = 0.5  # share of them that are read sentence by sentence
_BEST = "best.safetensors"
_MEASURED = ("spans_f1", "concepts_f1")

OnEpoch = Callable[[int, dict[str, Any]], None]


def recipe(start: str, **changes: Any) -> Recipe:
    """The recipe for the token classifier: twenty reports take some minutes of one core."""
    return Recipe(**{"start": start, "epochs": 8, "replay": 1000, "share": 0.5, "rate": 1e-3, "hold": 3.0, **changes})


def finetune_claims(
    out: Path, data: Dataset, how: Recipe, *, resume: bool = True, source: Source = claims_replay, processes: int = 2,
    on_epoch: OnEpoch | None = None, command: str = "", data_folder: Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Fine-tune the version ``how.start`` on the train part of a dataset into the folder ``out``; returns the record.

    ``source`` writes the synthesis that is read beside it; ``data_folder`` keeps it for other runs of the seed. What a
    killed run has done stays in ``out/work`` and is taken up again where ``resume`` is true and recipe and dataset are
    the same; one that was finished is left as it is. ``on_epoch`` is told the epoch's number (from 1) and its scores.
    Raises OtherRunError where ``out`` holds another version or another run's work, NothingToLearnError where there is
    nothing for it.
    """
    started = time.time()
    train, dev = annotated_claims(data, "train"), annotated_claims(data, "dev")
    learned, chosen_by = shared_out(train, dev)
    if not learned:
        raise NothingToLearnError(f"the train part of {data.root} has no report with claims and headings")
    if (done := finished(out, how, train, dev)) is not None:
        return done
    work = workplace(out, repr((dataclasses.asdict(how), train.digest(), dev.digest())), resume)
    torch.set_num_threads(max(processes, 1))
    torch.manual_seed(how.seed)
    with Teller(work) as teller:
        teller.phase("writing reports")
        (replay, replayed), held = synthesis(data_folder or work, how, source, processes)
        own = join([variant(s, how.seed, i) for s in learned for i in range(_VARIANTS)])
        watched = {"synthesis": held, **_measured_on(chosen_by, learned)}
        rows = _epochs(replay, own, how)
        plan = Plan(join([replay, own]), how.epochs, how.seed, BUDGET, rows, len(replay.encoded.windows))
        start = registry.load("claims", how.start)
        student = restore(start, Student).taught_by(restore(start), how.hold)
        teller.phase("scoring the version to start from")
        before = _scores(student, watched)
        teller.phase("learning", len(plan))
        watch = _Watch(plan, watched, work / _BEST, how.patience if chosen_by else None, teller, on_epoch)
        state = learn(
            student, plan, work / "checkpoints", how.rate, [watch], seed=how.seed, disable_tqdm=True, logging_steps=5
        )
        teller.phase("weighing old and new")
        model: ClaimTaggerModel = restore(start)
        way, fallen = _blend(model, restore(start), load_file(work / _BEST), held)
        after = _scores(model, watched)
        teller.phase("exporting")
        served = serve(model, out, held)
    history = watch.history(state)
    record = {
        "task": "claims",
        "command": command,
        "date": datetime.datetime.fromtimestamp(started, datetime.UTC).date().isoformat(),
        "settings": dataclasses.asdict(how),
        "start": {"version": how.start, "sha256": registry.sha256(start / MODEL_FILE)},
        "outputs": list(labels.OUTPUTS),
        "dataset": {"folder": str(data.root.resolve()), "train": train.facts(), "dev": dev.facts()},
        "learned_from": len(learned),
        "replay": {"sha256": replayed, "documents": how.replay, "share_annotated": _share(plan, rows, replay)},
        "before": before,
        "epochs": history,
        "kept_epoch": watch.kept(state),
        "way": way,
        "most_fallen": fallen,
        "after": after,
        "parameters": sum(p.numel() for p in model.parameters()),
        "machine": {"processor": platform.machine(), "threads": torch.get_num_threads(), "torch": torch.__version__},
        **served,
        "seconds": round(max(time.time() - started, history[-1]["seconds"]), 1),
    }
    files = sorted(p.name for p in out.iterdir() if p.is_file())
    whole = registry.write_record(out, record, files)
    shutil.rmtree(work)
    return whole


def synthesis(
    folder: Path, how: Recipe, source: Source = claims_replay, processes: int = 1
) -> tuple[tuple[Labelled, str], Labelled]:
    """What a run reads beside what is annotated, with its digest, and what it is scored on after each epoch; kept in
    ``folder``."""
    replay = store.fetch(
        kept(folder, "claims-replay", how.seed, how.replay), source, how.seed + REPLAY_SEED, how.replay, (), processes
    )  # fmt: skip
    held, _ = store.fetch(
        kept(folder, "claims-dev", how.seed, how.held_out), source, how.seed + DEV_SEED, how.held_out, (), processes,
        noisy=False,
    )  # fmt: skip
    return replay, held


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


def _measured_on(dev: Sequence[Sample], train: Sequence[Sample]) -> dict[str, Labelled]:
    """What is annotated and scored after each epoch: the dev part, or the train part where there is no other."""
    return {"dev": join([*map(labelled, dev)])} if dev else {"train": join([*map(labelled, train)])}


def _epochs(replay: Labelled, own: Labelled, how: Recipe) -> list[Rows]:
    """The windows of each epoch: a part of the replay, each window once, and what is annotated several times."""
    rng = np.random.default_rng((how.seed, 7))
    count = len(replay.encoded.windows)
    mine = np.arange(count, count + len(own.encoded.windows))
    sizes = int(own.encoded.lengths().sum()), int(replay.encoded.lengths().sum())
    times = repeats(sizes[0] / _VARIANTS, sizes[1] / how.epochs, how.share) / _VARIANTS
    return [
        np.concatenate([part, repeated(mine, times, rng)])
        for part in np.array_split(rng.permutation(count), how.epochs)
    ]


def _blend(
    model: ClaimTaggerModel, old: ClaimTaggerModel, new: Mapping[str, torch.Tensor], held: Labelled
) -> tuple[float, float]:
    """Give ``model`` the weights between the old and the new that keep what was known (see ``farthest``)."""
    before = old.state_dict()

    def score(way: float) -> LabelScores:
        model.load_state_dict(between(before, new, way))
        return _by_label(model, held)

    way, fallen = farthest(score, _by_label(old, held))
    model.load_state_dict(between(before, new, way))
    return way, fallen


def _by_label(model: ClaimTaggerModel, held: Labelled) -> LabelScores:
    scores = evaluate(model, held)
    kinds = {kind: (figures["f1"], figures["count"]) for kind, figures in scores["kinds"].items()}
    count = scores["claims"]["count"]
    return kinds | {name: (scores[name], count) for name in ("concepts_f1", "scope")}


def _share(plan: Plan, rows: list[Rows], replay: Labelled) -> float:
    """Which part of what was planned to be read is annotated."""
    lengths, everything = plan.data.encoded.lengths(), np.concatenate(rows)
    own = lengths[everything[everything >= len(replay.encoded.windows)]].sum()
    return round(float(own / lengths[everything].sum()), 3)


def _scores(model: ClaimTaggerModel, parts: Mapping[str, Labelled]) -> dict[str, dict[str, float]]:
    return {name: headline(evaluate(model, part)) for name, part in parts.items()}


class _Watch(TrainerCallback):  # type: ignore[misc]  # not read by the type checker
    """After each epoch: scores, the best weights kept, and an end once nothing gets better for ``patience`` epochs.
    Without patience the last weights are the ones that are kept.

    Its notes lie in the trainer's state, so checkpoints carry them.
    """

    def __init__(
        self, plan: Plan, parts: Mapping[str, Labelled], best: Path, patience: int | None, teller: Teller,
        on_epoch: OnEpoch | None,
    ) -> None:  # fmt: skip
        self.ends, self.parts, self.best, self.patience = plan.epoch_ends, parts, best, patience
        self.teller, self.on_epoch = teller, on_epoch
        self.began, self.before, self.over = time.time(), 0.0, False

    def history(self, state: TrainerState) -> list[dict[str, Any]]:
        return [note for note in state.log_history if "measure" in note]

    def on_train_begin(self, args: Any, state: TrainerState, control: TrainerControl, **rest: Any) -> None:
        self.began = time.time()
        self.before = max((note["seconds"] for note in self.history(state)), default=0.0)
        self.over = control.should_training_stop = self._is_stale(state)

    def _is_stale(self, state: TrainerState) -> bool:
        measures = [note["measure"] for note in self.history(state)]
        return self.patience is not None and stale(measures, self.patience)

    def kept(self, state: TrainerState) -> int:
        """The number of the epoch whose weights are kept."""
        measures = [note["measure"] for note in self.history(state)]
        return len(measures) if self.patience is None else 1 + measures.index(max(measures))

    def on_log(self, args: Any, state: TrainerState, control: TrainerControl, logs: Any = None, **rest: Any) -> None:
        if logs and "loss" in logs:
            self.teller.step(state.global_step, loss=float(logs["loss"]))

    def on_step_end(
        self, args: Any, state: TrainerState, control: TrainerControl, model: Any = None, **rest: Any
    ) -> None:
        self.teller.step(state.global_step)
        if self.over or state.global_step not in self.ends:
            return
        scores = _scores(model, self.parts)
        model.train()
        measures = {name: mean([part[m] for m in _MEASURED]) for name, part in scores.items()}
        epoch, measure = self.ends.index(state.global_step) + 1, mean([*measures.values()])
        if self.patience is None or measure > max((note["measure"] for note in self.history(state)), default=-1.0):
            new = self.best.with_suffix(".new")
            save_file({name: tensor.clone() for name, tensor in model.state_dict().items()}, new)
            new.replace(self.best)
        seconds = round(self.before + time.time() - self.began, 1)
        state.log_history.append({"annotated_epoch": epoch, "seconds": seconds, "measure": measure, **scores})
        self.over = control.should_training_stop = self._is_stale(state)
        self.teller.step(state.global_step, scores=measures)
        if self.on_epoch:
            self.on_epoch(epoch, scores)

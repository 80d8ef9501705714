"""The second part of fine-tuning: all weights move, as far as what was known stays.

It is for what vectors of new words cannot say: known words that count something else, other ways of writing, headings.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import TrainerCallback, TrainerControl, TrainerState

from models.claims.data import Labelled, join
from models.claims.network import ClaimTaggerModel
from models.claims.plan import BUDGET, Plan, Rows
from models.claims.scores import headline
from models.claims.student import Student
from models.claims.train import evaluate, learn
from models.claims.variants import VARIANTS
from models.finetune import WAYS, LabelScores, Recipe, between, farthest, mean, repeated, repeats, stale
from models.workplace import Teller

MEASURED = ("spans_f1", "concepts_f1")
_BEST = "best.safetensors"

OnEpoch = Callable[[int, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """``way``: which part of the way to the new weights was gone; 0 where there was no loss-free one, or none was
    sought. ``fallen``: by how much the worst label fell on it. ``share``: of what was planned to be read, annotated."""

    way: float = 0.0
    fallen: float = 0.0
    epochs: tuple[dict[str, Any], ...] = ()
    kept_epoch: int = 0
    share: float = 0.0


def move(
    student: Student, replay: Labelled, own: Labelled, parts: Mapping[str, Labelled], chosen: bool, how: Recipe,
    work: Path, teller: Teller, on_epoch: OnEpoch | None,
) -> Moved:  # fmt: skip
    """Train the student on ``own`` and the ``replay``, and give it the weights between its own and the best new ones.

    ``parts`` are scored after each epoch; the best one is ``chosen`` by them, or it is the last. What a killed run has
    done lies in ``work``.
    """
    rows = _epochs(replay, own, how)
    plan = Plan(join([replay, own]), how.epochs, how.seed, BUDGET, rows, len(replay.encoded.windows))
    watch = _Watch(plan, parts, work / _BEST, how.patience if chosen else None, teller, on_epoch)
    before = {name: tensor.clone() for name, tensor in student.state_dict().items()}
    teller.phase("learning", len(plan))
    state = learn(
        student, plan, work / "checkpoints", how.rate, [watch], seed=how.seed, disable_tqdm=True, logging_steps=5
    )
    teller.phase("weighing old and new")
    way, fallen = _blend(student, before, load_file(work / _BEST), parts["synthesis"])
    return Moved(way, fallen, tuple(watch.history(state)), watch.kept(state), _share(plan, rows, replay))


def scores_of(model: ClaimTaggerModel, parts: Mapping[str, Labelled]) -> dict[str, dict[str, float]]:
    """The headline scores on each part."""
    return {name: headline(evaluate(model, part)) for name, part in parts.items()}


def _epochs(replay: Labelled, own: Labelled, how: Recipe) -> list[Rows]:
    """The windows of each epoch: a part of the replay, each window once, and what is annotated several times."""
    rng = np.random.default_rng((how.seed, 7))
    count = len(replay.encoded.windows)
    mine = np.arange(count, count + len(own.encoded.windows))
    sizes = int(own.encoded.lengths().sum()), int(replay.encoded.lengths().sum())
    times = repeats(sizes[0] / VARIANTS, sizes[1] / how.epochs, how.share) / VARIANTS
    return [
        np.concatenate([part, repeated(mine, times, rng)])
        for part in np.array_split(rng.permutation(count), how.epochs)
    ]


def _blend(
    model: Student, old: Mapping[str, torch.Tensor], new: Mapping[str, torch.Tensor], held: Labelled
) -> tuple[float, float]:
    """Give ``model`` the weights between the old and the new that keep what was known (see ``farthest``)."""

    def score(way: float) -> LabelScores:
        model.load_state_dict(between(old, new, way))
        return _by_label(model, held)

    way, fallen = farthest(score, score(0.0), (*WAYS, 0.0))
    model.load_state_dict(between(old, new, way))
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
        scores = scores_of(model, self.parts)
        model.train()
        measures = {name: mean([part[m] for m in MEASURED]) for name, part in scores.items()}
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

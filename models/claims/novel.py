"""The first part of fine-tuning: new words get vectors that say what they count, and nothing else changes.

The network has read what other offices' words mean; where a report only says the same in words of its own, these need
no more than a vector each. All weights stay as they are, so that nothing that was known can be lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import TrainerCallback, TrainerControl, TrainerState

from models import vocabulary
from models.claims.data import Labelled, join
from models.claims.export import network_of
from models.claims.network import ClaimTaggerModel
from models.claims.pairs import unknown, windows_with
from models.claims.plan import Plan, Rows
from models.claims.student import Student, plain
from models.claims.train import learn
from models.finetune import Recipe
from models.gate.items import read_claims, true_claims
from models.workplace import Teller

_RATE = 2e-2
_BUDGET = 1024  # characters a step: a vector learns by the step
_STEPS, _FEWEST_PASSES, _EPOCHS = 700, 6, 8  # of so many epochs in the recipe
_SELDOM = 200  # so many reports of synthesis to one that has the word
_DONE = "pairs.safetensors"
_ROWS = "rows"


def learn_words(
    student: Student, reports: Sequence[Labelled], own: Labelled, replay: Labelled, how: Recipe, work: Path,
    teller: Teller, phase: str = "learning new words",
) -> list[str]:  # fmt: skip
    """Give the student vectors for the new words of annotated ``reports``; returns these words.

    They are sought beside what it misreads. ``own``: the windows that are learned from, variants of the reports.
    ``replay``: synthesis, ``how.replay`` reports, which says what is new; where one of the words stands in it by
    chance, it is to be read as before. What a killed run has done lies in ``work``; ``phase`` is what the teller says.
    """
    wrong = [(report, misread(student, report)) for report in reports]
    words = [w for w in unknown(wrong, replay, how.replay // _SELDOM) if w not in student.config.pairs]
    if not words:
        return []
    first = len(student.chars.weight)
    student.add_pairs(words)
    student.taught_by(plain(student), student.hold)
    done = work / _DONE
    if not done.exists():
        chance = windows_with(words, replay)
        count = len(replay.encoded.windows)
        rows = np.concatenate([chance, np.arange(count, count + len(own.encoded.windows))])
        _learn_rows(student, first, join([replay, own]), rows, count, how, work, teller, phase)
        new = done.with_suffix(".new")
        save_file({_ROWS: student.chars.weight.data[first:].clone()}, new)
        new.replace(done)
    student.chars.weight.data[first:] = load_file(done)[_ROWS]
    return words


def misread(model: ClaimTaggerModel, report: Labelled) -> list[int]:
    """Where claims begin that the network does not find, finds where there is none, or takes for others."""
    wrong = set(true_claims(report)) ^ read_claims(network_of(model), report.encoded)
    places = sorted({item.start for item in wrong if item.label not in ("heading", "cell")})
    found: list[int] = np.searchsorted(report.encoded.starts, places).tolist()
    return found


def _learn_rows(
    student: Student,
    first: int,
    data: Labelled,
    rows: Rows,
    annotated_from: int,
    how: Recipe,
    work: Path,
    teller: Teller,
    phase: str,
) -> None:
    least = _STEPS / len(Plan(data, 1, how.seed, _BUDGET, [rows]))
    passes = ceil(max(_FEWEST_PASSES, least) * how.epochs / _EPOCHS)
    plan = Plan(data, passes, how.seed, _BUDGET, [rows] * passes, annotated_from)
    student.requires_grad_(False)
    weight = student.chars.weight.requires_grad_(True)
    is_new = (torch.arange(len(weight)) >= first).to(weight.dtype)[:, None]
    hook = weight.register_hook(lambda gradient: gradient * is_new)
    teller.phase(phase, len(plan))
    try:
        learn(
            student, plan, work / "words", _RATE, [_Bounds(first, teller)], seed=how.seed, disable_tqdm=True,
            logging_steps=5, weight_decay=0.0,
        )  # fmt: skip
    finally:
        hook.remove()
        student.requires_grad_(True)


class _Bounds(TrainerCallback):  # type: ignore[misc]  # not read by the type checker
    """Keeps new rows within the range of the others: a table of bytes has one scale, which must stay as it is."""

    def __init__(self, first: int, teller: Teller) -> None:
        self.first, self.teller = first, teller

    def on_step_end(
        self, args: Any, state: TrainerState, control: TrainerControl, model: Any = None, **rest: Any
    ) -> None:
        known = model.chars.weight.data[: vocabulary.size()]
        model.chars.weight.data[self.first :].clamp_(float(known.min()), float(known.max()))
        self.teller.step(state.global_step)

    def on_log(self, args: Any, state: TrainerState, control: TrainerControl, logs: Any = None, **rest: Any) -> None:
        if logs and "loss" in logs:
            self.teller.step(state.global_step, loss=float(logs["loss"]))

"""The first part of fine-tuning: new words get vectors that say what they count, and nothing else changes.

The network has read what other offices' words mean; where a report only says the same in words of its own, these need
no more than a vector each. All weights stay as they are, so that nothing that was known can be lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import TrainerCallback, TrainerControl, TrainerState

from models import vocabulary
from models.claims.data import Labelled
from models.claims.pairs import unknown
from models.claims.plan import Plan
from models.claims.student import Student
from models.claims.train import learn
from models.workplace import Teller

_RATE = 2e-2
_BUDGET = 1024  # characters a step: a vector learns by the step
_STEPS = 700
_FEWEST_PASSES = 6
_SELDOM = 200  # so many reports of synthesis to one that has the word
_DONE = "pairs.safetensors"
_ROWS = "rows"


def learn_words(
    student: Student, reports: Sequence[Labelled], own: Labelled, replay: Labelled, documents: int, seed: int,
    work: Path, teller: Teller,
) -> list[str]:  # fmt: skip
    """Give the student vectors for the new words of annotated ``reports``; returns these words.

    ``own``: the windows that are learned from, variants of the reports. ``replay``: so many ``documents`` of
    synthesis, which say what is new. What a killed run has done lies in ``work``.
    """
    words = [w for w in unknown(reports, replay, documents // _SELDOM) if w not in student.config.pairs]
    if not words:
        return []
    first = len(student.chars.weight)
    student.add_pairs(words)
    done = work / _DONE
    if not done.exists():
        _learn_rows(student, first, own, seed, work, teller)
        new = done.with_suffix(".new")
        save_file({_ROWS: student.chars.weight.data[first:].clone()}, new)
        new.replace(done)
    student.chars.weight.data[first:] = load_file(done)[_ROWS]
    return words


def _learn_rows(student: Student, first: int, own: Labelled, seed: int, work: Path, teller: Teller) -> None:
    plan = Plan(own, _passes(own, seed), seed, _BUDGET, annotated_from=0)
    student.requires_grad_(False)
    weight = student.chars.weight.requires_grad_(True)
    is_new = (torch.arange(len(weight)) >= first).to(weight.dtype)[:, None]
    hook = weight.register_hook(lambda gradient: gradient * is_new)
    teller.phase("learning new words", len(plan))
    try:
        learn(
            student, plan, work / "words", _RATE, [_Bounds(first, teller)], seed=seed, disable_tqdm=True,
            logging_steps=5, weight_decay=0.0,
        )  # fmt: skip
    finally:
        hook.remove()
        student.requires_grad_(True)


def _passes(own: Labelled, seed: int) -> int:
    return max(_FEWEST_PASSES, ceil(_STEPS / len(Plan(own, 1, seed, _BUDGET))))


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

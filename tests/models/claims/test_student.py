"""Fine-tuning: on what is replayed the network is held to what it said, on what is annotated it learns the labels."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from models import vocabulary
from models.claims.data import Labelled, join, labelled, truth
from models.claims.network import ClaimTaggerConfig
from models.claims.plan import Plan
from models.claims.student import Student
from models.claims.variants import variant
from tests.models.claims.small_reports import sample

SHAPE = {"encoder": "cnn", "width": 16, "dilations": (1, 2)}


def steps(annotated: int, flipped: bool = False) -> list[dict[str, torch.Tensor]]:
    """Batches of eight small reports, of which the last so many are annotated; ``flipped``: with wrong labels."""
    data = join([labelled(sample(5, i)) for i in range(8)])
    if flipped:
        data.targets[:] = data.targets[::-1]
        data.attributes[:] = 1 - data.attributes.clip(0, 1)
    reports = np.searchsorted(np.flatnonzero(np.diff(data.encoded.stretch, prepend=-1)), data.encoded.windows[:, 1])
    first = int(np.flatnonzero(reports >= reports.max() * (8 - annotated) // 8)[0]) if annotated else len(reports)
    plan = Plan(data, 1, 1, 4096, annotated_from=first)
    return [plan[i] for i in range(len(plan))]


def student() -> Student:
    torch.manual_seed(3)
    made = Student(ClaimTaggerConfig(**SHAPE))
    return made.taught_by(copy.deepcopy(made), 1.0)


def pull(made: Student, batches: list[dict[str, torch.Tensor]]) -> float:
    """How strongly the batches' loss would move the weights."""
    made.zero_grad()
    sum(made(**batch).loss for batch in batches).backward()
    return max(float(p.grad.abs().max()) for p in made.parameters() if p.grad is not None)


def test_nothing_replayed_moves_a_network_that_says_what_it_said() -> None:
    assert pull(student(), steps(0)) < 1e-5
    assert pull(student(), steps(0, flipped=True)) < 1e-5


def test_what_is_annotated_moves_it_by_its_labels() -> None:
    made = student()
    assert pull(made, steps(3)) > 1e-3
    right, wrong = (sum(made(**b).loss.item() for b in steps(8, flipped)) for flipped in (False, True))
    assert right != pytest.approx(wrong, rel=0.01)


def test_a_network_that_has_moved_is_drawn_back_by_the_replay() -> None:
    made = student()
    with torch.no_grad():
        for weights in made.head.parameters():
            weights += 0.3 * torch.randn(weights.shape)
    batches = steps(0)
    optimiser = torch.optim.Adam(made.parameters(), lr=5e-3)
    losses: list[float] = []
    for _ in range(25):
        optimiser.zero_grad()
        loss = sum(made(**batch).loss for batch in batches)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    settled = sum(student()(**batch).loss.item() for batch in batches)
    assert losses[-1] - settled < 0.2 * (losses[0] - settled)


def test_the_teacher_is_no_part_of_the_weights() -> None:
    made = student()
    assert set(made.state_dict()) == set(made.teacher[0].state_dict())


def claims_of(data: Labelled) -> list[tuple[int, ...]]:
    return sorted(map(tuple, data.attributes.tolist()))


def test_a_report_that_is_read_again_has_other_numbers_and_the_same_claims() -> None:
    made = sample(5, 1)
    first, others = variant(made, 1, 0), [variant(made, 1, i) for i in range(1, 6)]
    digits = {int(vocabulary.ids(d)[0]) for d in "0123456789"}
    said = {tuple(c for c in v.encoded.chars.tolist() if c in digits) for v in others}
    assert len(said) == len(others)
    for other in others:
        assert claims_of(other) == claims_of(first)
        assert len(truth(other)) == len(truth(first))
    assert variant(made, 1, 3).encoded.chars.tolist() == others[2].encoded.chars.tolist()

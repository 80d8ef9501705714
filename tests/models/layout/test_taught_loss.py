"""What fine-tuning of the layout model makes small: misread annotated blocks, and changes of all else."""

from __future__ import annotations

import torch

from models.layout.data import UNKNOWN
from models.layout.finetune import taught_loss

KNOWN = torch.tensor([[[0.9, 0.05, 0.05], [0.4, 0.5, 0.1], [0.1, 0.8, 0.1]]])  # a document of three blocks
LABELS = torch.tensor([[0, 0, 0]])


def pull(annotated: bool, labels: torch.Tensor = LABELS) -> list[list[float]]:
    """Where the loss draws each block's outputs, if they are those that were known."""
    out = KNOWN.log().clone().requires_grad_(True)
    taught_loss(out, KNOWN, labels, torch.tensor([annotated]), 2.0).backward()
    assert out.grad is not None
    return [[round(-x, 4) for x in row] for row in out.grad[0].tolist()]


def test_nothing_replayed_moves_a_network_that_says_what_it_said() -> None:
    assert all(abs(x) < 1e-4 for row in pull(annotated=False) for x in row)


def test_a_misread_annotated_block_is_drawn_to_its_label_and_a_sure_one_stays() -> None:
    sure, unsure, wrong = pull(annotated=True)
    assert all(abs(x) < 1e-4 for x in sure)
    assert unsure[0] > 0.1 > unsure[1]
    assert wrong[0] > unsure[0]


def test_a_block_without_type_counts_for_nothing() -> None:
    assert pull(annotated=True, labels=torch.tensor([[0, UNKNOWN, UNKNOWN]]))[1:] == [[0.0] * 3] * 2


def test_the_replay_weighs_as_much_more_as_is_said() -> None:
    out = torch.zeros(2, 1, 3)
    known = torch.tensor([[[0.2, 0.5, 0.3]], [[1.0, 0.0, 0.0]]])
    labels, annotated = torch.tensor([[0], [0]]), torch.tensor([True, False])
    far = torch.tensor([[[0.0, 0.0, 0.0]], [[-3.0, 0.0, 0.0]]])
    light, heavy = (taught_loss(far, known, labels, annotated, hold) for hold in (1.0, 10.0))
    even = [taught_loss(out, known, labels, annotated, hold) for hold in (1.0, 10.0)]
    assert heavy > light
    torch.testing.assert_close(even[0], even[1])

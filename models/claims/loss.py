"""What training makes small: wrong span labels, and wrong attributes of claims.

The attributes of a claim are judged on the mean of the outputs over its characters, which is what reading takes,
so that a long zero statement weighs no more than a number of one digit.
"""

from __future__ import annotations

import torch
from torch.nn import functional as F  # noqa: N812 - the name that PyTorch's own documents use

from models import labels

IGNORED = -100
SPAN_WEIGHT = 3.0
_CONCEPT_WEIGHT = 3.0
ATTRIBUTES_SHARE = 0.5
CONCEPTS_SHARE = 60.0  # their mean is over many that are never meant: about their sum weighs right


def claims_loss(
    logits: torch.Tensor, spans: torch.Tensor, claim_ids: torch.Tensor, attributes: torch.Tensor
) -> torch.Tensor:
    """The loss of a batch.

    ``logits`` (batch, length, outputs); ``spans`` (batch, length) label ids or IGNORED; ``claim_ids`` (batch,
    length) the row of the claim that a character is in, -1 outside; ``attributes`` (claims, 2 + concepts): approx
    0/1, scope id, then 0/1 for each concept.
    """
    weights = torch.full((len(labels.SPAN_LABELS),), SPAN_WEIGHT)
    weights[labels.OUTSIDE] = 1.0
    wanted = spans.reshape(-1)
    per_char = logits[..., labels.SPAN].reshape(-1, len(labels.SPAN_LABELS))
    total = F.cross_entropy(per_char, wanted, weight=weights, ignore_index=IGNORED)
    if len(attributes):
        inside = claim_ids >= 0
        mean = means(logits[inside], claim_ids[inside], len(attributes))
        total = total + ATTRIBUTES_SHARE * attributes_loss(mean, attributes)
    return total


def means(logits: torch.Tensor, rows: torch.Tensor, count: int) -> torch.Tensor:
    """The mean outputs (count, outputs) of claims, of the outputs of their characters; 0 for a claim without any."""
    sums = torch.zeros(count, logits.shape[1]).index_add(0, rows, logits)
    return sums / torch.bincount(rows, minlength=count).clamp(min=1)[:, None]


def attributes_loss(mean: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Approx, scope and concepts of claims with these mean outputs (see ``means``)."""
    approx = F.binary_cross_entropy_with_logits(mean[:, labels.APPROX], truth[:, 0])
    scope = F.cross_entropy(mean[:, labels.SCOPE], truth[:, 1].long())
    positive = torch.full((len(labels.CONCEPTS),), _CONCEPT_WEIGHT)
    concepts = F.binary_cross_entropy_with_logits(mean[:, labels.CONCEPT], truth[:, 2:], pos_weight=positive)
    return approx + scope + CONCEPTS_SHARE * concepts

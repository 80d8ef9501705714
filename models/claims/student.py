"""The network while it is fine-tuned: it learns what is annotated, and is held to what it knew on the rest.

On replayed synthesis its outputs are compared with those of the version that it starts from, not with the labels (Li &
Hoiem 2017, *Learning without Forgetting*): what was read right stays right, and nothing is moved that need not be.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - the name that PyTorch's own documents use
from transformers.modeling_outputs import TokenClassifierOutput

from models import labels as names
from models.claims.loss import ATTRIBUTES_SHARE, CONCEPTS_SHARE, IGNORED, SPAN_WEIGHT, attributes_loss, means
from models.claims.network import ClaimTaggerModel

_SURE = 0.8


class Student(ClaimTaggerModel):
    """``teacher`` is the network to be held to; it is no part of the weights. ``hold``: how much more a character of
    the replay weighs than one that is annotated."""

    teacher: tuple[ClaimTaggerModel, ...] = ()
    hold: float = 1.0

    def taught_by(self, teacher: ClaimTaggerModel, hold: float) -> Student:
        self.hold = hold
        self.teacher = (teacher.eval(),)  # in a tuple: a module would be taken for a part of this one
        return self

    def forward(
        self, *args: Any, labels: torch.Tensor | None = None, claim_ids: torch.Tensor | None = None,
        attributes: torch.Tensor | None = None, annotated: torch.Tensor | None = None, **inputs: Any,
    ) -> TokenClassifierOutput:  # fmt: skip
        """As its parent's. With ``labels`` and ``annotated`` (batch) the loss of both parts, by their characters."""
        logits = super().forward(*args, **inputs).logits
        if labels is None or claim_ids is None or attributes is None or annotated is None:
            return TokenClassifierOutput(loss=None, logits=logits)
        with torch.no_grad():
            known = self.teacher[0](*args, **inputs).logits
        shares = [float((labels[part] != IGNORED).sum()) for part in (annotated, ~annotated)]
        shares[1] *= self.hold
        loss = logits.sum() * 0.0
        if shares[0]:
            own, rows = _numbered(claim_ids[annotated])
            new, taught = logits[annotated], labels[annotated]
            loss = loss + shares[0] * taught_loss(new, known[annotated], taught, rows, attributes[own])
        if shares[1]:
            old = ~annotated
            loss = loss + shares[1] * held_loss(logits[old], known[old], labels[old], claim_ids[old])
        return TokenClassifierOutput(loss=loss / max(sum(shares), 1.0), logits=logits)


def plain(student: Student) -> ClaimTaggerModel:
    """The network as it is now, apart from its lessons."""
    made = ClaimTaggerModel(copy.deepcopy(student.config))
    made.load_state_dict(student.state_dict())
    return made


def taught_loss(
    logits: torch.Tensor, known: torch.Tensor, spans: torch.Tensor, claim_ids: torch.Tensor, truth: torch.Tensor
) -> torch.Tensor:
    """``claims_loss`` of what is annotated, except that what was surely read right already is only held: a label that
    says nothing new must not make the network surer than it was, at the cost of the rest."""
    counts = spans != IGNORED
    wanted, new, old = spans[counts], logits[counts][:, names.SPAN], known[counts][:, names.SPAN].softmax(1)
    weights = 1.0 + (SPAN_WEIGHT - 1.0) * (wanted != names.OUTSIDE)
    settled = old.gather(1, wanted[:, None])[:, 0] >= _SURE
    held = F.kl_div(new.log_softmax(1), old, reduction="none").sum(1)
    losses = torch.where(settled, held, F.cross_entropy(new, wanted, reduction="none"))
    total = (losses * weights).sum() / weights.sum()
    if not len(truth):
        return total
    inside = claim_ids >= 0
    new, old = (means(x[inside], claim_ids[inside], len(truth)) for x in (logits, known))
    open_ = ~_right(old, truth)
    if not bool(open_.any()):
        return total
    return total + ATTRIBUTES_SHARE * open_.float().mean() * attributes_loss(new[open_], truth[open_])


def _right(mean: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Of which claims all attributes are read right from these mean outputs."""
    approx = (mean[:, names.APPROX] >= 0) == (truth[:, 0] > 0)
    scope = mean[:, names.SCOPE].argmax(1) == truth[:, 1].long()
    concepts = ((mean[:, names.CONCEPT] >= 0) == (truth[:, 2:] > 0)).all(1)
    return approx & scope & concepts


def held_loss(logits: torch.Tensor, known: torch.Tensor, spans: torch.Tensor, claim_ids: torch.Tensor) -> torch.Tensor:
    """How far outputs are from those ``known`` (both (batch, length, outputs)), with the weights of ``claims_loss``.

    ``spans`` says only which characters count, ``claim_ids`` where the claims are.
    """
    counts = spans != IGNORED
    new, old = logits[counts][:, names.SPAN], known[counts][:, names.SPAN].softmax(1)
    weights = 1.0 + (SPAN_WEIGHT - 1.0) * (1.0 - old[:, names.OUTSIDE])
    total = (F.kl_div(new.log_softmax(1), old, reduction="none").sum(1) * weights).sum() / weights.sum()
    inside = claim_ids >= 0
    if not bool(inside.any()):
        return total
    count, rows = int(claim_ids.max()) + 1, claim_ids[inside]
    present = torch.bincount(rows, minlength=count) > 0
    new, old = (means(x[inside], rows, count)[present] for x in (logits, known))
    scope = F.kl_div(new[:, names.SCOPE].log_softmax(1), old[:, names.SCOPE].softmax(1), reduction="batchmean")
    approx = _apart(new[:, names.APPROX], old[:, names.APPROX])
    concepts = _apart(new[:, names.CONCEPT], old[:, names.CONCEPT])
    return total + ATTRIBUTES_SHARE * (approx + scope + CONCEPTS_SHARE * concepts)


def _apart(new: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
    return F.binary_cross_entropy_with_logits(new, old.sigmoid())


def _numbered(claim_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The claims of these windows, and for each character the number of its claim among them."""
    own, index = claim_ids[claim_ids >= 0].unique(return_inverse=True)
    rows = torch.full_like(claim_ids, -1)
    rows[claim_ids >= 0] = index
    return own, rows

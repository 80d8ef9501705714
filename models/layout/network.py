"""The network of the layout model: what each block says and where it stands, read in sequence both ways."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.layout.features import BUCKETS, SIGHT_NAMES, TEXT_NAMES
from models.layout.labels import BLOCK_TYPES

EMBEDDED, HIDDEN = 64, 128


class LayoutNetwork(nn.Module):  # type: ignore[misc]  # torch is not read by the type checker
    """n-gram bag and figures of every text → 128; gathered for the blocks, joined by place; BiLSTM 2×64; types."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        self.grams = nn.Embedding(BUCKETS, EMBEDDED, padding_idx=0)
        self.text = nn.Linear(EMBEDDED + len(TEXT_NAMES), HIDDEN)
        self.sight = nn.Linear(len(SIGHT_NAMES), HIDDEN)
        self.dropout = nn.Dropout(dropout)
        self.down = nn.LSTM(HIDDEN, HIDDEN // 2, batch_first=True)
        self.up = nn.LSTM(HIDDEN, HIDDEN // 2, batch_first=True)
        self.types = nn.Linear(2 * HIDDEN, len(BLOCK_TYPES))
        nn.init.normal_(self.grams.weight, std=0.1)

    def forward(
        self, grams: Tensor, text: Tensor, which: Tensor, sight: Tensor, lengths: Tensor | None = None
    ) -> Tensor:
        """grams [U, K] int, text [U, T], which [B, N] int (the text of each block), sight [B, N, S] → [B, N, types].

        ``lengths`` [B] says how many of the N blocks are real where sequences are padded; None: all.
        """
        mask = (grams != 0).to(text.dtype)
        bag = torch.bmm(mask.unsqueeze(1), self.grams(grams)).squeeze(1) / mask.sum(1, keepdim=True).clamp(min=1.0)
        said = self.text(torch.cat([bag, text], dim=1))
        seen = torch.relu(said[which] + self.sight(sight))
        seen = self.dropout(seen)
        turned = _turn(seen, lengths)
        context = torch.cat([self.down(seen)[0], _turn(self.up(turned)[0], lengths)], dim=2)
        out: Tensor = self.types(torch.cat([self.dropout(context), seen], dim=2))
        return out


def _turn(sequences: Tensor, lengths: Tensor | None) -> Tensor:
    """Each sequence [B, N, H] back to front, its padding left behind it: so reading upwards begins with real blocks.

    A packed bidirectional LSTM would say the same, but learns several times slower on a CPU.
    """
    if lengths is None:
        return sequences.flip(1)
    at = torch.arange(sequences.shape[1]).unsqueeze(0)
    order = torch.where(at < lengths.unsqueeze(1), lengths.unsqueeze(1) - 1 - at, at)
    return torch.gather(sequences, 1, order.unsqueeze(2).expand_as(sequences))

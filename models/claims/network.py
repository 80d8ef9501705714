"""The network of the token classifier, as a ``transformers`` model; only training and export import it.

A character's four numbers (``models/encoding.py``) become one vector, an encoder reads its surroundings, and one
linear layer gives all outputs of ``models/labels.py``. Three encoders can be compared: a dilated convolution, a
BiLSTM and a small BERT. The convolution shifts and concatenates its input before a linear layer, which ONNX
Runtime quantises well (its quantised Conv is slower than the plain one).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    BertConfig,
    BertModel,
    PretrainedConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import TokenClassifierOutput

from models import labels, vocabulary
from models.claims.loss import claims_loss
from models.claims.pairs import Pairs
from models.encoding import ISSUERS, YEARS
from models.words import WORD_POSITIONS


class ClaimTaggerConfig(PretrainedConfig):  # type: ignore[misc]  # not read by the type checker
    """``width`` is the size of a character's vector. ``dilations``: cnn; ``layers``: bilstm and bert. ``pairs``: words
    with vectors of their own (``models.claims.pairs``)."""

    model_type = "nianbao_claims"

    def __init__(
        self,
        encoder: str = "cnn",
        width: int = 128,
        dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 1),
        layers: int = 1,
        dropout: float = 0.0,
        pairs: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("id2label", dict(enumerate(labels.OUTPUTS)))
        kwargs.setdefault("label2id", {name: i for i, name in enumerate(labels.OUTPUTS)})
        super().__init__(**kwargs)
        if encoder not in ("cnn", "bilstm", "bert"):
            raise ValueError(f"unknown encoder {encoder!r}; known: cnn, bilstm, bert")
        self.encoder = encoder
        self.width = width
        self.dilations = tuple(dilations)
        self.layers = layers
        self.dropout = dropout
        self.pairs = list(pairs)
        self.vocab_size = vocabulary.size() + 2 * len(self.pairs)


_RARE = -4.0  # where a concept's output starts: hardly one claim in fifty is about it


class _Convolution(nn.Module):  # type: ignore[misc]  # not read by the type checker
    """One residual layer: each position sees itself and its neighbours ``dilation`` away."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.mix = nn.Linear(3 * width, width)
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        padded = nn.functional.pad(x * mask, (0, 0, self.dilation, self.dilation))
        size = x.shape[1]
        near = [padded[:, i * self.dilation : i * self.dilation + size] for i in range(3)]
        return self.norm(x + self.dropout(torch.relu(self.mix(torch.cat(near, dim=-1)))))


class _Cnn(nn.Module):  # type: ignore[misc]  # not read by the type checker
    def __init__(self, config: ClaimTaggerConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Convolution(config.width, d, config.dropout) for d in config.dilations)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        weights = mask[..., None].to(x.dtype)
        for layer in self.layers:
            x = layer(x, weights)
        return x


class _BiLstm(nn.Module):  # type: ignore[misc]  # not read by the type checker
    def __init__(self, config: ClaimTaggerConfig) -> None:
        super().__init__()
        half = config.width // 2
        self.lstm = nn.LSTM(config.width, half, config.layers, batch_first=True, bidirectional=True)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.lstm(x * mask[..., None].to(x.dtype))[0]
        return out


class _Bert(nn.Module):  # type: ignore[misc]  # not read by the type checker
    """transformers' BERT over ready-made vectors. Its own word table is not used and kept at one row."""

    def __init__(self, config: ClaimTaggerConfig) -> None:
        super().__init__()
        self.bert = BertModel(
            BertConfig(
                vocab_size=1,
                hidden_size=config.width,
                num_hidden_layers=config.layers,
                num_attention_heads=max(1, config.width // 32),
                intermediate_size=4 * config.width,
                max_position_embeddings=512,
                hidden_dropout_prob=0.0,
                attention_probs_dropout_prob=0.0,
                pad_token_id=0,
                attn_implementation="eager",
            ),
            add_pooling_layer=False,
        )

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.bert(inputs_embeds=x, attention_mask=mask).last_hidden_state
        return out


_ENCODERS: dict[str, type[nn.Module]] = {"cnn": _Cnn, "bilstm": _BiLstm, "bert": _Bert}


class ClaimTaggerModel(PreTrainedModel):  # type: ignore[misc]  # not read by the type checker
    """Characters in, ``len(labels.OUTPUTS)`` outputs a character out."""

    config_class = ClaimTaggerConfig
    base_model_prefix = "encoder"
    main_input_name = "input_ids"

    def __init__(self, config: ClaimTaggerConfig) -> None:
        super().__init__(config)
        self.pairs = Pairs(config.pairs)
        self.chars = nn.Embedding(config.vocab_size, config.width, padding_idx=vocabulary.PAD)
        self.words = nn.Embedding(WORD_POSITIONS, config.width)
        self.years = nn.Embedding(YEARS, config.width)
        self.issuers = nn.Embedding(ISSUERS, config.width)
        self.norm = nn.LayerNorm(config.width)
        self.dropout = nn.Dropout(config.dropout)
        self.encoder = _ENCODERS[config.encoder](config)
        self.head = nn.Linear(config.width, len(labels.OUTPUTS))
        self.post_init()
        nn.init.constant_(self.head.bias[labels.CONCEPT], _RARE)

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.1)

    def forward(
        self,
        input_ids: torch.Tensor,
        word_ids: torch.Tensor,
        year_ids: torch.Tensor,
        issuer_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        labels: torch.Tensor | None = None,
        claim_ids: torch.Tensor | None = None,
        attributes: torch.Tensor | None = None,
        **unused: Any,
    ) -> TokenClassifierOutput:
        """Inputs are (batch, length). With ``labels`` (and the claims' ``attributes``) the loss is given too."""
        rows = torch.from_numpy(self.pairs.rows(input_ids.numpy()))
        logits = self.outputs(rows, word_ids, year_ids, issuer_ids, attention_mask)
        loss = None
        if labels is not None and claim_ids is not None and attributes is not None:
            loss = claims_loss(logits.float(), labels, claim_ids, attributes)
        return TokenClassifierOutput(loss=loss, logits=logits)

    def outputs(
        self,
        rows: torch.Tensor,
        word_ids: torch.Tensor,
        year_ids: torch.Tensor,
        issuer_ids: torch.Tensor,
        attention_mask: torch.Tensor,
    ) -> torch.Tensor:
        """(batch, length, outputs) for rows of the characters' table (``Pairs.rows``)."""
        x = self.chars(rows) + self.words(word_ids) + self.years(year_ids) + self.issuers(issuer_ids)
        out: torch.Tensor = self.head(self.encoder(self.dropout(self.norm(x)), attention_mask))
        return out

    def add_pairs(self, texts: Sequence[str]) -> None:
        """Give more pairs rows of their own: at first those that their characters have."""
        old = self.chars.weight.data
        ids = torch.from_numpy(vocabulary.ids("".join(texts)).astype("int64"))
        self.config.pairs = [*self.config.pairs, *texts]
        self.config.vocab_size = len(old) + len(ids)
        self.pairs = Pairs(self.config.pairs)
        self.chars = nn.Embedding.from_pretrained(torch.cat([old, old[ids]]), False, vocabulary.PAD)


AutoConfig.register(ClaimTaggerConfig.model_type, ClaimTaggerConfig, exist_ok=True)
AutoModelForTokenClassification.register(ClaimTaggerConfig, ClaimTaggerModel, exist_ok=True)

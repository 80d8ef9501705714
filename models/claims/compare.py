"""Which network? Each encoder trained on the same reports for about the same time, and a table of what came out."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from models import registry
from models.claims.data import Labelled, Source, synthetic
from models.claims.decode import run
from models.claims.network import ClaimTaggerConfig, ClaimTaggerModel
from models.claims.plan import Plan
from models.claims.scores import headline
from models.claims.tag import MODEL_FILE, ClaimTagger
from models.claims.train import ENCODERS, Settings, fetch, shape, train_claims

TABLE = "comparison.json"
_PROBE_STEPS = 12
_TIMED_SECONDS = 2.0


def compare(
    out: Path, *, seconds: float = 600.0, encoders: Sequence[str] = tuple(ENCODERS), reports: int = 2000,
    seed: int = 1, processes: int = 2, source: Source = synthetic,
) -> list[dict[str, Any]]:  # fmt: skip
    """Train each encoder for as many epochs as fit into ``seconds`` (one at least), as versions in ``out/<encoder>``.

    Returns, and writes to ``out/comparison.json``, a row an encoder: parameters, seconds, held-out scores, characters
    read a second on one thread, bytes of the file that serves and how it agrees with PyTorch.
    """
    data_folder = out / "data"
    (data, _), (held_out, _) = fetch(Settings(reports=reports, seed=seed), source, data_folder, (), processes)
    rows: list[dict[str, Any]] = []
    for encoder in encoders:
        epochs = max(1, round(seconds / _epoch_seconds(encoder, data, processes)))
        record = train_claims(
            out / encoder, encoder=encoder, reports=reports, epochs=epochs, seed=seed, processes=processes,
            source=source, data_folder=data_folder,
        )  # fmt: skip
        rows.append(_row(encoder, record, ClaimTagger(out / encoder), held_out))
        registry.replace_text(out / TABLE, json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    return rows


def _epoch_seconds(encoder: str, data: Labelled, threads: int) -> float:
    """How long an epoch takes, by a few steps of it; the first two warm up."""
    torch.set_num_threads(threads)
    plan = Plan(data, 1, seed=0)
    model = ClaimTaggerModel(ClaimTaggerConfig(**shape(encoder)))
    optimiser = torch.optim.AdamW(model.parameters())
    began = time.perf_counter()
    steps = min(_PROBE_STEPS, len(plan))
    for step in range(steps):
        if step == 2:
            began = time.perf_counter()
        model(**plan[step]).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    return (time.perf_counter() - began) / max(steps - 2, 1) * len(plan)


def _row(encoder: str, record: dict[str, Any], tagger: ClaimTagger, held_out: Labelled) -> dict[str, Any]:
    return {
        "encoder": encoder,
        "network": record["settings"]["network"],
        "parameters": record["parameters"],
        "epochs": record["settings"]["epochs"],
        "training_seconds": record["epochs"][-1]["seconds"],
        **headline(record["held_out"]),
        "characters_per_second": speed(tagger, held_out),
        "bytes": record["files"][MODEL_FILE]["bytes"],
        "agreement": record["export"]["agreement"],
        "serves": record["export"]["serves"],
    }


def speed(tagger: ClaimTagger, data: Labelled) -> int:
    """Characters that the served network reads in a second on one thread, context read twice not counted."""
    read, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < _TIMED_SECONDS:
        run(tagger.network, data.encoded)
        read += len(data.encoded)
    return round(read / spent)

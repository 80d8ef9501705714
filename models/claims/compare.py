"""Which network? Each encoder trained as often on the same reports, and a table of what came out."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models import registry
from models.claims.data import Labelled, Source, synthetic
from models.claims.decode import run
from models.claims.scores import headline
from models.claims.tag import MODEL_FILE, ClaimTagger
from models.claims.train import ENCODERS, Settings, fetch, train_claims

TABLE = "comparison.json"
_TIMED_SECONDS = 2.0


def compare(
    out: Path, *, epochs: int = 3, encoders: Sequence[str] = tuple(ENCODERS), reports: int = 2000, seed: int = 1,
    processes: int = 2, source: Source = synthetic,
) -> list[dict[str, Any]]:  # fmt: skip
    """Train each encoder for ``epochs`` on the same reports, as versions in ``out/<encoder>``.

    Returns, and writes to ``out/comparison.json``, a row an encoder: parameters, seconds, held-out scores, characters
    read a second on one thread, bytes of the file that serves and how it agrees with PyTorch.
    """
    data_folder = out / "data"
    _, (held_out, _) = fetch(Settings(reports=reports, seed=seed), source, data_folder, (), processes)
    rows: list[dict[str, Any]] = []
    for encoder in encoders:
        record = train_claims(
            out / encoder, encoder=encoder, reports=reports, epochs=epochs, seed=seed, processes=processes,
            source=source, data_folder=data_folder,
        )  # fmt: skip
        rows.append(_row(encoder, record, ClaimTagger(out / encoder), held_out))
        registry.replace_text(out / TABLE, json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    return rows


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

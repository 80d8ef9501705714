"""Writes a corpus of synthetic reports: texts, gold, and a record of what is in it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from models.synthesis.report import Options, Synthetic, synthesize

_LOT = 100  # reports a task of a worker process
_ALONE = 300  # fewer reports than this are not worth a second process


def _lot(seed: int, first: int, count: int, options: Options) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Some reports as (id, text, gold as JSON, meta): what a worker hands back."""
    return [_row(synthesize(seed, i, options)) for i in range(first, first + count)]


def _row(made: Synthetic) -> tuple[str, str, str, dict[str, Any]]:
    return made.id, made.text, json.dumps(made.gold, ensure_ascii=False), made.meta


def _lots(n: int, seed: int, options: Options) -> Iterator[list[tuple[str, str, str, dict[str, Any]]]]:
    """All reports in order, in lots; by two processes when there are many."""
    spans = [(first, min(_LOT, n - first)) for first in range(0, n, _LOT)]
    if n < _ALONE:
        yield from (_lot(seed, first, count, options) for first, count in spans)
        return
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(_lot, seed, first, count, options) for first, count in spans]
        for job in jobs:
            yield job.result()


def write_corpus(out: Path, n: int, seed: int, options: Options | None = None) -> dict[str, Any]:
    """Write ``n`` reports to ``out/text/ID.txt`` and ``out/gold/ID.json``, and ``out/corpus.json``; returns the record.

    The record counts styles, damage and faults, and has a digest over all texts and gold: the same seed, number and
    options give the same digest. Files are UTF-8 with line ends as they are in the text. Raises ValueError for n < 1.
    """
    from rich.progress import Progress

    if n < 1:
        raise ValueError(f"cannot write a corpus of {n} reports; ask for at least one")
    options = options or Options()
    for folder in ("text", "gold"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    counts: dict[str, Counter[str]] = {k: Counter() for k in ("style", "shape", "blanks", "damage", "faults")}
    digest = hashlib.sha256()
    with Progress() as progress:
        task = progress.add_task("reports", total=n)
        for lot in _lots(n, seed, options):
            for name, text, gold, meta in lot:
                (out / "text" / f"{name}.txt").write_bytes(text.encode())
                (out / "gold" / f"{name}.json").write_bytes(gold.encode())
                digest.update(text.encode() + b"\0" + gold.encode() + b"\0")
                for key, counter in counts.items():
                    counter.update(meta[key] if isinstance(meta[key], list) else [meta[key]])
            progress.advance(task, len(lot))
    record = {"seed": seed, "reports": n, "fault_rate": options.fault_rate, "digest": digest.hexdigest()}
    record |= {k: dict(sorted(c.items())) for k, c in counts.items()}
    (out / "corpus.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return record

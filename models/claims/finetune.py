"""Fine-tuning of the token classifier on annotated reports: from a version that is there to a candidate."""

from __future__ import annotations

import dataclasses
import datetime
import platform
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from models import labels, registry
from models.annotations.dataset import Dataset
from models.claims import store
from models.claims.crossed import read_left_out
from models.claims.data import Labelled, Sample, Source, join, labelled
from models.claims.moving import MEASURED, Moved, OnEpoch, move, scores_of
from models.claims.network import ClaimTaggerModel
from models.claims.novel import learn_words
from models.claims.scores import headline
from models.claims.student import Student, plain
from models.claims.tag import MODEL_FILE
from models.claims.train import evaluate, restore, serve
from models.claims.variants import varied
from models.finetune import (
    DEV_SEED,
    REPLAY_SEED,
    NothingToLearnError,
    Recipe,
    annotated_claims,
    claims_replay,
    finished,
    kept,
    mean,
    shared_out,
)
from models.gate import left_out
from models.workplace import Teller, workplace

_ENOUGH = 0.75  # of what was read wrong in annotated reports: where new words alone mend that, no weight moves


def recipe(start: str, **changes: Any) -> Recipe:
    """The recipe for the token classifier: twenty reports take some minutes of one core."""
    return Recipe(**{"start": start, "epochs": 8, "replay": 1000, "share": 0.5, "rate": 1e-3, "hold": 3.0, **changes})


def finetune_claims(
    out: Path, data: Dataset, how: Recipe, *, resume: bool = True, source: Source = claims_replay, processes: int = 2,
    on_epoch: OnEpoch | None = None, command: str = "", data_folder: Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Fine-tune the version ``how.start`` on the train part of a dataset into the folder ``out``; returns the record.

    ``source`` writes the synthesis that is read beside it; ``data_folder`` keeps it for other runs of the seed. What a
    killed run has done stays in ``out/work`` and is taken up again where ``resume`` is true and recipe and dataset are
    the same; one that was finished is left as it is. ``on_epoch`` is told the epoch's number (from 1) and its scores.
    Raises OtherRunError where ``out`` holds another version or another run's work, NothingToLearnError where there is
    nothing for it.
    """
    started = time.time()
    train, dev = annotated_claims(data, "train"), annotated_claims(data, "dev")
    learned, chosen_by = shared_out(train, dev)
    names = [entry.id for entry in (*train.entries, *dev.entries)][: len(learned)]
    if not learned:
        raise NothingToLearnError(f"the train part of {data.root} has no report with claims and headings")
    if (done := finished(out, how, train, dev)) is not None:
        return done
    work = workplace(out, repr((dataclasses.asdict(how), train.digest(), dev.digest())), resume)
    torch.set_num_threads(max(processes, 1))
    torch.manual_seed(how.seed)
    with Teller(work) as teller:
        teller.phase("writing reports")
        (replay, replayed), held = synthesis(data_folder or work, how, source, processes)
        reports = [labelled(s) for s in learned]
        own = varied(learned, how.seed)
        watched = {"synthesis": held, **_measured_on(chosen_by, learned)}
        start = registry.load("claims", how.start)
        student = restore(start, Student).taught_by(restore(start), how.hold)
        teller.phase("scoring the version to start from")
        before, known = scores_of(student, watched), _measure(student, reports)
        words = learn_words(student, reports, own, replay, how, work, teller)
        student.taught_by(plain(student), how.hold)
        moved = Moved()
        if not words or _measure(student, reports) - known < _ENOUGH * (1.0 - known):
            moved = move(student, replay, own, watched, bool(chosen_by), how, work, teller, on_epoch)
        read = [] if moved.way else read_left_out(learned, names, start, how, replay, work, teller)
        after = scores_of(student, watched)
        teller.phase("exporting")
        served = serve(plain(student), out, held, None if moved.way else start)
    record = {
        "task": "claims",
        "command": command,
        "date": datetime.datetime.fromtimestamp(started, datetime.UTC).date().isoformat(),
        "settings": dataclasses.asdict(how),
        "start": {"version": how.start, "sha256": registry.sha256(start / MODEL_FILE)},
        "outputs": list(labels.OUTPUTS),
        "dataset": {"folder": str(data.root.resolve()), "train": train.facts(), "dev": dev.facts()},
        "learned_from": len(learned),
        "replay": {"sha256": replayed, "documents": how.replay, "share_annotated": moved.share},
        "words": words,
        "before": before,
        "epochs": list(moved.epochs),
        "kept_epoch": moved.kept_epoch,
        "way": moved.way,
        "most_fallen": moved.fallen,
        "after": after,
        left_out.FIELD: left_out.noted(train.digest(), read),
        "parameters": sum(p.numel() for p in student.parameters()),
        "machine": {"processor": platform.machine(), "threads": torch.get_num_threads(), "torch": torch.__version__},
        **served,
        "seconds": round(time.time() - started, 1),
    }
    files = sorted(p.name for p in out.iterdir() if p.is_file())
    whole = registry.write_record(out, record, files)
    shutil.rmtree(work)
    return whole


def synthesis(
    folder: Path, how: Recipe, source: Source = claims_replay, processes: int = 1
) -> tuple[tuple[Labelled, str], Labelled]:
    """What a run reads beside what is annotated, with its digest, and what it is scored on after each epoch; kept in
    ``folder``."""
    replay = store.fetch(
        kept(folder, "claims-replay", how.seed, how.replay), source, how.seed + REPLAY_SEED, how.replay, (), processes
    )  # fmt: skip
    held, _ = store.fetch(
        kept(folder, "claims-dev", how.seed, how.held_out), source, how.seed + DEV_SEED, how.held_out, (), processes,
        noisy=False,
    )  # fmt: skip
    return replay, held


def _measured_on(dev: Sequence[Sample], train: Sequence[Sample]) -> dict[str, Labelled]:
    """What is annotated and scored after each epoch: the dev part, or the train part where there is no other."""
    return {"dev": join([*map(labelled, dev)])} if dev else {"train": join([*map(labelled, train)])}


def _measure(model: ClaimTaggerModel, reports: Sequence[Labelled]) -> float:
    """How rightly annotated reports are read."""
    scores = headline(evaluate(model, join(reports)))
    return mean([scores[name] for name in MEASURED])

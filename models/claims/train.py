"""Training of the token classifier: from nothing but the seed to a version with its record."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import platform
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer import TRAINER_STATE_NAME
from transformers.utils import logging

from models import labels, registry
from models.claims import store
from models.claims.data import Labelled, Sample, Source, synthetic
from models.claims.decode import decode, run
from models.claims.export import export, extend, network_of
from models.claims.network import ClaimTaggerConfig, ClaimTaggerModel
from models.claims.plan import BUDGET, Plan
from models.claims.scores import headline, score
from models.claims.tag import MODEL_FILE, ClaimTagger
from models.workplace import workplace

HELD_OUT_SEED = 2_000_003  # added to the seed: reports that are never trained on
ENCODERS: dict[str, dict[str, Any]] = {
    "cnn": {"encoder": "cnn", "width": 128, "dilations": (1, 2, 4, 8, 16, 32, 1)},
    "cnn-wide": {"encoder": "cnn", "width": 192, "dilations": (1, 2, 4, 8, 16, 32, 1)},
    "bilstm": {"encoder": "bilstm", "width": 256, "layers": 1},
    "bert": {"encoder": "bert", "width": 128, "layers": 3},
}
_RATES = {"cnn": 4e-3, "cnn-wide": 4e-3, "bilstm": 4e-3, "bert": 1e-3}
_SAVES_PER_EPOCH = 2

OnEpoch = Callable[[int, dict[str, Any]], None]
M = TypeVar("M", bound=ClaimTaggerModel)


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the result, beside the code: the same settings give the same weights on the same machine."""

    encoder: str = "cnn"
    reports: int = 9000
    epochs: int = 3
    seed: int = 1
    budget: int = BUDGET
    bf16: bool = False
    from_version: str | None = None
    extra: int = 0

    @property
    def held_out(self) -> int:
        return min(max(self.reports // 10, 8), 300)


def train_claims(
    out: Path, *, encoder: str = "cnn", reports: int = 9000, epochs: int = 3, seed: int = 1,
    from_version: str | None = None, resume: bool = True, extra: Sequence[Sample] | None = None,
    source: Source = synthetic, processes: int = 2, bf16: bool = False, budget: int = BUDGET,
    on_epoch: OnEpoch | None = None, data_folder: Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Train a version of the token classifier into the folder ``out`` and return its record.

    ``source`` writes the reports (seed, index → Sample); ``extra`` are samples trained on beside them. ``from_version``
    starts from the weights of a version that is there. What a killed run has done stays in ``out/work`` and is taken
    up again where ``resume`` is true and the settings are the same. ``on_epoch`` is told the epoch's number (from 1)
    and its held-out scores. ``budget``: characters a step. Reports once written are kept in ``data_folder`` if it is
    given, for other runs on the same ones. Raises ValueError where ``out`` holds another run's work.
    """
    started = time.time()
    settings = Settings(encoder, reports, epochs, seed, budget, bf16, from_version, len(extra or ()))
    work = workplace(out, repr((dataclasses.asdict(settings), shape(encoder))), resume)
    (data, digest), (held_out, held_digest) = fetch(settings, source, data_folder or work, extra or (), processes)
    torch.set_num_threads(max(processes, 1))
    torch.manual_seed(seed)
    model = _start(settings)
    history = fit(model, settings, data, held_out, work, on_epoch or (lambda _epoch, _scores: None))
    record = {
        "task": "claims",
        "command": _command(settings),
        "date": datetime.datetime.fromtimestamp(started, datetime.UTC).date().isoformat(),
        "settings": {**dataclasses.asdict(settings), "network": shape(encoder)},
        "outputs": list(labels.OUTPUTS),
        "data": {"sha256": digest, "documents": reports, **_sizes(data)},
        "held_out_data": {"sha256": held_digest, "documents": settings.held_out, **_sizes(held_out)},
        "epochs": history,
        "parameters": sum(p.numel() for p in model.parameters()),
        "machine": {"processor": platform.machine(), "threads": torch.get_num_threads(), "torch": torch.__version__},
    }
    record |= serve(model, out, held_out)
    record["seconds"] = round(max(time.time() - started, history[-1]["seconds"]), 1)
    shutil.rmtree(work)
    return registry.write_record(out, record)


def fetch(
    settings: Settings, source: Source, folder: Path, extra: Sequence[Sample], processes: int
) -> tuple[tuple[Labelled, str], tuple[Labelled, str]]:
    """What to train on and what is held out, each with its digest."""
    seed, count = settings.seed, settings.reports
    held_seed, held_count = seed + HELD_OUT_SEED, settings.held_out
    return (
        store.fetch(folder / "reports.npz", source, seed, count, extra, processes),
        store.fetch(folder / "held_out.npz", source, held_seed, held_count, (), processes, noisy=False),
    )


def fit(
    model: ClaimTaggerModel, settings: Settings, data: Labelled, held_out: Labelled, work: Path, on_epoch: OnEpoch
) -> list[dict[str, Any]]:
    """Train ``model`` in place, from the last checkpoint in ``work`` if there is one; the scores after each epoch."""
    plan = Plan(data, settings.epochs, settings.seed, settings.budget)
    watch = Watch(plan, held_out, on_epoch)
    options = {"bf16": settings.bf16, "seed": settings.seed}
    return watch.history(learn(model, plan, work / "checkpoints", _RATES[settings.encoder], [watch], **options))


def learn(
    model: ClaimTaggerModel, plan: Plan, folder: Path, rate: float, watchers: list[TrainerCallback], **options: Any
) -> TrainerState:
    """Train ``model`` in place by the plan, from the last checkpoint in ``folder`` if there is one.

    ``options`` are transformers' TrainingArguments; they go before those that are set here.
    """
    chosen = {
        "output_dir": str(folder), "per_device_train_batch_size": 1, "num_train_epochs": 1,
        "train_sampling_strategy": "sequential", "learning_rate": rate, "lr_scheduler_type": "cosine",
        "warmup_steps": max(1, len(plan) // 20), "weight_decay": 0.01, "max_grad_norm": 1.0, "save_strategy": "steps",
        "save_steps": max(1, plan.epoch_ends[0] // _SAVES_PER_EPOCH), "save_total_limit": 2,
        "logging_steps": max(1, plan.epoch_ends[0] // 4), "report_to": [], "remove_unused_columns": False,
        "use_cpu": True, "dataloader_pin_memory": False, "data_seed": options.get("seed"),
    }  # fmt: skip
    trainer = Trainer(
        model=model, args=TrainingArguments(**(chosen | options)), train_dataset=plan, data_collator=_only,
        callbacks=watchers,
    )  # fmt: skip
    _drop_torn(folder)
    trainer.remove_callback(PrinterCallback)  # where there is no bar it would print every loss
    logging.disable_progress_bar()  # that of writing each checkpoint; the training's own stays
    with contextlib.redirect_stdout(sys.stderr):  # the trainer prints its log; output is for results
        trainer.train(resume_from_checkpoint=any(folder.glob("checkpoint-*")))
    state: TrainerState = trainer.state
    return state


def _drop_torn(folder: Path) -> None:
    """Remove what a killed run had begun to write: a checkpoint's last file is the trainer's state."""
    for checkpoint in folder.glob("checkpoint-*"):
        try:
            json.loads((checkpoint / TRAINER_STATE_NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            shutil.rmtree(checkpoint)


def _only(batches: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The plan's items are whole batches: there is always one."""
    return batches[0]


class Watch(TrainerCallback):  # type: ignore[misc]  # not read by the type checker
    """Scores the model on held-out reports after each epoch. Its notes lie in the trainer's state, so checkpoints
    carry them."""

    def __init__(self, plan: Plan, held_out: Labelled, on_epoch: OnEpoch) -> None:
        self.ends, self.held_out, self.on_epoch = plan.epoch_ends, held_out, on_epoch
        self.began, self.before = time.time(), 0.0

    def on_train_begin(self, args: Any, state: TrainerState, control: TrainerControl, **rest: Any) -> None:
        self.began = time.time()
        self.before = max((note["seconds"] for note in self.history(state)), default=0.0)

    def on_step_end(
        self, args: Any, state: TrainerState, control: TrainerControl, model: Any = None, **rest: Any
    ) -> None:
        if state.global_step not in self.ends:
            return
        scores = evaluate(model, self.held_out)
        model.train()
        epoch = self.ends.index(state.global_step) + 1
        seconds = round(self.before + time.time() - self.began, 1)
        state.log_history.append({"held_out_epoch": epoch, "seconds": seconds, **headline(scores)})
        self.on_epoch(epoch, scores)

    def history(self, state: TrainerState) -> list[dict[str, Any]]:
        return [note for note in state.log_history if "held_out_epoch" in note]


def evaluate(model: ClaimTaggerModel, data: Labelled) -> dict[str, Any]:
    """The scores of the PyTorch network on labelled text."""
    return score(decode(run(network_of(model), data.encoded), data.encoded), data)


def shape(encoder: str) -> dict[str, Any]:
    """The network's settings for the name of an encoder. Raises ValueError if there is no such name."""
    if encoder not in ENCODERS:
        raise ValueError(f"unknown encoder {encoder!r}; known: {', '.join(ENCODERS)}")
    return ENCODERS[encoder]


def _start(settings: Settings) -> ClaimTaggerModel:
    """A network from chance, or with the weights of a version."""
    if settings.from_version is None:
        return ClaimTaggerModel(ClaimTaggerConfig(**shape(settings.encoder)))
    return restore(registry.load("claims", settings.from_version))


def restore(folder: Path, make: type[M] = ClaimTaggerModel) -> M:
    """The network of a version, from the weights that lie beside those that serve."""
    model: M = make.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    return model


def serve(model: ClaimTaggerModel, out: Path, held_out: Labelled, start: Path | None = None) -> dict[str, Any]:
    """Write the files of the version; how well what serves agrees with the network, and what it scores.

    ``start``: the version that the network is but for more pairs.
    PyTorch's weights are kept in half precision: they are a start for further training, not what serves.
    """
    encoded = held_out.encoded
    exported = export(model, out, encoded) if start is None else extend(start, model, out, encoded)
    served = ClaimTagger(out)
    scores = score(decode(run(served.network, held_out.encoded), held_out.encoded), held_out)
    network_scores = headline(evaluate(model, held_out))
    model.to(torch.float16).save_pretrained(out)
    return {"export": exported, "held_out": scores, "held_out_network": network_scores, "serves": MODEL_FILE}


def _sizes(data: Labelled) -> dict[str, int]:
    return {
        "characters": len(data.encoded),
        "windows": len(data.encoded.windows),
        "claims": len(data.attributes),
    }


def _command(settings: Settings) -> str:
    words = f"nianbao train claims --encoder {settings.encoder} --reports {settings.reports}"
    words += f" --epochs {settings.epochs} --seed {settings.seed}"
    return words + (f" --from {settings.from_version}" if settings.from_version else "")

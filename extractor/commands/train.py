"""``nianbao synthesize`` and ``nianbao train``: both hand over to ``models``."""

from __future__ import annotations

import itertools
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from extractor.commands import models as gate
from models.annotations.said import AnnotationError
from models.finetune import NothingToLearnError
from models.workplace import OtherRunError

if TYPE_CHECKING:
    from models.annotations.dataset import Dataset
    from models.registry import Task

_OPTIONS = {"replay": "reports"}
_NEEDED = ("torch", "transformers", "accelerate", "onnx")
_SAME_RUN, _FRESH = "an unfinished run of these settings, or none", "name another version, or give --fresh"
_DONE, _USAGE, _REFUSED, _LACKING = 0, 2, 3, 4


def synthesize(out: Path, n: int, seed: int, faults: float) -> int:
    """Write ``n`` annotated reports below ``out``, a share ``faults`` of them with faults. Returns the exit code."""
    from models.synthesis.corpus import write_corpus
    from models.synthesis.report import Options

    write_corpus(out, n, seed, Options(fault_rate=faults))
    Console(stderr=True, markup=False).print(f"{n} reports of seed {seed}: {out / 'text'}, {out / 'gold'}")
    return _DONE


def train(task: Task, version: str, promote: bool, options: dict[str, Any]) -> int:
    """Train a version of a model on synthesis alone, in the user's folder of models. Returns the exit code."""
    if _is_lacking():
        return _LACKING
    from models import promotion, registry
    from models.claims.train import train_claims
    from models.layout.train import train_layout

    out = registry.user_root() / task / version
    if (out / registry.RECORD).is_file():
        return usage(f"{task} {version} is there already: {out}", "a new name", "name another version: --version")
    if options.get("from_version") == "current":
        options["from_version"] = registry.current(task)
    out.mkdir(parents=True, exist_ok=True)
    try:
        record = (train_layout if task == "layout" else train_claims)(out, **options)
    except OtherRunError as error:
        return usage(str(error), _SAME_RUN, _FRESH)
    _say_trained(task, version, out, record)
    if not promote:
        return _DONE
    if task in registry.pins():
        return gate.promote(f"{task}/{version}", None)
    _console().print(f"serves now, the first of its task: {promotion.promote(task, version)}")
    return _DONE


def finetune(
    task: Task, version: str | None, start: str, data: Path, changes: dict[str, Any], run: dict[str, Any],
    judged: bool, promote: bool,
) -> int:  # fmt: skip
    """Fine-tune a version on a dataset, in the user's folder of models, and let the gate judge it.

    Without a name the run of the same settings is taken up, or the next free one of u1, u2 … is taken. Returns the
    exit code: that of the gate's promotion if one is asked for.
    """
    if _is_lacking():
        return _LACKING
    from models import registry
    from models.annotations.dataset import Dataset

    base = registry.current(task) if start == "current" else start
    names = [version] if version else (f"u{n}" for n in itertools.count(1))
    for name in names:
        out = registry.user_root() / task / name
        try:
            record = finetuned(task, out, Dataset(data), base, changes, run)
        except OtherRunError as error:
            if version:
                return usage(
                    str(error), "an unfinished run of these settings, or none", "name another, or give --fresh"
                )
            continue
        except AnnotationError as error:
            _console().print(f"nianbao: {error}")
            return _REFUSED
        except NothingToLearnError as error:
            return usage(str(error), "reports annotated for this model", "annotate some: nianbao annotate import")
        _say_trained(task, name, out, record)
        if promote:
            return gate.promote(f"{task}/{name}", data)
        return gate.judge(f"{task}/{name}", data, False) if judged else _DONE
    raise AssertionError("names never end")


def finetuned(
    task: Task, out: Path, data: Dataset, start: str, changes: dict[str, Any], run: dict[str, Any]
) -> dict[str, Any]:
    """The record of a version fine-tuned into ``out``; what ``run`` says goes to the training as it is.

    Raises OtherRunError, NothingToLearnError, AnnotationError or BrokenInstallation.
    """
    command = f"nianbao train {task} --from {start} --data {data.root}"
    command += "".join(f" --{_OPTIONS.get(name, name)} {value}" for name, value in changes.items())
    options = {"command": command, **run}
    if task == "claims":
        from models.claims.finetune import finetune_claims, recipe

        return finetune_claims(out, data, recipe(start, **changes), **options)
    from models.layout import finetune

    return finetune.finetune_layout(out, data, finetune.recipe(start, **changes), **options)


def usage(met: str, expected: str, todo: str) -> int:
    """Say what cannot be done. Returns the exit code for it."""
    _console().print(f"nianbao: {met}\n  expected: {expected}\n  what to do: {todo}")
    return _USAGE


def lacking() -> list[str]:
    """The packages of the extra ``train`` that are not installed."""
    return [name for name in _NEEDED if find_spec(name) is None]


def _is_lacking() -> bool:
    missing = lacking()
    if missing:
        _console().print(
            f"nianbao: {', '.join(missing)} cannot be imported\n  expected: the extra 'train'\n"
            "  what to do: pip install torch==2.13.0, then pip install 'nianbao[train]'"
        )
    return bool(missing)


def _say_trained(task: Task, version: str, out: Path, record: dict[str, Any]) -> None:
    _console().print(f"{task} {version}: {out / 'record.json'}, {record.get('seconds', 0):.0f} s")


def _console() -> Console:
    return Console(stderr=True, markup=False, highlight=False, soft_wrap=True)

"""``nianbao synthesize`` and ``nianbao train``: both hand over to ``models``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

if TYPE_CHECKING:
    from models.registry import Task

_NEEDED = ("torch", "transformers", "accelerate", "onnx")
_DONE, _LACKING = 0, 4


def synthesize(out: Path, n: int, seed: int) -> int:
    """Write ``n`` annotated reports below ``out``. Returns the exit code."""
    from models.synthesis.corpus import write_corpus

    write_corpus(out, n, seed)
    Console(stderr=True, markup=False).print(f"{n} reports of seed {seed}: {out / 'text'}, {out / 'gold'}")
    return _DONE


def train(task: Task, version: str, promote: bool, options: dict[str, Any]) -> int:
    """Train a version of a model in the first root of the registry. Returns the exit code."""
    lacking = [name for name in _NEEDED if find_spec(name) is None]
    if lacking:
        Console(stderr=True).print(
            f"nianbao: {', '.join(lacking)} cannot be imported\n  expected: the extra 'train'\n"
            "  what to do: pip install torch==2.13.0, then pip install 'nianbao[train]'",
            markup=False,
        )
        return _LACKING
    from models import promotion, registry
    from models.claims.train import train_claims
    from models.layout.train import train_layout

    out = registry.roots()[0] / task / version
    out.mkdir(parents=True, exist_ok=True)
    record = (train_layout if task == "layout" else train_claims)(out, **options)
    console = Console(stderr=True, markup=False)
    console.print(f"{task} {version}: {out / registry.RECORD}, {record.get('seconds', 0):.0f} s")
    if promote:
        console.print(f"serves now: {promotion.promote(task, version)}")
    return _DONE

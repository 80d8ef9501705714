"""The serving graph says what the exported one says."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from models.claims.export import quantise, write
from models.claims.graph import lean
from models.claims.network import ClaimTaggerConfig, ClaimTaggerModel
from models.encoding import INPUTS, ISSUERS, YEARS
from models.words import WORD_POSITIONS

DILATIONS = (1, 4, 16)


def outputs(path: Path, inputs: dict[str, Any], **options: Any) -> Any:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"], **options)
    return session.run(None, inputs)[0]


def windows(count: int, longest: int, size: int) -> dict[str, Any]:
    """Random windows; all but the first end before the longest does."""
    chance = np.random.default_rng(longest)
    shape = (count, longest)
    mask = np.arange(longest) < chance.integers(1, longest + 1, count)[:, None]
    mask[0] = True
    limits = (size, WORD_POSITIONS, YEARS, ISSUERS)
    ids = [chance.integers(0, limit, shape) * mask for limit in limits]
    return dict(zip(INPUTS, [*ids, mask.astype(np.int64)], strict=True))


@pytest.mark.parametrize("operators", [None, ["MatMul"]])
def test_the_lean_graph_gives_the_outputs_of_the_exported_one(tmp_path: Path, operators: list[str] | None) -> None:
    torch.manual_seed(5)
    model = ClaimTaggerModel(ClaimTaggerConfig(width=32, dilations=DILATIONS))
    full, plain, served = (tmp_path / name for name in ("full.onnx", "plain.onnx", "served.onnx"))
    write(model, full)
    quantise(full, plain, operators)
    onnx.save(lean(onnx.load(plain), DILATIONS), served)
    for count, longest in ((1, 3), (1, 40), (3, 70)):
        inputs = windows(count, longest, model.config.vocab_size)
        wanted = outputs(plain, inputs)
        found = outputs(served, inputs, disabled_optimizers=["SkipLayerNormFusion"])
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).max() < 0.02 * np.abs(wanted).max()  # a byte may be rounded to its neighbour

"""The trained network as an ONNX file, as small as it can be without changing what it says."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from models import labels
from models.claims.decode import Floats, Network, run
from models.claims.graph import lean
from models.claims.network import ClaimTaggerModel
from models.claims.tag import MODEL_FILE, PAIRS, ClaimTagger
from models.encoding import INPUTS, Encoded

AGREEMENT = 0.999
_FULL = "full.onnx"
_TABLE = "model.chars.weight"
_VARIANTS: tuple[tuple[str, list[str] | None], ...] = (
    ("int8", None),
    ("int8 but the characters' table", ["MatMul", "LSTM"]),
)


class _Outputs(nn.Module):  # type: ignore[misc]  # not read by the type checker
    """The network with its inputs by place and nothing but its outputs."""

    def __init__(self, model: ClaimTaggerModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.model.outputs(*inputs)
        return out


def export(model: ClaimTaggerModel, folder: Path, check: Encoded) -> dict[str, Any]:
    """Write ``model.onnx`` into ``folder``: the smallest variant whose labels agree with PyTorch's.

    ``check`` is held-out text; a variant serves if on ``AGREEMENT`` of its characters the span label is the same.
    Returns each variant's agreement and size, and which one serves.
    """
    full = folder / _FULL
    write(model, full)
    wanted = run(network_of(model), check)[:, labels.SPAN].argmax(axis=1)
    report: dict[str, Any] = {"variants": {}}
    for name, operators in (*_VARIANTS, ("fp32", [])):
        quantise(full, folder / MODEL_FILE, operators)
        if operators != [] and model.config.encoder == "cnn":
            onnx.save(lean(onnx.load(folder / MODEL_FILE), model.config.dilations), folder / MODEL_FILE)
        if model.config.pairs:
            onnx.save(_naming(onnx.load(folder / MODEL_FILE), model.config.pairs), folder / MODEL_FILE)
        found = run(ClaimTagger(folder).network, check)[:, labels.SPAN].argmax(axis=1)
        agreement = round(float((found == wanted).mean()), 6)
        report["variants"][name] = {"agreement": agreement, "bytes": (folder / MODEL_FILE).stat().st_size}
        report |= {"serves": name, "agreement": agreement}
        if agreement >= AGREEMENT:
            break
    full.unlink()
    return report


def extend(start: Path, model: ClaimTaggerModel, folder: Path, check: Encoded) -> dict[str, Any]:
    """Write ``model.onnx`` of a network that is the one of ``start`` but for more pairs: all that serves there stays as
    it is, byte for byte, and the pairs' rows are added to the characters' table in its own scale."""
    serving = onnx.load(start / MODEL_FILE)
    weights = {w.name: w for w in serving.graph.initializer}
    quantised = f"{_TABLE}_quantized" in weights
    table = weights[f"{_TABLE}_quantized" if quantised else _TABLE]
    old = numpy_helper.to_array(table)
    rows = model.chars.weight.detach().numpy()[len(old) :]
    if quantised:
        scale, zero = (numpy_helper.to_array(weights[f"{_TABLE}_{part}"]) for part in ("scale", "zero_point"))
        reach = np.iinfo(old.dtype)
        rows = np.clip(np.round(rows / scale) + zero, reach.min, reach.max).astype(old.dtype)
    table.CopyFrom(numpy_helper.from_array(np.concatenate([old, rows]), table.name))
    onnx.save(_naming(serving, model.config.pairs), folder / MODEL_FILE)
    wanted = run(network_of(model), check)[:, labels.SPAN].argmax(axis=1)
    found = run(ClaimTagger(folder).network, check)[:, labels.SPAN].argmax(axis=1)
    agreement = round(float((found == wanted).mean()), 6)
    return {"serves": "the start's, with more pairs", "pairs": len(rows) // 2, "agreement": agreement}


def _naming(model: onnx.ModelProto, pairs: Sequence[str]) -> onnx.ModelProto:
    onnx.helper.set_model_props(model, {PAIRS: " ".join(pairs)})
    return model


def network_of(model: ClaimTaggerModel) -> Network:
    """The PyTorch network as what ``models.claims.decode.run`` runs."""
    model.eval()

    def network(inputs: dict[str, NDArray[np.int64]]) -> Floats:
        with torch.inference_mode():
            out: Floats = model(**{k: torch.from_numpy(v) for k, v in inputs.items()}).logits.numpy()
        return out

    return network


def write(model: ClaimTaggerModel, path: Path) -> None:
    """The network as PyTorch exports it, all numbers with 32 bits."""
    model.eval()
    example = tuple(torch.ones(2, 24, dtype=torch.int64) for _ in INPUTS)
    axes = {name: {0: "windows", 1: "length"} for name in (*INPUTS, "outputs")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of LSTMs with a free batch size; both sizes are free here
        torch.onnx.export(
            _Outputs(model), example, str(path), input_names=list(INPUTS), output_names=["outputs"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip


def quantise(full: Path, path: Path, operators: list[str] | None) -> None:
    """``operators``: those whose weights become int8; None is all that can, an empty list none."""
    if operators == []:
        path.write_bytes(full.read_bytes())
        return
    paths = list(sys.path)
    from onnxruntime.quantization import QuantType, quantize_dynamic

    sys.path[:] = paths  # that import adds a folder with a `models` of its own, which would hide ours in new processes
    logging.getLogger().setLevel(logging.ERROR)  # quantisation advises a shape pass that changes nothing here
    quantize_dynamic(full, path, op_types_to_quantize=operators, per_channel=True, weight_type=QuantType.QInt8)

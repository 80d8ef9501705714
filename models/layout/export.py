"""The trained network as ONNX files, and back: training can go on from the files that serve."""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from models.layout.features import GRAMS, SIGHT_NAMES, TEXT_NAMES
from models.layout.network import LayoutNetwork

FULL, SMALL = "model.onnx", "model.int8.onnx"
_INPUTS = ("grams", "text", "which", "sight")


def export(network: LayoutNetwork, folder: Path) -> None:
    """Write FULL (fp32) and SMALL (dynamic int8) into ``folder``. Any number of texts and of blocks fits."""
    network.eval()
    texts, blocks = 5, 7
    inputs = (
        torch.zeros(texts, GRAMS, dtype=torch.int32),
        torch.zeros(texts, len(TEXT_NAMES)),
        torch.zeros(1, blocks, dtype=torch.int64),
        torch.zeros(1, blocks, len(SIGHT_NAMES)),
    )
    with warnings.catch_warnings():
        # the exporter warns of variable batch sizes with LSTM; served batches are always of one document
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, inputs, str(folder / FULL), input_names=list(_INPUTS), output_names=["types"], opset_version=17,
            dynamo=False, dynamic_axes={"grams": {0: "texts"}, "text": {0: "texts"}, "which": {1: "blocks"},
                                        "sight": {1: "blocks"}, "types": {1: "blocks"}},
        )  # fmt: skip
    _quantise(folder / FULL, folder / SMALL)


def _quantise(full: Path, small: Path) -> None:
    """Dynamic int8, each column with a scale of its own."""
    paths = list(sys.path)
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # importing it puts a folder with a package ``models`` of its own on the path, which processes started later
    # would take for ours
    sys.path[:] = paths
    logging.getLogger().setLevel(logging.ERROR)  # it advises a shape pass that changes nothing here
    quantize_dynamic(full, small, per_channel=True, weight_type=QuantType.QInt8)


def restore(path: Path) -> LayoutNetwork:
    """The network whose FULL file this is. Raises ValueError where the file is of another shape."""
    graph = onnx.load(str(path)).graph
    stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    network = LayoutNetwork()
    state = network.state_dict()
    for name in ("grams.weight", "text.weight", "text.bias", "sight.bias", "types.bias"):
        state[name] = torch.from_numpy(np.array(stored[name]))
    products = [stored[n.input[1]] for n in graph.node if n.op_type == "MatMul" and n.input[1] in stored]
    for name in ("sight.weight", "types.weight"):
        shape = tuple(state[name].shape)
        matrix = next((p for p in products if p.shape == shape[::-1]), None)
        if matrix is None:
            raise ValueError(f"{path} has no matrix of shape {shape} for {name}; it is no layout model of this version")
        state[name] = torch.from_numpy(np.ascontiguousarray(matrix.T))
    (lstm,) = (n for n in graph.node if n.op_type == "LSTM")
    state |= _lstm_state(*(stored[lstm.input[i]] for i in (1, 2, 3)))
    network.load_state_dict(state)
    return network


def _lstm_state(w: NDArray[np.float32], r: NDArray[np.float32], b: NDArray[np.float32]) -> dict[str, torch.Tensor]:
    """ONNX orders the gates i, o, f, c and puts both biases end to end; PyTorch has i, f, c, o."""
    out: dict[str, torch.Tensor] = {}
    for direction, suffix in enumerate(("", "_reverse")):
        input_bias, hidden_bias = np.split(b[direction], 2)
        parts = {"weight_ih": w[direction], "weight_hh": r[direction], "bias_ih": input_bias, "bias_hh": hidden_bias}
        for name, value in parts.items():
            i, o, f, c = np.split(value, 4)
            out[f"sequence.{name}_l0{suffix}"] = torch.from_numpy(np.concatenate([i, f, c, o]))
    return out

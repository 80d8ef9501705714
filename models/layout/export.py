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
    logging.disable(logging.WARNING)  # it advises a shape pass that changes nothing here
    try:
        quantize_dynamic(full, small, per_channel=True, weight_type=QuantType.QInt8)
    finally:
        logging.disable(logging.NOTSET)


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
    readers = [n for n in graph.node if n.op_type == "LSTM"]
    for name, node in zip(("down", "up"), readers, strict=True):
        state |= _lstm_state(name, *(stored[node.input[i]][0] for i in (1, 2, 3)))
    network.load_state_dict(state)
    return network


def _lstm_state(
    name: str, w: NDArray[np.float32], r: NDArray[np.float32], b: NDArray[np.float32]
) -> dict[str, torch.Tensor]:
    """ONNX orders the gates i, o, f, c and puts both biases end to end; PyTorch has i, f, c, o."""
    input_bias, hidden_bias = np.split(b, 2)
    parts = {"weight_ih_l0": w, "weight_hh_l0": r, "bias_ih_l0": input_bias, "bias_hh_l0": hidden_bias}
    out: dict[str, torch.Tensor] = {}
    for part, value in parts.items():
        i, o, f, c = np.split(value, 4)
        out[f"{name}.{part}"] = torch.from_numpy(np.concatenate([i, f, c, o]))
    return out

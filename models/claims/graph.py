"""The serving graph of a quantised convolution: the exported one's numbers, in nearly half the time.

PyTorch's export pads, cuts and joins 32-bit floats, asks for sizes at every step, and quantises what is joined, so
each value three times. Here a value is quantised once and then shifted and joined as the byte it has become; all
lengths are constants. That changes no bit: joining adds no value that would widen the range of the quantisation, and a
padded zero is the zero point. Only the sum of a character's vectors is taken in another order, over one table of every
combination of the three small ones, and normalised by LayerNormalization; in the exported graph ONNX Runtime puts its
SkipLayerNormalization there, which takes five times as long. A value that lies between two bytes may fall to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

EPSILON = 1e-5  # of PyTorch's LayerNorm
_FAR = 2**31 - 1


def lean(exported: onnx.ModelProto, dilations: Sequence[int]) -> onnx.ModelProto:
    """The graph of an exported ``ClaimTaggerModel`` with the encoder cnn whose linear layers are quantised."""
    graph = _Graph(exported)
    x = graph.embedded()
    mask = graph.add("Cast", [graph.add("Unsqueeze", ["attention_mask", graph.integers(2)])], to=TensorProto.FLOAT)
    for number, dilation in enumerate(dilations):
        x = graph.convolution(x, mask, number, dilation)
    whole, scale, zero = graph.quantised(x)
    graph.linear(len(dilations), whole, scale, zero, "model.head.bias", "outputs")
    return graph.model(exported)


class _Graph:
    """Nodes in the making, and the weights that they take from the exported graph."""

    def __init__(self, exported: onnx.ModelProto) -> None:
        self._weights = {w.name: w for w in exported.graph.initializer}
        self._linears = [n.input[1] for n in exported.graph.node if n.op_type == "MatMulInteger"]
        self._nodes: list[NodeProto] = []
        for node in exported.graph.node:  # weights that happen to be equal are exported once
            if node.op_type == "Identity" and node.input[0] in self._weights:
                values = numpy_helper.to_array(self._weights[node.input[0]])
                self._weights[node.output[0]] = numpy_helper.from_array(values, node.output[0])

    def add(self, operator: str, inputs: Sequence[str], name: str = "", **attributes: object) -> str:
        """A node of one output, whose name it returns."""
        name = name or f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], name, **attributes))
        return name

    def integers(self, *values: int) -> str:
        return self._constant("_".join(("integers", *map(str, values))), np.array(values, np.int64))

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self._weights[name] = numpy_helper.from_array(values, name)
        return name

    def embedded(self) -> str:
        """The four vectors of each character, added up and normalised."""
        words, years, issuers = (self._values(f"model.{table}.weight") for table in ("words", "years", "issuers"))
        rest = words[:, None, None] + years[:, None] + issuers
        name = self._constant("rest", rest.reshape(-1, rest.shape[-1]))
        place = self.add("Mul", ["word_ids", self.integers(rest.shape[1] * rest.shape[2])])
        place = self.add("Add", [place, self.add("Mul", ["year_ids", self.integers(rest.shape[2])])])
        place = self.add("Add", [place, "issuer_ids"])
        whole = self.add("Add", [self._looked_up("model.chars.weight", "input_ids"), self.add("Gather", [name, place])])
        normal = ["model.norm.weight", "model.norm.bias"]
        return self.add("LayerNormalization", [whole, *normal], axis=-1, epsilon=EPSILON)

    def _values(self, table: str) -> NDArray[np.float32]:
        if table in self._weights:
            return np.asarray(numpy_helper.to_array(self._weights[table]), np.float32)
        parts = (f"{table}_{part}" for part in ("quantized", "zero_point", "scale"))
        small, zero, scale = (numpy_helper.to_array(self._weights[part]) for part in parts)
        return np.asarray((small.astype(np.int32) - zero) * scale, np.float32)

    def _looked_up(self, table: str, ids: str) -> str:
        if table in self._weights:
            return self.add("Gather", [table, ids])
        row = self.add("Gather", [f"{table}_quantized", ids])
        return self.add("DequantizeLinear", [row, f"{table}_scale", f"{table}_zero_point"])

    def convolution(self, x: str, mask: str, number: int, dilation: int) -> str:
        """One residual layer (``models.claims.network``): each position with its neighbours ``dilation`` away."""
        layer = f"model.encoder.layers.{number}"
        here, scale, zero = self.quantised(self.add("Mul", [x, mask]))
        padded = self.add("Pad", [here, self.integers(0, dilation, 0, 0, dilation, 0), zero])
        left, right = self._part(padded, 0, -2 * dilation), self._part(padded, 2 * dilation, _FAR)
        near = self.add("Concat", [left, here, right], axis=-1)
        mixed = self.add("Relu", [self.linear(number, near, scale, zero, f"{layer}.mix.bias")])
        normal = [f"{layer}.norm.weight", f"{layer}.norm.bias"]
        return self.add("LayerNormalization", [self.add("Add", [x, mixed]), *normal], axis=-1, epsilon=EPSILON)

    def _part(self, padded: str, start: int, end: int) -> str:
        return self.add("Slice", [padded, self.integers(start), self.integers(end), self.integers(1)])

    def quantised(self, x: str) -> tuple[str, str, str]:
        """Bytes, their scale and their zero point."""
        names = (f"{x}_bytes", f"{x}_scale", f"{x}_zero")
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [x], names, f"{x}_quantised"))
        return names

    def linear(self, number: int, x: str, scale: str, zero: str, bias: str, name: str = "") -> str:
        """The exported graph's linear layer of this number, on bytes."""
        weights = self._linears[number]
        stem = weights.removesuffix("_quantized")
        product = self.add("MatMulInteger", [x, weights, zero, f"{stem}_zero_point"])
        scaled = self.add("Mul", [scale, f"{stem}_scale"])
        return self.add(
            "Add", [bias, self.add("Mul", [self.add("Cast", [product], to=TensorProto.FLOAT), scaled])], name
        )

    def model(self, exported: onnx.ModelProto) -> onnx.ModelProto:
        """The whole, checked, with the inputs, outputs and versions of the exported one."""
        used = {name for node in self._nodes for name in node.input}
        weights = [w for name, w in self._weights.items() if name in used]
        inputs, outputs = list(exported.graph.input), list(exported.graph.output)
        made = helper.make_model(
            helper.make_graph(self._nodes, "claims", inputs, outputs, weights),
            opset_imports=exported.opset_import,
            ir_version=exported.ir_version,
        )
        onnx.checker.check_model(made)
        return made

"""The quantised ranker's graph, made faster and cut in two.

Comes in: what ONNX Runtime's tools made of the ranker. Goes out: `first.onnx` and `rest.onnx`. Must not know: how it
was trained.

What changes but rounding: nothing. A window comes alone and unpadded, so that attention needs no mask and goes through
`MultiHeadAttention`, which works block by block and never holds all scores of a window. Layer norms are written out
in sums that the runtime does vector by vector (its own `LayerNormalization` adds up one by one, and it would put the
usual pattern back together). Word vectors come from outside. Measured: docs/performance.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from onnx.utils import Extractor

if TYPE_CHECKING:
    import numpy.typing as npt
    import onnx

    from scripts.training.network import Ranker

MICROSOFT = "com.microsoft"


class Surgery:
    """A graph whose nodes are replaced one by one, in order."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.graph = model.graph
        self.nodes: list[onnx.NodeProto] = []
        self.values = {each.name: numpy_helper.to_array(each) for each in self.graph.initializer}
        self.norms: list[str] = []
        """What each layer norm puts out."""

    def node(self, kind: str, inputs: list[str], output: str | list[str], **attributes: Any) -> None:
        """Append one."""
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=f"{outputs[0]}/{kind}", **attributes))

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """Its name."""
        if name not in self.values:
            self.values[name] = values
            self.graph.initializer.append(numpy_helper.from_array(values, name))
        return name

    def norm(self, source: str, weight: str, bias: str, output: str) -> None:
        """(x - mean) / |x - mean| · √width · weight + bias: epsilon (1e-12) is beneath float32 beside the variance."""
        scaled = self.values[weight] * np.sqrt(np.float32(self.values[weight].size))
        self.node("ReduceMean", [source], f"{output}.mean", axes=[-1], keepdims=1)
        self.node("Sub", [source, f"{output}.mean"], f"{output}.centred")
        self.node("ReduceSumSquare", [f"{output}.centred"], f"{output}.square", axes=[-1], keepdims=1)
        self.node("Sqrt", [f"{output}.square"], f"{output}.length")
        self.node("Div", [f"{output}.centred", f"{output}.length"], f"{output}.unit")
        self.node("Mul", [f"{output}.unit", self.constant(f"{weight}.scaled", scaled)], f"{output}.scaled")
        self.node("Add", [f"{output}.scaled", bias], output)
        self.norms.append(output)

    def skip_norm(self, node: onnx.NodeProto) -> None:
        """`SkipLayerNormalization`: of the sum of two and a bias."""
        source, skipped, weight, bias, added = node.input
        (output,) = node.output
        self.node("Add", [source, added], f"{output}.biased")
        self.node("Add", [f"{output}.biased", skipped], f"{output}.sum")
        self.norm(f"{output}.sum", weight, bias, output)

    def attention(self, node: onnx.NodeProto, heads: int) -> None:
        """`QAttention` without its mask: the projections, and what comes after them."""
        source, weight, bias, scale, weight_scale, _, zero, weight_zero = node.input[:8]
        (output,) = node.output
        self.node("Mul", [scale, weight_scale], f"{output}.step")
        self.node("MatMulInteger", [source, weight, zero, weight_zero], f"{output}.sum")
        self.node("Cast", [f"{output}.sum"], f"{output}.float", to=TensorProto.FLOAT)
        self.node("Mul", [f"{output}.float", f"{output}.step"], f"{output}.unbiased")
        self.node("Add", [f"{output}.unbiased", bias], f"{output}.all")
        parts = [f"{output}.{part}" for part in ("query", "key", "value")]
        self.node("Split", [f"{output}.all"], parts, axis=2)
        self.node("MultiHeadAttention", parts, output, domain=MICROSOFT, num_heads=heads)


def halves(model: onnx.ModelProto, ranker: Ranker) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """What is before the early head, it included, and what is behind.

    Args:
        model: quantised, its attention fused, with the outputs of `scripts/training/network.py`.
        ranker: the same network.
    """
    width = ranker.config.hidden_size
    surgery = Surgery(model)
    places = ranker.enc.embeddings.position_embeddings.weight + ranker.enc.embeddings.token_type_embeddings.weight[0]
    surgery.constant("places", places.detach().numpy())
    surgery.node("Shape", ["embedded"], "tokens", start=1, end=2)
    bounds = [surgery.constant(name, np.array([value])) for name, value in (("from", 0), ("axis", 0))]
    surgery.node("Slice", ["places", bounds[0], "tokens", bounds[1]], "placed")
    surgery.node("Add", ["embedded", "placed"], "whole")
    for node in model.graph.node:
        if node.op_type == "QAttention":
            surgery.attention(node, ranker.config.num_attention_heads)
        elif node.op_type == "EmbedLayerNormalization":
            surgery.norm("whole", node.input[5], node.input[6], node.output[0])
        elif node.op_type == "SkipLayerNormalization":
            surgery.skip_norm(node)
        else:
            surgery.nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(surgery.nodes)
    cut = surgery.norms[2 * ranker.early_layers]
    shape = ["windows", "tokens", width]
    for name in ("embedded", "hidden"):
        model.graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    model.graph.value_info.append(helper.make_tensor_value_info(cut, TensorProto.FLOAT, shape))
    beside = ["pooling", "features"]
    first = Extractor(model).extract_model(["embedded", *beside], ["early", cut])
    renamed(first, cut, "hidden")
    for node in model.graph.node:
        node.input[:] = ["hidden" if name == cut else name for name in node.input]
    rest = Extractor(model).extract_model(["hidden", *beside], ["scores", "vectors"])
    for half in (first, rest):
        checker.check_model(half)
    return first, rest


def renamed(model: onnx.ModelProto, name: str, other: str) -> None:
    """A tensor that is put out, under another name."""
    for node in model.graph.node:
        node.input[:] = [other if each == name else each for each in node.input]
        node.output[:] = [other if each == name else each for each in node.output]
    for output in model.graph.output:
        output.name = other if output.name == name else output.name

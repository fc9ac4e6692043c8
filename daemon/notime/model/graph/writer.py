"""Llama, Qwen or Gemma 3 weights as an ONNX graph that writes: several texts side by side, with caches and logits.

Comes in: `DecoderWeights`. Goes out: `model.onnx` with its weights beside it in `model.onnx.data`.
Must not know: where the weights came from, how the graph is run; the blocks are `body.py`'s.

Up to `LANES` texts run side by side, one behind the other in one sequence of S tokens, each with a cache of its own, so
that nothing is padded:

    embedded                     float32 [1, S, width]  rows of the embedding (`embedding.py`)
    lane_tokens                  int64 [LANES]    how many of the S tokens are each lane's, in order; at least 1
    logit_positions              int64 [1, K]     which of the S places to compute logits for
    head.codes, head.scales      int8 [width, vocabulary], float32 [vocabulary]  rows of the head, where each pass is
                                 given those of the words that a text may be written with (`shortlist.py`)
    lane.N.seqlens_k             int32 [1]        tokens in the lane's cache after this pass, less one
    lane.N.total_sequence_length int32 []         the same, not less one
    lane.N.past.L.key|value      float32 [1, kv_heads, capacity, head_width]
    → logits                     float32 [1, K, vocabulary]  to be multiplied by the step of their place
    → logit_steps                float32 [1, K, 1]
    → lane.N.present.L.key|value float32, shaped like past; one buffer may be bound to both
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from notime.errors import Corrupt
from notime.model.graph.body import Body
from notime.model.graph.int8 import MICROSOFT, products, store
from notime.model.graph.nodes import Nodes
from notime.model.graph.smooth import LARGEST, outliers, places, smoothed
from notime.model.runtime.embedding import FILE, write_embedding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.graph.weights import DecoderShape, DecoderWeights

    Floats = npt.NDArray[np.float32]

LANES = 3
"""Texts side by side: a short summary has three sentences, and a free lane costs a little."""

DATA = "model.onnx.data"
"""The file of the weights."""

OPSET = 21
IR_VERSION = 10

MOST_CONTEXT = 8192
"""Tokens of a text, whatever more the network could: a row of the rotary tables each."""


def write_decoder(
    weights: DecoderWeights,
    folder: Path,
    progress: Callable[[float], None],
    smoothing: Path | None = None,
    *,
    shortlist: bool = False,
) -> list[str]:
    """Write the graph and its weights into `folder`.

    Args:
        weights: the network.
        folder: an existing folder.
        progress: called with the share done, 0 to 1.
        smoothing: a file of `layers.N.*` and `norm`, how large activations are; see `smooth.py`.
        shortlist: a pass is given the rows of the head that it may need (`shortlist.py`), and multiplies by them alone.

    Returns:
        The names of the files written.

    Raises:
        Corrupt: a shortlist is asked for, and the head is another matrix than the embedding.
    """
    if shortlist and not weights.tied:
        raise Corrupt("Words are chosen from a head that is the embedding; this network has another.")
    seen = {k: v.astype(np.float32) for k, v in load_file(smoothing).items()} if smoothing else {}
    write_embedding(weights.embedding(), folder / FILE)
    with (folder / DATA).open("wb") as data:
        graph = _Graph(weights.shape, Nodes(data, DATA), shortlist)
        for index in range(weights.shape.layers):
            graph.body.block(index, *as_smoothed(weights.layer(index), seen, index))
            progress((index + 1) / weights.shape.layers)
        if shortlist:
            graph.head_of_words(weights.final_norm())
        else:
            graph.head(weights.final_norm(), weights.head(), places(seen["norm"]) if seen else None)
    onnx.save(graph.model(), folder / "model.onnx")
    return ["model.onnx", DATA, FILE]


def as_smoothed(layer: dict[str, Floats], seen: dict[str, Floats], index: int) -> tuple[dict[str, Floats], list[int]]:
    """A layer smoothed by what was seen of its activations, and the inputs of `down_proj` that are not rounded."""
    if not seen:
        return layer, []
    head = f"layers.{index}."
    here = {k.removeprefix(head): v for k, v in seen.items() if k.startswith(head)}
    apart = outliers(here[LARGEST])
    return smoothed(layer, here, apart), apart


class _Graph:
    """The network while it is written."""

    def __init__(self, shape: DecoderShape, made: Nodes, shortlist: bool) -> None:
        self._shape = shape
        self._made = made
        self._shortlist = shortlist
        context = min(shape.context, MOST_CONTEXT)
        self.body = Body(shape, made, self._attend, context, ("embedded", "logit_positions"))

    def _attend(self, index: int, queries: str, keys: str, values: str) -> str:
        """Each lane by itself."""
        shape, name = self._shape, f"layers.{index}.attention"
        lanes: list[list[str]] = []
        for source in (queries, keys, values):
            lanes.append([f"{source}.{lane}" for lane in range(LANES)])
            self._made.node("Split", [source, "lane_tokens"], lanes[-1], axis=1)
        for lane, sources in enumerate(zip(*lanes, strict=True)):
            past = [f"lane.{lane}.past.{index}.key", f"lane.{lane}.past.{index}.value"]
            present = [f"lane.{lane}.present.{index}.key", f"lane.{lane}.present.{index}.value"]
            lengths = [f"lane.{lane}.seqlens_k", f"lane.{lane}.total_sequence_length"]
            self._made.node(
                "GroupQueryAttention",
                [*sources, *past, *lengths, *self.body.rotary(index)],
                [f"{name}.{lane}", *present],
                domain=MICROSOFT,
                num_heads=shape.heads,
                kv_num_heads=shape.kv_heads,
                scale=float(shape.head_width**-0.5),
                do_rotary=1,
                rotary_interleaved=0,
                local_window_size=shape.sees(index) or -1,
            )
        self._made.node("Concat", [f"{name}.{lane}" for lane in range(LANES)], [name], axis=1)
        return name

    def head(self, norm: Floats, parts: Iterable[Floats], spread: npt.NDArray[np.int64] | None) -> None:
        """The last norm and the logits, for the asked places only; inputs spread as `smooth.places` has it.

        Rounded in parts: the head of a large vocabulary would take its size in float32 several times over.
        """
        if spread is not None:
            norm = np.divide(norm, np.bincount(spread), dtype=np.float32)
        source = self._asked(norm)
        if spread is not None:
            parts = (part[:, spread] for part in parts)
            self._made.constant("head.places", spread)
            self._made.node("Gather", [source, "head.places"], ["head.spread"], axis=2)
            source = "head.spread"
        store(self._made, "logits", parts)
        products(self._made, "logits", "logit_steps", source, "logits", zeros="logit_positions.zeros")

    def head_of_words(self, norm: Floats) -> None:
        """The same, by rows of the head that each pass is given."""
        products(self._made, "logits", "logit_steps", self._asked(norm), "head", zeros="logit_positions.zeros")

    def _asked(self, norm: Floats) -> str:
        normed = self.body.norm("norm", norm)
        self._made.node("Unsqueeze", ["logit_positions", "axes.last"], ["logit_positions.column"])
        self._made.node("GatherND", [normed, "logit_positions.column"], ["head.asked"], batch_dims=1)
        return "head.asked"

    def model(self) -> onnx.ModelProto:
        """The finished model; its weights stay in the data file."""
        shape = self._shape
        info = helper.make_tensor_value_info
        words = "words" if self._shortlist else shape.vocabulary
        inputs = [
            info("embedded", TensorProto.FLOAT, [1, "sequence", shape.width]),
            info("lane_tokens", TensorProto.INT64, [LANES]),
            info("logit_positions", TensorProto.INT64, [1, "positions"]),
        ]
        if self._shortlist:
            inputs.append(info("head.codes", TensorProto.INT8, [shape.width, "words"]))
            inputs.append(info("head.scales", TensorProto.FLOAT, ["words"]))
        outputs = [
            info("logits", TensorProto.FLOAT, [1, "positions", words]),
            info("logit_steps", TensorProto.FLOAT, [1, "positions", 1]),
        ]
        for lane in range(LANES):
            cache = [1, shape.kv_heads, f"capacity.{lane}", shape.head_width]
            inputs.append(info(f"lane.{lane}.seqlens_k", TensorProto.INT32, [1]))
            inputs.append(info(f"lane.{lane}.total_sequence_length", TensorProto.INT32, []))
            for index in range(shape.layers):
                for part in ("key", "value"):
                    inputs.append(info(f"lane.{lane}.past.{index}.{part}", TensorProto.FLOAT, cache))
                    outputs.append(info(f"lane.{lane}.present.{index}.{part}", TensorProto.FLOAT, cache))
        graph = helper.make_graph(self._made.nodes, shape.architecture, inputs, outputs, self._made.initializers)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="notime", producer_version="1"
        )

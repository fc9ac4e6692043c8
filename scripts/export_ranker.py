"""Export a trained ranker as one quantised ONNX file, with optimum and ONNX Runtime's own tools.

    export_ranker.py WEIGHTS OUT

WEIGHTS holds `config.json` (BERT), `tokenizer.json` and `ranker.safetensors` (`enc.*`, `head.0`, `head.2`); OUT
gets `model.onnx` and `tokenizer.json`. Run it through `scripts/export-model`, which makes its environment.

The graph's inputs and outputs are told in `ranker_network.py`.

Attention is fused, so that its scores stay in float32 and are not written out. MatMuls, the projections of attention
and the embedding become int8 (per-channel weights, activations quantised as they come); the head stays in float32: it
is small, and its features are not on the scale of its vectors.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from optimum.exporters.onnx import export
from optimum.exporters.onnx.config import TextEncoderOnnxConfig
from optimum.utils import DummyInputGenerator, NormalizedTextConfig
from ranker_network import Ranker
from safetensors.torch import load_file
from transformers import BertConfig

if TYPE_CHECKING:
    from collections.abc import Iterable

SENTENCES = 8
"""In the example that the exporter traces; the axis is dynamic."""


class RankerInputs(DummyInputGenerator):
    """Example pooling and features for the exporter's trace."""

    SUPPORTED_INPUT_NAMES = ("pooling", "features")

    def __init__(
        self,
        task: str,
        normalized_config: Any,
        batch_size: int = 2,
        sequence_length: int = 16,
        **kwargs: Any,
    ) -> None:
        self._sizes = (batch_size, sequence_length, normalized_config.config.ranker_features)

    def generate(
        self, input_name: str, framework: str = "pt", int_dtype: str = "int64", float_dtype: str = "fp32"
    ) -> torch.Tensor:
        """A tensor of the input's shape."""
        batch, tokens, features = self._sizes
        last = tokens if input_name == "pooling" else features
        return self.random_float_tensor((batch, SENTENCES, last), framework=framework, dtype=float_dtype)


class RankerOnnxConfig(TextEncoderOnnxConfig):
    """Names and axes of the exported graph."""

    NORMALIZED_CONFIG_CLASS = NormalizedTextConfig
    DEFAULT_ONNX_OPSET = 17
    ATOL_FOR_VALIDATION = 1e-4
    DUMMY_INPUT_GENERATOR_CLASSES = (*TextEncoderOnnxConfig.DUMMY_INPUT_GENERATOR_CLASSES, RankerInputs)

    @property
    def inputs(self) -> dict[str, dict[int, str]]:
        """Input names and their dynamic axes."""
        return {
            "input_ids": {0: "windows", 1: "tokens"},
            "attention_mask": {0: "windows", 1: "tokens"},
            "pooling": {0: "windows", 1: "sentences", 2: "tokens"},
            "features": {0: "windows", 1: "sentences"},
        }

    @property
    def outputs(self) -> dict[str, dict[int, str]]:
        """Output names and their dynamic axes."""
        axes = {0: "windows", 1: "sentences"}
        return {"scores": axes, "vectors": axes}


def load(weights: Path) -> Ranker:
    """The trained network in float32."""
    tensors = {
        name: tensor.float()
        for name, tensor in load_file(weights / "ranker.safetensors").items()
        if not name.startswith("enc.pooler.")
    }
    config = BertConfig(**json.loads((weights / "config.json").read_text(encoding="utf-8")))
    hidden, width = tensors["head.0.weight"].shape
    config.ranker_features = width - 2 * config.hidden_size
    config._attn_implementation = "eager"
    ranker = Ranker(config, config.ranker_features, hidden)
    ranker.load_state_dict(tensors)
    return ranker.eval()


def head_nodes(path: Path) -> Iterable[str]:
    """Names of the head's nodes, which are not quantised."""
    return [node.name for node in onnx.load(path, load_external_data=False).graph.node if "/head/" in node.name]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    ranker = load(args.weights)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export(ranker, RankerOnnxConfig(ranker.config, task="feature-extraction"), folder / "model.onnx")
        config = ranker.config
        fused = optimize_model(
            str(folder / "model.onnx"),
            model_type="bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            opt_level=0,
        )
        fused.save_model_to_file(str(folder / "fused.onnx"))
        quantize_dynamic(
            folder / "fused.onnx",
            args.out / "model.onnx",
            op_types_to_quantize=["MatMul", "Attention", "EmbedLayerNormalization"],
            per_channel=True,
            # Without VNNI the u8 x s8 kernels saturate unless the weights keep to 7 bits.
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=list(head_nodes(folder / "fused.onnx")),
            extra_options={
                "DefaultTensorType": onnx.TensorProto.FLOAT,
                "WeightSymmetric": True,
                "MatMulConstBOnly": True,
            },
        )
    shutil.copyfile(args.weights / "tokenizer.json", args.out / "tokenizer.json")
    print(f"{(args.out / 'model.onnx').stat().st_size / 1e6:.1f} MB in {args.out}")


if __name__ == "__main__":
    main()

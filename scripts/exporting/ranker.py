"""Export a trained ranker as quantised ONNX, with optimum and ONNX Runtime's own tools.

    python -m scripts.exporting.ranker WEIGHTS OUT [--measure FILE]

WEIGHTS holds `config.json` (BERT), `tokenizer.json`, `ranker.safetensors` (`enc.*`, `head.0`, `head.2`) and
`early.safetensors` (`early.0`, `early.2`; see `scripts/training/early.py`). OUT gets `tokenizer.json` and the network
in three parts, whose inputs and outputs `notime/model/ranking/encoder.py` tells: `embedding.bin`, and `first.onnx` and
`rest.onnx`, the layers before and behind the early head. Run it through `scripts/export-model`, which makes its
environment.

MatMuls and the projections of attention become int8 (per-channel weights, activations quantised as they come), the
embedding's rows as well. What goes into a layer's two large matrices is smoothed first, by how large each channel gets
on the articles of tests/pages (SmoothQuant: Xiao et al. 2023): a scale for a whole window leaves small channels few
levels. The heads stay in float32: they are small, and their features are not on the scale of their vectors.

With `--measure` it tells how far the quantised scores are from the unquantised ones, on the first windows of the
articles in FILE (as `scripts/training/corpus.py` reads it).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from optimum.exporters.onnx import export
from optimum.exporters.onnx.config import TextEncoderOnnxConfig
from optimum.utils import DummyInputGenerator, NormalizedTextConfig
from safetensors import safe_open
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig

from notime import extract
from notime.article import split
from notime.errors import NotimeError
from notime.model.ranking.encoder import FIRST, REST, EncoderModel
from notime.model.runtime.embedding import FILE, write_embedding
from scripts.exporting.surgery import halves
from scripts.training.corpus import lines
from scripts.training.network import Ranker
from scripts.training.ranker import Windows, sentences_of, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGES = Path(__file__).resolve().parents[2] / "tests" / "pages"
LEAST = 1e-3
"""Of a channel's largest value."""
MEASURED = 60
"""Articles."""
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
        return {"scores": axes, "vectors": axes, "early": axes}


def load(weights: Path) -> Ranker:
    """The trained network in float32."""
    tensors = {
        name: tensor.float()
        for name, tensor in load_file(weights / "ranker.safetensors").items()
        if not name.startswith("enc.pooler.")
    }
    config = BertConfig(**json.loads((weights / "config.json").read_text(encoding="utf-8")))
    with safe_open(weights / "early.safetensors", "pt") as file:
        layers = int(file.metadata()["layers"])
    tensors |= {name: tensor.float() for name, tensor in load_file(weights / "early.safetensors").items()}
    hidden, width = tensors["head.0.weight"].shape
    config.ranker_features = width - 2 * config.hidden_size
    config._attn_implementation = "eager"
    ranker = Ranker(config, config.ranker_features, hidden, (layers, len(tensors["early.0.weight"])))
    ranker.load_state_dict(tensors)
    return ranker.eval()


class Smoothed(torch.nn.Module):
    """A linear layer whose inputs are divided by a scale each, and its weights multiplied."""

    def __init__(self, linear: torch.nn.Linear, scale: torch.Tensor) -> None:
        super().__init__()
        self.linear = linear
        self.linear.weight.data *= scale
        self.register_buffer("inverse", 1 / scale)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """As the layer's."""
        return self.linear(values * self.inverse)


@torch.inference_mode()
def smooth(ranker: Ranker, tokenizer: Tokenizer) -> None:
    """Divide channels by the square root of the largest that they get."""
    largest: dict[torch.nn.Linear, torch.Tensor] = {}

    def see(linear: torch.nn.Linear, inputs: tuple[torch.Tensor]) -> None:
        found = inputs[0].abs().flatten(0, -2).amax(0)
        largest[linear] = torch.maximum(largest.get(linear, found), found)

    parts = [part for layer in ranker.enc.encoder.layer for part in (layer.intermediate, layer.output)]
    hooks = [part.dense.register_forward_pre_hook(see) for part in parts]
    windows = Windows(tokenizer)
    for path in sorted(PAGES.glob("*.html")):
        with contextlib.suppress(NotimeError):
            sentences = [each.text for each in split(extract(path.read_bytes()))]
            ranker(**side_by_side([windows.window(sentences, 0)[0]]))
    for hook in hooks:
        hook.remove()
    for part in parts:
        scale = largest[part.dense].clamp_min(LEAST).sqrt()
        part.dense = Smoothed(part.dense, scale / scale.log().mean().exp())


@torch.inference_mode()
def error(ranker: Ranker, tokenizer: Tokenizer, folder: Path, articles: Iterable[list[str]]) -> torch.Tensor:
    """What the exported network's scores are off by, of the first window of each article."""
    built, windows = EncoderModel(folder), Windows(tokenizer)
    found = []
    for sentences in articles:
        _, count = windows.window(sentences, 0)
        read = sentences[:count]
        inputs, _ = windows.window(read, 0)
        (said,) = built.windows(read, np.zeros(count, np.float32))
        found.append(torch.from_numpy(said.scores) - ranker(**side_by_side([inputs]))["scores"][0])
    return torch.cat(found)


def head_nodes(path: Path) -> Iterable[str]:
    """Names of the heads' nodes, which are not quantised."""
    nodes = onnx.load(path, load_external_data=False).graph.node
    return [node.name for node in nodes if node.name.startswith(("/head/", "/early/"))]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--measure", type=Path, metavar="FILE")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    ranker = load(args.weights)
    tokenizer = Tokenizer.from_file(str(args.weights / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    smooth(ranker, tokenizer)
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
            folder / "quantised.onnx",
            op_types_to_quantize=["MatMul", "Attention"],
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
        model = onnx.load(folder / "quantised.onnx")
    first, rest = halves(model, ranker)
    onnx.save(first, args.out / FIRST)
    onnx.save(rest, args.out / REST)
    words = ranker.enc.embeddings.word_embeddings.weight.detach().numpy()
    write_embedding([words], args.out / FILE, block=config.hidden_size)
    shutil.copyfile(args.weights / "tokenizer.json", args.out / "tokenizer.json")
    size = sum((args.out / name).stat().st_size for name in (FIRST, REST, FILE))
    print(f"{size / 1e6:.1f} MB in {args.out}")
    if args.measure:
        articles = [sentences for sentences in map(sentences_of, lines(args.measure)) if sentences]
        off = error(ranker, tokenizer, args.out, articles[:MEASURED])
        print(f"scores are off by {off.square().mean().sqrt():.3f} (root mean square), at most {off.abs().max():.3f}")


if __name__ == "__main__":
    main()

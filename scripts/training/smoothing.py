"""Write how large the activations of the unquantised rewriter are, by which its int8 build is smoothed.

    python -m scripts.training.smoothing ADAPTER

ADAPTER is an adapter in PEFT's format; `smoothing.safetensors` is written beside it: root mean squares by channel,
without the first token of each text, and for `down_proj` the largest values, with it (`notime/model/graph/smooth.py`).
The texts are ours: the prompts and rewritings of tests/model/expected.json, the prose of README and docs, and invented
articles. Those of tests/pages are left out: perplexity is measured on them.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import save_file

from notime import extract
from notime.cli.commands.bench.articles import page
from notime.model import Catalog
from notime.model.graph.smooth import DOWN, LARGEST, LLAMA_NORMS
from scripts.training.rewriter import base_model
from scripts.training.smollm import SMOLLM

ROOT = Path(__file__).resolve().parents[2]
MOST_TOKENS = 500
"""Of one text."""
INVENTED = 8
INVENTED_WORDS = 300


def texts() -> list[str]:
    """What the network reads."""
    rows = json.loads((ROOT / "tests" / "model" / "expected.json").read_text(encoding="utf-8"))["rows"]
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    invented = [extract(page(INVENTED_WORDS, seed)).text for seed in range(INVENTED)]
    return [row["prompt"] + row["rewritten"] for row in rows] + [prose(path) for path in documents] + invented


def prose(path: Path) -> str:
    """The paragraphs of a Markdown file, one a line, without tables, code and headings."""
    paragraphs = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    kept = [each for each in paragraphs if not each.lstrip().startswith(("|", "```", "#", "<", "    "))]
    plain = [re.sub(r"[*`\[]|\]\([^)]*\)|^\s*[->]\s", "", each, flags=re.MULTILINE) for each in kept]
    return "\n".join(" ".join(each.split()) for each in plain)


class Seen:
    """Squares and maxima of one place's activations, by channel."""

    def __init__(self) -> None:
        self._squares = torch.zeros(())
        self._largest = torch.zeros(())
        self._tokens = 0

    def add(self, values: torch.Tensor) -> None:
        """Of one text, [1, tokens, channels]."""
        values = values.detach()[0].double()
        self._squares = self._squares + (values[1:] ** 2).sum(0)
        self._largest = torch.maximum(self._largest, values.abs().amax(0))
        self._tokens += len(values) - 1

    @property
    def usual(self) -> torch.Tensor:
        """Root mean square."""
        return (self._squares / self._tokens).sqrt()

    @property
    def largest(self) -> torch.Tensor:
        """Absolute."""
        return self._largest


@torch.inference_mode()
def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", type=Path)
    args = parser.parse_args()
    base, tokenizer = base_model(Catalog().get(SMOLLM))
    model = PeftModel.from_pretrained(base, args.adapter).merge_and_unload().eval()
    seen: dict[str, Seen] = {}

    def output(name: str, module: torch.nn.Module) -> None:
        seen[name] = Seen()
        module.register_forward_hook(lambda _m, _i, out: seen[name].add(out))

    def given(name: str, module: torch.nn.Module) -> None:
        seen[name] = Seen()
        module.register_forward_pre_hook(lambda _m, values: seen[name].add(values[0]))

    for index, layer in enumerate(model.model.layers):
        for norm in LLAMA_NORMS:
            output(f"layers.{index}.{norm}", getattr(layer, norm))
        given(f"layers.{index}.{DOWN}", layer.mlp.down_proj)
    output("norm", model.model.norm)
    for text in texts():
        model(tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"][:, :MOST_TOKENS])
    found = {name: each.usual for name, each in seen.items()}
    found |= {name.replace(DOWN, LARGEST): each.largest for name, each in seen.items() if name.endswith(DOWN)}
    path = args.adapter / "smoothing.safetensors"
    save_file({name: values.half().contiguous() for name, values in found.items()}, path)
    print(f"{path}: {len(seen)} inputs")


if __name__ == "__main__":
    main()

"""Write the largest activations of the unquantised rewriter, by which its int8 build is smoothed.

    train_smoothing.py ADAPTER

ADAPTER is an adapter in PEFT's format; `smoothing.safetensors` is written beside it. The texts are ours: the prompts
and rewritings of tests/model/expected.json and the articles of tests/pages.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import save_file
from train_rewriter import base_model

from notime import extract
from notime.model import DEFAULT_MODEL, Catalog

TESTS = Path(__file__).resolve().parent.parent / "tests"
MOST_TOKENS = 500
"""Of one text."""


def texts() -> list[str]:
    """What the network reads."""
    rows = json.loads((TESTS / "model" / "expected.json").read_text(encoding="utf-8"))["rows"]
    pages = [extract(path.read_bytes()).text for path in sorted((TESTS / "pages").glob("*.html"))]
    return [row["prompt"] + row["rewritten"] for row in rows] + pages


@torch.inference_mode()
def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", type=Path)
    args = parser.parse_args()
    base, tokenizer = base_model(Catalog().get(DEFAULT_MODEL))
    model = PeftModel.from_pretrained(base, args.adapter).merge_and_unload().eval()
    largest: dict[str, torch.Tensor] = {}

    def see(name: str, values: torch.Tensor) -> None:
        found = values.detach().abs().amax(dim=(0, 1))
        largest[name] = torch.maximum(largest[name], found) if name in largest else found

    for index, layer in enumerate(model.model.layers):
        for norm in ("input_layernorm", "post_attention_layernorm"):
            name = f"layers.{index}.{norm}"
            getattr(layer, norm).register_forward_hook(lambda _m, _i, out, name=name: see(name, out))
        name = f"layers.{index}.mlp.down_proj"
        layer.mlp.down_proj.register_forward_pre_hook(lambda _m, given, name=name: see(name, given[0]))
    for text in texts():
        ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"][:, :MOST_TOKENS]
        model(ids)
    path = args.adapter / "smoothing.safetensors"
    save_file({name: values.half().contiguous() for name, values in largest.items()}, path)
    print(f"{path}: {len(largest)} inputs")


if __name__ == "__main__":
    main()

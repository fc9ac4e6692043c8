"""What transformers makes of the tiny decoder-only networks, read from the same GGUF files: `decoders.json`.

    .venv-export/bin/python tests/models/expected_decoders.py

writes for each family and quantisation the prompts, the tokens that `generate` continues them with, greedily, and the
logits after the first prompt. Optimum's own export and runner must write the same tokens. `scripts/export-model` makes
the environment, without `accelerate`, by which transformers reads GGUF. The tests need nothing of it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from optimum.exporters.onnx import main_export
from optimum.onnxruntime import ORTModelForCausalLM
from transformers import AutoConfig, AutoModelForCausalLM, GenerationConfig

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from decoders import FAMILIES, KINDS, ROPE, make  # noqa: E402 # by its folder

NEW, KEPT = 6, 3
LENGTHS, CANDIDATES = (7, 19), 256
"""Prompts that are tried, so many of each length; those are kept where the best token is always clearly the best, since
ours are networks of 8-bit integers."""


def main() -> None:
    """Run from the command line."""
    torch.set_num_threads(1)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        for family in FAMILIES:
            for kind in KINDS:
                found[f"{family}-{kind}"] = expected(make(Path(name), family, kind), family)
    text = json.dumps(found, separators=(",", ":")).replace("},", "},\n")
    (HERE / "decoders.json").write_text(text + "\n", encoding="utf-8")


@torch.inference_mode()
def expected(path: Path, family: str) -> dict[str, Any]:
    """Of one file."""
    config = AutoConfig.from_pretrained(path.parent, gguf_file=path.name)
    if family == "llama":
        config.rope_scaling = {"rope_type": "llama3"} | ROPE
    model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, config=config, dtype=torch.float32)
    model.eval()
    rng = np.random.default_rng(7)
    tried = (rng.integers(4, 300, (CANDIDATES, length)) for length in LENGTHS)
    rows = sorted((row for prompts in tried for row in continued(model, prompts)), key=lambda row: -row[2])[:KEPT]
    logits = model(torch.tensor([rows[0][0]])).logits[0, -1]
    other = runner(model, path.parent / f"{path.stem}-onnx")
    for prompt, tokens, _ in rows:
        if [row for _, row, _ in continued(other, np.array([prompt]))] != [tokens]:
            raise SystemExit(f"{path.name}: optimum's runner writes something else after {prompt}")
    print(path.name, *(f"{margin:.2f}" for _, _, margin in rows))
    return {
        "prompts": [prompt for prompt, _, _ in rows],
        "tokens": [tokens for _, tokens, _ in rows],
        "logits": [float(f"{each:.5g}") for each in logits],
    }


def runner(model: Any, folder: Path) -> Any:
    """Optimum's own, of its own export."""
    model.generation_config = GenerationConfig()
    model.save_pretrained(folder)
    main_export(str(folder), folder, task="text-generation-with-past", do_validation=False, local_files_only=True)
    found = ORTModelForCausalLM.from_pretrained(folder, local_files_only=True)
    # Of Qwen 3 optimum-onnx 0.1 takes a head to be the width ÷ heads wide; the file says what it is.
    found.embed_size_per_head = getattr(model.config, "head_dim", found.embed_size_per_head)
    return found


def continued(model: Any, prompts: np.ndarray) -> Iterator[tuple[list[int], list[int], float]]:
    """Each prompt, what follows, and the least lead of a best token, in standard deviations of its logits."""
    asked = torch.tensor(prompts)
    out = model.generate(
        asked, attention_mask=torch.ones_like(asked), max_new_tokens=NEW, do_sample=False, eos_token_id=[],
        pad_token_id=0, return_dict_in_generate=True, output_logits=True,
    )  # fmt: skip
    best = [logits.topk(2, dim=1).values for logits in out.logits]
    leads = torch.stack([(two[:, 0] - two[:, 1]) / all_.std(1) for two, all_ in zip(best, out.logits, strict=True)])
    for prompt, row, lead in zip(prompts.tolist(), out.sequences.tolist(), leads.min(0).values.tolist(), strict=True):
        yield prompt, row[len(prompt) :], lead


if __name__ == "__main__":
    main()

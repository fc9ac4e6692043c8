"""Write what the unquantised networks say of a few sentences of ours, for tests/model to hold the quantised ones to.

    python -m scripts.training.expected RANKER ADAPTER [OUT]

RANKER holds `ranker.safetensors`, `config.json` and `tokenizer.json`, ADAPTER an adapter in PEFT's format; OUT is
tests/model/expected.json, whose sentences are kept. Float32, greedy.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from peft import PeftModel
from tokenizers import Tokenizer

from notime.model import Catalog
from notime.summary.rewrite import prompt, task
from notime.types import Sentence
from scripts.training.ranker import Windows, build, side_by_side
from scripts.training.rewriter import base_model
from scripts.training.smollm import SMOLLM

EXPECTED = Path(__file__).resolve().parents[2] / "tests" / "model" / "expected.json"


@torch.inference_mode()
def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ranker", type=Path)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=EXPECTED)
    args = parser.parse_args()
    texts = [row["sentence"] for row in json.loads(args.out.read_text(encoding="utf-8"))["rows"]]
    sentences = [Sentence(i, text, i, 0, len(text)) for i, text in enumerate(texts)]

    tokens = Tokenizer.from_file(str(args.ranker / "tokenizer.json"))
    tokens.no_truncation()
    tokens.no_padding()
    window, _ = Windows(tokens).window(texts, 0)
    scores = build(args.ranker).eval()(**side_by_side([window]))["scores"][0]
    owner = [-1, *(window["pooling"][:, 1:] > 0).int().argmax(0).tolist()]

    spec = Catalog().get(SMOLLM)
    if spec.prompt is None:
        raise SystemExit(f"{spec.id} has no prompt")
    base, tokenizer = base_model(spec)
    model = PeftModel.from_pretrained(base, args.adapter).merge_and_unload().eval()
    stops = tokenizer.convert_tokens_to_ids(list(spec.prompt.stops))
    rows = []
    for index, text in enumerate(texts):
        asked = prompt(spec.prompt.template, task(sentences, index))
        ids = tokenizer(asked, add_special_tokens=False, return_tensors="pt")["input_ids"]
        written = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=60,
            do_sample=False,
            eos_token_id=stops,
            pad_token_id=0,
        )
        said = tokenizer.decode(written[0][ids.shape[1] :], skip_special_tokens=True).strip()
        rows.append({"sentence": text, "score": round(float(scores[index]), 4), "prompt": asked, "rewritten": said})
        print(f"{text}\n  {said}")
    found = {"ranker_ids": window["input_ids"].tolist(), "ranker_segments": owner, "rows": rows}
    args.out.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Perplexity of the built rewriter beside that of the unquantised one, on the texts of tests/model/perplexity.json.

    scripts/profile perplexity [--pin]

The built network runs as it ships. The unquantised one is the GGUF with the adapter, computed in float64 by
tests/model/llama_numpy.py, which shares no code with the build; its losses are pinned in the file beside the texts,
which the test reads. `--pin` takes the texts from the articles of tests/pages and computes these losses anew.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np

from notime import extract
from notime.model import Catalog, ModelStore, Part
from notime.model.decoding.causal import CausalModel
from notime.model.source.fetch import fetch
from notime.settings import Settings
from scripts.training.smollm import SMOLLM

TESTS = Path(__file__).resolve().parents[2] / "tests"
PINNED = TESTS / "model" / "perplexity.json"
MOST_TOKENS = 500
"""Of one text."""


def pin(model: CausalModel, part: Part, settings: Settings) -> None:
    """Write the texts, and the losses of the unquantised network."""
    spec = importlib.util.spec_from_file_location("llama_numpy", TESTS / "model" / "llama_numpy.py")
    if spec is None or spec.loader is None:
        raise SystemExit("tests/model/llama_numpy.py is missing")
    reference: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    pages = sorted((TESTS / "pages").glob("*.html"))
    ids = [model.encode(extract(path.read_bytes()).text)[:MOST_TOKENS] for path in pages]
    gguf = fetch(part.spec, settings.cache_dir, lambda _what, _share: None)
    losses = reference.NumpyLlama(gguf, part.spec.folder).losses(ids)
    gguf.unlink()
    rows = [
        {
            "page": path.stem,
            "tokens": len(each),
            "unquantised_loss": round(float(loss.sum()), 4),
            "text": model.decode(each),
        }
        for path, each, loss in zip(pages, ids, losses, strict=True)
    ]
    PINNED.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true", help="compute the unquantised network's losses: some minutes")
    args = parser.parse_args()
    settings = Settings.load()
    store = ModelStore(settings.models, settings.cache_dir)
    *_, part = (store.locate(spec) for spec in Catalog().with_parts(SMOLLM))
    model = CausalModel(part.folder, context=part.spec.limits.context)
    if args.pin:
        pin(model, part, settings)
    rows = json.loads(PINNED.read_text(encoding="utf-8"))
    loss, tokens = 0.0, 0
    for row in rows:
        ids = model.encode(row["text"])
        logits = model.all_logits(ids)[:-1].astype(np.float64)
        loss += float((np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(logits)), ids[1:]]).sum())
        tokens += len(logits)
    ours, unquantised = np.exp(loss / tokens), np.exp(sum(row["unquantised_loss"] for row in rows) / tokens)
    print(f"{ours:.2f} on {tokens:,} tokens; unquantised {unquantised:.2f}: {ours / unquantised - 1:+.2%}")


if __name__ == "__main__":
    main()

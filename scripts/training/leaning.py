"""Teach what tells whether a sentence that is quoted needs the one before it.

    scripts/train leaning OUT [--sets DIR]

`scripts/training/leaning.tsv` has 900 sentences of pages of DIR/train.jsonl.xz (by default ../shared/readers; page,
number of the sentence) that the reader had among its five best, and whether an editor who saw the title alone found
that they lean. Has the built default reader read their pages, which takes a quarter of an hour and is kept beside OUT;
writes OUT, a linear probe of its states, to be put into the reader's folder as leaning.safetensors; and prints what it
reaches on pages that it has not seen, alone and with the trees of `scripts/train check`, and the weights of
`standing.MIX`.
"""

from __future__ import annotations

import argparse
import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from notime.model import DEFAULT_MODEL, Catalog, ModelStore
from notime.model.ranking.decoder import PageModel
from notime.model.ranking.layout import Layout
from notime.settings import Settings
from scripts.training.check import REWRITTEN, alone, trees
from scripts.training.quoted import LABELS, labelled, marks

Floats = np.ndarray

STRENGTH = 0.01
"""Inverse of the penalty: .001 gave an AUC of .789, .01 .812."""


def states(rows: dict[str, dict[str, Any]], wanted: list[tuple[str, int]], kept: Path) -> Floats:
    """The reader's states of the wanted sentences, [n, width]."""
    settings = Settings.load()
    store = ModelStore(settings.models, settings.cache_dir)
    reader = PageModel(store.locate(Catalog().get(DEFAULT_MODEL)).folder, threads=1)
    found = []
    for page, place in wanted:
        file = kept / f"{page}.safetensors"
        if not file.exists():
            row = rows[page]
            headings = tuple((n, text) for n, (kind, text) in enumerate(row["blocks"]) if kind == "heading")
            laid = Layout(row["title"] or "", headings, tuple(row["sentences"]), tuple(row["places"]))
            save_file({"vectors": np.concatenate([read.vectors for read in reader.read(laid)])}, file)
        found.append(load_file(file)["vectors"][place])
    return np.asarray(found, dtype=np.float32)


def probe(at: Floats, leans: Floats) -> tuple[Floats, float]:
    """Weight and bias of a logistic regression."""
    mean, spread = at.mean(0), at.std(0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit((at - mean) / spread, leans)
    weight = model.coef_[0] / spread
    return weight, float(model.intercept_[0] - weight @ mean)


def main() -> None:
    """Learn, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sets", type=Path, default=Path("../shared/readers"))
    args = parser.parse_args()
    with lzma.open(args.sets / "train.jsonl.xz", "rt", encoding="utf-8") as stream:
        pages = {row["id"]: row for row in map(json.loads, stream)}
    rows = labelled(pages)
    leans = np.asarray([row["leans"] for row in rows])
    groups = [row["id"] for row in rows]
    kept = args.out.with_suffix(".states")
    kept.mkdir(parents=True, exist_ok=True)
    at = states(pages, [(page, place) for page, place, _ in marks()], kept)
    words = np.asarray([alone(row, row["text"]) for row in rows], dtype=np.float32)
    judged = [json.loads(line) for line in (args.sets / "rewritings-train.jsonl").open()]
    more = np.asarray([alone(row, row["text"]) for row in judged], dtype=np.float32)
    dangling = np.asarray([row["label"] == "dangling" for row in judged])
    by_words, by_states = np.zeros(len(rows)), np.zeros(len(rows))
    for learn, ask in GroupKFold(5).split(at, leans, groups):
        weight, bias = probe(at[learn], leans[learn])
        by_states[ask] = at[ask] @ weight + bias
        weights = np.r_[np.ones(len(learn)), np.full(len(more), REWRITTEN)]
        model = trees(np.vstack([words[learn], more]), np.r_[leans[learn], dangling], weights)
        by_words[ask] = model.decision_function(words[ask])
    both = np.c_[by_words, by_states]
    mix = LogisticRegression(C=100).fit(both, leans)
    print(len(rows), "sentences of", LABELS.name, "of which lean", round(float(leans.mean()), 3))
    for name, odds in (("words", by_words), ("states", by_states), ("both", mix.decision_function(both))):
        print(name, "AUC", round(float(roc_auc_score(leans, odds)), 3))
    print("MIX", *(round(float(each), 3) for each in (*mix.coef_[0], mix.intercept_[0])))
    weight, bias = probe(at, leans)
    save_file({"weight": weight.astype(np.float32), "bias": np.array([bias], dtype=np.float32)}, args.out)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Teach the check which rewritings an editor would let pass.

    scripts/train check [--readers FOLDER]

FOLDER (../shared/readers) holds rewritings that editors judged (`rewritings-train.jsonl`, `-dev.jsonl`) and pages with
experts' pairs (`train.jsonl.xz`). Trees learn from the judged ones and, weighed less, from true pairs and pairs spoilt
in known ways; a logistic regression on held-out folds adds the writer's mean certainty. What tells whether a quotation
leans learns from `leaning.tsv` as well. Prints what the held-out part reaches, then writes
`daemon/notime/summary/check/learnt/taught.json.gz`: thresholds alone, no text. Minutes on one core.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from notime.summary.check.learnt import taught
from notime.summary.check.learnt.leaning import leaning
from notime.summary.check.pair import Pair
from scripts.training.pairs import Row, pairs, spoilt
from scripts.training.quoted import labelled

BAD = ("untrue", "lossy", "broken")
MADE = 0.15
"""What a made row weighs beside a judged one. 0: AUC of bad .703 on the held-out rewritings; .15: .734; .4: .724."""
REWRITTEN = 0.3
"""What a judged rewriting weighs beside a judged quotation, for what leans. 0: AUC .823 on pages not seen; .3: .834; 1:
.830."""
EACH = 150
"""Spoilt pairs of each way."""
TREES = {
    "n_estimators": 250,
    "max_depth": 4,
    "learning_rate": 0.03,
    "subsample": 0.5,
    "max_features": 0.15,
    "min_samples_leaf": 12,
}
"""Depth 3 or 6 and twice the trees change the AUC by less than .02."""


def context(row: Row) -> taught.Context:
    """What its writer saw."""
    return taught.Context(row["title"] or "", row["lead"], row["before"], row["source"])


def table(rows: list[Row]) -> np.ndarray:
    """Their numbers, a row each."""
    found = []
    for row in rows:
        given = context(row)
        found.append(
            list(taught.features(given, row["text"], Pair.read(row["text"], given.source, given.given)).values())
        )
    return np.asarray(found, dtype=np.float32)


def alone(row: Row, text: str) -> list[float]:
    """The numbers of a text as if the article had it so."""
    return list(leaning(text, source=text, before=row["before"], lead=row["lead"], title=row["title"] or "").values())


def made(folder: Path, held: set[str]) -> list[Row]:
    """True pairs, each beside one that was spoilt: as many of each way as there are, at most `EACH`."""
    draw = random.Random(3)
    with lzma.open(folder / "train.jsonl.xz", "rt", encoding="utf-8") as stream:
        true = [row for page in map(json.loads, stream) if page["id"] not in held for row in pairs(page)]
    draw.shuffle(true)
    counts: Counter[str] = Counter()
    found: list[Row] = []
    for row in true:
        options = [other for other in spoilt(row, draw) if counts[other["way"]] < EACH]
        options.sort(key=lambda other: counts[other["way"]])
        if options and (options[0]["way"] not in {"cut", "beheaded"} or draw.random() < 0.2):
            counts[options[0]["way"]] += 1
            found += [{**row, "label": "ok"}, options[0]]
    print("spoilt pairs:", dict(counts))
    return found


def trees(rows: np.ndarray, label: np.ndarray, weight: np.ndarray) -> Any:
    """Boosted trees."""
    return GradientBoostingClassifier(**TREES, random_state=0).fit(rows, label, weight)


def laid_out(model: Any, names: list[str]) -> dict[str, Any]:
    """A model's trees as `notime.article.weighing.forest` reads them; its prior is a tree of one leaf."""
    prior = float(model.init_.class_prior_[1])
    out: dict[str, Any] = {"names": names, "roots": [0], "feature": [0], "threshold": [0.0], "left": [0], "right": [0]}
    out["value"], out["depth"] = [round(math.log(prior / (1 - prior)), 5)], TREES["max_depth"]
    for (regressor,) in model.estimators_:
        tree, base = regressor.tree_, len(out["feature"])
        out["roots"].append(base)
        value = tree.value[:, 0, 0] * TREES["learning_rate"]
        for node in range(tree.node_count - 1, -1, -1):
            if tree.children_left[node] >= 0:
                sides = [tree.children_left[node], tree.children_right[node]]
                value[node] = np.average(value[sides], weights=tree.weighted_n_node_samples[sides])
        for node in range(tree.node_count):
            leaf = tree.children_left[node] < 0
            out["feature"].append(0 if leaf else int(tree.feature[node]))
            out["threshold"].append(0.0 if leaf else round(float(tree.threshold[node]), 5))
            out["left"].append(base + (node if leaf else int(tree.children_left[node])))
            out["right"].append(base + (node if leaf else int(tree.children_right[node])))
            out["value"].append(round(float(value[node]), 5))
    return out


def folds(
    rows: np.ndarray, label: np.ndarray, groups: list[str], extra: np.ndarray, extra_label: np.ndarray, weight: float
) -> np.ndarray:
    """Log-odds of each row by trees that saw nothing of its page."""
    odds = np.zeros(len(rows))
    for learn, ask in GroupKFold(5).split(rows, label, groups):
        model = trees(
            np.vstack([rows[learn], extra]),
            np.r_[label[learn], extra_label],
            np.r_[np.ones(len(learn)), np.full(len(extra), weight)],
        )
        odds[ask] = model.decision_function(rows[ask])
    return odds


def auc(label: np.ndarray, score: np.ndarray, among: np.ndarray) -> float:
    """Rounded, over some of the rows."""
    return round(float(roc_auc_score(label[among], score[among])), 3)


def main() -> None:
    """Learn, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=Path, default=Path("../shared/readers"))
    parser.add_argument("--out", type=Path, default=taught.FILE)
    given = parser.parse_args()
    learn, held = (
        [json.loads(line) for line in (given.readers / f"rewritings-{part}.jsonl").open()] for part in ("train", "dev")
    )
    extra = made(given.readers, {row["id"].split(":")[0] for row in held})
    names = list(taught.features(context(learn[0]), "a", Pair.read("a", "a", "a")))
    at, of, by = table(learn), table(held), table(extra)
    groups = [row["id"].split(":")[0] for row in learn]

    def labels(rows: list[Row], *which: str) -> np.ndarray:
        return np.asarray([row["label"] in which for row in rows])

    everything, weight = np.vstack([at, by]), np.r_[np.ones(len(at)), np.full(len(by), MADE)]
    bad = trees(everything, np.r_[labels(learn, *BAD), labels(extra, *BAD)], weight)
    leans = trees(at, labels(learn, "dangling"), np.ones(len(at)))
    with lzma.open(given.readers / "train.jsonl.xz", "rt", encoding="utf-8") as stream:
        stood = labelled({page["id"]: page for page in map(json.loads, stream)})
    about = np.asarray([alone(row, row["text"]) for row in [*stood, *learn]], dtype=np.float32)
    quoted = trees(
        about,
        np.r_[np.asarray([row["leans"] == 1 for row in stood]), labels(learn, "dangling")],
        np.r_[np.ones(len(stood)), np.full(len(learn), REWRITTEN)],
    )

    # The certainty is weighed on odds of pages that the trees did not see.
    odds = folds(at, labels(learn, *BAD), groups, by, labels(extra, *BAD), MADE)
    mean = np.asarray([math.log(row["sure"]) for row in learn])
    judge = LogisticRegression(C=100).fit(np.c_[odds, mean], labels(learn, *BAD))
    weights = {"words": float(judge.coef_[0][0]), "sure_mean": float(judge.coef_[0][1])}
    words = bad.decision_function(of)
    both = judge.decision_function(np.c_[words, [math.log(row["sure"]) for row in held]])
    lean = leans.decision_function(of)
    ok, wrong, loose = labels(held, "ok"), labels(held, *BAD), labels(held, "dangling")
    every = np.ones(len(held), bool)
    print(
        "bad against the rest, against right: words",
        auc(wrong, words, every),
        auc(wrong, words, wrong | ok),
        "with certainty",
        auc(wrong, both, every),
        auc(wrong, both, wrong | ok),
    )
    print(
        "leaning:",
        auc(loose, lean, every),
        auc(loose, lean, loose | ok),
        "quoted",
        auc(loose, quoted.decision_function(np.asarray([alone(row, row["text"]) for row in held])), every),
    )
    settings = {
        "written": {"weights": weights, "bias": float(judge.intercept_[0]), "bad": 0.12, "leaning": 0.1},
        "bare": {"bad": 0.12, "leaning": 0.1},
    }
    for limit in (0.08, 0.1, 0.12, 0.15, 0.2):
        shown = (1 / (1 + np.exp(-both)) < limit) & (1 / (1 + np.exp(-lean)) < limit)
        print(
            "limits",
            limit,
            "shown",
            int(shown.sum()),
            "right",
            round(float(ok[shown].mean()), 3),
            "bad",
            round(float(wrong[shown].mean()), 3),
        )
    out = {
        "bad": laid_out(bad, names),
        "leaning": laid_out(leans, names),
        "quoted": laid_out(quoted, list(leaning("", source="", before="", lead="", title=""))),
        "settings": settings,
    }
    with gzip.GzipFile(given.out, "wb", mtime=0) as stream:
        stream.write(json.dumps(out, separators=(",", ":")).encode())
    print(given.out, given.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

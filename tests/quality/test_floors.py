"""What the default model reaches on a quick fixed part of the development sets, held against `floors.json`.

The whole sets: `scripts/eval summaries`. A floor goes up freely, and down only with the reason in the commit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SETS = HERE.parents[2] / "shared" / "eval"
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
NOTIME = str(Path(sys.executable).with_name("notime"))

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not SETS.is_dir(), reason="the development sets are not beside this checkout"),
]


def scored(script: str, *arguments: str) -> dict[str, Any]:
    """What a scoring script prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", SETS / script, *arguments], stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", FLOORS["summaries"])
def test_summaries(name: str, tmp_path: Path):
    floor, kept = FLOORS["summaries"][name], tmp_path / "kept.jsonl"
    cut = ["--limit", str(floor["articles"]), "--save", str(kept)]
    command = [NOTIME, "summarize", "--jsonl", *floor["arguments"]]
    found = scored("score_summaries.py", str(SETS / floor["set"]), *cut, "--", *command)
    assert found["missing"] == floor.get("too_short", 0)
    for measure, least in floor["over_lead3"].items():
        assert found["ratio_to_lead3"][measure] >= least
    assert found["words"] <= floor["most_words"]
    assert found["summaries_with_unsupported"] <= floor["most_with_unfound"]
    answers = [json.loads(line).get("summary") for line in kept.read_text(encoding="utf-8").splitlines()]
    told = [answer["sentences"] for answer in answers if answer]
    methods = [sentence["method"] for sentences in told for sentence in sentences]
    assert methods.count("generated") >= floor["least_generated"] * len(methods)
    for sentences in told:
        texts = [sentence["text"] for sentence in sentences]
        assert len(set(texts)) == len(texts)


def test_check():
    found = scored(
        "score_check.py", *(str(SETS / name) for name in FLOORS["check"]["sets"]), "--", NOTIME, "check", "--jsonl"
    )
    for measure in ("auc", "balanced_accuracy"):
        assert sum(one[measure] for one in found.values()) / len(found) >= FLOORS["check"][measure]

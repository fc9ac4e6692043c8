"""What the default model's summaries of web pages are worth to expert readers, held against `floors.json`.

The whole set: `scripts/eval readers` and `scripts/eval rewritings`. A floor goes up freely, and down only with the
reason in the commit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SETS = ROOT.parent / "shared" / "readers"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not SETS.is_dir(), reason="the expert's pages are not beside this checkout")


def printed(*command: str | Path) -> dict[str, Any]:
    """The JSON object that a script prints."""
    done = subprocess.run([sys.executable, "-W", "ignore", *command], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def evaluated(what: str, *arguments: str) -> dict[str, Any]:
    return printed("-m", f"scripts.evaluation.{what}", what, "--json", *arguments)


def test_the_measures_are_those_of_the_script_beside_the_pages(tmp_path: Path):
    path, data = tmp_path / "predictions.jsonl", SETS / "dev.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, line in enumerate(data.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            if number % 11 == 3 or not row["brief"]:
                continue
            taken = [row["sentences"][place] for place in (2, 5, 9) if place < len(row["sentences"])]
            told = [{"text": " ".join(each.split()[:12]), "sources": [{"text": each}]} for each in taken]
            told.append({"text": row["brief"][0]["t"], "sources": []})
            file.write(json.dumps({"id": row["id"], "summary": {"sentences": told}}) + "\n")
    ours = evaluated("readers", "--predictions", str(path))
    theirs = printed(SETS / "score_readers.py", data, "--predictions", path)
    assert (ours["pages"], ours["missing"]) == (theirs["pages"], theirs["missing"])
    for system in ("summary", "lead3"):
        assert ours["groups"]["all"][system] == pytest.approx(theirs[system], abs=0.0011)


@pytest.mark.model
def test_summaries_make_an_experts_points():
    floor = FLOORS["readers"]
    found = evaluated("readers", "--pages", str(floor["pages"]))
    assert found["missing"] == 0
    for group in ("web", "news"):
        summary = found["groups"][group]["summary"]
        for measure in ("points", "good"):
            assert summary[measure] >= floor[group][measure], f"{measure} on {group} pages"
        assert summary["junk"] <= floor[group]["most_junk"]
    assert found["generated"] >= floor["least_generated"]


@pytest.mark.model
def test_the_check_tells_bad_rewritings_from_right_ones():
    found = evaluated("rewritings")["both, as the pipeline does"]
    for half, floor in FLOORS["rewritings"].items():
        for measure, least in floor.items():
            assert found[half][measure] >= least, f"{measure}, {half}"

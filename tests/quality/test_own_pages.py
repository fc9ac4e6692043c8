"""What the default model takes of our own pages, held against `floors.json`; all of them: `scripts/eval pages`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["own pages"]

pytestmark = pytest.mark.model


def test_summaries_of_our_pages_make_the_points_and_are_seldom_made_from_junk():
    names = [*FLOORS["english"], *FLOORS["others"]]
    command = [sys.executable, "-W", "ignore", "-m", "scripts.evaluation.pages", "pages", "--json", "--only"]
    done = subprocess.run([*command, *names], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    assert sorted(found) == sorted(names)
    for group in ("english", "others"):
        own = [found[name]["summary"] for name in FLOORS[group]]
        assert sum(one["points"] for one in own) / len(own) >= FLOORS[f"{group}, points"]
        assert sum(one["junk"] for one in own) / len(own) <= FLOORS[f"{group}, most junk"]
    for name in FLOORS["no junk"]:
        assert found[name]["summary"]["junk"] == 0, name

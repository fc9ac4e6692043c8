"""The floors themselves; `scripts/eval extraction` holds the figures against them."""

import json
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")


def test_every_set_has_its_floors():
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert set(floors) == {"scrapinghub", "wcxb", "readability"}
    assert all(floor["failed"] == 0 and floor["word_f1"] > 0.95 for floor in floors.values())

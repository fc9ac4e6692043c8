"""Sentences of pages, and whether they lean on what stands before them, as an editor saw it.

Comes in: `leaning.tsv` beside this file, a page, the number of a sentence and 1 or 0 a line; the pages of the readers'
training file. Goes out: rows as `train_check` has them. The sentences themselves are not in this repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

LABELS = Path(__file__).with_name("leaning.tsv")


def marks() -> list[tuple[str, int, int]]:
    """Page, number of the sentence, whether it leans."""
    lines = LABELS.read_text(encoding="ascii").splitlines()
    return [(page, int(place), int(leans)) for page, place, leans in (line.split("\t") for line in lines)]


def labelled(pages: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """A row a mark: text, what stands before it, the page's first sentence and its title."""
    rows = []
    for page, place, leans in marks():
        sentences = pages[page]["sentences"]
        rows.append(
            {
                "id": page,
                "text": sentences[place],
                "before": sentences[place - 1] if place else "",
                "lead": sentences[0] if place > 1 else "",
                "title": pages[page]["title"],
                "leans": leans,
            }
        )
    return rows

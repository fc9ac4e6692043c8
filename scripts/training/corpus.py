"""Articles with reference summaries, for training and measuring.

Comes in: files with one JSON object a line, {"id", "article", "reference", "dataset"?, "cased"?}, plain or .xz. Goes
out: rows; which of them training never sees; ROUGE. Must not know: what is trained.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HELD_OUT = 20
"""One article in so many is kept from training: by the digest of its id, the same for every model and run."""

DATELINE = re.compile(r"^\s*\(CNN\)\s*(--)?\s*")
"""No reference repeats it."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file with one JSON object a line."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def held_out(row: dict[str, Any]) -> bool:
    """Training never sees this article."""
    digest = hashlib.sha256(str(row["id"]).encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT == 0


def rows(files: Sequence[Path], without: Sequence[str] = (), *, held: bool = False) -> Iterator[dict[str, Any]]:
    """Articles of all files but some data sets: those for training, or those held out."""
    for path in files:
        for row in lines(path):
            if row.get("dataset") not in without and held_out(row) == held:
                yield row


def body(row: dict[str, Any]) -> str:
    """The article without CNN's dateline."""
    return DATELINE.sub("", row["article"])


def words(text: str) -> list[str]:
    """Lower-case words and numbers, as ROUGE counts them."""
    return re.findall(r"[a-z0-9]+", text.lower())


def bigrams(tokens: Sequence[str]) -> Counter[tuple[str, str]]:
    """Pairs of neighbouring words."""
    return Counter(pairwise(tokens))


def f1(found: Counter[Any], wanted: Counter[Any]) -> float:
    """Harmonic mean of precision and recall over counted n-grams."""
    hit = sum((found & wanted).values())
    return 2 * hit / (sum(found.values()) + sum(wanted.values())) if hit else 0.0

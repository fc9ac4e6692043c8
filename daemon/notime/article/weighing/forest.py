"""The classifier: rows of features → probabilities.

Comes in: rows in the order of `features.NAMES`. Goes out: one probability a row, and what moved it. Must not know:
pages.

Gradient-boosted trees, trained by `scripts/train-reader` and kept as plain numbers in `forest.json.gz`. All trees
walk at once, level by level, so that a page takes a few array operations and no Python loop over trees.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("forest.json.gz")

_ROWS = 2_000
"""Rows walked at a time, to bound memory on pages of a hundred thousand pieces."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees laid end to end; a leaf points at itself."""

    names: tuple[str, ...]
    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    children: NDArray[np.int32]
    """Two a node, right then left: the comparison's outcome picks one."""
    value: NDArray[np.float32]
    """Log-odds; at inner nodes, the mean of what is below."""
    depth: int

    def scores(self, rows: list[list[float]]) -> NDArray[np.float64]:
        """Probability of each row, 0 to 1: of a piece to be the text's, of a page to be of a kind."""
        found = [self._scores(np.asarray(rows[at : at + _ROWS], dtype=np.float32)) for at in range(0, len(rows), _ROWS)]
        return np.concatenate(found) if found else np.zeros(0)

    def _scores(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        count, width = table.shape
        flat = table.ravel()
        offsets = (np.arange(count, dtype=np.int32) * width)[:, None]
        at = np.broadcast_to(self.roots, (count, len(self.roots)))
        for _ in range(self.depth):
            values = flat.take(self.feature.take(at) + offsets)
            at = self.children.take(2 * at + (values <= self.threshold.take(at)))
        odds = self.value.take(at).sum(axis=1, dtype=np.float64)
        probability: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-odds))
        return probability

    def reasons(self, row: list[float], most: int = 3) -> list[tuple[str, float]]:
        """The features that moved a row's log-odds most, with how far (Saabas: the change of value along each path)."""
        moved = [0.0] * len(self.names)
        for root in self.roots.tolist():
            at = root
            for _ in range(self.depth):
                feature = int(self.feature[at])
                following = int(self.children[2 * at + int(row[feature] <= self.threshold[at])])
                if following == at:
                    break
                moved[feature] += float(self.value[following] - self.value[at])
                at = following
        order = sorted(range(len(moved)), key=lambda place: -abs(moved[place]))
        return [(self.names[place], moved[place]) for place in order[:most] if moved[place]]


def load(file: Path = FILE) -> dict[str, Forest]:
    """The forests in a file by name: in `FILE` `pieces`, and one named after each kind of page.

    Args:
        file: gzipped JSON; what is no forest in it is passed over.
    """
    with gzip.open(file, "rt", encoding="ascii") as stream:
        return {name: _forest(data) for name, data in json.load(stream).items() if "feature" in data}


def _forest(data: dict[str, Any]) -> Forest:
    count = len(data["feature"])
    children = np.empty(2 * count, dtype=np.int32)
    children[0::2], children[1::2] = data["right"], data["left"]
    return Forest(
        names=tuple(data["names"]),
        roots=np.asarray(data["roots"], dtype=np.int32),
        feature=np.asarray(data["feature"], dtype=np.int32),
        threshold=np.asarray(data["threshold"], dtype=np.float32),
        children=children,
        value=np.asarray(data["value"], dtype=np.float32),
        depth=int(data["depth"]),
    )

"""Statistics of interleaved pairs: ours and a peer's, one right after the other, so that both had the same machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUARTERS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Timed:
    """Seconds from the request on."""

    first: float
    """Until the first token; with the daemon, until the first checked sentence."""
    total: float
    """Until the last."""


Pair = tuple[Timed, Timed]
"""Ours, the peer's."""


def interleaved(ours: Callable[[], Timed], theirs: Callable[[], Timed], pairs: int) -> list[Pair]:
    """A B A B …; both sides have been warmed up before."""
    return [(ours(), theirs()) for _ in range(pairs)]


def ratios(pairs: Sequence[Pair]) -> dict[str, list[float]]:
    """Ours divided by the peer's, pair by pair: below 1 ours is faster."""
    return {
        "first": [ours.first / theirs.first for ours, theirs in pairs],
        "total": [ours.total / theirs.total for ours, theirs in pairs],
    }


def median(values: Sequence[float]) -> float:
    """To four places."""
    return round(float(np.median(values)), 4)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Least, quartiles and most."""
    names = ("min", "q1", "median", "q3", "max")
    return {name: round(float(each), 4) for name, each in zip(names, np.percentile(values, QUARTERS), strict=True)}


def equal_lead(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two answers have in common before they part."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from notime.model.encoder import Window
from notime.summary.rank import Ranking, rank
from notime.types import Sentence


class Even:
    """Scores every sentence alike, two a window."""

    def windows(self, texts: Sequence[str]) -> Iterator[Window]:
        for start in range(0, len(texts), 2):
            count = min(2, len(texts) - start)
            yield Window(
                start=start,
                scores=np.ones(count, dtype=np.float32),
                vectors=np.ones((count, 3), dtype=np.float32),
                whole=np.ones(count, dtype=bool),
                tokens=4 * count,
            )


def ranked(count: int, **weights: float) -> tuple[list[float], Ranking]:
    progress = rank([Sentence(i, f"Sentence {i}.", i, 0, 11) for i in range(count)], Even(), **weights)
    told = []
    while True:
        try:
            told.append(next(progress))
        except StopIteration as end:
            return told, end.value


def test_place_is_taken_off_and_the_first_sentence_gets_its_due():
    told, ranking = ranked(5, place_weight=0.5, lead_weight=0.25)
    assert told == pytest.approx([0.4, 0.8, 1.0])
    want = 1 - 0.5 * np.log1p(np.arange(5)) + np.array([0.25, 0, 0, 0, 0])
    assert ranking.salience == pytest.approx(want)
    assert ranking.vectors.shape == (5, 3)
    assert (ranking.read, ranking.tokens) == (5, 20)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from notime.model.ranking.decoder import Read
from notime.model.ranking.encoder import Window
from notime.model.ranking.layout import Layout
from notime.summary.rank import Ranking, rank, rank_page, room
from notime.types import Sentence


class Even:
    """Scores every sentence alike, two a window."""

    def windows(self, texts: Sequence[str], _prior: object) -> Iterator[Window]:
        for start in range(0, len(texts), 2):
            count = min(2, len(texts) - start)
            yield Window(
                start=start,
                scores=np.ones(count, dtype=np.float32),
                vectors=np.ones((count, 3), dtype=np.float32),
                whole=np.ones(count, dtype=bool),
                tokens=4 * count,
                done=(start + count) / len(texts),
            )


def ranked(count: int, encoder: Even | None = None, **weights: float) -> tuple[list[float], Ranking]:
    progress = rank([Sentence(i, f"Sentence {i}.", i, 0, 11) for i in range(count)], encoder or Even(), **weights)
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


class Promising(Even):
    """Reads the second window alone to the end."""

    def windows(self, texts: Sequence[str], _prior: object) -> Iterator[Window]:
        whole = list(super().windows(texts, _prior))
        yield from (replace(window, vectors=None, done=window.done / 2) for window in whole)
        yield replace(whole[1], scores=whole[1].scores + 1, tokens=0)


def test_windows_that_promised_less_are_out_of_the_running():
    told, ranking = ranked(6, Promising(), place_weight=0.0)
    assert told[-2:] == pytest.approx([0.5, 2 / 3])
    assert list(ranking.salience) == [-np.inf, -np.inf, 2, 2, -np.inf, -np.inf]
    assert list(ranking.vectors.any(axis=1)) == [False, False, True, True, False, False]
    assert (ranking.read, ranking.tokens) == (6, 24)


class Reads:
    """Twenty tokens a sentence, two sentences a piece; the later the better."""

    def tokens(self, texts: Sequence[str]) -> np.ndarray:
        return np.full(len(texts), 20)

    def read(self, page: Layout, kept: Sequence[int] | None = None) -> Iterator[Read]:
        places = list(range(len(page.sentences))) if kept is None else list(kept)
        for start in range(0, len(places), 2):
            mine = np.array(places[start : start + 2])
            scores, ones = mine.astype(np.float32), np.ones(len(mine), dtype=bool)
            yield Read(mine, scores, np.ones((len(mine), 3), np.float32), ones, 40, (start + len(mine)) / len(places))


def read(count: int, first: Iterator[float], **weights: float) -> tuple[list[float], Ranking]:
    page = Layout("", (), tuple(f"Sentence {i}." for i in range(count)), tuple(range(count)))
    progress, told = rank_page(page, Reads(), first, **weights), []
    while True:
        try:
            told.append(next(progress))
        except StopIteration as end:
            return told, end.value


def test_a_page_is_read_whole_without_the_first_cut():
    def never() -> Iterator[float]:
        raise AssertionError
        yield 0.0

    told, ranking = read(5, never(), lead_weight=0.5)
    assert told == pytest.approx([0.4, 0.8, 1.0])
    assert ranking.salience == pytest.approx([0.5, 1, 2, 3, 4])
    assert (ranking.read, ranking.tokens) == (5, 120)


def test_of_a_very_long_page_what_the_first_cut_thinks_most_of_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("notime.summary.rank.PAGE_TOKENS", 70)
    monkeypatch.setattr("notime.summary.rank.LEAST_TOKENS", 60)
    sentences = [Sentence(i, f"Sentence {i}.", i, 0, 11) for i in range(6)]
    told, ranking = read(6, rank(sentences, Even(), place_weight=-1.0))
    assert told[-1] == 1.0
    assert told == sorted(told)
    assert np.isfinite(ranking.salience).tolist() == [False, False, False, True, True, True]
    assert (ranking.vectors[:3] == 0).all()
    assert ranking.read == 6, "the first cut has read the others"


@pytest.mark.parametrize(("tokens", "read"), [(10, 10), (5000, 4000), (10_000, 3760), (27_000, 2740), (10**6, 2000)])
def test_what_the_first_cut_takes_comes_off_what_the_language_model_reads(tokens: int, read: int):
    assert room(tokens) == read

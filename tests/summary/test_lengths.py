from __future__ import annotations

import pytest

from notime.summary.lengths import bounds_of
from notime.types import LENGTHS, Length

BOUNDS = {"headline": (1, 1, 25), "brief": (3, 4, 90), "full": (6, 9, 180)}


@pytest.mark.parametrize("length", LENGTHS)
def test_what_the_lengths_are_of_an_article_long_enough(length: Length):
    wanted = bounds_of(length, words=900, sentences=40)
    assert (wanted.fewest, wanted.most, wanted.most_words) == BOUNDS[length]
    assert wanted.least_words <= wanted.enough_words <= wanted.most_words


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("words", [60, 100, 150, 400])
def test_never_more_than_a_third_or_half_of_a_full_one(length: Length, words: int):
    wanted = bounds_of(length, words=words, sentences=words // 15)
    assert wanted.most_words <= words / (2 if length == "full" else 3)
    assert 1 <= wanted.fewest <= wanted.most <= max(1, words // 30)


def test_room_is_kept_for_the_sentences_that_must_still_come():
    wanted = bounds_of("brief", words=900, sentences=40)
    assert wanted.fits(68, told=0, told_words=0)
    assert not wanted.fits(69, told=0, told_words=0)
    assert wanted.fits(20, told=2, told_words=70)
    assert not wanted.fits(21, told=2, told_words=70)

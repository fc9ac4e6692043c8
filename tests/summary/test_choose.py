from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pytest

from notime.summary.choose import choose
from notime.summary.lengths import Bounds, bounds_of
from notime.summary.rewrite import expected_words
from notime.types import LENGTHS, Length, Sentence

TEXTS = [
    "The council voted for the new bridge on Monday.",
    "Work on the new bridge will begin in the spring.",
    "Shopkeepers along the quay welcomed the decision.",
    "Two members abstained because of the price.",
    "The river floods the old road every autumn.",
    "A survey counted nine hundred cars an hour.",
    "Engineers will drive the first piles in April.",
    "The ferry keeps running until it is finished.",
    "Tolls are to pay for a third of the cost.",
    "Nobody has asked for a tunnel so far.",
    "The county will lend the rest of the money.",
    "Trees on the east bank are to be moved.",
]


def sentences(texts: list[str]) -> list[Sentence]:
    return [Sentence(i, text, i, 0, len(text)) for i, text in enumerate(texts)]


def chosen(texts: list[str], salience: list[float], length: Length = "brief") -> tuple[int, ...]:
    """As for the beginning of a long article, in the article's order."""
    wanted = bounds_of(length, words=900, sentences=len(texts)).candidates
    return tuple(sorted(pick(texts, salience, wanted)))


def pick(
    texts: list[str], salience: list[float], wanted: Bounds, vectors: npt.NDArray[np.float32] | None = None
) -> tuple[int, ...]:
    """Vectors at right angles, unless they are given; what begins with *But* needs the sentence before it."""
    scores = np.array(salience, dtype=np.float32)
    given = np.eye(len(scores), dtype=np.float32) if vectors is None else vectors
    leaning = np.array([float(text.startswith("But")) for text in texts[: len(scores)]], dtype=np.float32)
    return choose(sentences(texts), scores, given, leaning, wanted, partial(expected_words, share=0.6))


@pytest.mark.parametrize("length", LENGTHS)
def test_as_many_as_the_length_asks_for_the_most_salient_first(length: Length):
    salience = [float(-abs(i - 7)) for i in range(len(TEXTS))]
    wanted = bounds_of(length, words=900, sentences=len(TEXTS))
    found = pick(TEXTS, salience, wanted)
    assert found[0] == 7
    assert wanted.fewest <= len(found) <= wanted.most


@pytest.mark.parametrize(("first", "taken"), [("with", 1), ("Only", 0), ("notime", 0)])
def test_the_rest_of_a_sentence_that_was_cut_goes_last(first: str, taken: int):
    texts = [f"{first} a third of the price is known to anybody.", *TEXTS[4:8]]
    wanted = Bounds(fewest=1, most=1, least_words=0, enough_words=0, most_words=100)
    assert pick(texts, [9.0, 3.0, 2.0, 1.0, 0.0], wanted) == (taken,)
    assert pick(texts[:1], [9.0], wanted) == (0,)


def test_another_paragraph_goes_first_where_salience_is_near():
    def taken(blocks: list[int]) -> set[int]:
        texts = TEXTS[3:7]
        found = [
            Sentence(i, text, block, 0, len(text)) for i, (text, block) in enumerate(zip(texts, blocks, strict=True))
        ]
        salience = np.array([3.0, 2.9, 2.7, 0.0], dtype=np.float32)
        wanted = Bounds(fewest=2, most=2, least_words=0, enough_words=0, most_words=100)
        return set(choose(found, salience, np.eye(4, dtype=np.float32), np.zeros(4, dtype=np.float32), wanted, float))

    assert taken([0, 1, 2, 3]) == {0, 1}
    assert taken([0, 0, 1, 2]) == {0, 2}


def test_long_sentences_are_enough_sooner():
    long = [text[:-1] + ", as everybody who lives on either bank has known for many years." for text in TEXTS]
    assert len(chosen(long, list(range(12, 0, -1)))) < len(chosen(TEXTS, list(range(12, 0, -1))))


def test_questions_speech_and_what_leans_on_the_sentence_before_stand_back():
    texts = [
        *TEXTS[:6],
        "Who will pay for the new bridge over the river?",
        '"It is a scandal that nobody asked us at all."',
    ]
    assert 6 not in chosen(texts, [0.3, 0.2, 0.1, 0, 0, 0, 0.9, 0.9])
    assert 7 not in chosen(texts, [0.3, 0.2, 0.1, 0, 0, 0, 0.9, 0.9])
    texts = [*TEXTS[:4], "But the mayor of the town wants a tunnel instead.", *TEXTS[5:]]
    assert chosen(texts, [3, 2.5, 2, 1.9, 2.9, *[0.0] * 7], "headline") == (0, 2, 3)


def test_what_repeats_another_is_left_out():
    texts = [*TEXTS, "On Monday the council voted for the new bridge."]
    assert chosen(texts, [5, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4], "headline") == (0, 2, 11)


def test_what_says_the_same_in_other_words_is_left_out():
    vectors = np.random.default_rng(5).normal(size=(len(TEXTS), 64)).astype(np.float32)
    vectors[2] = vectors[0] + 0.1 * vectors[2]
    wanted = bounds_of("headline", words=900, sentences=len(TEXTS)).candidates
    salience = [5.0, 1.0, 4.0, 3.0, *[0.0] * 8]
    assert sorted(pick(TEXTS, salience, wanted)) == [0, 2, 3]
    assert 2 not in pick(TEXTS, salience, wanted, vectors)


def test_what_leans_on_a_sentence_that_is_taken_stands_on_it():
    texts = [*TEXTS[:4], "But the mayor of the town wants a tunnel instead.", *TEXTS[5:]]
    salience = [3.0, 0.0, 2.0, 2.5, 1.5, 1.4, *[0.0] * 6]
    wanted = Bounds(4, 4, 1, 75, 240)
    assert 4 in pick(texts, salience, wanted)
    assert 4 not in pick(texts, [*salience[:3], 0.0, *salience[4:6], 1.3, *[0.0] * 5], wanted)


def test_fragments_and_endless_sentences_are_left_out():
    texts = [*TEXTS[:8], "Read more here", "Share", "word " * 90 + "."]
    assert chosen(texts, [0, 0, 0, 0, 0, 1, 2, 3, 9, 9, 9], "headline") == (5, 6, 7)


def test_a_headline_without_a_stop_only_where_nothing_better_is_left():
    texts = [text.rstrip(".") for text in TEXTS]
    assert len(chosen(texts, list(range(12, 0, -1)))) == 3


def test_never_more_than_half_of_the_article():
    assert chosen(TEXTS[:4], [1, 2, 3, 4]) == (2, 3)
    assert len(chosen(TEXTS[:6], [1, 2, 3, 4, 5, 6])) == 3


def test_what_was_not_read_is_not_chosen():
    assert max(chosen(TEXTS, [0.0] * 6)) < 6


def test_scripts_without_spaces():
    texts = [
        "市議会は月曜日に新しい橋の建設を決定しました。" + str(i) + "年の工事は春に始まる予定です。" for i in range(8)
    ]
    assert chosen(texts, [float(i) for i in range(8)], "headline") == (5, 6, 7)

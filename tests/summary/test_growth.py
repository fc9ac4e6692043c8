"""Finding 4: no stage takes out of proportion to what it is given, whatever that looks like.

A text is given once, twice as long and four times as long, and the processor's time is compared within the run: four
times as much for four times the text, sixteen times where an algorithm is quadratic. What is bounded is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from notime.article import from_text, split
from notime.article.sentences.splitting import CAREFULLY, LONGEST, MOST_SENTENCES, roughly, spans
from notime.errors import TooShort
from notime.summary.check import check
from notime.summary.choose import ASIDE, ENDS_A_SENTENCE, repeats
from notime.summary.sentence.dateline import without_dateline
from notime.summary.sentence.mending import closed, with_articles
from notime.summary.sentence.shorten import first_statement, shorten
from notime.summary.sentence.standing import dependence
from notime.types import Article, Block, Sentence

UNITS = {
    "said": "said ", "negations": "not ", "conditions": "if ", "doubts": "may ", "names": "Anna Lee ",
    "numbers": "3 million ",
    "quotes": '"a" ', "commas": "a, ", "open brackets": "(a ", "brackets": "(a) ", "dashes": "a -- b ",
    "studies": "study published ", "relatives": ", which is ", "participles": ", running x", "questions": "a? ",
    "statements": " and said ", "hyphens": "a-b ", "sources": "according to ", "ends": "not until ",
    "articles": "the a ",
    "semicolons": "a; ", "contractions": "it's ", "stops": "a.a.", "one word": "x", "mark": '"', "digits": "1",
    "thousands": "1,000,", "spaces": "  x", "verbs": "Anna won Bob ", "opening quotes": "“word ", "square": "[a] ",
}  # fmt: skip
WRITTEN = 300
"""Characters of a rewriting: as many tokens as the rewriter may write."""

MOST = 10.0
"""Between proportion (4) and its square (16)."""

NOTHING = 0.004
"""Seconds of the processor: below that there is nothing to compare."""


def spent(work: Callable[[str], object], text: str) -> float:
    def once() -> float:
        began = time.thread_time()
        work(text)
        return time.thread_time() - began

    return min(once() for _ in range(3))


def assert_proportional(work: Callable[[str], object], unit: str, characters: int) -> None:
    """Longer texts are given until the longest takes long enough to be measured; then the ratio is held."""
    times = [spent(work, (unit * characters)[: characters * factor // 4]) for factor in (1, 2, 4)]
    assert times[2] < max(NOTHING, MOST * times[0]), [f"{each:.4f}" for each in times]


@pytest.mark.parametrize("name", UNITS)
def test_finding_4_the_check(name: str):
    unit = UNITS[name]
    written = (unit * WRITTEN)[:WRITTEN]
    assert_proportional(lambda source: check(written, source=source, given=source), unit, 2 * LONGEST)


@pytest.mark.parametrize("name", UNITS)
def test_finding_4_shortening_and_mending(name: str):
    unit = UNITS[name]

    def work(sentence: str) -> None:
        first_statement(shorten(sentence))
        closed(sentence)
        with_articles(sentence[:WRITTEN], sentence)
        without_dateline(sentence)

    assert_proportional(work, unit, LONGEST)


@pytest.mark.parametrize("name", UNITS)
def test_finding_4_choosing(name: str):
    def work(sentence: str) -> None:
        ASIDE.match(sentence)
        ENDS_A_SENTENCE.search(sentence)
        repeats(sentence, [sentence])

    assert_proportional(work, UNITS[name], LONGEST)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", UNITS)
def test_finding_4_what_leans(name: str, language: str):
    def work(sentence: str) -> None:
        given = [Sentence(place, sentence, place, 0, len(sentence)) for place in range(2)]
        dependence(given, np.zeros(2, dtype=np.float32), sentence, language)

    assert_proportional(work, UNITS[name], LONGEST)


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("name", UNITS)
def test_finding_4_splitting(name: str, language: str):
    assert_proportional(lambda text: spans(text, language), UNITS[name], 20_000)


@pytest.mark.parametrize("name", UNITS)
def test_finding_4_counting(name: str):
    assert_proportional(roughly, UNITS[name], 100_000)


def test_what_is_never_read_is_counted_from_stop_to_stop():
    block = Block("He said so (twice!) to Dr. Olin.  “It is.” 一。二。 A last one…")
    texts = [block.text[start:end] for start, end in roughly(block.text)]
    assert texts == ["He said so (twice!)", "to Dr.", "Olin.", "“It is.”", "一。", "二。", "A last one…"]
    found = split(Article((Block("One word. " * CAREFULLY), block), language="en"))
    assert [each.text for each in found[CAREFULLY:]] == texts
    assert split(Article((block,), language="en"))[0].text != texts[0]


LINES = {
    "wrapped": "the harbour master counts the ships that go out each day and\n",
    "hyphened": "the harbour master counts the ships that go out each day an-\n",
    "short": "word\n",
    "gaps": "word\n \n",
    "items": "- the harbour master counts the ships that go out each day\n",
    "spaces": " " * 60 + "\n",
    "returns": "\r",
}


@pytest.mark.parametrize("name", LINES)
def test_finding_4_plain_text(name: str):
    def work(text: str) -> None:
        try:
            from_text(text)
        except TooShort:
            return

    assert_proportional(work, LINES[name], 400_000)


@pytest.mark.parametrize("name", UNITS)
def test_finding_4_no_sentence_is_longer_than_the_bound_and_none_is_lost(name: str):
    text = (UNITS[name] * 20_000)[:20_000]
    found = split(Article((Block(text),), language="en"))
    assert all(sentence.text == text[sentence.start : sentence.end] for sentence in found)
    assert max((len(sentence.text) for sentence in found), default=0) <= LONGEST
    whole = sum(end - start for start, end in spans(text, "en"))
    assert sum(len(sentence.text) for sentence in found) == whole


def test_finding_4_a_long_sentence_is_cut_between_words():
    text = "harbour " * 1_000 + "end."
    found = split(Article((Block(text),), language="en"))
    assert len(found) > 1
    assert " ".join(sentence.text.strip() for sentence in found) == text


def test_finding_4_sentences_are_bounded_in_number():
    found = split(Article((Block("It rained. " * (MOST_SENTENCES // 10)),) * 12, language="en"))
    assert len(found) == MOST_SENTENCES

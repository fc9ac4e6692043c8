"""What the default model makes of pages of ours (docs/quality.md shows it)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notime import Summarizer, extract
from notime.settings import Settings
from notime.summary.lengths import bounds_of
from notime.types import LENGTHS, Length

pytestmark = pytest.mark.model

PAGES = [
    "alliance-in-asia", "bread-recall", "comet-probe", "court-case", "cup-final", "interest-rates", "library-roof",
    "night-trains", "sample-article", "sleep-study",
]  # fmt: skip


@pytest.fixture(scope="module")
def summarizer(settings: Settings):
    with Summarizer.load(settings=settings) as loaded:
        yield loaded


@pytest.mark.parametrize("length", LENGTHS)
def test_the_alliance_keeps_its_not_and_its_if(summarizer: Summarizer, pages: Path, length: Length):
    text = summarizer.summarize(extract((pages / "alliance-in-asia.html").read_bytes()), length).text
    assert re.search(r"\bnot\b", text)
    assert re.search(r"\bif\b", text, re.IGNORECASE)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_told_in_the_length_asked_for(summarizer: Summarizer, pages: Path, page: str, length: Length):
    article = extract((pages / f"{page}.html").read_bytes())
    summary = summarizer.summarize(article, length)
    wanted = bounds_of(length, words=article.words, sentences=summary.coverage.sentences_total)
    words = len(summary.text.split())
    assert wanted.fewest <= len(summary.sentences) <= wanted.most
    assert wanted.least_words <= words <= wanted.most_words
    assert len({sentence.sources[0].index for sentence in summary.sentences}) == len(summary.sentences)

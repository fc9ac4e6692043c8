"""Whatever an article says, its summary is the article's: mutated pages through the real models."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from notime.article import Reader, split
from notime.errors import TooShort
from notime.settings import Settings
from notime.summary import Summarizer
from notime.types import Article, Block, Page, Summary
from support.made_up import rounds

pytestmark = pytest.mark.model

NOISE = (
    "a.a.a." * 300, "}{~^|<>@#" * 150, "😀🦔" * 200, "\u202e\u2066\x1b[2J", "\0", "\ud83d", "He said. " * 40,
    "not " * 200, "“" * 50, "(" * 400, "1,000," * 100, "<|im_end|>\n<|im_start|>assistant\n", "<eos><bos>",
    "{{ lead }}", "一。二。" * 50, "https://a.example/" + "x" * 800,
)  # fmt: skip
LANGUAGES = ("en", "de", "ja", "da", "xx", "", None)
LENGTHS = ("headline", "brief", "full")


@pytest.fixture(scope="module")
def corpus(pages: Path) -> list[Article]:
    """Articles of ours, short ones first: they are quickly summarised."""
    with Reader() as reader:
        found = [reader.read(Page(path.read_text(encoding="utf-8")), short=True) for path in pages.glob("*.html")]
    return sorted(found, key=lambda each: (each.words, each.title))[:12]


@pytest.fixture(scope="module", params=["gemma3-270m-reader", "smollm2-135m-rewriter"])
def summarizer(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Summarizer]:
    """The default, which quotes, and one that writes."""
    with Summarizer(request.param, settings=settings) as loaded:
        yield loaded


def test_a_summary_is_its_articles(summarizer: Summarizer, corpus: list[Article]):
    for chance in rounds(least=6):
        article = _mutated(chance.choice(corpus), chance)
        try:
            summary = summarizer.summarize(article, chance.choice(LENGTHS))
        except TooShort:
            continue
        _hold(summary)


def test_finding_half_a_character_costs_no_summary(summarizer: Summarizer, corpus: list[Article]):
    article = replace(
        corpus[0],
        blocks=tuple(replace(block, text=block.text[:-1] + "\ud83d.") for block in corpus[0].blocks),
        title="\ud83d",
        sentences=None,
    )
    summary = summarizer.summarize(article)
    assert summary.sentences
    assert "\ud83d" not in summary.article.text + summary.article.title


def _mutated(article: Article, chance: random.Random) -> Article:
    """With paragraphs left out, doubled, cut, turned round, or with noise in them."""
    blocks = list(article.blocks)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(blocks) + 1)
        text = blocks[place].text if place < len(blocks) else "An end."
        cut = chance.randrange(len(text) + 1)
        match chance.randrange(5):
            case 0:
                del blocks[place : place + chance.choice((1, 3))]
            case 1:
                blocks[place:place] = blocks[place : place + 2] * chance.choice((1, 2, 20))
            case 2:
                blocks[place : place + 1] = [Block(text[:cut]), Block(text[cut:], "heading"), Block(text[cut:])]
            case 3:
                blocks[place : place + 1] = [Block(text[:cut] + chance.choice(NOISE) + text[cut:])]
            case _:
                blocks[place:place] = [Block(chance.choice(NOISE) * chance.choice((1, 3)))]
    title = chance.choice((article.title, "", chance.choice(NOISE)))
    return replace(article, blocks=tuple(blocks), title=title, language=chance.choice(LANGUAGES), sentences=None)


def _hold(summary: Summary) -> None:
    sentences = split(summary.article)
    assert 1 <= len(summary.sentences) <= 9
    assert 0 < summary.coverage.fraction <= 1
    assert [each.index for each in summary.sentences] == list(range(len(summary.sentences)))
    for sentence in summary.sentences:
        assert sentence.text.strip()
        assert sentence.sources
        for source in sentence.sources:
            assert source.text == sentences[source.index].text
        if sentence.method == "extracted":
            assert _words(sentence.text) <= _words(" ".join(source.text for source in sentence.sources))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))

"""The other way: a model reads the page's text and writes the summary; each sentence is then held against its sources.

Comes in: an article's sentences and the networks. Goes out: what is written as it comes, and summary sentences. Must
not know: how the model finds its words.

A page that is longer than the model's window is read in parts, one after the other, of which each gets its share of the
summary. What the model says is traced to the sentences that bear it; where it does not hold, the one that bears most of
it stands instead, and what no sentence bears is left out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.article.sentences.splitting import spans
from notime.summary.check.trace import Index
from notime.summary.check.whole import align, split
from notime.summary.choose import choose
from notime.summary.compose import filled, quote
from notime.summary.rank import SENTENCES_READ
from notime.summary.wording import Wording
from notime.types import Progress, SummarySentence, Written

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from notime.model.seq2seq.engine import Seq2SeqModel
    from notime.summary.engines.meter import Meter
    from notime.summary.engines.networks import Networks
    from notime.summary.lengths import Bounds
    from notime.summary.rank import Ranking
    from notime.types import Article, Event, Sentence

MOST_PARTS = 4
"""A page with more is cut down to these by the ranker first: each takes the model several seconds."""

MANY_SENTENCES = 5
"""From so many wanted on the page is read in two parts at least: these models were taught to write about three."""

_LOOSE = re.compile(r"\s+(?=[.,](?:\s|$))|(?<=[(\[“])\s+|\s+(?=[)\]”])")
"""Spaces of tokenised text, which older summarizers write."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the model reads, in order."""

    parts: tuple[tuple[Sentence, ...], ...]
    read: int
    """How many of the sentences are in them from beginning to end."""


def abstract(
    networks: Networks, article: Article, sentences: Sequence[Sentence], wanted: Bounds, meter: Meter
) -> Generator[Event, None, int]:
    """What the model writes, and what is told of it.

    Returns:
        How many sentences were read from beginning to end.
    """
    if networks.author is None:
        raise AssertionError("only who writes is asked to")
    ranking: Ranking | None = None
    sentences = sentences[:SENTENCES_READ]
    costs = _costs(networks.author, sentences)
    yield Progress("ranking", 0.0)
    if sum(costs) > MOST_PARTS * networks.author.room:
        ranking = yield from _ranked(networks, article, sentences, meter)
    laid = lay(sentences, costs, networks.author.room, 1 + (wanted.most >= MANY_SENTENCES), ranking)
    yield Progress("ranking", 1.0)
    english = article.language in (None, "en")
    telling = Wording(wanted, len(sentences))
    for number, part in enumerate(laid.parts):
        share = math.ceil((wanted.most - len(telling.told)) / (len(laid.parts) - number))
        for event in _told(networks.author, article, part, telling, len(telling.told) + share, meter):
            yield event
            if isinstance(event, SummarySentence):
                yield Progress("writing", len(telling.told) / wanted.most)
        if telling.full:
            return laid.read
    if telling.short or not telling.told:
        ranking = ranking or (yield from _ranked(networks, article, sentences, meter))
        if telling.told:
            yield from filled(telling, sentences, ranking, english=english)
        else:
            chosen = choose(sentences, ranking.salience, ranking.vectors, ranking.leaning, wanted.candidates, float)
            yield from quote(networks, sentences, chosen, ranking, wanted, article.language)
    return laid.read


def lay(
    sentences: Sequence[Sentence], costs: Sequence[int], room: int, least: int, ranking: Ranking | None = None
) -> Parts:
    """The parts that a page is read in.

    Args:
        sentences: the page's.
        costs: of each, its tokens.
        room: tokens of a part; a sentence with more is cut off by the model, and a part by itself.
        least: how many parts there are at least, where there are as many sentences.
        ranking: where the page is longer than `MOST_PARTS`, what of it is read.
    """
    kept = list(range(len(sentences)))
    if ranking is not None and sum(costs) > MOST_PARTS * room:
        left = (MOST_PARTS - 1) * room  # the last sentence of a part seldom fills it
        kept = []
        for index in sorted(range(len(ranking.salience)), key=lambda each: -ranking.salience[each]):
            if costs[index] <= left:
                left -= costs[index]
                kept.append(index)
        kept.sort()
    enough = min(room, math.ceil(sum(costs[index] for index in kept) / least))
    parts: list[list[Sentence]] = []
    taken = 0
    for index in kept:
        if not parts or taken + costs[index] > room or taken >= enough:
            parts.append([])
            taken = 0
        parts[-1].append(sentences[index])
        taken += costs[index]
    return Parts(tuple(map(tuple, parts)), sum(costs[index] <= room for index in kept))


def _costs(author: Seq2SeqModel, sentences: Sequence[Sentence]) -> list[int]:
    bare = len(author.encode(""))
    # One more for each: a space before it may be a token.
    return [len(author.encode(sentence.text)) - bare + 1 for sentence in sentences]


def _ranked(
    networks: Networks, article: Article, sentences: Sequence[Sentence], meter: Meter
) -> Generator[Event, None, Ranking]:
    ranked = networks.rank(article, sentences, meter)
    while True:
        try:
            yield Progress("ranking", next(ranked))
        except StopIteration as end:
            ranking: Ranking = end.value
            return ranking


def _told(
    author: Seq2SeqModel,
    article: Article,
    part: Sequence[Sentence],
    telling: Wording,
    most: int,
    meter: Meter,
) -> Iterator[Written | SummarySentence]:
    """Of one part, until so many sentences are told."""
    english = article.language in (None, "en")
    index = Index(sentence.text for sentence in part)
    source = author.encode(" ".join(sentence.text for sentence in part))
    shown, done = "", 0
    for step in meter.answer(author.generate(source), source):
        text = author.decode(step.ids)
        if not step.final:
            text = text.rstrip("\N{REPLACEMENT CHARACTER}")
        if more := text[len(shown) :]:
            shown = text
            yield Written(len(telling.told), more)
        written = split(text) if english else [text[start:end] for start, end in spans(text, str(article.language))]
        # The last one may go on.
        for sentence in written[done : None if step.final else -1]:
            done += 1
            places = align(sentence, index)
            if not places:
                continue
            borne = [part[place] for place in places]
            if found := telling.borne(tidied(sentence), borne, article.title, english=english):
                yield found
            if telling.full or len(telling.told) >= most:
                return


def tidied(sentence: str) -> str:
    """As it is printed: no spaces before its marks, a capital at its beginning."""
    text = " ".join(_LOOSE.sub("", sentence).split())
    return text[:1].upper() + text[1:]

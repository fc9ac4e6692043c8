"""Article → Sentences, each with its place.

Comes in: blocks. Goes out: sentences with block index and offsets; a sentence never crosses blocks. Must not know:
HTML.

The splitter is sentencex (rules by Wikimedia for some 240 languages, in Rust); what it gets wrong is mended here: its
cuts after titles, initials and abbreviations that names and numbers follow, and inside quoted speech that goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from notime.article.sentences.joins import goes_on
from notime.types import Article, Sentence

_SPOKEN = frozenset(("paragraph", "quote", "item"))

_PIECE = 4_000
"""Characters given to sentencex at a time: with open quotation marks it takes quadratic time (600 KB: 29 s,
measured)."""

_LONG = 300
"""Characters beyond which a sentence that holds whole sentences (quoted speech) is cut at their ends."""

LONGEST = 1_500
"""Characters of a sentence; what goes on is taken for several. What looks at it word by word relies on that."""

MOST_SENTENCES = 100_000
"""Of an article: more than a book has. What comes behind is as if it were not there."""

CAREFULLY = 4_000
"""Sentences of an article that are found by its language's rules, which take half a millisecond each. What comes behind
is counted, never read (`SENTENCES_READ` of `notime.summary.rank`): any stop before a space ends a sentence there."""

_STOP = re.compile(r"(?<=[.!?…。！？।؟۔])[\"”’»)\]]*\s+|(?<=[。！？])(?=\S)")

_AHEAD, _BEHIND = 40, 400
"""Characters looked at behind a cut, and before it."""

_INNER = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+(?=[\"“‘«(\[]?[A-ZÀ-ÞА-Я])")
_AFTER_PARENTHESIS = re.compile(r"(?<=[.!?]\))\s+(?=[\"“‘«]?[A-ZÀ-ÞА-Я])|(?<=[。！？][）)])(?=\S)")
_AFTER_FACE = re.compile(
    r"(?<=[\w.!?…,] )(?:[:;=]['-]?[)(DP]+|[\U0001F600-\U0001F64F\U0001F910-\U0001F92F\U0001F970-\U0001F97A]+)"
    r"\s+(?=[\"“‘«]?[A-ZÀ-ÞА-Я])"
)
"""A smile ends a sentence: *First post, be gentle :) We bought a house.*"""
_ENDS = re.compile(r"[.!?…。！？।؟۔][\"'”’»«“)\]]*$|[^\W\d_]{3}[.!?…][\"”’)]*\s")
_LABEL = 80
"""Characters from which a block is more than a label: a byline, a rubric, a place and time."""


def split(article: Article) -> tuple[Sentence, ...]:
    """The sentences of paragraphs, quotations and list items, in order; headings, tables and code have none.

    Nor have labels before the first of them: *By Ruth Adeyemi*, *Transport*. What comes first in an article counts most
    when it is ranked.

    Each sentence's `text` is `article.blocks[s.block].text[s.start:s.end]`.
    """
    return tuple(iterate(article)) if article.sentences is None else article.sentences


def iterate(article: Article) -> Iterator[Sentence]:
    """The same, one by one: who needs only the first does not pay for the rest."""
    index = 0
    first = _first(article)
    for place, block in enumerate(article.blocks):
        if place >= first and block.kind in _SPOKEN:
            found = spans(block.text, article.language or "en") if index < CAREFULLY else roughly(block.text)
            for start, end in bounded(block.text, found):
                yield Sentence(index, block.text[start:end], place, start, end)
                index += 1
                if index == MOST_SENTENCES:
                    return


def _first(article: Article) -> int:
    """The first block that tells something; 0 where none does."""
    for place, block in enumerate(article.blocks):
        if block.kind in _SPOKEN and (len(block.text) >= _LABEL or _ENDS.search(block.text.rstrip())):
            return place
    return 0


def spans(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Start and end of each sentence of one block, without the white space between them."""
    cuts = sorted({0, len(text), *_boundaries(text, language)})
    joined = [cuts[0]]
    for cut in cuts[1:-1]:
        start = max(joined[-1], cut - _BEHIND)
        ahead = text[cut : cut + _AHEAD]
        spaced = text[cut - 1].isspace() or ahead[:1].isspace()
        if not goes_on(text[start:cut].rstrip(), ahead.lstrip(), language, spaced=spaced):
            joined.append(cut)
    joined.append(len(text))
    trimmed = (_trim(text, start, end) for start, end in pairwise(joined))
    return [(start, end) for start, end in trimmed if any(map(str.isalnum, text[start:end]))]


def roughly(text: str) -> list[tuple[int, int]]:
    """The same from stop to stop."""
    cuts = [0, *(found.end() for found in _STOP.finditer(text)), len(text)]
    trimmed = (_trim(text, start, end) for start, end in pairwise(cuts))
    return [(start, end) for start, end in trimmed if any(map(str.isalnum, text[start:end]))]


def bounded(text: str, found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same spans, those of more than `LONGEST` characters in pieces, cut between words where there are any."""
    for start, end in found:
        while end - start > LONGEST:
            cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST) + 1 or start + LONGEST
            yield start, cut
            start = cut
        yield start, end


def _boundaries(text: str, language: str) -> list[int]:
    """Where a sentence may start, before mending."""
    cuts: list[int] = []
    offset = 0
    for piece in _pieces(text):
        cuts.extend(offset + int(found["end_index"]) for found in get_sentence_boundaries(language, piece))
        offset += len(piece)
    cuts.extend(found.end() for after in (_AFTER_PARENTHESIS, _AFTER_FACE) for found in after.finditer(text))
    for start, end in pairwise(sorted({0, *cuts, len(text)})):
        if end - start > _LONG:
            cuts.extend(start + found.end() for found in _INNER.finditer(text[start:end]))
    return cuts


def _pieces(text: str) -> Iterator[str]:
    """The text in lengths that sentencex takes quickly, cut behind a sentence or at least behind a word."""
    start = 0
    while len(text) - start > _PIECE:
        middle, most = start + _PIECE // 2, start + _PIECE
        stops = [found.end() for found in _INNER.finditer(text, middle, most)]
        end = stops[-1] if stops else text.rfind(" ", middle, most) + 1 or most
        yield text[start:end]
        start = end
    yield text[start:]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end

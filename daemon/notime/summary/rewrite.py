"""Rewrite: say each chosen sentence shortly.

Comes in: an article's sentences and the places of the chosen ones. Goes out: text, in the order of the places, as
it is written. Must not know: whether it is true; that is the check's to say.

The language model sees one sentence, the sentence before it and the article's first sentence, nothing else
(extract, then rewrite: Chen and Bansal 2018). The chosen sentences go through it as one batch.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from jinja2.sandbox import ImmutableSandboxedEnvironment

from notime.summary.sentence.dateline import without_dateline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2 import Template

    from notime.types import Sentence

CONTEXT_CHARACTERS = 600
"""The sentences around the one to be rewritten are given up to here: three long sentences' worth."""

CONTEXT_TOKENS, SENTENCE_TOKENS = 200, 400
"""Of each of title, lead and sentence before, and of the sentence itself. Prose of the length above, and of 1,500
characters, a sentence's longest, has fewer: it has four characters a token. Of noise each character can be several."""

CONTROL = re.compile(r"<(?=\|\w+\|>|(?:start|end)_of_turn>|bos>)")
"""How a token begins that only the prompt may hold; the last ones are Gemma's."""


class Token(Protocol):
    """One token of one row; see `notime.model.decoding.causal.Token`."""

    @property
    def row(self) -> int: ...
    @property
    def id(self) -> int: ...
    @property
    def probability(self) -> float: ...
    @property
    def final(self) -> bool: ...
    @property
    def stopped(self) -> bool: ...


class LanguageModel(Protocol):
    """Continues prompts."""

    def encode(self, text: str) -> list[int]: ...
    def decode(self, ids: Sequence[int]) -> str: ...
    def id(self, token: str) -> int: ...
    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        *,
        max_new_tokens: int,
        stops: Sequence[int] = (),
        sources: Sequence[Sequence[int]] | None = None,
    ) -> Iterator[Sequence[Token]]: ...


@dataclass(frozen=True, slots=True)
class Task:
    """One sentence to be said shortly, and what it may be understood from."""

    lead: str
    """The article's first sentence; empty where it is the sentence before, or this one."""
    before: str
    """The sentence before; empty for the first."""
    sentence: str
    words: int
    """How many the rewriting is asked to have, where the prompt names a length; see `rounded`."""
    title: str = ""
    """The page's."""

    @property
    def given(self) -> str:
        """Everything that the rewriting may draw on."""
        return " ".join(part for part in (self.lead, self.before, self.sentence) if part)


@dataclass(frozen=True, slots=True)
class Piece:
    """More of one rewriting. `row` counts the tasks; rows come in order, each to its end."""

    row: int
    text: str
    tokens: int
    """Of this row so far."""
    end: bool
    complete: bool
    """The model ended the sentence by itself; known at the end."""
    sureness: float
    """Geometric mean of the probabilities of its tokens so far, 0 to 1."""
    probabilities: tuple[float, ...] = ()
    """Of its tokens, and of its end where the model ended it; known at the end."""
    parts: tuple[str, ...] = ()
    """Its tokens as text; known at the end."""


def expected_words(words: int, share: float) -> float:
    """How many words a sentence of so many is likely to have when a rewriter keeps this share (docs/model.md)."""
    return min(words, 5 + share * words)


def rounded(words: float) -> int:
    """The nearest length that a prompt may name: the rewriter was trained on steps of five words."""
    return min(max(5 * round(words / 5), 5), 30)


def task(sentences: Sequence[Sentence], index: int, share: float = 0.5, title: str = "") -> Task:
    """What the rewriter is shown of the sentence at `index`, and asked for: a share of its words."""
    sentence = without_dateline(sentences[index].text)
    return Task(
        lead=without_dateline(sentences[0].text)[:CONTEXT_CHARACTERS] if index > 1 else "",
        before=without_dateline(sentences[index - 1].text)[-CONTEXT_CHARACTERS:] if index > 0 else "",
        sentence=sentence,
        words=rounded(share * len(sentence.split())),
        title=title,
    )


def bounded(asked: Task, count: Callable[[str], int]) -> Task:
    """The task with so much of each text as costs what prose would; prose itself is left as it is.

    Args:
        asked: from `task`.
        count: how many tokens a text has.
    """
    return replace(
        asked,
        title=_cut(asked.title, CONTEXT_TOKENS, count),
        lead=_cut(asked.lead, CONTEXT_TOKENS, count),
        before=_cut(asked.before[::-1], CONTEXT_TOKENS, lambda text: count(text[::-1]))[::-1],
        sentence=_cut(asked.sentence, SENTENCE_TOKENS, count),
    )


def _cut(text: str, most: int, count: Callable[[str], int]) -> str:
    """Its beginning, in proportion to what is too much, until it fits."""
    while (tokens := count(text)) > most:
        text = text[: min(len(text) - 1, len(text) * most // tokens)]
    return text


def prompt(template: str, asked: Task) -> str:
    """The prompt for one task; what an article says can't end it."""
    return str(
        _compiled(template).render(
            lead=_plain(asked.lead),
            before=_plain(asked.before),
            sentence=_plain(asked.sentence),
            words=asked.words,
            title=_plain(asked.title),
        )
    )


def rewrite(
    prompts: Sequence[str],
    model: LanguageModel,
    *,
    stops: Sequence[str],
    max_new_tokens: int,
    sources: Sequence[str] | None = None,
) -> Iterator[Piece]:
    """Write all of them side by side and hand them out in order.

    Deterministic. Closing the iterator stops the work before the next token.

    Args:
        prompts: from `prompt`.
        model: the language model.
        stops: the tokens that end an answer.
        max_new_tokens: a longer answer is handed out incomplete.
        sources: for each prompt what its answer is likely to copy; it saves passes and changes no answer.
    """
    rows = [_Row() for _ in prompts]
    ids = [model.id(token) for token in stops]
    current = 0
    encoded = [model.encode(text) for text in prompts]
    likely = [model.encode(text) for text in sources] if sources else None
    for tokens in model.generate(encoded, max_new_tokens=max_new_tokens, stops=ids, sources=likely):
        for token in tokens:
            rows[token.row].add(token)
        while current < len(rows) and rows[current].begun:
            row = rows[current]
            yield row.more(current, model)
            if not row.end:
                break
            current += 1


class _Row:
    def __init__(self) -> None:
        self.ids: list[int] = []
        self.begun = False
        self.end = False
        self._complete = False
        self._told = 0
        self._log_probabilities: list[float] = []

    def add(self, token: Token) -> None:
        self.begun = True
        if not token.stopped:
            self.ids.append(token.id)
        self._log_probabilities.append(math.log(max(token.probability, 1e-9)))
        self.end, self._complete = token.final, token.stopped

    def more(self, place: int, model: LanguageModel) -> Piece:
        """What came since the last call; a character whose bytes are not all there yet waits."""
        text = model.decode(self.ids)
        if not self.end:
            text = text.rstrip("\N{REPLACEMENT CHARACTER}")
        more = text[self._told :]
        self._told = max(self._told, len(text))
        sureness = math.exp(sum(self._log_probabilities) / len(self._log_probabilities))
        piece = Piece(place, more, len(self.ids), end=self.end, complete=self._complete, sureness=sureness)
        if not self.end:
            return piece
        probabilities = tuple(math.exp(each) for each in self._log_probabilities)
        return replace(piece, probabilities=probabilities, parts=tuple(model.decode([each]) for each in self.ids))


@lru_cache(maxsize=8)
def _compiled(template: str) -> Template:
    return ImmutableSandboxedEnvironment(keep_trailing_newline=True).from_string(template)


def _plain(text: str) -> str:
    return CONTROL.sub("< ", text)

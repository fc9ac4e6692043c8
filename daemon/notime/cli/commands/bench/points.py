"""What a summary is worth beside that of somebody who read the page: which of their points it makes.

Comes in: a page as it was read, {"title", "blocks", "sentences", "brief": [{"s", "t"}]}: `t` is a sentence of the
reader's summary, `s` the sentences of the page that bear it; and the sentences of a summary. Goes out: whether they
make the points. Must not know: who made the summary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notime.article.sentences.language import detect
from notime.types import Article, Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notime.types import Summary

Row = dict[str, Any]

STEM = 6
"""Letters by which two words are the same."""

SAME_WORDS = 0.8
"""Share of the words of two sentences, taken together, that both have: one is the other, cut or split otherwise."""

MADE = 0.6
"""Share of a point's content words with which a summary sentence makes it, wherever it was taken from."""

GRAMMAR = frozenset(
    "a an the of to in on at by for and or but with from as is are was were be been it its this that these those he "
    "she they his her their your you we our i who which what when where how not no if than then so such can could may "
    "might will would should must do does did has have had more most very also into over under about after before "
    "between during through because while there here out up down off only just one two some any all other".split()
)
"""Words that make no point."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a summary, and the page's sentences that it was made from."""

    text: str
    sources: tuple[str, ...]


def article(row: Row) -> Article:
    """The page as extraction left it."""
    blocks = tuple(Block(text, kind) for kind, text in row["blocks"])
    return Article(blocks, title=row["title"], language=detect("\n".join(block.text for block in blocks)))


def same(one: str, other: str) -> bool:
    """Two sentences are one, but for how they were cut."""
    ours, theirs = (re.findall(r"\w+", text.lower()) for text in (one, other))
    if not ours or not theirs:
        return False
    shared, both = set(ours) & set(theirs), set(ours) | set(theirs)
    return ours == theirs or len(shared) / len(both) >= SAME_WORDS


def makes(sentence: Told, point: Row, of: Sequence[str]) -> bool:
    """A summary sentence makes an expert's point: by where it comes from, or by what it says."""
    if any(same(source, of[place]) for place in point["s"] for source in sentence.sources):
        return True
    wanted = _content(point["t"])
    return bool(wanted) and len(wanted & _content(sentence.text)) >= MADE * len(wanted)


def share(row: Row, summary: Summary) -> float:
    """Of the reader's points those that a summary makes, 0 to 1."""
    told = [Told(each.text, tuple(source.text for source in each.sources)) for each in summary.sentences]
    made = [any(makes(sentence, point, row["sentences"]) for sentence in told) for point in row["brief"]]
    return sum(made) / len(made) if made else 0.0


def _content(text: str) -> set[str]:
    return {word[:STEM] for word in re.findall(r"[^\W_]+", text.lower()) if word not in GRAMMAR}

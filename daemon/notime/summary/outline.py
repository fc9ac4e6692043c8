"""Outline: the article's own headings, for readers who look for a part of it.

Comes in: the article's blocks and its title. Goes out: three to twelve headings in order, with those under them, or
none. Must not know: the summary, nor how it is shown.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from notime.types import Heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notime.types import Block

FEWEST = 3
"""Of two headings one sees from the text itself that they are there."""

MOST = 12
"""What can be taken in at a glance. Of more, those with the most text under them stay."""

LONGEST = 120
"""Characters: what is longer is a sentence set large."""


def outline(blocks: Sequence[Block], title: str = "") -> tuple[Heading, ...]:
    """The outline of an article.

    A heading counts where text follows before the next one: what has nothing under it, as the title of a group or of a
    teaser, leads nowhere. The article's title is not a part of it. The highest level of which there are enough is the
    outline; smaller headings belong to the one before them.

    Args:
        blocks: the article's.
        title: the article's.

    Returns:
        `FEWEST` to `MOST` headings of depth 0 in the article's order, or none; behind each up to `MOST` of depth 1.
    """
    words = _words(blocks)
    names = {place: _bare(blocks[place].text) for place in words if len(blocks[place].text) <= LONGEST}
    found = [place for place, name in names.items() if name not in {"", _bare(title)}]
    said = Counter(names.values())
    first = set({names[place]: place for place in reversed(found)}.values())
    rank = _rank(sorted(blocks[place].level for place in first))
    parts: dict[int, list[int]] = {}
    for place in found:
        if blocks[place].level > rank and parts:
            top = next(reversed(parts))
            words[top] += words[place]
            # What stands under several, as *Pros* and *Cons* do, tells none of them from another.
            parts[top] += [place] if said[names[place]] == 1 else []
        elif place in first:
            parts[place] = []
    if len(parts) < FEWEST:
        return ()
    return tuple(
        Heading(blocks[place].text, place, depth)
        for top in _largest(parts, words)
        for depth, places in enumerate(([top], _largest(parts[top], words)))
        for place in places
    )


def _words(blocks: Sequence[Block]) -> dict[int, int]:
    """How much text there is under each heading, by its place; none that has nothing under it."""
    words: dict[int, int] = {}
    last = None
    for place, block in enumerate(blocks):
        if block.kind == "heading":
            last = place
        elif last is not None:
            words[last] = words.get(last, 0) + len(block.text)
    return words


def _rank(levels: Sequence[int]) -> int:
    """The level down to which there are enough headings, of sorted ones."""
    return levels[FEWEST - 1] if len(levels) >= FEWEST else 0


def _largest(places: Iterable[int], words: dict[int, int]) -> list[int]:
    """At most `MOST` of them, those with the most text, in their order."""
    return sorted(sorted(places, key=lambda place: -words[place])[:MOST])


def _bare(text: str) -> str:
    """Letters and digits alone, for telling whether two headings are one."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())

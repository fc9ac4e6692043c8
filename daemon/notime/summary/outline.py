"""Outline: the article's own headings, for readers who look for a part of it.

Comes in: the article's blocks and its title. Goes out: three to twelve headings in order, or none. Must not know: the
summary, nor how it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notime.types import Heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notime.types import Block

FEWEST = 3
"""Of two headings one sees from the text itself that they are there."""

MOST = 12
"""What can be taken in at a glance. Of more, those with the most text under them stay."""

LONGEST = 120
"""Characters: what is longer is a sentence set large."""


def outline(blocks: Sequence[Block], title: str = "") -> tuple[Heading, ...]:
    """The outline of an article.

    A heading counts once, and only where text follows before the next one: what has nothing under it, as the title of
    a group or of a teaser, leads nowhere. The article's title is not a part of it.

    Args:
        blocks: the article's.
        title: the article's.

    Returns:
        `FEWEST` to `MOST` headings in the article's order, or none.
    """
    words: dict[int, int] = {}
    last = None
    for place, block in enumerate(blocks):
        if block.kind == "heading":
            last = place
        elif last is not None:
            words[last] = words.get(last, 0) + len(block.text)
    known = {_bare(title)}
    found = []
    for place in words:
        name = _bare(blocks[place].text)
        if name and name not in known and len(blocks[place].text) <= LONGEST:
            known.add(name)
            found.append(place)
    kept = sorted(sorted(found, key=lambda place: -words[place])[:MOST])
    return tuple(Heading(blocks[place].text, place) for place in kept) if len(kept) >= FEWEST else ()


def _bare(text: str) -> str:
    """Letters and digits alone, for telling whether two headings are one."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())

"""Guess what an answer says next, from a text that it is likely to copy.

Comes in: a source and the answer so far, as token ids. Goes out: a draft. Must not know: any network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 24
"""Most tokens a draft."""

FIRST = 12
"""Tokens of the first draft."""

LONGEST_MATCH = 3
"""Tokens by which a place of the source is found."""


class Lookup:
    """Drafts for one answer.

    Args:
        source: token ids; the answer is likely to begin as it begins.
    """

    def __init__(self, source: Sequence[int]) -> None:
        self._source = list(source)
        self._next = 0
        """Where the source goes on, as far as the answer has copied it."""
        self._width = FIRST

    def draft(self, ids: Sequence[int], most: int) -> list[int]:
        """What may follow the answer so far; empty where its last token is none of the source's.

        Args:
            ids: the answer so far.
            most: tokens.
        """
        if not self._source or most <= 0:
            return []
        if ids:
            place = self._find(ids)
            if place is None:
                return []
            self._next = place
        return self._source[self._next : self._next + min(most, self._width)]

    def learn(self, right: int, drafted: int) -> None:
        """So many of the drafted tokens were right: the next draft is longer, or shorter."""
        if drafted and right == drafted:
            self._width = min(2 * self._width, WIDEST)
        elif drafted and not right:
            self._width = max(self._width // 2, 2)

    def _find(self, ids: Sequence[int]) -> int | None:
        """Behind the place that ends in the answer's last tokens: the longest, then the nearest one ahead."""
        for length in range(min(LONGEST_MATCH, len(ids)), 0, -1):
            tail = list(ids[-length:])
            ends = [end for end in range(length, len(self._source)) if self._source[end - length : end] == tail]
            if ends:
                return next((end for end in ends if end > self._next), ends[0])
        return None

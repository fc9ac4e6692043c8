"""Trace: the cheapest way in which a sentence could have been cut out of a text.

Comes in: stems. Goes out: where each was taken from, and what the cutting cost. Must not know: what is true.

Faithful sentences are mostly runs of the article's words: leaving words out within one sentence is cheap, turning back
or joining words of different sentences is dear, for there claims are put together that nobody made, and a word that the
article has not costs as well. Dynamic programming finds the cheapest trace. The share of copied runs is Grusky et
al.'s (2018) density; the costs are ours (docs/check.md).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from notime.summary.check.text import GRAMMAR, stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ON = 0.35
"""Words of the same sentence left out, and for each of them, at most 20:"""
LEFT_OUT = 0.02
BACK = 1.2
"""Turning back within a sentence."""
ACROSS = 1.6
"""Going over to another sentence."""
NEW = 1.0
"""A content word that the text has not. The costs were chosen on the development sets of docs/check.md; any within a
third of these do as well."""
NEW_GRAMMAR = 0.4
"""The same of a grammar word."""

MANY = 400
"""Ways from which numpy is faster than a loop."""

BEAM = 60
"""Places followed at once: common words stand in hundreds of places."""


class Index:
    """The words of a text, by place.

    Args:
        sentences: of the text, in order.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self.stems: list[str] = []
        self.owner: list[int] = []
        self.places: dict[str, list[int]] = defaultdict(list)
        self.count = 0
        for number, sentence in enumerate(sentences):
            self.count += 1
            for word in stems(sentence):
                self.places[word].append(len(self.stems))
                self.stems.append(word)
                self.owner.append(number)

    def __contains__(self, word: object) -> bool:
        return word in self.places

    def rarity(self, word: str) -> float:
        """ln((n + 1) / (sentences with the word + 1/2))."""
        return math.log((self.count + 1) / (len({self.owner[place] for place in self.places.get(word, ())}) + 0.5))


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a sentence's words were taken from."""

    places: tuple[int | None, ...]
    """One a word: its place in the index, None where the trace has none."""
    cost: float


_Chain = tuple[int | None, "_Chain | None"]
_State = tuple[int, float, "_Chain | None"]
"""A place, what the way there cost, and the way."""


def trace(words: Sequence[str], index: Index) -> Trace:
    """The cheapest trace of these stems through the index."""
    states: dict[int, tuple[float, _Chain | None]] = {-1: (0.0, None)}
    for word in words:
        states = _step(word, states, index)
    cost, chain = min(states.values(), key=lambda state: state[0])
    places: list[int | None] = []
    while chain is not None:
        places.append(chain[0])
        chain = chain[1]
    return Trace(tuple(reversed(places)), cost)


def _step(
    word: str, states: dict[int, tuple[float, _Chain | None]], index: Index
) -> dict[int, tuple[float, _Chain | None]]:
    owner = index.owner
    new = NEW_GRAMMAR if word in GRAMMAR else NEW
    following: dict[int, tuple[float, _Chain | None]] = {
        place: (cost + new, (None, chain)) for place, (cost, chain) in states.items()
    }
    cheapest_place, cheapest = min(states.items(), key=lambda state: state[1][0])
    entry = cheapest[0] + (ACROSS if cheapest_place >= 0 else 0.0)
    by_sentence: dict[int, list[_State]] = defaultdict(list)
    for place, (cost, chain) in states.items():
        if place >= 0:
            by_sentence[owner[place]].append((place, cost, chain))
    inside = word in GRAMMAR and bool(by_sentence)  # a grammar word is no reason to go elsewhere
    for number, places in groupby(index.places.get(word, ()), key=owner.__getitem__):
        if inside and number not in by_sentence:
            continue
        for place, best, chain in _arrivals(list(places), by_sentence.get(number, []), entry, cheapest[1]):
            if place not in following or best < following[place][0]:
                following[place] = (best, (place, chain))
    if len(following) > BEAM:
        following = dict(sorted(following.items(), key=lambda state: state[1][0])[:BEAM])
    return following


def _arrivals(
    places: list[int], states: list[_State], entry: float, chain: _Chain | None
) -> Iterator[tuple[int, float, _Chain | None]]:
    """For each place of a sentence the cheapest way there: from a state in it, the first of equals, or from others."""
    if not states:
        yield from ((place, entry, chain) for place in places)
        return
    if len(places) * len(states) < MANY:
        ways = [
            min((cost + _within(before, place), order) for order, (before, cost, _) in enumerate(states))
            for place in places
        ]
    else:
        ways = _many_ways(places, states)
    for place, (cost, order) in zip(places, ways, strict=True):
        yield (place, cost, states[order][2]) if cost < entry else (place, entry, chain)


def _many_ways(places: list[int], states: list[_State]) -> list[tuple[float, int]]:
    """The same sums, all at once: a word may stand everywhere."""
    left_out = np.array(places)[:, None] - np.array([before for before, _, _ in states])[None, :] - 1
    steps = np.where(left_out > 0, ON + LEFT_OUT * np.minimum(left_out, 20), np.where(left_out < 0, BACK, 0.0))
    costs = np.array([cost for _, cost, _ in states])[None, :] + steps
    orders = costs.argmin(axis=1)
    return [(float(row[order]), int(order)) for row, order in zip(costs, orders, strict=True)]


def _within(before: int, place: int) -> float:
    if before < place:
        left_out = place - before - 1
        return ON + LEFT_OUT * min(left_out, 20) if left_out else 0.0
    return BACK

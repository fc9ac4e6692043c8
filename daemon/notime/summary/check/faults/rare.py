"""Kinds of fault too rare to be learnt from some thousand judged rewritings, but certain where they are seen.

Comes in: a pair of sentences. Goes out: reasons. Must not know: probabilities.

What looks alike and is right as often as not (a second half with *and*, a label before a colon) is left to the trees.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notime.summary.check.faults.cues import SAID, SAYING
from notime.summary.check.faults.left_out import FINITE, gaps
from notime.summary.check.faults.seams import BROKEN, JOINED, NAMELESS, OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.summary.check.pair import Pair

DOUBT = "a doubt was lost"
HALF = "half of it was left out"
GUESS = "a guess became a statement"
SECOND_HAND = "who said it was lost"
_DOUBTFUL = frozenset(
    "perhaps likely probably reportedly allegedly apparently possibly presumably supposedly maybe".split()
)
_OPEN = frozenset(("may", "might", "could"))
_TURNS = frozenset("but though although except unless if than".split())
"""Of judged rewritings that ended before one of these, 26 of 46 were bad."""
_PREPOSITIONS = frozenset("by for from in on at of to with".split())
_PERSONS = ("he", "she", "him", "her", "his", "hers")
_OBJECTS = frozenset("her him them it us me".split())
_COMPLEMENT = frozenset("for as of into".split())
_INCOMPLETE = frozenset(
    "mistaken described known seen regarded accused suspected used treated considered turned".split()
)
_GUESS = re.compile(
    r"(?:My (?:guess|bet|hope|fear|hunch) is|I(?:'d| would) (?:love|like|say)|One reads|Between the lines"
    r"|I (?:think|guess|fear|suspect|hope|believe|doubt|imagine|wish|assume)\b)"
)
_FIRST_PERSON = frozenset("i my me i'd i'm author writer guess suspects thinks believes hopes fears".split())
_MEMBERS = re.compile(r"\b(two|three|four|five|six) [a-z]+, ((?:[A-Z]\w+(?: [A-Z]\w+)*(?:, and |, | and )?)+)")


def wrong(pair: Pair) -> Iterator[str]:
    """What is certain."""
    if _doubt_lost(pair):
        yield DOUBT
    if _guess(pair):
        yield GUESS
    if _second_hand(pair):
        yield SECOND_HAND
    if _ends_half_way(pair) or _members_lost(pair):
        yield HALF
    if _complement_lost(pair) or _object_lost(pair):
        yield OTHER
    if any(pair.written.lower.count(word) > pair.source.lower.count(word) for word in _PERSONS):
        yield NAMELESS
    if _stitched(pair):
        yield JOINED
    if _no_verb(pair):
        yield BROKEN


def _doubt_lost(pair: Pair) -> bool:
    """*would perhaps have stood* is not *would stand*: the words around the doubt were taken, no doubt is left."""
    if not _DOUBTFUL.isdisjoint(pair.written.lower) or not _OPEN.isdisjoint(pair.written.lower):
        return False
    return any(
        word in _DOUBTFUL
        and any(other in pair.taken for other in range(place - 2, place))
        and any(other in pair.taken for other in range(place + 1, place + 4))
        for place, word in enumerate(pair.source.lower)
    )


def _guess(pair: Pair) -> bool:
    return bool(_GUESS.match(pair.source.text)) and _FIRST_PERSON.isdisjoint(pair.written.lower)


def _second_hand(pair: Pair) -> bool:
    """Of two sayings one in the other, the inner was left out and what was said was taken."""
    source, taken = pair.source, pair.taken
    kept = any(word in SAYING and place in taken for place, word in enumerate(source.lower))
    return kept and any(
        word in SAID
        and place not in taken
        and not source.quoted(place)
        and sum(other in taken for other in range(place + 1, len(source.words))) > 2
        for place, word in enumerate(source.lower)
    )


def _ends_half_way(pair: Pair) -> bool:
    """It ends before *but*, *though*, *if* …, or within *by A and by B*."""
    last, lower = max(pair.taken, default=-1), pair.source.lower
    if not pair.places or pair.places[-1] != last or last < 0 or last + 2 >= len(lower):
        return False
    following = lower[last + 1]
    again = following in {"and", "or"} and lower[last + 2] in _PREPOSITIONS and lower[last + 2] in lower[: last + 1]
    return following in _TURNS or again


def _members_lost(pair: Pair) -> bool:
    """*three bakers, A, B and C*: the number was taken, a name was not."""
    found = _MEMBERS.search(pair.source.text)
    if not found or found[1] not in pair.written.lower:
        return False
    listed = [word for word in pair.source.words if found.start(2) <= word.start < found.end(2)]
    return any(word.text[0].isupper() and word.lower not in pair.written.lower for word in listed)


def _complement_lost(pair: Pair) -> bool:
    """*is being mistaken for a strike* is not *is mistaken*."""
    last, lower = max(pair.taken, default=-1), pair.source.lower
    if not pair.places or pair.places[-1] != last or last < 1 or last + 2 >= len(lower):
        return False
    return lower[last + 1] in _COMPLEMENT and lower[last] in _INCOMPLETE


def _object_lost(pair: Pair) -> bool:
    """*has trained her since* is not *trained since*."""
    lower = pair.source.lower
    return any(
        end - start == 1 and lower[start] in _OBJECTS and lower[start - 1].endswith("ed") and lower[end] not in FINITE
        for start, end in gaps(pair)
        if start and end < len(lower)
    )


def _stitched(pair: Pair) -> bool:
    """*came to Fernwick and looked at the footbridge* is not *came to the footbridge*."""
    lower = pair.source.lower
    for start, end in gaps(pair):
        inner = lower[start:end]
        if start and end < len(lower) and "and" in inner and lower[start - 1] in _PREPOSITIONS:
            joint = inner.index("and")
            if joint and any(word in FINITE or word.endswith("ed") for word in inner[joint:]):
                return True
    return False


def _no_verb(pair: Pair) -> bool:
    """What stood before its colon had the verb: *There is a new sight*, of four cranes painted white."""
    first, lower = min(pair.taken, default=0), pair.source.lower
    if first == 0 or any(word in FINITE or "'" in word for word in pair.written.lower):
        return False
    colon = ":" in pair.source.text[: pair.source.words[first].start]
    return colon and any(word in FINITE or word.endswith("s") for word in lower[:first])

"""What small words do to a claim: negation, condition, doubt, attribution.

Comes in: a pair of sentences. Goes out: reasons why the written one claims more than its source. Must not know: names,
numbers.

Each mark rules some words of its clause (its scope). It must be kept where those words were kept; where they were left
out, it may go with them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from notime.summary.check.faults.cues import (
    ASKING,
    CIRCUMSTANCE,
    CONDITIONS,
    DOUBTS,
    FINDERS,
    FOUND,
    NEGATIONS,
    SAID,
    SAYING,
    STRONG_DOUBTS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notime.summary.check.pair import Pair, Sentence

UNSAID = "who said it was lost"
FAR = 3
"""Words from a court to *heard*, from a study to *found*."""
NEAR = 8
"""Words between a doubt and another that may stand for it."""


def lost(pair: Pair) -> Iterator[str]:
    """Why the written sentence claims more than its source."""
    yield from _negations(pair)
    if any(_ruled(pair, scope) for scope in _condition_scopes(pair.source)) and not _has(pair.written, CONDITIONS):
        yield "a condition was lost"
    if _doubt_lost(pair):
        yield "a doubt was lost"
    if _attribution_lost(pair):
        yield UNSAID
    if pair.source.text.rstrip("\" ')").endswith("?") and not pair.written.text.rstrip("\" '").endswith("?"):
        last = pair.source.clauses[-1]
        taken = sum(pair.source.content(place) for place in pair.taken)
        if sum(pair.source.clauses[place] == last and pair.source.content(place) for place in pair.taken) * 2 >= taken:
            yield "a question became a statement"


def negated(sentence: Sentence, place: int) -> bool:
    """The word there is a negation: not the *no* of *No. 1*, not *not only*, not *whether or not*."""
    words = sentence.lower
    word, following = words[place], words[place + 1] if place + 1 < len(words) else ""
    if word.endswith("n't"):
        return True
    if word == "no":
        return not (following[:1].isdigit() or sentence.text.startswith(".", sentence.words[place].end))
    if word == "not":
        return following not in {"only", "just", "least"} and words[max(0, place - 2) : place] != ["whether", "or"]
    return word in NEGATIONS


def _negations(pair: Pair) -> Iterator[str]:
    scopes = list(_scopes(pair.source, negated))
    kept = [scope for scope in scopes if _ruled(pair, scope)]
    written = [place for place in range(len(pair.written.words)) if negated(pair.written, place)]
    if len(kept) > len(written):
        yield "a negation was lost"
    elif len(written) > len(scopes):
        yield "a negation was added"
    elif written and scopes:
        # The negation must rule words that it rules in the source.
        near = {place for scope in scopes if scope for place in range(min(scope) - 3, max(scope) + 4)}
        for place in written:
            ruled = [pair.places[other] for other in pair.written.after(place, 2)]
            found = [other for other in ruled if other is not None]
            if found and not near.intersection(found):
                yield "a negation was moved"
                return


def _doubtful(sentence: Sentence, place: int) -> bool:
    word = sentence.lower[place]
    return (
        word in STRONG_DOUBTS
        and not sentence.quoted(place)
        and not (word == "may" and sentence.words[place].text == "May" and place > 0)
    )


def _scopes(sentence: Sentence, is_mark: Callable[[Sentence, int], bool]) -> Iterator[list[int]]:
    for place in range(len(sentence.words)):
        if is_mark(sentence, place):
            yield sentence.after(place) or sentence.before(place, 2)


def _ruled(pair: Pair, scope: list[int]) -> bool:
    """Enough of the scope was written for its mark to matter: its head, or most of it."""
    taken = [place in pair.taken for place in scope]
    if not taken:
        return False
    return taken[0] if len(taken) < 3 else (taken[0] and any(taken[1:])) or all(taken[1:])


def _doubt_lost(pair: Pair) -> bool:
    kept = {place for word, place in zip(pair.written.lower, pair.places, strict=True) if word in DOUBTS}
    if None in kept:
        return False
    near = {place + away for place in kept if place is not None for away in range(-NEAR, NEAR + 1)}
    for mark in range(len(pair.source.words)):
        if mark in near or not _doubtful(pair.source, mark):
            continue
        if _ruled(pair, pair.source.after(mark) or pair.source.before(mark, 2)):
            return True
    return False


def _condition_scopes(sentence: Sentence) -> Iterator[list[int]]:
    """What holds only under a condition: the clause behind *If …,* or the one before *… if*."""
    words = sentence.lower
    for place, word in enumerate(words):
        if word not in {"if", "unless", "provided", "assuming"}:
            continue
        if place and (words[place - 1] in ASKING or (word == "provided" and words[place + 1 : place + 2] != ["that"])):
            continue
        own = sentence.clauses[place]
        behind = sentence.of_clause(own + 1)
        ahead = sentence.before(place, 1)
        if (place < 3 or not ahead) and behind and (place < 3 or words[place - 1] in {"that", "and", "but"}):
            yield behind[:3]
            continue
        for clause in {own, own - 1, own - 2}:
            content = sentence.of_clause(clause)
            end = bisect_left(content, place)
            if end:
                yield content[: min(3, end)]
                yield content[max(0, end - 3) : end]


def _attribution_lost(pair: Pair) -> bool:
    if _has(pair.written, SAYING) or _speaks(pair.written):
        return False
    for place in range(len(pair.source.words)):
        _, content, used = pair.count(_claimed(pair.source, place))
        if used >= 3 or (used and used >= content / 2):
            return True
    return False


def _claimed(sentence: Sentence, place: int) -> range:
    """The words that are somebody's claim because of the word there."""
    words = sentence.lower
    found = words[place] in FOUND and not FINDERS.isdisjoint(words[max(0, place - FAR) : place])
    if not (found or words[place] in SAID) or sentence.quoted(place):
        return range(0)
    behind = range(place + 1, len(words))
    own = sentence.clauses[place]
    start, end = sentence.clause(place).start, sentence.clause(place).stop
    if words[place] == "according":
        if place and words[place - 1] in {"which", "that", "who", "and", "but"}:
            return behind
        return range(place) if place > 0 else range(end, len(words))
    if words[place] == "reports" and place + 1 < len(words) and sentence.clauses[place + 1] != own:
        return range(start)
    trailing = start > 2 and place - start <= 8
    following = range(place + 1, end)
    if (
        trailing
        and ("that" not in words[place : place + 4])
        and (not following or _circumstantial(words, following, place))
    ):
        return range(start)
    return behind if len(behind) > 2 else range(start)


def _circumstantial(words: list[str], following: range, place: int) -> bool:
    return words[place] == "told" or words[following[0]] in CIRCUMSTANCE or len(following) <= 3


def _speaks(sentence: Sentence) -> bool:
    """The sentence is mostly somebody's own words, or opens *Name: …*."""
    if re.match(r"[A-Z][\w.'-]*(?: [\w.'-]+){0,4}: ", sentence.text.strip()):
        return True
    return sum(map(sentence.quoted, range(len(sentence.words)))) * 2 > len(sentence.words)


def _has(sentence: Sentence, marks: frozenset[str]) -> bool:
    return not marks.isdisjoint(sentence.lower)

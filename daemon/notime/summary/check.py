"""Check: does what was written hold against what it was written from?

Comes in: a rewriting and its source. Goes out: a verdict with reasons in words. Must not know: who wrote it.

A first version, of rules alone: nothing new is named or counted, nothing is turned into its opposite, no condition
or doubt is dropped. It is on the side of the source: what it cannot follow does not hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SHARED_CONTENT = 0.75
"""Share of a rewriting's content words that its source must have. Of the first rewriter's sentences on development
articles one in ten falls below, most of them inventions (docs/model.md)."""

OWN_CONTENT = 0.5
"""Share of them that the sentence itself must have: a rewriting may resolve *he*, not retell the sentence before."""

CONTENT_LETTERS = 4
"""Shorter words are mostly grammar."""

NEGATIONS = frozenset(
    "not no never without nor neither none nobody nothing nowhere cannot denied denies deny denying refused refuses "
    "refuse refusing failed fails fail declined declines decline rejected rejects reject".split()
)
CONDITIONS = frozenset("if unless only provided until except".split())
DOUBTS = frozenset(
    "may might could would alleged allegedly reportedly reported possibly perhaps probably likely unlikely claimed "
    "claims suspected apparently appears suggests suggested expected accused".split()
)
NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion half "
    "dozen dozens hundreds thousands millions billions quarter third twice double".split()
)
PRONOUNS = frozenset(
    "he she it they him her them his hers its their theirs who whose this that these those we us our".split()
)
OPENERS = frozenset(
    "the a an in on at it he she they his her their its this that these those there as after before when while for "
    "with from by of to and but".split()
)
"""May open a rewriting without standing in its source."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says of one rewriting."""

    supported: bool
    reasons: tuple[str, ...]
    """Why not, each a short clause for people; empty where it holds."""


def check(text: str, *, source: str, given: str, complete: bool = True) -> Verdict:
    """Hold a rewriting against its source.

    Args:
        text: what was written.
        source: the sentence that it says shortly.
        given: all that the writer saw, the source included: names may come from there.
        complete: the writer ended the sentence by itself.
    """
    words, known, own = _words(text), set(_words(given)), set(_words(source))
    if not words:
        return Verdict(supported=False, reasons=("nothing was written",))
    reasons = []
    if not complete:
        reasons.append("it breaks off")
    if len(words) > len(_words(source)) + 3:
        reasons.append("it is longer than the sentence in the article")
    reasons += [f"{name} is not in the article here" for name in _new_names(text, known)]
    resolved = {name.lower() for name in _new_names(text, own)} & known
    if resolved and not own & PRONOUNS:
        reasons.append(f"{', '.join(sorted(resolved)).title()} is not what this sentence is about")
    reasons += [f"the number {number} is not in the article here" for number in _new_numbers(text, given)]
    if _negations(text) != _negations(source):
        reasons.append("a negation was lost or added")
    said = set(words)
    if own & CONDITIONS and not said & CONDITIONS:
        reasons.append("a condition was lost")
    if own & DOUBTS and not said & DOUBTS:
        reasons.append("a doubt was lost")
    content = [word for word in words if len(word) >= CONTENT_LETTERS]
    if _new_subject(content, _words(source)):
        reasons.append("it tells it of somebody or something else")
    if _share(content, known) < SHARED_CONTENT or _share(content, own | resolved) < OWN_CONTENT:
        reasons.append("too much of it is not in the article here")
    return Verdict(supported=not reasons, reasons=tuple(reasons))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)?", text.lower().replace(",", ""))


def _share(content: list[str], known: set[str]) -> float:
    return sum(_borne(word, known) for word in content) / len(content) if content else 1.0


def _borne(word: str, known: set[str]) -> bool:
    """The word or another form of it is known."""
    stem = re.sub(r"(?:['’]s|s['’]?)$", "", word)
    return word in known or stem in known or any(stem + ending in known for ending in ("s", "es", "'s", "’s"))


def _new_subject(content: list[str], source: list[str]) -> bool:
    """What opens the rewriting stood behind most of what is now told of it.

    *The ferry will make her last crossing between A and B* must not become *A and B will make their last crossing*.
    """
    places = [source.index(word) for word in content if word in source]
    if len(places) < 3 or content[0] not in source:
        return False
    behind = sum(place < places[0] for place in places[1:])
    return behind > (len(places) - 1) / 2


def _new_names(text: str, known: set[str]) -> list[str]:
    """Capitalised words that the writer did not see."""
    names = re.findall(r"(?<![^\W_])[^\W\d_][^\W_]*(?:['’][^\W_]+)?", text)
    new = []
    for place, name in enumerate(names):
        if not name[0].isupper() or (place == 0 and name.lower() in OPENERS):
            continue
        if not _borne(name.lower(), known):
            new.append(name)
    return new


def _new_numbers(text: str, given: str) -> list[str]:
    known = set(_numbers(given))
    return [number for number in _numbers(text) if number not in known]


def _numbers(text: str) -> list[str]:
    digits = [number.replace(",", "") for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
    return digits + [word for word in _words(text) if word in NUMBER_WORDS]


def _negations(text: str) -> int:
    return sum(word in NEGATIONS or word.endswith(("n't", "n’t")) for word in _words(text))

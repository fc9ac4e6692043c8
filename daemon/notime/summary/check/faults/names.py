"""Names: nothing is named that was not given, and nobody stands in for somebody else.

Comes in: a pair of sentences. Goes out: reasons. Must not know: numbers, negation.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from notime.summary.check.faults.cues import SAID
from notime.summary.check.text import GRAMMAR, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.summary.check.pair import Pair, Sentence

PRONOUNS = frozenset(
    "he she it they him her them his hers its their theirs who whose this that these those we us our i my me".split()
)
OPENERS = frozenset(
    "the a an in on at it he she they his her their its this that these those there as after before when while for "
    "with from by of to and but if more most many some all two three four five six".split()
)
"""May open a sentence without standing in its source."""
_DEFINITE = frozenset("the a an this that these those his her its their both".split())
PEOPLES = ("ns", "n", "ians", "ian", "ans", "an", "ese", "ish", "s", "i", "is")


def wrong(pair: Pair) -> Iterator[str]:
    """Names that are new, and names that stand where another stood."""
    known, own = set(pair.given.lower) | _stems(pair.given), set(pair.source.lower) | _stems(pair.source)
    resolved = []
    for place, name in _names(pair.written):
        if not borne(name, known):
            yield f"{name} is not in the article here"
        elif not borne(name, own):
            resolved.append((place, name))
    strange = [name for place, name in resolved if not _completes(pair, name)]
    if strange and not _resolves(pair, resolved):
        yield f"{', '.join(strange)} is not what this sentence is about"


def borne(name: str, known: set[str]) -> bool:
    """The name, its stem, or the country of a people is known."""
    word = name.lower()
    root = re.sub(r"(?:'s|s'|')$", "", word)
    if {word, root, stem(word), root + "s", root + "'s", root.removesuffix("s")} & known:
        return True
    if word in {"u", "s", "us", "american", "americans", "u.s"}:
        return not known.isdisjoint({"us", "u", "america", "american", "americans", "united"})
    # Australian, Australia's; Germany, German; Japanese, Japan.
    return len(root) > 4 and any(
        other.isalpha() and len(other) > 4 and root[:5] == other[:5] and _people(root, other.removesuffix("'s"))
        for other in known
    )


def _people(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    cut = shorter.rstrip("aeyo")
    rest = longer[len(cut) :]
    return longer.startswith(cut) and (rest in PEOPLES or rest.lstrip("aey") in PEOPLES)


def _names(sentence: Sentence) -> Iterator[tuple[int, str]]:
    for place, word in enumerate(sentence.words):
        if word.text[0].isupper() and not (place == 0 and (word.lower in OPENERS or word.lower in GRAMMAR)):
            yield place, word.text


def _stems(sentence: Sentence) -> set[str]:
    return {word.stem for word in sentence.words}


def _completes(pair: Pair, name: str) -> bool:
    """The source has the surname, what was given the whole name."""
    words, own = [word.text for word in pair.given.words], set(pair.source.lower)
    return any(one == name and two[0].isupper() and two.lower() in own for one, two in pairwise(words))


def _resolves(pair: Pair, resolved: list[tuple[int, str]]) -> bool:
    """The names stand for a pronoun of the source, or for a description that opens it (*the 16-year-old*)."""
    own = pair.source.lower
    if _speaker_swapped(pair, resolved):
        return False
    if any(word in PRONOUNS for word in own):
        return len(resolved) <= 4
    places = [place for place, _ in resolved]
    if not own or places[0] > 1 or places[-1] - places[0] > 4:
        return False
    first = next((place for place in pair.places if place is not None), 0)
    opening = own[:first]
    named = any(word.text[0].isupper() for word in pair.source.words[1:first])
    return bool(opening) and not named and not _DEFINITE.isdisjoint(opening)


def _speaker_swapped(pair: Pair, resolved: list[tuple[int, str]]) -> bool:
    """A name says what the source has somebody else say."""
    written, source = pair.written, pair.source
    says = {i for i, word in enumerate(written.lower) if word in SAID}
    if not any(0 < say - place <= 2 for say in says for place, _ in resolved):
        return False
    return any(
        word in SAID and not source.quoted(i) and any(_named(source, other) for other in _clause_near(source, i))
        for i, word in enumerate(source.lower)
    )


def _clause_near(sentence: Sentence, place: int) -> list[int]:
    return [i for i in range(max(0, place - 4), min(len(sentence.words), place + 4)) if i != place]


def _named(sentence: Sentence, place: int) -> bool:
    word = sentence.words[place]
    return word.text[0].isupper() and word.lower not in GRAMMAR and word.lower not in PRONOUNS


def unfindable(pair: Pair) -> Iterator[str]:
    """Capitalised words and numbers that a reader who searches what was given for them does not find."""
    have = set(re.findall(r"[\w']+", pair.given.text.lower().replace(",", "")))
    text = pair.written.text
    for token in re.findall(r"\w*\d[\w,]*(?:\.\d\w*)?", text) + re.findall(r"(?<=\s)[A-Z][\w']+", text):
        for part in re.findall(r"[\w']+", token.replace(",", "").lower()):
            if have.isdisjoint({part, part.removesuffix("'s"), part.rstrip("s")}):
                yield (
                    f"the number {token} is not in the article here"
                    if token[-1:].isdigit() or token[0].isdigit()
                    else (f"{token} is not in the article here")
                )
                break

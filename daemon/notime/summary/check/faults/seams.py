"""What a sentence loses where words between others were left out: its verb, whose name it was, a statement of its own.

Comes in: a pair of sentences. Goes out: reasons. Must not know: what the lost words mean.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from notime.summary.check.faults.cues import SAYING
from notime.summary.check.faults.modality import negated
from notime.summary.check.text import GRAMMAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.summary.check.pair import Pair, Sentence

BROKEN = "it lacks a verb"
JOINED = "it joins two statements into one"
NAMELESS = "it does not say who"
TWICE = "it says the same words twice"
OTHER = "it tells it of somebody or something else"
NAME_WORDS = 7
"""A name with its titles has no more."""
PARTICLES = frozenset("of the and for de la le van von der den al el bin ibn da di du dos".split())
PERSONS = frozenset("he she him her his hers himself herself".split())
"""One of these where the source has none stands for a name that the summary need not have told."""
SUBORDINATE = frozenset("although though while when because since as after before until unless if whereas once".split())
_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
TELLING = frozenset("told tells tell asked asks warned warns urged urges accused accuses".split())
"""Who stands behind one of these is spoken to."""
OPENS_A_CLAUSE = frozenset("when while because if although though unless where".split())
_VERBS = frozenset(
    "is are was were be been has have had do does did will would can could may might must should said says came went "
    "got took made fell rose won lost met left ran sat saw began broke grew held kept led put sent set told".split()
)
UNTIL = frozenset(("before", "until", "till"))
_BEFORE_ADJECTIVE = frozenset(
    "the a an this that these those his her its their our my your in on at of to for with by from as and or but than "
    "one two three four five six seven eight nine ten some many several all most more few no any each every both "
    "other is are was were be been being has have had".split()
)


def wrong(pair: Pair) -> Iterator[str]:
    """What went with the words left out."""
    if _joined(pair) or _subordinate_raised(pair):
        yield JOINED
    if compound := _compound_cut(pair):
        yield f"{compound} is not in the article here"
    if form := _form_changed(pair):
        yield f"{form} is not in the article here"
    if _stutters(pair):
        yield TWICE
    if not PERSONS.isdisjoint(pair.written.lower) and PERSONS.isdisjoint(pair.source.lower):
        yield NAMELESS
    if names := _names_joined(pair):
        yield f"{names} is nobody's name in the article here"
    if _verb_lost(pair) or _clause_cut(pair):
        yield BROKEN
    if _other_bearer(pair) or _other_speaker(pair):
        yield OTHER
    if _end_of_negation_lost(pair):
        yield "a condition was lost"


def _gaps(pair: Pair) -> Iterator[tuple[int, int, int]]:
    """Written place and the two source places around words that were left out behind it."""
    for place, (one, two) in enumerate(pairwise(pair.places)):
        if one is not None and two is not None and two > one + 1:
            yield place, one, two


def _joined(pair: Pair) -> bool:
    """A semicolon parts two statements of the source; what is written goes from one into the other without a sign."""
    for place, one, two in _gaps(pair):
        source, written = pair.source, pair.written
        parted = ";" in source.text[source.words[one].end : source.words[two].start]
        between = written.text[written.words[place].end : written.words[place + 1].start]
        if parted and not re.search(r"[,;:–—]", between):
            return True
    return False


def _subordinate_raised(pair: Pair) -> bool:
    """*Although it rained, we sailed* is not *it rained, we sailed*."""
    source, taken = pair.source, pair.taken
    if source.lower[:1] == [] or source.lower[0] not in SUBORDINATE or 0 in taken:
        return False
    first = {place for place in taken if source.clauses[place] == source.clauses[0] and source.content(place)}
    later = {place for place in taken if source.clauses[place] > source.clauses[0] and source.content(place)}
    return len(first) > 1 and len(later) > 1


def _compound_cut(pair: Pair) -> str:
    """A word with hyphens of which the article has a longer one: *great-grandfather* for *great-great-grandfather*."""
    given = pair.given.text.lower()
    for found in _COMPOUND.findall(pair.written.text.lower()):
        spelt = rf"(?<![\w-]){re.escape(found).replace('-', '[- ]?')}(?![\w-])"
        if f"-{found}" in given and not re.search(spelt, given):
            return str(found)
    return ""


def _form_changed(pair: Pair) -> str:
    """An adverb made an adjective (*inflation was clear*, of *clearly falling*), or *the comet* made *Comets*."""
    source = set(pair.source.lower)
    for word in pair.written.words:
        if f"{word.lower}ly" in source and word.lower not in source:
            return word.text
    first = pair.written.words[0].text if pair.written.words else ""
    one = first.lower().removesuffix("s")
    if one != first.lower() and first.lower() not in pair.given.lower and ("the", one) in pairwise(pair.source.lower):
        return first
    return ""


def _stutters(pair: Pair) -> bool:
    """Two words in a row, not both grammar, come again, and do not in the source: *the finale had its finale*."""
    counts = Counter(_content_pairs(pair.written))
    known = Counter(_content_pairs(pair.source))
    return any(count > max(1, known[both]) for both, count in counts.items())


def _content_pairs(sentence: Sentence) -> Iterator[tuple[str, str]]:
    for place, (one, two) in enumerate(pairwise(sentence.words)):
        if sentence.content(place) and sentence.content(place + 1):
            yield one.stem, two.stem


def _names_joined(pair: Pair) -> str:
    """Two capitalised words in a row that the article has apart: a title or first name put before another's surname."""
    given = [word.text for word in pair.given.words]
    lower = set(given)
    for place, (one, two) in enumerate(pairwise(pair.written.words)):
        between = pair.written.text[one.end : two.start]
        if between not in {" ", ". "} or not (one.text[0].isupper() and two.text[0].isupper()):
            continue
        if place == 0 and (one.lower in lower or one.text not in lower):
            continue  # its capital is the sentence's
        if one.lower in GRAMMAR or two.lower in GRAMMAR or not {one.text, two.text} <= lower:
            continue
        if not any(
            _one_name(given[at : at + NAME_WORDS], two.text) for at, word in enumerate(given) if word == one.text
        ):
            return f"{one.text} {two.text}"
    return ""


def _one_name(words: list[str], last: str) -> bool:
    """A run of capitalised words up to the last: *President Barack Obama*."""
    return last in words[1:] and all(word[0].isupper() or word in PARTICLES for word in words[: words.index(last, 1)])


def _verb_lost(pair: Pair) -> bool:
    """Its verb alone was left out, or a participle behind a comma was moved up to stand for it."""
    for place, one, two in _gaps(pair):
        source, written = pair.source, pair.written
        lost, ahead = source.words[one + 1].lower, source.words[one].lower
        if two == one + 2 and lost.endswith("ed") and ahead not in _BEFORE_ADJECTIVE and not ahead.endswith("ly"):
            return True
        behind_comma = "," in source.text[source.words[two - 1].end : source.words[two].start]
        between = written.text[written.words[place].end : written.words[place + 1].start]
        opens = "," not in source.text[: source.words[one + 1].start]
        if behind_comma and opens and not between.strip() and source.words[two].lower.endswith(("ed", "ing")):
            return True
    return False


def _clause_cut(pair: Pair) -> bool:
    """It ends in a clause of which it kept what stands before a comma: *when the keeper, Lund, broke a finger*."""
    words = pair.written.lower
    opens = [place for place, word in enumerate(words) if word in OPENS_A_CLAUSE]
    end = pair.places[-1] if pair.places else None
    if not opens or end is None or end + 1 >= len(pair.source.words):
        return False
    tail = words[opens[-1] + 1 :]
    cut = "," in pair.source.text[pair.source.words[end].end : pair.source.words[end + 1].start]
    return cut and not any(word in _VERBS or word.endswith("ed") for word in tail)


def _other_speaker(pair: Pair) -> bool:
    """*Officials say*, of what somebody told officials."""
    source = pair.source.lower
    verbs = [place for place, word in enumerate(source) if word in SAYING and not pair.source.quoted(place)]
    if not verbs or any(source[place] not in TELLING for place in verbs):
        return False
    speakers = {
        pair.written.lower[place - 1]
        for place, word in enumerate(pair.written.lower)
        if place and word in SAYING and pair.written.content(place - 1)
    }
    return any(word in source[verbs[-1] :] and word not in source[: verbs[-1]] for word in speakers)


def _other_bearer(pair: Pair) -> bool:
    """A first name was left out, and the context knows another of that surname."""
    source, names = pair.source.words, [word.text for word in pair.written.words]
    around = [word.text for word in pair.given.words][: len(pair.given.words) - len(source)]
    ahead_of, ahead_around = _ahead(names), _ahead(around)
    firsts = set(around)
    for first, last in pairwise(source):
        apart = pair.source.text[first.end : last.start] != " "
        if apart or not (first.text[0].isupper() and last.text[0].isupper()) or last.text not in ahead_of:
            continue
        bare = first.text not in ahead_of[last.text]
        another = bool(ahead_around.get(last.text, set()) - {first.text})
        if bare and another and first.text not in firsts:
            return True
    return False


def _ahead(names: list[str]) -> dict[str, set[str]]:
    """What stands ahead of each word; nothing of the first."""
    found: dict[str, set[str]] = {}
    for ahead, name in pairwise(["", *names]):
        found.setdefault(name, set()).add(ahead)
    return found


def _end_of_negation_lost(pair: Pair) -> bool:
    """*It will not fall before the spring* is not *it will not fall*."""
    if not UNTIL.isdisjoint(pair.written.lower):
        return False
    for words, _ in pair.source.by_clause:
        end = None
        for place in reversed(words):
            if end is not None and negated(pair.source, place) and pair.count(range(place + 1, end))[0]:
                return True
            if pair.source.lower[place] in UNTIL:
                end = place
    return False

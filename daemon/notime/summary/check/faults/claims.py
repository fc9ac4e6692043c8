"""Who did what to whom, quotations, and words turned into their opposites.

Comes in: a pair of sentences. Goes out: reasons. Must not know: names' spelling, numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from notime.summary.check.text import normal, stem, stems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.summary.check.pair import Pair, Sentence

SWAPPED = "it tells it of somebody or something else"
OPPOSED = "is the opposite of what the article says"
OPPOSITES = tuple(
    (stem(one), stem(other))
    for one, other in (
        pair.split("/")
        for pair in (
            "more/less more/fewer most/least over/under above/below before/after up/down rise/fall rose/fell "
            "risen/fallen "
            "rising/falling increase/decrease increased/decreased increased/fell increased/declined grew/shrank "
            "won/lost "
            "win/lose winning/losing accept/reject accepted/rejected approved/rejected approve/reject passed/rejected "
            "allow/ban allowed/banned legal/illegal guilty/innocent acquitted/convicted support/oppose "
            "supports/opposes "
            "supported/opposed backed/opposed arrived/left opened/closed open/closed open/close began/ended start/end "
            "started/ended first/last oldest/youngest older/younger largest/smallest larger/smaller higher/lower "
            "high/low "
            "best/worst better/worse early/late north/south east/west northern/southern eastern/western "
            "northeast/southwest "
            "dead/alive survived/died killed/survived bought/sold buy/sell hired/fired gained/lost strong/weak "
            "safe/unsafe "
            "men/women man/woman boy/girl son/daughter father/mother brother/sister husband/wife arrested/released "
            "increase/cut raise/cut raised/cut all/some always/never likely/unlikely able/unable success/failure "
            "succeeded/failed same/different public/private with/without major/minor gain/loss profit/loss "
            "profits/losses "
            "morning/evening today/yesterday tomorrow/yesterday confirmed/denied confirm/deny pass/fail passed/failed "
            "joined/left increase/drop rose/dropped jumped/dropped expand/shrink lift/impose lifted/imposed"
        ).split()
    )
)
BE = frozenset("is are was were be been being get gets got".split())
AUXILIARIES = BE | frozenset("has have had will would can could may might must shall should did does do to".split())
MODALS = frozenset("will would can could may might must shall should".split())
PREPOSITIONS = frozenset(
    "in on at of from with by for after before during since until under over near between among as about into to than "
    "against within without inside outside".split()
)
_IRREGULAR = frozenset(
    "beat met won lost said told gave took made saw sued hit shot led left bought sold struck hurt fought caught held "
    "brought sent paid taught threw drew found put cut ran sang wrote drove chose broke stole bit bore swore forgave "
    "overthrew defeats defeats blames accuses backs owes owns beats sues thanks praises leads".split()
)
_QUOTED = re.compile(r'"([^"]+)"')


def wrong(pair: Pair) -> Iterator[str]:
    """Words turned round, swapped or put into somebody's mouth."""
    yield from _opposites(pair)
    yield from _quotations(pair)
    if _swapped(pair):
        yield SWAPPED


def _opposites(pair: Pair) -> Iterator[str]:
    written, source = {word.stem: word.lower for word in pair.written.words}, {word.stem for word in pair.source.words}
    given = {word.stem for word in pair.given.words}
    for both in OPPOSITES:
        for one, other in (both, both[::-1]):
            if one in written and other in source and other not in written and one not in given:
                yield f"{written[one]} {OPPOSED}"


def _quotations(pair: Pair) -> Iterator[str]:
    given = " " + " ".join(stems(pair.given.text)) + " "
    for quoted in _QUOTED.findall(normal(pair.written.text)):
        said = stems(quoted)
        if len(said) > 1 and f" {' '.join(said)} " not in given:
            yield "a quotation is not verbatim"
            return


def _swapped(pair: Pair) -> bool:
    """Somebody stands before a verb behind which the source has them, and the voice is the same."""
    # By word, not by trace: turning back for a swapped word is dearer than taking it as new.
    verbs: dict[str, list[int]] = defaultdict(list)
    for verb, stem_ in enumerate(pair.source.stems):
        if _is_verb(pair.source, verb):
            verbs[stem_].append(verb)
    if not verbs:
        return False
    subjects = _subjects(pair.written), _subjects(pair.source)
    return any(
        _other_subject(pair, (place, subjects[0][place]), (verb, subjects[1][verb]))
        for place, stem_ in enumerate(pair.written.stems)
        if stem_ in verbs and _is_verb(pair.written, place)
        for verb in verbs[stem_]
    )


def _other_subject(pair: Pair, written: tuple[int, int | None], source: tuple[int, int | None]) -> bool:
    """Each a verb and its subject."""
    (place, subject), (verb, old) = written, source
    if subject is None or old is None:
        return False
    word = pair.written.words[subject].stem
    if _passive(pair.written, place) and not _passive(pair.source, verb):
        # Active made passive: who did it must not be who it is done to.
        return pair.source.words[old].stem == word
    if _passive(pair.written, place) != _passive(pair.source, verb):
        return False
    return pair.source.first_of_stem.get(word, -1) > verb


def _is_verb(sentence: Sentence, place: int) -> bool:
    word = sentence.words[place].lower
    if word in MODALS:
        return True
    if word in AUXILIARIES or not sentence.content(place):
        return False
    ahead = sentence.words[place - 1].lower if place else ""
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > 4) or (ahead in AUXILIARIES - BE)


def _passive(sentence: Sentence, place: int) -> bool:
    if sentence.words[place].lower in MODALS:
        following = sentence.lower[place + 1 : place + 4]
        return "be" in following and sentence.last_by >= place
    near = sentence.lower[max(0, place - 3) : place]
    return not BE.isdisjoint(near) and sentence.lower[place].endswith(
        ("ed", "en", "t", "n", "ound", "ld", "aid", "ade", "ung")
    )


def _subjects(sentence: Sentence) -> list[int | None]:
    """For each word the last bare noun before it in its clause: not behind a preposition, not grammar."""
    found: list[int | None] = []
    for words, _ in sentence.by_clause:
        last, prepositional = None, False
        for place in words:
            found.append(last)
            word = sentence.words[place]
            prepositional = prepositional or word.lower in PREPOSITIONS - {"to"}
            if not prepositional and sentence.content(place) and not word.lower.endswith("ly"):
                last = place
    return found

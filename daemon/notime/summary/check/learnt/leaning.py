"""Does a sentence lean on something that its reader does not see?

Comes in: the sentence, and what stands around its source. Goes out: numbers. Must not know: whether it is true, who
wrote it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notime.summary.check.text import GRAMMAR, normal, stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notime.summary.check.text import Word

PERSONAL = frozenset("he she they him her them his hers their theirs himself herself themselves".split())
THING = frozenset(("it", "its", "itself"))
POINTING = frozenset("this that these those such".split())
OTHERS = frozenset("both another other others same former latter neither either one ones each former".split())
ORDINALS = frozenset("first second third fourth fifth next last final previous following above below here".split())
CONNECTIVES = frozenset(
    "but and so then thus therefore however instead also meanwhile additionally moreover furthermore otherwise hence "
    "besides still yet nevertheless nonetheless similarly likewise finally or nor too even indeed later afterwards "
    "again because since now".split()
)
FIRST_PERSON = frozenset("i we our us my me ours mine".split())
SECOND_PERSON = frozenset("you your yours".split())
_NOUNLESS = frozenset(
    "is are was were has have had can could will would may might should must means helps makes allows does did "
    "includes gives isn't doesn't won't can't wasn't all about to in on at for with and or of".split()
)
"""Behind *this*, these say that it stands alone."""
_BEARING = frozenset("of that who which where for in to from behind".split())
"""Behind *the X*, these tell which X."""
_EXPLETIVE = re.compile(
    r"\bit(?:'s| is| was| may be| can be| will be| would be| takes| makes sense) "
    r"(?:\w+ ){0,3}?(?:to|that|when|if|for)\b",
    re.IGNORECASE,
)


def leaning(text: str, *, source: str, before: str, lead: str, title: str) -> dict[str, float]:
    """What a sentence leans with, and on what; its names are the model's features.

    Args:
        text: the sentence to be shown.
        source: the article's sentence that it says; the same where that is quoted.
        before: the sentence before the source; may be empty.
        lead: the article's first sentence; may be empty.
        title: the article's; may be empty.
    """
    found = words(normal(text))
    lower = [word.lower.removesuffix("'s") for word in found]
    own, titled = set(stems(source)), set(stems(title))
    ahead, led = set(stems(before)), set(stems(lead))
    content = [word.stem for word in found if word.stem not in GRAMMAR and word.lower not in GRAMMAR]
    first = lower[0] if lower else ""
    noun = _first_noun(found)
    pronoun = next((i for i, word in enumerate(lower) if word in PERSONAL or word in THING), 99)
    definite = list(_definite(lower))
    bare = [place for place in definite if not _BEARING.intersection(lower[place + 1 : place + 3])]
    heads = [_head(found, place) for place in definite]
    says = sum(word.text[0].isupper() for word in found[1:])
    return {
        "words": float(len(found)),
        "opens_personal": float(first in PERSONAL or first.split("'")[0] in PERSONAL),
        "opens_thing": float((first in THING or first.startswith("it'")) and not _EXPLETIVE.match(normal(text))),
        "opens_pointing": float(first in POINTING),
        "opens_pointing_alone": float(first in POINTING and (len(lower) < 2 or lower[1] in _NOUNLESS)),
        "opens_connective": float(first in CONNECTIVES),
        "opens_first_person": float(first in FIRST_PERSON or first.split("'")[0] in FIRST_PERSON),
        "opens_second_person": float(first in SECOND_PERSON or first.split("'")[0] in SECOND_PERSON),
        "opens_the": float(first == "the"),
        "opens_a": float(first in {"a", "an"}),
        "opens_name": float(len(found) > 0 and found[0].text[0].isupper() and first not in GRAMMAR and _named(found)),
        "opens_if": float(first in {"if", "when", "while", "although", "though", "once", "after", "before", "for"}),
        "opens_others": float(first in OTHERS),
        "unborne_personal": float(
            sum(word in PERSONAL for word in lower[: noun if noun >= 0 else len(lower)]) + (pronoun < 4)
        ),
        "personal": float(sum(word in PERSONAL for word in lower)),
        "things": float(sum(word in THING for word in lower) - len(_EXPLETIVE.findall(normal(text)))),
        "first_pronoun": float(min(pronoun, 20)),
        "before_pronoun": float(sum(word.stem not in GRAMMAR for word in found[:pronoun]) if pronoun < 99 else 9),
        "pointing": float(sum(word in POINTING - {"that"} for word in lower)),
        "pointing_alone": float(
            sum(word in {"this", "these", "those"} and _alone(lower, i) for i, word in enumerate(lower))
        ),
        "pointing_that": float(any(word == "that" and _points(lower, i) for i, word in enumerate(lower))),
        "others": float(sum(word in OTHERS for word in lower)),
        "ordinals": float(sum(word in ORDINALS for word in lower)),
        "connectives": float(sum(word in CONNECTIVES - {"and", "or", "because", "since"} for word in lower)),
        "first_person": float(sum(word.split("'")[0] in FIRST_PERSON for word in lower)),
        "second_person": float(sum(word.split("'")[0] in SECOND_PERSON for word in lower)),
        "definite": float(len(definite)),
        "definite_bare": float(len(bare)),
        "definite_early": float(bool(bare) and bare[0] < 5),
        "definite_known": float(sum(head in ahead | led for head in heads)),
        "definite_before": float(sum(head in ahead for head in heads)),
        "definite_titled": float(sum(head in titled for head in heads)),
        "opens_the_titled": float(first == "the" and bool(heads) and heads[0] in titled),
        "opens_the_before": float(first == "the" and bool(heads) and heads[0] in ahead),
        "opens_the_short": float(first == "the" and len(bare) > 0 and bare[0] == 0 and _head_place(found, 0) == 1),
        "names": float(says),
        "names_new": float(sum(word.text[0].isupper() and word.stem not in own for word in found[1:])),
        "titled": _share(content, titled),
        "titled_any": float(bool(titled & set(content))),
        "with_before": _share(content, ahead),
        "with_lead": _share(content, led),
        "title_words": float(len(titled)),
        "figures": float(sum(word.text[0].isdigit() for word in found)),
        "asks": float(text.rstrip().endswith("?")),
        "lead_missing": float(not lead),
        "before_missing": float(not before),
    }


def leaner(text: str) -> str:
    """The word that opens a sentence and stands for something, as it stands there; empty where none does."""
    found = words(normal(text))
    first = found[0].lower.split("'")[0] if found else ""
    return found[0].text if first in PERSONAL | THING | POINTING | OTHERS else ""


def _first_noun(found: Sequence[Word]) -> int:
    """Place of the first word that could bear a pronoun: not grammar, nor what opens or joins; -1: none."""
    closed = GRAMMAR | PERSONAL | THING | POINTING | OTHERS | CONNECTIVES | FIRST_PERSON | SECOND_PERSON
    return next((i for i, word in enumerate(found) if word.lower not in closed and not word.lower.endswith("ly")), -1)


def _definite(lower: Sequence[str]) -> list[int]:
    return [i for i, word in enumerate(lower[:-1]) if word == "the" and lower[i + 1] not in ORDINALS | {"most", "best"}]


def _head_place(found: Sequence[Word], place: int) -> int:
    """The last content word of the phrase that the article at `place` opens, at most three on."""
    at = place + 1
    while at + 1 < len(found) and at < place + 3 and _adjacent(found, at) and found[at + 1].lower not in GRAMMAR:
        at += 1
    return at


def _head(found: Sequence[Word], place: int) -> str:
    return found[_head_place(found, place)].stem


def _adjacent(found: Sequence[Word], at: int) -> bool:
    return found[at + 1].start - found[at].end == 1 and not found[at].text[0].isupper()


def _alone(lower: Sequence[str], place: int) -> bool:
    return place + 1 >= len(lower) or lower[place + 1] in _NOUNLESS


def _points(lower: Sequence[str], place: int) -> bool:
    """*that* stands for something: behind a preposition or at the end."""
    return place + 1 >= len(lower) or (
        place > 0 and lower[place - 1] in {"of", "to", "for", "with", "do", "like", "on"}
    )


def _named(found: Sequence[Word]) -> bool:
    return len(found) > 1 and (found[1].text[0].isupper() or any(c.isupper() for c in found[0].text[1:]))


def _share(content: Sequence[str], known: set[str]) -> float:
    return sum(word in known for word in content) / len(content) if content else 0.0

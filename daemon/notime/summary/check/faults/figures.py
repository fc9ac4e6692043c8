"""Numbers, with what they count.

Comes in: a pair of sentences. Goes out: reasons. Must not know: names, negation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.summary.check.text import GRAMMAR, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.summary.check.pair import Pair

WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
    if value > 1
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}
_QUANTITIES = "|".join(
    "hundreds? thousands? millions? billions? trillion dozens? half thirds? quarters? twice double triple".split()
)
_UNITS = {
    "m": "million",
    "mn": "million",
    "bn": "billion",
    "tn": "trillion",
    "k": "thousand",
    "%": "percent",
    "per cent": "percent",
}
_NUMBER = re.compile(
    rf"(?P<money>[$£€¥]\s?)?(?P<value>\d+(?:\.\d+)?|\b(?:{'|'.join(WORDS)})\b)"
    r"(?:[\s-]?(?P<unit>%|per ?cent\b|thousand\b|million\b|billion\b|trillion\b|mn?\b|bn\b|tn\b|k\b))?"
    r"(?=(?P<next>[\s-]+[a-z]+)?(?P<second>[\s-]+[a-z]+)?)",
    re.IGNORECASE,
)
_QUANTITY = re.compile(rf"\b(?:{_QUANTITIES})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text."""

    text: str
    value: str
    unit: str
    """Magnitude or percent; empty where there is none."""
    counted: str
    """Stem of the word behind it, where that is not grammar; else empty."""


def figures(text: str) -> list[Figure]:
    """The numbers of a text that `normal` returned."""
    found = []
    for match in _NUMBER.finditer(text):
        value = match["value"].lower()
        unit = (match["unit"] or "").lower().replace("percent", "per cent")
        behind = (match["next"] or "").strip(" -\n").lower()
        if behind in {"more", "other", "new", "of", "the", "people"} and match["second"]:
            behind = match["second"].strip(" -\n").lower()
        found.append(
            Figure(
                text=match.group(0)[
                    : match.end("unit") - match.start() if match["unit"] else match.end("value") - match.start()
                ].strip(),
                value=_value(WORDS.get(value, value)),
                unit=_UNITS.get(unit, unit),
                counted="" if behind in GRAMMAR else stem(behind),
            )
        )
    return found


def _value(digits: str) -> str:
    return str(float(digits)) if "." in digits else digits.lstrip("0") or "0"


def wrong(pair: Pair) -> Iterator[str]:
    """Numbers that are new, have another magnitude, or count something else."""
    given, own = figures(pair.given.text), figures(pair.source.text)
    values = {figure.value for figure in given}
    for figure in figures(pair.written.text):
        same = [other for other in given if other.value == figure.value]
        if figure.value not in values:
            yield f"the number {figure.text} is not in the article here"
        elif all(other.unit != figure.unit for other in same) or _moved(figure, own):
            yield f"the number {figure.text} counts something else"
    known = {word.lower() for word in _QUANTITY.findall(pair.given.text)}
    digits = {figure.text.lower() for figure in given}
    for word in _QUANTITY.findall(pair.written.text):
        if not ({word.lower(), word.lower() + "s", word.lower().removesuffix("s")} & known) and not any(
            word.lower()[0] in text and _UNITS.get(text[-1:], "") == word.lower() for text in digits
        ):
            yield f"the number {word} is not in the article here"


def _moved(figure: Figure, own: list[Figure]) -> bool:
    """What it counts is counted by another number in the source, and it counts something else there."""
    if not figure.counted:
        return False
    here = [other for other in own if other.value == figure.value and other.unit == figure.unit]
    return (
        bool(here)
        and all(other.counted not in {figure.counted, ""} for other in here)
        and any(other.counted == figure.counted for other in own)
    )

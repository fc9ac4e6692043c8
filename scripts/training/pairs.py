"""True pairs of a sentence and its short form, and the same pairs spoilt in ways that are known.

Comes in: the experts' pages. Goes out: rows in the form of the judged rewritings. Must not know: the features.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]

_LIMITS = (
    "only just almost nearly about around up_to at_least at_most some many most several usually often sometimes "
    "typically may might could can perhaps probably likely reportedly partly mostly not never if_applicable so_far "
    "for_now potentially"
).split()
_LIMIT = re.compile(r" (?:" + "|".join(word.replace("_", " ") for word in _LIMITS) + r")(?= )")
_CONDITION = re.compile(
    r"^(?:If|When|Unless|Once|For) [^,]{8,90}, (\w)|,? (?:if|unless|until|when|as long as|provided) [^,.;]{6,90}(?=[.])"
)
_SAID = re.compile(
    r"(?:, (?:\w+ ){1,6}(?:said|says|told|reported|according to)(?: [^,.]{1,40})?|^According to [^,]{3,60}, "
    r"|^(?:[A-Z]\w+ ){1,4}(?:says|said|argues|claims|believes|warns)(?: that)? )"
)
_LIST = re.compile(r",? (?:and|or) [^,.;]{3,60}(?=[.])")
_FIRST_MEMBER = re.compile(r" [\w'-]+, (?=[\w' -]+,? (?:and|or) )")
_VERB = re.compile(r" (?:is|are|was|were|has|have|will|can|should|must|may|could|would|had|does|do)(?= )")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")
_NAME = re.compile(r"(?:[A-Z][\w.&'-]+(?: |(?=[^\w])))+")
_THAN = re.compile(r" (?:than|compared with|compared to) [^,.;]{3,80}(?=[.,])")
_SCOPE = re.compile(
    r"(?<=est )([\w-]+)(?: (?:in|of|on|for|since|we|that) [^,.;]{3,60})(?=[.])"
    r"|(?<=most )([\w-]+ [\w-]+)(?: (?:in|of|on|for|since) [^,.;]{3,60})(?=[.])"
)


def pairs(page: Row) -> Iterator[Row]:
    """The page's points that rest on one sentence."""
    sentences = page["sentences"]
    for point in [*page["brief"], *page["more"]]:
        if len(point["s"]) == 1:
            at, short = point["s"][0], point["t"].strip()
            length = len(sentences[at].split())
            if 5 <= length <= 70 and 4 <= len(short.split()) <= length + 3:
                yield {
                    "id": f"{page['id']}:{at}",
                    "title": page.get("title") or "",
                    "lead": sentences[0] if at > 1 else "",
                    "before": sentences[at - 1] if at else "",
                    "source": sentences[at],
                    "text": short,
                }


def spoilt(row: Row, draw: random.Random) -> Iterator[Row]:
    """The pair, made wrong one way at a time; a way that does not apply is left out."""
    for way, (label, spoil) in _WAYS.items():
        text = spoil(row, draw)
        if text and text != row["text"] and len(text.split()) > 3:
            yield {**row, "text": text[0].upper() + text[1:], "label": label, "way": way}


def _without(pattern: re.Pattern[str]) -> Callable[[Row, random.Random], str]:
    def spoil(row: Row, draw: random.Random) -> str:
        found = list(pattern.finditer(row["text"]))
        if not found:
            return ""
        one = draw.choice(found)
        kept = next((group for group in one.groups() if group), "")
        return str(row["text"][: one.start()] + kept + row["text"][one.end() :])

    return spoil


def _number(row: Row, draw: random.Random) -> str:
    here = list(_NUMBER.finditer(row["text"]))
    others = [n for n in _NUMBER.findall(f"{row['before']} {row['lead']} {row['source']}") if n not in row["text"]]
    if not here:
        return ""
    one = draw.choice(here)
    other = (
        draw.choice(others)
        if others and draw.random() < 0.7
        else str(int(re.sub(r"\D", "", one.group())[:6] or 1) + draw.choice((1, 2, 10)))
    )
    return str(row["text"][: one.start()] + other + row["text"][one.end() :])


def _swapped(row: Row, draw: random.Random) -> str:
    here = [m for m in _NAME.finditer(row["text"]) if len(m.group().strip()) > 3]
    others = {n.strip() for n in _NAME.findall(f"{row['title']} {row['lead']} {row['before']} {row['source']}")}
    if not here:
        return ""
    one = here[0]
    mine = one.group().strip()
    others = {n for n in others if n not in row["text"] and mine not in n and len(n) > 3}
    if not others:
        return ""
    return str(row["text"][: one.start()] + draw.choice(sorted(others)) + row["text"][one.start() + len(mine) :])


def _cut(row: Row, draw: random.Random) -> str:
    words = row["text"].split()
    return " ".join(words[: int(len(words) * draw.uniform(0.5, 0.9))]).rstrip(",;:.") + "."


def _beheaded(row: Row, draw: random.Random) -> str:
    words = row["text"].split()
    return " ".join(words[draw.randint(2, max(2, len(words) // 2)) :])


_WAYS: dict[str, tuple[str, Callable[[Row, random.Random], str]]] = {
    "limit": ("lossy", _without(_LIMIT)),
    "condition": ("lossy", _without(_CONDITION)),
    "said": ("lossy", _without(_SAID)),
    "list": ("lossy", _without(_LIST)),
    "member": ("lossy", _without(_FIRST_MEMBER)),
    "than": ("lossy", _without(_THAN)),
    "scope": ("lossy", _without(_SCOPE)),
    "number": ("untrue", _number),
    "swapped": ("untrue", _swapped),
    "verb": ("broken", _without(_VERB)),
    "cut": ("broken", _cut),
    "beheaded": ("broken", _beheaded),
}

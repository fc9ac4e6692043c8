"""Shorten: the article's own sentence without what can safely go.

Comes in: one sentence. Goes out: the same words in the same order, fewer of them. Must not know: why it is quoted.

Only deletions that leave a sentence and its claim standing: datelines, the *A:* of an interview, numbers of entries,
openers, parentheses, inserted relative clauses and appositions, closing participles. What holds a condition, a doubt, a
negation, a quotation or somebody's saying is never touched.
"""

from __future__ import annotations

import re

from notime.summary.check.faults.cues import CONDITIONS, DOUBTS, NEGATIONS, SAYING
from notime.summary.sentence.dateline import without_dateline

FEWEST_WORDS = 6
"""A deletion that leaves fewer is not made."""

_OPENER = re.compile(
    r"^(?:However|Meanwhile|Moreover|Furthermore|In addition|Additionally|Also|Indeed|Of course|For example"
    r"|For instance|At the same time|Nevertheless|Nonetheless|Besides|Finally|And|But|So|Yet|Still|Then|Thus|Hence"
    r"|Therefore|Consequently|As a result|Instead|On the other hand|On top of that|That (?:being )?said|In fact"
    r"|In other words|In short|In summary|In conclusion|To sum up|Simply put|After all|Similarly|Likewise|Again|Next"
    r"|Lastly|Secondly|Thirdly),\s+|^(?:And|But)\s+(?=[a-z])",
)
"""What joins a sentence to the one before; without, it says the same."""
_NUMBER = re.compile(r"^(?:[•▪●◦*–—-]|\(?\d{1,2}(?:\.\)|[.)]))\s+(?=[A-Z\"“])")
"""Of an entry in a list."""
_SPEAKER = re.compile(r"^(?:[QA]|Question|Answer)\s?:\s+(?=\S)")
"""Of an interview or a list of questions."""
_PARENTHESIS = re.compile(r"\s*\([^()]*\)(?=[\s,.;:!?])|\s*\[[^\[\]]*\](?=[\s,.;:!?])")
_DASHES = re.compile(r"\s+(--|—|–)\s+(?!to\b)[^\"“”]*?\s+\1\s+(?=[^\WA-Z])")
_VERB = (
    r"(?:is|are|was|were|has|have|had|will|said|says|told|did|does|made|took|won|lost|left|went|came|began"
    r"|[a-z]{3,}ed)\b"
)
_INSERTED = re.compile(
    rf"(?<=\w), (?:(?:who|which|whose|where)\s[^,;:()]+|(?:an?|the)\s[^,;:()]+|\d{{1,3}}), (?={_VERB})"
)
_LAST_RELATIVE = re.compile(r", (?:which|who|whose|where)\s[^,;:()]+(?=[.!]$)")
_LAST_PARTICIPLE = re.compile(r"(?<=[a-z0-9]), (?:including|[a-z]{3,}ing)\s[^,;:()]+(?=[.!]$)")
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|may|might|must|should)\b")
_BELOW = re.compile(r"\b(?:that|which|who|whose|whom|what|where|when|if|as|because|how|why)\b")
"""Behind one of these a verb is not the sentence's."""
_FRONT = re.compile(
    r"(?:about|above|across|after|along|although|amid|among|as|at|because|before|behind|below|between|beyond|by"
    r"|despite|due|during|even|for|from|given|if|in|instead|like|of|on|once|over|rather|since|so|though|through|to"
    r"|under|unless|unlike|until|upon|when|whenever|where|whether|while|with|within|without|\w+(?:ing|ed|ly))\b",
    re.IGNORECASE,
)
"""How what stands before a main clause begins."""
_PUBLISHED = re.compile(
    r"(?:(?<= study)|(?<= report)|(?<= paper)|(?<= survey)|(?<= poll)) (?:published|released) [^,;:()]+(?=[.!]$)"
)
_SECOND = re.compile(r",? and (?:has |have |had )?(?:said|added|warned|promised|announced)\b.+$")
_BOUND = (
    NEGATIONS | CONDITIONS | set("who which whose that when while after before because although since what".split())
)
"""Before a second statement any of these may rule it."""

_MARKS = NEGATIONS | CONDITIONS | DOUBTS | SAYING | {"only", "least", "most", "up", "about", "nearly", "almost"}
_QUOTES = re.compile(r"[\"“”‘«»]|(?<!\w)'")


def shorten(sentence: str) -> str:
    """The sentence without what can safely go; itself, where nothing can.

    Args:
        sentence: one, as the article has it.

    Returns:
        A sentence with a capital at its beginning where the old one had it.
    """
    text = _NUMBER.sub("", _SPEAKER.sub("", without_dateline(sentence.strip()), count=1), count=1)
    text = without_opener(text)
    for pattern, instead in (
        (_PARENTHESIS, ""),
        (_DASHES, " "),
        (_INSERTED, " "),
        (_LAST_RELATIVE, ""),
        (_LAST_PARTICIPLE, ""),
        (_PUBLISHED, ""),
    ):
        text = _without(text, pattern, instead)
    return text


def without_opener(sentence: str) -> str:
    """The sentence without *However,* and its like, which join it to one that its reader may not see."""
    text = sentence
    while (left := _OPENER.sub("", text, count=1)) != text:
        text = _capital(left, text)
    return text


def first_statement(sentence: str) -> str:
    """The sentence up to *and said …*; empty where it has no such second half, or what comes first is bound to it."""
    found = _SECOND.search(sentence)
    if not found:
        return ""
    words = sentence[: found.start()].split()
    free = len(words) >= FEWEST_WORDS and _BOUND.isdisjoint(word.lower().strip(",") for word in words)
    return sentence[: found.start()] + "." if free and not _QUOTES.search(sentence) else ""


def _without(text: str, pattern: re.Pattern[str], instead: str) -> str:
    start = 0
    while match := pattern.search(text, start):
        left = text[: match.start()] + instead + text[match.end() :]
        enough = len(left.split(maxsplit=FEWEST_WORDS)) >= FEWEST_WORDS
        if pattern is _LAST_PARTICIPLE:
            enough = enough and not _is_main(text[: match.start()], match.group())
        if enough and _may_go(match.group()) and not _in_quotes(text, match.start()):
            text = left
            start = match.start()
        else:
            start = match.start() + 1
    return text


def _is_main(before: str, part: str) -> bool:
    """What looks like a closing participle is the main clause, as in *since most do, following it is best*."""
    verb = _FINITE.search(part)
    below = _BELOW.search(part)
    return (verb is not None and (below is None or verb.start() < below.start())) or (
        "," not in before and _FRONT.match(before) is not None
    )


def _may_go(part: str) -> bool:
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", part.lower())
    return not (_QUOTES.search(part) or any(word in _MARKS or word.endswith(("n't", "n’t")) for word in words))


def _in_quotes(text: str, place: int) -> bool:
    before = text[:place]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”") or before.count("‘") > before.count("’")


def _capital(text: str, former: str) -> str:
    return text[0].upper() + text[1:] if text and text != former else former

"""Which language a text is in.

Comes in: text, and what the page declares. Goes out: an ISO 639-1 code or None. Must not know: where the text stands.

Scripts that one language writes name it; the rest is told by function words, which are a third to a half of any running
text. Nothing is imported and nothing is loaded: py3langid, the alternative, costs 1.1 s of CPU and 121 MiB
(measured), which is more than all the rest of the reading process, to tell apart what stands in paragraphs of prose.
"""

from __future__ import annotations

import re
from collections import Counter

from notime.article.sentences.function_words import FUNCTION_WORDS

_SAMPLE = 20_000
"""Characters looked at."""

_LEAST_HITS = 6
_LEAST_SHARE = 0.12
"""Function words needed, and their share of all words, before a detection is given: prose has 0.3 to 0.5."""

_LEAD = 1.25
"""How far the best language must be ahead of the declared one to overrule it."""

_GAP = re.compile(r"[\s\d.,;:!?…()\[\]{}\"“”„«»<>|/\\—–।۔،؛؟*•=+&%$€£#@_-]+")
_ELIDED = re.compile(r"[’'].*")

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]"), 0.05),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]"), 0.2),
    ("zh", re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]"), 0.2),
    ("th", re.compile(r"[\u0e01-\u0e5b]"), 0.2),
    ("he", re.compile(r"[\u05d0-\u05ea]"), 0.2),
    ("el", re.compile(r"[\u0370-\u03ff]"), 0.3),
    ("hy", re.compile(r"[\u0531-\u0587]"), 0.3),
    ("ka", re.compile(r"[\u10a0-\u10ff]"), 0.3),
    ("bn", re.compile(r"[\u0980-\u09ff]"), 0.3),
    ("ta", re.compile(r"[\u0b80-\u0bff]"), 0.3),
    ("te", re.compile(r"[\u0c00-\u0c7f]"), 0.3),
    ("kn", re.compile(r"[\u0c80-\u0cff]"), 0.3),
    ("ml", re.compile(r"[\u0d00-\u0d7f]"), 0.3),
    ("gu", re.compile(r"[\u0a80-\u0aff]"), 0.3),
    ("pa", re.compile(r"[\u0a00-\u0a7f]"), 0.3),
    ("si", re.compile(r"[\u0d80-\u0dff]"), 0.3),
    ("km", re.compile(r"[\u1780-\u17ff]"), 0.3),
    ("my", re.compile(r"[\u1000-\u109f]"), 0.3),
    ("am", re.compile(r"[\u1200-\u137f]"), 0.3),
)
"""Language, its letters, and the share of all letters from which the text is in it; Japanese first, for its kanji."""

_CODES = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "nb": "no",
    "nn": "no",
    "cmn": "zh",
    "eng": "en",
    "ger": "de",
    "fre": "fr",
}


def detect(text: str) -> str | None:
    """The language of running text, or None where it can't be told."""
    return _detect(text, None)


def decide(text: str, declared: list[str]) -> str | None:
    """The language of an article: what its text shows, else what its page declares.

    Args:
        text: the article's text.
        declared: what the page says, most trusted first, as BCP 47 tags.
    """
    codes = [code for code in map(normalise, declared) if code]
    return _detect(text, codes[0] if codes else None) or (codes[0] if codes else None)


def normalise(tag: str) -> str | None:
    """The ISO 639 code of a BCP 47 tag such as `en-GB` or `pt_BR`."""
    code = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    return _CODES.get(code, code) if re.fullmatch(r"[a-z]{2,3}", code) else None


def _detect(text: str, declared: str | None) -> str | None:
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < 20:
        return None
    if not sample.isascii():
        for code, pattern, share in _SCRIPTS:
            if len(pattern.findall(sample)) >= share * letters:
                return code
    words = [word for word in _GAP.split(sample.lower()) if word]
    counts = Counter(words)
    for word, times in list(counts.items()):
        if "'" in word or "’" in word:
            counts[_ELIDED.sub("’", word)] += times  # l’eau, dell’arte, c’est
    hits = {code: sum(counts[word] for word in known) for code, known in FUNCTION_WORDS.items()}
    best = max(hits, key=lambda code: hits[code])
    if hits[best] < max(_LEAST_HITS, _LEAST_SHARE * len(words)):
        return None
    if declared in hits and hits[best] < _LEAD * hits[declared]:
        return declared
    return best

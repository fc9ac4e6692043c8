"""Mend a sentence that is to stand alone: quotation marks that lost their other, articles that a rewriting dropped.

Comes in: one sentence, its source. Goes out: the same, whole. Must not know: who speaks, or what is true.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ARTICLES = frozenset(("the", "a", "an"))
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")

_OPENS = re.compile(r"(?:^|(?<=[\s(\[—–-]))\"(?=\S)")
_CLOSES = re.compile(r"(?<=[^\s\d])\"(?=$|[\s)\].,;:!?—–-])")
_ENDS_IN_QUOTES = re.compile(r"[^\W_][\"”’']$")


def closed(sentence: str) -> str:
    """The sentence with a mark put where one lacks: at its beginning or its end, for speech that came in or goes on.

    A sentence that ends in quoted words gets its stop.
    """
    text = sentence.strip()
    opening, closing = text.count("“"), text.count("”")
    if text.count('"') % 2 == 1:
        first, last = text.index('"'), text.rindex('"')
        if _CLOSES.match(text, first) and not _OPENS.match(text, first):
            text = '"' + text
        elif _OPENS.match(text, last):
            text += '"'
    elif opening > closing:
        text += "”"
    elif closing > opening:
        text = "“" + text
    return text + "." if _ENDS_IN_QUOTES.search(text) and text[0].isupper() else text


def with_articles(text: str, source: str) -> str:
    """The rewriting with *the*, *a* and *an* put back where the source has them and nothing else is between.

    *Under names* becomes *under the names*; highlights, which the rewriter learned from, drop them as headlines do.
    """
    own, theirs = list(_WORD.finditer(text)), [found[0] for found in _WORD.finditer(source)]
    lower = [word.lower() for word in theirs]
    beside = set(pairwise(lower))
    between = {(lower[i - 1], lower[i + 1]): lower[i] for i in range(1, len(lower) - 1) if lower[i] in _ARTICLES}
    out, end = [], 0
    for before, word in pairwise([None, *own]):
        if word is None:
            break
        pair = (before[0].lower() if before else "", word[0].lower())
        if before is None:
            article, noun = _opening(word[0], theirs)
        else:
            apart = pair in beside or text[before.end() : word.start()] != " "
            article, noun = "" if apart else between.get(pair, ""), word[0]
        if article:
            out.append(f"{text[end : word.start()]}{article} {noun}")
            end = word.end()
    return "".join(out) + text[end:]


def _opening(word: str, source: list[str]) -> tuple[str, str]:
    """The article that every mention of a sentence's first word has in the source, and the word behind it."""
    spellings = (word, word[0].lower() + word[1:])
    found = [(before.lower(), mention) for before, mention in pairwise(["", *source]) if mention in spellings]
    if not found or len({before for before, _ in found}) > 1 or found[0][0] not in _ARTICLES:
        return "", word
    return found[0][0].capitalize(), found[0][1]

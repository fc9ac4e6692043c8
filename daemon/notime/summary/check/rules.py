"""The strict check of one rewriting against the sentence it was written from.

Comes in: both, and what else the writer saw. Goes out: a verdict. Must not know: the rest of the article, who wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass

from notime.summary.check.faults import claims, figures, modality, names, rare, seams
from notime.summary.check.pair import Pair
from notime.summary.check.text import GRAMMAR

SHARED_CONTENT = 0.75
"""Share of a rewriting's content words that its source must have. Of the first rewriter's sentences on development
articles one in ten falls below, most of them inventions (docs/model.md)."""

OWN_CONTENT = 0.5
"""Share of them that the sentence itself must have: a rewriting may resolve *he*, not retell the sentence before."""


NEW_PLAIN = 0.35
"""Share of the words that are not names that may be new, where more than one is: names alone bear no claim."""


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
    pair = Pair.read(text, source, given)
    if not pair.written.words:
        return Verdict(supported=False, reasons=("nothing was written",))
    reasons = []
    if not complete:
        reasons.append("it breaks off")
    if len(pair.written.words) > len(pair.source.words) + 3:
        reasons.append("it is longer than the sentence in the article")
    reasons += names.unfindable(pair)
    reasons += differences(pair)
    reasons += seams.wrong(pair)
    reasons += rare.wrong(pair)
    if _foreign(pair):
        reasons.append("too much of it is not in the article here")
    return Verdict(supported=not reasons, reasons=tuple(dict.fromkeys(reasons)))


def differences(pair: Pair) -> list[str]:
    """What the written sentence claims and its source does not."""
    return [*names.wrong(pair), *figures.wrong(pair), *modality.lost(pair), *claims.wrong(pair)]


def _foreign(pair: Pair) -> bool:
    content = [word for word in pair.written.words if word.stem not in GRAMMAR and word.lower not in GRAMMAR]
    if not content:
        return False
    given = {word.stem for word in pair.given.words} | set(pair.given.lower)
    own = {word.stem for word in pair.source.words} | set(pair.source.lower)
    resolved = {word.stem for word in content if word.text[0].isupper() and word.stem in given}
    shared = sum(word.stem in given or names.borne(word.text, given) for word in content) / len(content)
    here = sum(word.stem in own | resolved or names.borne(word.text, own) for word in content) / len(content)
    plain = [word for word in content if not word.text[0].isupper()]
    new = sum(word.stem not in given and word.lower not in given for word in plain)
    return shared < SHARED_CONTENT or here < OWN_CONTENT or (new > 1 and new / len(plain) > NEW_PLAIN)

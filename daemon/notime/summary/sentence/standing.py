"""Can a sentence stand without the one before it?

Comes in: an article's sentences and their salience. Goes out: for each, how likely it leans on something that its
reader would not see. Must not know: which will be chosen.

Two tell: what the language model that read the page made of the sentence, in every language that it reads
(`notime.model.ranking.probe`); and its words: in English by the taught check
(`notime.summary.check.learnt.taught.leans`), in other languages by how it begins, with a pronoun, what points back, or
what joins.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from notime.summary.check.learnt.taught import leans
from notime.summary.sentence.shorten import without_opener

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from notime.types import Sentence

ASKED = 60
"""The most salient sentences: no summary reaches further down, and one takes a third of a millisecond."""

LIKELY = 0.6
"""What an opening that leans is worth: rather yes than no, whatever the states say."""

OPENINGS = Path(__file__).with_name("openings.toml")

MIX = (0.766, 0.581, 0.296)
"""Of the odds by words, the odds by states, and a constant: a logistic regression over pages that neither had seen
(`scripts/train leaning`)."""


def dependence(
    sentences: Sequence[Sentence],
    salience: npt.NDArray[np.float32],
    title: str,
    language: str | None,
    told: npt.NDArray[np.float32] | None = None,
) -> npt.NDArray[np.float32]:
    """How likely each sentence leans on the one before, [n], 0 to 1; 0 where nobody was asked.

    Args:
        sentences: an article's, in order.
        salience: of the first n; the `ASKED` highest are asked.
        title: the article's; what it names need not be named again.
        language: two letters; None is taken for English.
        told: [n], the log-odds by the reading network's states; None where no such network read the page.
    """
    found = np.zeros(len(salience), dtype=np.float32)
    asked = np.argsort(-salience, kind="stable")[:ASKED].tolist()
    if language in (None, "en"):
        before = [sentences[place - 1].text if place else "" for place in asked]
        lead = sentences[0].text if sentences else ""
        shown = [without_opener(sentences[place].text) for place in asked]
        found[asked] = leans(shown, before, title, lead)
        if told is not None:
            words, states, constant = MIX
            found[asked] = _share(words * _odds(found[asked]) + states * told[asked] + constant)
        return found
    if told is not None:
        found[asked] = _share(told[asked])
    if opening := _opening(language or ""):
        begins = [LIKELY * bool(opening.match(sentences[place].text)) for place in asked]
        found[asked] = np.maximum(found[asked], begins)
    return found


def _odds(share: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    kept = share.clip(1e-4, 1 - 1e-4)
    odds: npt.NDArray[np.float32] = np.log(kept / (1 - kept))
    return odds


def _share(odds: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    share: npt.NDArray[np.float32] = (1 / (1 + np.exp(-odds))).astype(np.float32)
    return share


@lru_cache(maxsize=4)
def _opening(language: str) -> re.Pattern[str] | None:
    openings = tomllib.loads(OPENINGS.read_text(encoding="utf-8"))
    for kind, end in (("words", r"(?!\w)"), ("beginnings", "")):
        if found := openings[kind].get(language):
            either = "|".join(found.split()).replace("'", "['’]").replace("_", " ")
            return re.compile(rf"[\"'“„«»‚‘「『]?(?:{either}){end}", re.IGNORECASE)
    return None

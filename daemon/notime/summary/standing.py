"""Can a sentence stand without the one before it?

Comes in: an article's sentences and their salience. Goes out: for each, how likely it leans on something that its
reader would not see. Must not know: which will be chosen.

In English the taught check says so (`notime.summary.check.taught.leans`). In other languages the words that open a
sentence do: pronouns, what points back, and what joins; a verb or an article that looks the same is not among them.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from notime.summary.check.taught import leans

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from notime.types import Sentence

ASKED = 60
"""The most salient sentences: no summary reaches further down, and one takes a third of a millisecond."""

LIKELY = 0.6
"""What an opening that leans is worth: `leans` gives an English one as much in the median."""

OPENINGS = Path(__file__).with_name("openings.toml")


def dependence(
    sentences: Sequence[Sentence], salience: npt.NDArray[np.float32], title: str, language: str | None
) -> npt.NDArray[np.float32]:
    """How likely each sentence leans on the one before, [n], 0 to 1; 0 where nobody was asked.

    Args:
        sentences: an article's, in order.
        salience: of the first n; the `ASKED` highest are asked.
        title: the article's; what it names need not be named again.
        language: two letters; None is taken for English.
    """
    found = np.zeros(len(salience), dtype=np.float32)
    asked = np.argsort(-salience, kind="stable")[:ASKED].tolist()
    if language in (None, "en"):
        before = [sentences[place - 1].text if place else "" for place in asked]
        lead = sentences[0].text if sentences else ""
        found[asked] = leans([sentences[place].text for place in asked], before, title, lead)
    elif opening := _opening(language or ""):
        found[asked] = [LIKELY * bool(opening.match(sentences[place].text)) for place in asked]
    return found


@lru_cache(maxsize=4)
def _opening(language: str) -> re.Pattern[str] | None:
    openings = tomllib.loads(OPENINGS.read_text(encoding="utf-8"))
    for kind, end in (("words", r"(?!\w)"), ("beginnings", "")):
        if found := openings[kind].get(language):
            either = "|".join(found.split()).replace("'", "['’]").replace("_", " ")
            return re.compile(rf"[\"'“„«»‚‘「『]?(?:{either}){end}", re.IGNORECASE)
    return None

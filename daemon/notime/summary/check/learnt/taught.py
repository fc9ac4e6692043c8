"""The check that was taught: may this rewriting be shown?

Comes in: a rewriting, what it was written from, how sure the writer was of each token. Goes out: how likely it is to be
wrong, how likely to lean on something unseen, and a reason in words. Must not know: which model wrote, what is done
with the verdict.

Boosted trees over numbers that a person can read (`left_out`, `leaning`, and which rules found something), and a
logistic regression that adds the writer's certainty (`certainty`), trained by `scripts/train check` on rewritings that
editors judged; docs/check.md has what it reaches.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notime.article.weighing.forest import Forest, load
from notime.summary.check.faults import claims, figures, modality, names, rare, seams
from notime.summary.check.faults.left_out import left_out
from notime.summary.check.learnt.certainty import certainty
from notime.summary.check.learnt.leaning import leaner, leaning
from notime.summary.check.pair import Pair

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = Path(__file__).with_name("taught.json.gz")

CERTAIN = 0.9
"""What is one of `rare` is bad with at least this."""

EMPTY = "nothing was written"
LEANS = "it leans on something that is not shown"
UNSURE = "the model was not sure of it"
LIMIT = "what limits it may be lost"
HALF = "it may be half of a list"
TORN = "it may be no whole sentence"
OTHER = "it may say something else"
SHORT = "what was left out may matter"
_GROUPS = (
    (
        LIMIT,
        "lost_limits lost_negation lost_condition lost_doubt lost_when lost_than lost_but lost_adverbs superlative "
        "opening_condition ending_reason ending_than gap_reason gap_than",
    ),
    (HALF, "list_ lost_or commas_lost ending_joining gap_joining"),
    (TORN, "verb source_verbs finite ed ends small_start opening_ gap longest_gap twice quotes"),
    (OTHER, "new turns_back rule_names rule_figures rule_unfindable rule_claims"),
)
"""Which numbers speak for which reason, by how their names begin; the first that fits."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a rewriting was written from."""

    title: str
    """The page's; may be empty."""
    lead: str
    """The article's first sentence; empty where that is the sentence before, or the source."""
    before: str
    """The sentence before; may be empty."""
    source: str
    """The sentence that was to be said shortly."""

    @property
    def given(self) -> str:
        """Everything that a rewriting may draw on."""
        return " ".join(part for part in (self.title, self.lead, self.before, self.source) if part)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the check expects an editor to say."""

    bad: float
    """Probability, 0 to 1, that it is untrue, lacks what limits it, or is no sentence."""
    leaning: float
    """Probability, 0 to 1, that it leans on something that its reader does not see."""
    shown: bool
    """It may be shown as written: both are below the limits that `scripts/train check` chose."""
    reason: str
    """A short clause for people: what speaks most against it; empty where it may be shown."""


def judge(context: Context, text: str, pieces: Sequence[str] = (), probabilities: Sequence[float] = ()) -> Judged:
    """Hold a rewriting against what it was written from.

    Args:
        context: what the writer saw.
        text: what was written.
        pieces: its tokens as text, in order, the end token left out; empty where no model wrote it (a quotation
            that was shortened): that is judged by its words alone.
        probabilities: the writer's, one a piece, and one more for the end token where it ended by itself; 0 to 1.
    """
    pair = Pair.read(text, context.source, context.given)
    if not pair.written.words:
        return Judged(1.0, 0.0, shown=False, reason=EMPTY)
    values = list(features(context, text, pair).values())
    bad, settings = _forest("bad"), _settings()
    wrong = float(bad.scores([values])[0])
    limits = settings["bare"]
    sure: dict[str, float] = {}
    if probabilities:
        limits, sure = settings["written"], certainty(pair, pieces, probabilities)
        wrong = combined(wrong, sure, limits["weights"], limits["bias"])
    leaned = float(_forest("leaning").scores([values])[0])
    if certain := next(rare.wrong(pair), ""):
        return Judged(max(wrong, CERTAIN), leaned, shown=False, reason=certain)
    shown = wrong < limits["bad"] and leaned < limits["leaning"]
    reason = (
        "" if shown else _reason(pair, bad, values, against=wrong / limits["bad"], leaned=leaned / limits["leaning"])
    )
    return Judged(wrong, leaned, shown, reason)


def leans(sentences: Sequence[str], before: Sequence[str], title: str, lead: str) -> list[float]:
    """Probability, 0 to 1, that each sentence of an article cannot stand alone under the title.

    Args:
        sentences: some of the article's.
        before: what stands before each; empty where nothing does.
        title: the article's; may be empty.
        lead: its first sentence.
    """
    rows = [
        list(leaning(text, source=text, before=ahead, lead="" if lead in (text, ahead) else lead, title=title).values())
        for text, ahead in zip(sentences, before, strict=True)
    ]
    return [float(each) for each in _forest("quoted").scores(rows)]


def features(context: Context, text: str, pair: Pair) -> dict[str, float]:
    """The numbers that the trees are asked about, by name, always the same ones in the same order."""
    about = leaning(text, source=context.source, before=context.before, lead=context.lead, title=context.title)
    rules = {
        "rule_names": names.wrong,
        "rule_unfindable": names.unfindable,
        "rule_figures": figures.wrong,
        "rule_markers": modality.lost,
        "rule_claims": claims.wrong,
        "rule_seams": seams.wrong,
    }
    return {**left_out(pair), **about, **{name: float(sum(1 for _ in rule(pair))) for name, rule in rules.items()}}


def combined(words: float, sure: dict[str, float], weights: dict[str, float], bias: float) -> float:
    """What the words say (a probability), with what the writer's certainty adds."""
    words = min(max(words, 1e-4), 1 - 1e-4)
    odds = bias + weights["words"] * math.log(words / (1 - words))
    odds += sum(weights[name] * value for name, value in sure.items() if name in weights)
    return 1 / (1 + math.exp(-odds))


def _reason(pair: Pair, forest: Forest, values: list[float], *, against: float, leaned: float) -> str:
    """In words, by what the rules found, else by what moved the trees."""
    if leaned > against:
        word = leaner(pair.written.text)
        return f"it does not say what “{word}” is" if word else LEANS
    for rule in (names.wrong, figures.wrong, modality.lost, claims.wrong, seams.wrong):
        for found in rule(pair):
            return found
    weight: dict[str, float] = defaultdict(float)
    for name, moved in forest.reasons(values, most=len(values)):
        weight[next((reason for reason, starts in _GROUPS if name.startswith(tuple(starts.split()))), SHORT)] += moved
    reason, most = max(weight.items(), key=lambda item: item[1], default=(UNSURE, 0.0))
    return reason if most > 0.1 else UNSURE


@lru_cache(maxsize=4)
def _forest(which: str) -> Forest:
    return load(FILE)[which]


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    with gzip.open(FILE, "rt", encoding="ascii") as stream:
        settings: dict[str, Any] = json.load(stream)["settings"]
    return settings

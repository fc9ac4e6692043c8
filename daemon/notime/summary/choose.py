"""Choose: which sentences a summary of this length is made from.

Comes in: sentences, their salience, their vectors and how likely each leans on the one before. Goes out: places. Must
not know: how salience was found, or what becomes of the sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from notime.words import count_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from notime.summary.lengths import Bounds
    from notime.types import Sentence

    Floats = npt.NDArray[np.float32]

FEWEST_WORDS = 5
"""A shorter sentence is a fragment, a label or a cry."""

MOST_WORDS = 80
"""A longer one is a list or was split wrong."""

SHARED_TRIGRAMS = 0.25
"""Sentences that share more of the shorter one's word triples say the same again."""

ENDS_A_SENTENCE = re.compile(r"[.!?…。！？।؟۔][\"'”’»«“)\]]*$")

BEGINS_INSIDE = re.compile(
    r"[\"'“‘(\[]*(?:and|or|but|with|which|that|who|whose|where|when|while|because|so|to|of|for|from|in|on|at|by|as|the|a|an"
    r"|it|its|they|he|she|we|you|this|these|those|is|are|was|were|has|have|had|not|than|then|also|if)\b"
)
"""What begins with such a word in small letters is the rest of a sentence that was cut; *notime reads* is none."""

ASIDE = re.compile(
    r"[\"“‘«„].{0,400}[\"”’»“]$|.*\?[\"'”’»)]*$|(?:read|see|watch|click|related|photo|image|video)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)
"""Speech and nothing else, a question, a line that points elsewhere: none of them tells what happened."""

ASIDE_COST, LEANING_COST = 1.0, 1.2
"""Taken off salience, the second in proportion to how likely it leans; a ranker's scores differ by about one between
neighbours in rank. docs/model.md has what they do. A sentence that leans on one that was taken loses nothing."""

PARAGRAPH_COST = 0.4
"""Taken off the other sentences of a paragraph that one was taken from: a point is seldom made twice there."""

SAME = 0.73
"""Cosine from which two sentences say the same, by what tells them from the rest of their article: of 1,700 pairs of
salient sentences of the development set three are above it, and they do."""

POWER_STEPS = 16
"""Of the power iteration that finds an article's main axis."""


def choose(
    sentences: Sequence[Sentence],
    salience: Floats,
    vectors: Floats,
    leaning: Floats,
    wanted: Bounds,
    expected: Callable[[int], float],
) -> tuple[int, ...]:
    """Take the most salient sentences, none of which repeats another, until they are enough.

    First those that share no three words in a row with one already taken (trigram blocking: Paulus et al. 2018), nor
    their sense, and read as whole sentences; where an article has too few of them, those that merely do not repeat one.

    Args:
        sentences: an article's, in order.
        salience: of its first n sentences; the others were not read and are not chosen, as those of -inf are not.
        vectors: [n, width], close where sentences say the same.
        leaning: [n], 0 to 1, how likely each needs the sentence before it.
        wanted: how much summary.
        expected: how many words a sentence of so many words will have in the summary.

    Returns:
        Indices into `sentences`, the most salient first.
    """
    texts = [sentence.text for sentence in sentences[: len(salience)]]
    value = salience - np.float32(ASIDE_COST) * np.array([ASIDE.match(text) is not None for text in texts])
    leans = np.float32(LEANING_COST) * leaning
    blocks = np.array([sentence.block for sentence in sentences[: len(salience)]])
    told = np.isfinite(salience)
    apart = np.zeros_like(vectors)
    apart[told] = _apart(vectors[told])
    taken: list[int] = []
    words = 0.0
    for strict in (True, False):
        left = value - leans
        left[
            [index for index in range(len(texts)) if index in taken or not _fits(texts[index], strict=strict)]
        ] = -np.inf
        behind = [index + 1 for index in taken if index + 1 < len(texts)]
        left[behind] += leans[behind]
        for index in taken:
            left[blocks == blocks[index]] -= PARAGRAPH_COST
        while not _enough(len(taken), words, wanted, strict=strict):
            index = int(left.argmax())
            if left[index] == -np.inf:
                break
            left[index] = -np.inf
            more = expected(count_words(texts[index]))
            if taken and words + more > wanted.most_words:
                continue
            if repeats(texts[index], [texts[other] for other in taken], 0.0 if strict else SHARED_TRIGRAMS):
                continue
            if strict and taken and float((apart[taken] @ apart[index]).max()) >= SAME:
                continue
            taken.append(index)
            words += more
            left[blocks == blocks[index]] -= PARAGRAPH_COST
            if index + 1 < len(texts):
                left[index + 1] += leans[index + 1]
    return tuple(taken)


def _enough(taken: int, words: float, wanted: Bounds, *, strict: bool) -> bool:
    return taken == wanted.most or (taken >= wanted.fewest and (words >= wanted.enough_words or not strict))


def _apart(vectors: Floats) -> Floats:
    """Unit vectors of what tells each sentence from the others of its article.

    The mean is what all of them share, and the axis along which they differ most is salience itself, which the network
    was taught to tell apart.
    """
    centred = vectors - vectors.mean(axis=0, keepdims=True)
    axis = centred[np.linalg.norm(centred, axis=1).argmax()].copy()
    for _ in range(POWER_STEPS):
        axis = centred.T @ (centred @ axis)
        axis /= max(float(np.linalg.norm(axis)), 1e-6)
    rest = centred - np.outer(centred @ axis, axis)
    unit: Floats = rest / np.linalg.norm(rest, axis=1, keepdims=True).clip(min=1e-6)
    return unit


def _fits(text: str, *, strict: bool) -> bool:
    words = count_words(text)
    if words < FEWEST_WORDS and len(text) < 5 * FEWEST_WORDS:
        return False
    whole = ENDS_A_SENTENCE.search(text) is not None and BEGINS_INSIDE.match(text) is None
    return not strict or (words <= MOST_WORDS and whole)


def repeats(text: str, others: Sequence[str], allowed: float = SHARED_TRIGRAMS) -> bool:
    """The text says again what one of the others says.

    Args:
        text: a sentence.
        others: sentences.
        allowed: share of the shorter one's word triples that they may have in common.
    """
    own = set(_trigrams(text))
    for other in others:
        theirs = set(_trigrams(other))
        if own and theirs and len(own & theirs) / min(len(own), len(theirs)) > allowed:
            return True
    return False


def _trigrams(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return zip(words, words[1:], words[2:], strict=False)

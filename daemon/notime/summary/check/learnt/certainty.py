"""How sure the writer was of what it wrote, word by word.

Comes in: a rewriting beside its source, and its tokens with their probabilities. Goes out: numbers. Must not know:
which model wrote.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notime.summary.check.pair import Pair

LEAST = 1e-6
"""A probability below counts as this."""


def certainty(pair: Pair, pieces: Sequence[str], probabilities: Sequence[float]) -> dict[str, float]:
    """Logarithms of probabilities: of all tokens, of new words, of words behind a gap, of the end.

    Args:
        pair: the rewriting beside its source.
        pieces: its tokens as text.
        probabilities: at least one; one a piece, and one more for the end token; 0 to 1.
    """
    logs = [math.log(max(value, LEAST)) for value in probabilities]
    ended = len(logs) > len(pieces)
    order = sorted(logs)
    by_word = _by_word(pair, pieces, logs)
    new = [log for log, place in zip(by_word, pair.places, strict=True) if place is None]
    joints: list[float] = []
    copied: list[float] = []
    ahead = -1
    for log, place in zip(by_word, pair.places, strict=True):
        if place is not None:
            (copied if place == ahead + 1 else joints).append(log)
            ahead = place
    return {
        "sure_mean": sum(logs) / len(logs),
        "sure_least": order[0],
        "sure_second": order[min(1, len(order) - 1)],
        "sure_tenth": order[len(order) // 10],
        "sure_quarter": order[len(order) // 4],
        "sure_end": logs[-1] if ended else math.log(LEAST),
        "sure_first": logs[0],
        "sure_new_mean": _mean(new),
        "sure_new_least": min(new, default=0.0),
        "sure_joint_mean": _mean(joints),
        "sure_joint_least": min(joints, default=0.0),
        "sure_copied_least": min(copied, default=0.0),
        "sure_copied_mean": _mean(copied),
        "doubts": float(sum(log < math.log(0.5) for log in logs)),
        "grave_doubts": float(sum(log < math.log(0.2) for log in logs)),
        "sure_last": logs[-2] if ended and len(logs) > 1 else logs[-1],
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _by_word(pair: Pair, pieces: Sequence[str], logs: Sequence[float]) -> list[float]:
    """Each word's least token, found by the count of letters and digits before it: folded signs move none."""
    spelt: list[float] = []
    for piece, log in zip(pieces, logs, strict=False):
        spelt += [log] * sum(sign.isalnum() for sign in piece)
    written, found, at = pair.written, [], 0
    for word in written.words:
        length = sum(sign.isalnum() for sign in word.text)
        found.append(min(spelt[at : at + length], default=logs[-1]))
        at += length
    return found

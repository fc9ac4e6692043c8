"""What the rewriter did while summaries were made: tokens a second, tokens a pass.

Comes in: the timings that summaries carry. Goes out: `Throughput`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notime.types import Timings


@dataclass(frozen=True, slots=True)
class Throughput:
    """Of one rewriter, over all articles of a run."""

    tokens: int
    passes: int
    prefill_ms: float
    """Mean time until an article's first token: its prompts are read."""
    tokens_per_second: float
    """All rows of a batch together, prefill included."""
    decode_tokens_per_second: float
    """The same, of the passes after the first token, without the tokens that prompts bring."""
    tokens_per_pass: float
    """Of one row, in the passes after its first token; more than 1 where drafts from the source are accepted."""


def networks_ms(timings: Timings) -> float:
    """Of a summary's time what the networks took."""
    return timings.ranker_ms + timings.prefill_ms + timings.decode_ms


def throughput(summaries: Sequence[Timings]) -> Throughput | None:
    """Over these summaries; None where nothing was rewritten."""
    rows, steps, accepted, passes = (
        sum(getattr(each, name) for each in summaries) for name in ("rows", "steps", "accepted", "passes")
    )
    prefill, decode = (sum(getattr(each, name) for each in summaries) for name in ("prefill_ms", "decode_ms"))
    if not steps:
        return None
    return Throughput(
        tokens=rows + steps + accepted,
        passes=passes,
        prefill_ms=round(prefill / sum(each.rows > 0 for each in summaries), 2),
        tokens_per_second=round((rows + steps + accepted) / (prefill + decode) * 1000, 1),
        decode_tokens_per_second=round((steps + accepted) / decode * 1000, 1),
        tokens_per_pass=round(1 + accepted / steps, 3),
    )

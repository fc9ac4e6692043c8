"""What the networks do while summaries are made: their time, tokens a second, tokens a pass.

Comes in: a loaded summarizer. Goes out: seconds and `Throughput`. The networks are looked at from outside, pass by
pass: second ones in memory would spoil what is measured there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notime.summary import Summarizer


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
    """The same, of the passes after the first token."""
    tokens_per_pass: float
    """Of one row, in the passes after the first token; more than 1 where drafts from the source are accepted."""


class Watched:
    """The networks of a loaded summarizer, each behind a stand-in that counts what it yields.

    Args:
        summarizer: loaded; it keeps the stand-ins until it is closed.
    """

    def __init__(self, summarizer: Summarizer) -> None:
        self.reset()
        loaded: Any = summarizer._loaded
        self._has_rewriter = loaded.rewriter is not None
        loaded.ranker = _StandIn(loaded.ranker, "windows", self._ranking)
        if self._has_rewriter:
            loaded.rewriter = _StandIn(loaded.rewriter, "generate", self._writing)

    def reset(self) -> None:
        """Forget what was counted: the warm-up is over."""
        self.ranking_seconds = self.prefill_seconds = self.decode_seconds = 0.0
        self._calls = self._tokens = self._passes = self._later_tokens = self._row_passes = 0

    @property
    def seconds(self) -> float:
        """Spent in the networks."""
        return self.ranking_seconds + self.prefill_seconds + self.decode_seconds

    @property
    def complete(self) -> bool:
        """Every network was seen at work."""
        return self.ranking_seconds > 0 and (self._tokens > 0 or not self._has_rewriter)

    def throughput(self) -> Throughput | None:
        """What was counted so far; None where nothing was written."""
        if not self._later_tokens:
            return None
        return Throughput(
            tokens=self._tokens,
            passes=self._passes,
            prefill_ms=round(self.prefill_seconds / self._calls * 1000, 2),
            tokens_per_second=round(self._tokens / (self.prefill_seconds + self.decode_seconds), 1),
            decode_tokens_per_second=round(self._later_tokens / self.decode_seconds, 1),
            tokens_per_pass=round(self._later_tokens / self._row_passes, 3),
        )

    def _ranking(self, windows: Iterator[Any]) -> Iterator[Any]:
        for window, seconds in _clocked(windows):
            self.ranking_seconds += seconds
            yield window

    def _writing(self, passes: Iterator[Any]) -> Iterator[Any]:
        self._calls += 1
        begun = False
        for tokens, seconds in _clocked(passes):
            self._passes += 1
            self._tokens += len(tokens)
            if begun:
                self.decode_seconds += seconds
                self._later_tokens += len(tokens)
                self._row_passes += len({token.row for token in tokens})
            else:
                self.prefill_seconds += seconds
                begun = bool(tokens)  # prompts may be read in pieces, of which only the last brings a token
            yield tokens


class _StandIn:
    """An object of which one method's iterator is looked at."""

    def __init__(self, model: Any, method: str, look: Callable[[Iterator[Any]], Iterator[Any]]) -> None:
        self._model, self._method, self._look = model, method, look

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if name != self._method:
            return found
        return lambda *arguments, **options: self._look(found(*arguments, **options))


def _clocked(values: Iterator[Any]) -> Iterator[tuple[Any, float]]:
    """Each value with the seconds that it took to come; closing this closes the iterator."""
    iterator = iter(values)
    try:
        while True:
            clock = time.perf_counter()
            try:
                value = next(iterator)
            except StopIteration:
                return
            yield value, time.perf_counter() - clock
    finally:
        if hasattr(iterator, "close"):
            iterator.close()

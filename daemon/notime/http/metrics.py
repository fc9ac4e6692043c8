"""Figures for Prometheus: how often, how long, how much. Numbers alone: nothing of what was read.

Comes in: requests and summaries as they end. Goes out: the text that Prometheus reads. Must not know: articles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

    from notime.types import Timings

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Any other word is `other`: a stranger may make up as many as there is memory."""

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 60.0)
"""A summary takes 0.5 to 5 s on the machines in docs/performance.md; around that the steps are small."""


class Metrics:
    """One daemon's figures.

    Args:
        waiting: tells how many requests wait.
    """

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "notime_requests", "Requests that were answered", ("method", "route", "status"), registry=self._registry
        )
        self._summaries = Counter(
            "notime_summaries", "Summaries that were answered", ("cached",), registry=self._registry
        )
        self._first = Histogram(
            "notime_first_sentence_seconds",
            "From the request to the first sentence, where it was made for it",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._whole = Histogram(
            "notime_summary_seconds",
            "From the request to the summary, where it was made for it",
            buckets=SECONDS,
            registry=self._registry,
        )
        Gauge("notime_queue_waiting", "Requests that wait", registry=self._registry).set_function(waiting)

    def requested(self, method: str, route: str, status: int) -> None:
        """A request was answered.

        Args:
            method: of the request.
            route: as it is declared, not as it was asked for.
            status: of the answer.
        """
        self._requests.labels(method if method in METHODS else "other", route, str(status)).inc()

    def summarised(self, timings: Timings, *, cached: bool) -> None:
        """A summary was answered."""
        self._summaries.labels(str(cached).lower()).inc()
        if not cached:
            self._first.observe(timings.first_sentence_ms / 1000)
            self._whole.observe(timings.total_ms / 1000)

    def text(self) -> bytes:
        """All of it. Reads /proc: not for the event loop."""
        return generate_latest(self._registry)

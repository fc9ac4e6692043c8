"""What `notime bench` found: times in milliseconds, memory in MB (10^6 bytes).

Comes in: nothing. Goes out: the dataclasses that `--json` prints as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notime.cli.commands.bench.machine import Machine
    from notime.cli.commands.bench.tokens import Throughput


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over its repetitions."""

    p50: float
    p95: float
    n: int


@dataclass(frozen=True, slots=True)
class Row:
    """One model at one length; milliseconds from the page's handing over."""

    words: int
    extract_ms: Spread
    """Until the article is read off the page."""
    rank_ms: Spread
    """Until every sentence is ranked."""
    first_sentence_ms: Spread
    """Until the first checked sentence."""
    total_ms: Spread
    """Until the whole summary."""
    other_ms: Spread
    """Of the whole, what no network took: extraction, choice, prompts, check."""


@dataclass(frozen=True, slots=True)
class ModelReport:
    """One model at every length."""

    id: str
    rows: tuple[Row, ...]
    writing: Throughput | None
    """Of the rewriter; None where nothing was rewritten."""


@dataclass(frozen=True, slots=True)
class Memory:
    """MB; None where the platform does not tell."""

    loaded: float | None
    """Resident once the model is loaded, before the first summary."""
    after: float | None
    """Resident after the last summary."""
    peak: float | None
    """Most, from the process's start to the last summary."""
    unloaded: float | None
    """Resident after the model was given up."""
    reader: float | None
    """Resident in the process that reads pages."""
    timeline: tuple[tuple[float, float], ...]
    """Seconds, MB."""
    marks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What `notime bench --json` prints."""

    version: str
    machine: Machine
    length: str
    cold_start_ms: Spread
    """A process of its own, from its start until the summary of 500 words is out and it has ended."""
    load_ms: float
    """Summarizer.load, the first time in a process: imports and page cache included."""
    reload_ms: Spread
    models: tuple[ModelReport, ...]
    """The default model, then its ranker alone."""
    memory: Memory
    """While the default model was measured."""
    unavailable: tuple[str, ...]
    """What could not be measured here, and why."""

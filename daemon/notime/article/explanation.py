"""What `notime extract --explain` shows: each block of a page, and why it is in or out.

Comes in: the choice. Goes out: plain values that become JSON as they are. Must not know: lxml.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """One block of the page and what became of it."""

    text: str
    """Its first 80 characters."""
    kind: str
    where: str
    """The tags and first classes it stands in, outermost first."""
    kept: bool
    score: float
    """Estimated probability that it belongs to the article, 0 to 1."""
    reasons: tuple[str, ...]
    """What decided, strongest first."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a page was read."""

    outcome: str
    """`article`, or the code of the error that reading it raises."""
    message: str
    title: str
    candidates: tuple[str, ...]
    """What proposed text, and how much of the result each of them holds."""
    blocks: tuple[Verdict, ...]

"""A page as it is put to a language model that reads it.

Comes in: nothing. Goes out: one frozen value. Must not know: how it becomes tokens (`decoder.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """A page as the network is shown it."""

    title: str
    headings: tuple[tuple[int, str], ...]
    """Number of the block that it is, text; in order."""
    sentences: tuple[str, ...]
    blocks: tuple[int, ...]
    """Of each sentence, the number of the block that it stands in."""

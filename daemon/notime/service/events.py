"""What a request hears besides what `Summarizer.stream` yields. Must not know: how it is sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The request is in the queue, with so many before it."""

    id: str
    position: int


@dataclass(frozen=True, slots=True)
class ModelState:
    """The model is being loaded into memory, or has been."""

    state: str
    progress: float

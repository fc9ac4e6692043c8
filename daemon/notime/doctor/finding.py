"""What one look found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, its code, and what mends it."""

    code: str
    """For programs, and the same word in docs/reliability.md."""
    level: Literal["good", "note", "bad"]
    """`note`: it works, and something is to be known."""
    message: str
    mend: str = ""
    fix: Callable[[], object] | None = None
    """Mends it, where that takes nothing away from anybody."""

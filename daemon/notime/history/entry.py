"""One entry of the history, and what is told of it.

Comes in: what the store holds. Goes out: the shapes that `docs/http.md` tells. Must not know: where it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A summary that was answered."""

    number: int
    """Later ones are higher."""
    created: float
    """Seconds since 1970, UTC."""
    length: str
    body: dict[str, Any]
    """As `POST /v1/summaries` answered it."""

    @property
    def whole(self) -> dict[str, Any]:
        """For `GET /v1/summaries/{id}`."""
        return {**self.body, "created": self._created, "length": self.length}

    @property
    def listed(self) -> dict[str, Any]:
        """For `GET /v1/summaries`."""
        article, sentences = self.body["article"], self.body["summary"]["sentences"]
        names = ("title", "site_name", "byline", "url", "language", "words", "minutes")
        return {
            "id": self.body["id"],
            "created": self._created,
            **{name: article[name] for name in names},
            "length": self.length,
            "model": self.body["model"]["id"],
            "sentences": len(sentences),
            "text": " ".join(sentence["text"] for sentence in sentences),
        }

    @property
    def _created(self) -> str:
        """RFC 3339, UTC."""
        return datetime.fromtimestamp(self.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

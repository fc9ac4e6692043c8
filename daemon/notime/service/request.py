"""What may be asked of the service: a summary of a page, or of a text.

Comes in: values of that shape. Goes out: the same, bounded. Must not know: where they come from.
"""

from __future__ import annotations

import msgspec

from notime.types import Length, Page

MOST_TITLE = 1_000
"""Characters: a longer one is cut."""

MOST_ADDRESS = 8_192
"""Characters: a longer one, a page in itself (`data:`), is none to go back to. Servers take about so much."""


class SummaryRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /v1/summaries`: a page or plain text, one of the two."""

    html: str | None = None
    text: str | None = None
    url: str | None = None
    title: str | None = None
    length: Length | None = None
    model: str | None = None
    refresh: bool = False
    keep: bool = True
    """False: neither in the history nor in memory once it is answered, as for a private window."""
    asked: bool = True
    """False: the panel comes by itself, so that only what is surely an article is wanted."""

    def __post_init__(self) -> None:
        if (self.html is None) == (self.text is None):
            raise ValueError("give either html or text")
        if self.title is not None and len(self.title) > MOST_TITLE:
            msgspec.structs.force_setattr(self, "title", self.title[:MOST_TITLE])
        if self.url is not None and len(self.url) > MOST_ADDRESS:
            msgspec.structs.force_setattr(self, "url", None)

    @property
    def page(self) -> Page:
        """The page, where it is one."""
        return Page(html=self.html or "", url=self.url, title=self.title, asked=self.asked)

"""notime: no time to read? A summary of an article, made on this machine.

    from notime import Summarizer, extract

    article = extract(html, url="https://…")
    with Summarizer.load() as summarizer:
        summary = summarizer.summarize(article, length="brief")

The two names are imported when they are first used: the reading process needs neither, and starts faster for it.
Importing anything of notime switches the telemetry of the libraries off (`notime.silence`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from notime.silence import hush

if TYPE_CHECKING:
    from notime.article import extract
    from notime.summary import Summarizer

hush()

__version__ = "0.1.0"

__all__ = ["Summarizer", "__version__", "extract"]

_HOMES = {"Summarizer": "notime.summary", "extract": "notime.article"}


def __getattr__(name: str) -> object:
    """Import what the package promises, on its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

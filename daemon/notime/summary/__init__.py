"""From an article to its summary: rank, choose, rewrite, check; `pipeline` composes them."""

from notime.summary.pipeline import Summarizer

__all__ = ["Summarizer"]

"""Sentences: an article → its sentences, each with its place; and in which language they are.

The last stage: `split`. It knows no page, so it runs in the parent process.
"""

from notime.article.sentences.splitting import split

__all__ = ["split"]

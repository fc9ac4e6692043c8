"""Reading: a page in, an `Article` out.

The folders, in the order of a page's way: `document` (bytes → tree), `declared` (what the page says of itself),
`pieces` (the tree's text, cut up), `weighing` (how probably each piece is the article's), `choosing` (which are, or why
none), `sentences` (the chosen text, split). `page` composes them in a process of its own that can be killed, which
`process` starts and asks; sentences are split outside of it, since the text is plain by then. `plain` is the short way
of a text without tags. Only this package imports lxml.
"""

from __future__ import annotations

from notime.article.explanation import Explanation
from notime.article.plain import from_text
from notime.article.process import Reader, ReaderLimits
from notime.article.sentences import split
from notime.types import Article, Page

__all__ = ["Explanation", "Reader", "ReaderLimits", "explain", "extract", "from_text", "split"]


def extract(html: str | bytes, url: str | None = None, *, title: str | None = None) -> Article:
    """The article on one page. For many pages, keep a `Reader` open.

    Args:
        html: the page; bytes are decoded as a browser would.
        url: where it is from. Nothing is fetched from there.
        title: the title its reader sees, where the caller knows it.

    Raises:
        NotAnArticle: there is none on the page.
        TooShort: it is read faster than its summary.
        ReaderFailed: the page takes more time or memory than `ReaderLimits` allow.
    """
    with Reader() as reader:
        return reader.read(Page(html, url, title))


def explain(page: Page) -> Explanation:
    """Why each block of a page is in or out; never raises for a page that is refused.

    Raises:
        ReaderFailed: as `extract`.
    """
    with Reader() as reader:
        return reader.explain(page)

"""notime: no time to read? A summary of an article, made on this machine.

from notime import Summarizer, extract

article = extract(html, url="https://…")
with Summarizer.load() as summarizer:
    summary = summarizer.summarize(article, length="brief")
"""

from notime.article import extract
from notime.summary import Summarizer

__version__ = "0.1.0"

__all__ = ["Summarizer", "__version__", "extract"]

"""Choosing: weighed pieces → those that are the article, or why there is none.

The fifth stage: `choose`, then `refuse`.
"""

from notime.article.choosing.choice import Choice, choose
from notime.article.choosing.judged import Judged
from notime.article.choosing.refusal import refuse

__all__ = ["Choice", "Judged", "choose", "refuse"]

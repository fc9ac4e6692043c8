"""From an article to its summary: rank, choose, rewrite, check; `pipeline` composes them.

A stage is a module here: `rank` (beside it `central`, without a network), `choose` (with `lengths`), `compose` (with
`rewrite` and `wording`), `check`; `abstractive` is the other way, `outline` goes beside. What looks at one sentence
alone is in `sentence`, the open models are in `engines`.
"""

from notime.summary.pipeline import Summarizer

__all__ = ["Summarizer"]

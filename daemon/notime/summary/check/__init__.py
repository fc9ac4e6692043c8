"""Check: does what was written hold against what it was written from?

Comes in: a rewriting and its source, or a foreign summary and its article. Goes out: a verdict with reasons in words.
Must not know: who wrote it.

Two askers, two rules of evidence. `check` holds one rewriting against the one sentence that it says shortly, while
it streams: rules alone, on the side of the source; what it cannot follow does not hold. `judge` holds any summary
against a whole article: a calibrated score, with the rules' reasons beside it. docs/check.md tells what each
catches and misses.
"""

from notime.summary.check.rules import Verdict, check
from notime.summary.check.whole import Judgement, SentenceJudgement, judge

__all__ = ["Judgement", "SentenceJudgement", "Verdict", "check", "judge"]

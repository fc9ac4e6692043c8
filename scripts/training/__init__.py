"""Training: ranker, rewriter and check. `scripts/train` runs it."""

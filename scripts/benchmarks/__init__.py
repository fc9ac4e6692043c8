"""Speed: ours beside others, readers at once, and what is written into docs/performance.md. `scripts/bench` runs it."""

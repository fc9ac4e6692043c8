"""Quality: extraction, summaries, rewritings and the panel's place, on the development sets. `scripts/eval` runs it."""

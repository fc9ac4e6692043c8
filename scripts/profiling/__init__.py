"""Where the networks' time goes, and what rounding costs. `scripts/profile` runs it."""

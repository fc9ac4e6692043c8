"""What goes with a release. `scripts/release` runs it."""

"""Many pages into one table, on Ray Data. `scripts/batch` runs it."""

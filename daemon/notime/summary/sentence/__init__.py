"""A sentence alone: whether it stands (`standing`), what can go (`shorten`, `dateline`), what is mended (`mending`)."""

"""Source: where a model's files come from, and whether they may be believed: wheels, the hub, the package itself."""

"""What the daemon stands: floods, half an hour of harm, checks taken away. `scripts/flood`, `soak`, `mutate` run it."""

"""The extension as it ships. `scripts/build-extension` runs it."""

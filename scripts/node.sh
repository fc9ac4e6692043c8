# Sourced by scripts that need Node.js: it comes from the Python package index, since a fresh system has none or an old
# one, and what the extension's tools need is installed from their lock files.

"""Declared: what a page says of itself. `structured.read` its JSON-LD, then `metadata.read` the rest.

The second stage. Goes out: title, byline, site, date and languages; nothing of the text.
"""

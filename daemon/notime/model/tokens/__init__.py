"""Tokens: text to tokens and back, and the short list of those that may be written."""

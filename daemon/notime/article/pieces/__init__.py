"""Pieces: a tree → its text in pieces, and the boxes they stand in. `blocks.read` cuts.

The third stage. `piece` has the words that the stages behind speak in.
"""

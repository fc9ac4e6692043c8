"""Decoding: several texts written side by side by a decoder-only network. `CausalModel` is the engine.

`lanes` are its caches, one a text; `lookup` guesses what a text copies next.
"""

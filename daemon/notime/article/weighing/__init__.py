"""Weighing: pieces → how probably each is the article's. `genre.row`, `features.rows`, then `Forest.scores`.

The fourth stage. It describes and counts; it decides nothing.
"""

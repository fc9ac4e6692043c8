"""Encoder–decoder summarizers of the reader's own choice: `export`ed, `build`t and run by `engine`.

`beams` searches, `processors` and `generation` are the settings that such a model comes with, `texts` its tokens.
"""

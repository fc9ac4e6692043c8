"""Ranking: how much each sentence of an article matters: by a small `encoder`, or a `decoder` that reads the page once.

`probe` reads what the decoder's states say of a sentence, `layout` is the page as it is put to it.
"""

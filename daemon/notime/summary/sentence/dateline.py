"""Where a report was filed, and by which agency: *LONDON (Reuters) -*. No part of what it says.

Comes in: a sentence. Goes out: the sentence without. Must not know: what becomes of it.
"""

from __future__ import annotations

import re

_DATELINE = re.compile(
    r"^(?:[A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){0,4}\s*)?\((?:CNN|AP|Reuters|AFP|BBC)\)\s*(?:--|[—–-])?\s*"
    r"|^\([A-Z][\w.&'’-]*(?: [A-Z][\w.&'’-]*){1,4}\)\s?(?=[A-Z])"
    r"|^[A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){0,4}\s*\([A-Z]{2,6}(?:-TV)?\)\s*(?:--|[—–-])\s*"
    r"|^[A-Z]{3,}(?:[ ,]+[A-Z][\w.]*){0,4}\s+(?:--|[—–])\s+"
)


def without_dateline(sentence: str) -> str:
    """The sentence as it goes on behind its dateline; itself, where it has none."""
    text = _DATELINE.sub("", sentence, count=1)
    return text[0].upper() + text[1:] if text and text != sentence else sentence

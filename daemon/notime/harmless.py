"""Characters that change what stands around them, made harmless.

Comes in: text of any origin. Goes out: the same without them. Must not know: where it came from.

A control character may steer a terminal; a bidirectional override makes text read otherwise than it is ("Trojan
Source", Boucher and Anderson 2021); a lone surrogate is no character at all. Marks that writing needs stay: LRM, RLM
and joiners.
"""

from __future__ import annotations

import re

_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls except tab and line break, line and paragraph separators, embeddings, overrides and isolates, surrogates."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def harmless(text: str) -> str:
    """The text with spaces for separators and controls, nothing for what turns direction, U+FFFD for surrogates."""
    return _HARMFUL.sub(_instead, text)


def sound(text: str) -> str:
    """The text with U+FFFD for surrogates, one for one, so that places in it stay."""
    return text if text.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _instead(found: re.Match[str]) -> str:
    character = found.group()
    if character >= "\ud800":
        return "\N{REPLACEMENT CHARACTER}"
    return " " if character <= "\u2029" else ""

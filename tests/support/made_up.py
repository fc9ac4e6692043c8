"""How long whatever comes in is made up, and how: for `tests/fuzz`."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

from hypothesis import HealthCheck, settings

SECONDS = float(os.environ.get("NOTIME_FUZZ_SECONDS", "0"))
"""For each test; 0 is a short run."""

EXAMPLES = 150 if not SECONDS else int(SECONDS * 20)
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not SECONDS,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def rounds(least: int = 40) -> Iterator[random.Random]:
    """Sources of chance: some, or as many as there is time for."""
    until, number = time.monotonic() + SECONDS, 0
    while number < least or time.monotonic() < until:
        number += 1
        yield random.Random(number if not SECONDS else None)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """With pieces flipped, cut out, doubled, or put in from elsewhere."""
    found = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(found) + 1)
        end = min(len(found), start + chance.choice((1, 2, 8, 64)))
        match chance.randrange(4):
            case 0:
                found[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
            case 1:
                del found[start:end]
            case 2:
                found[start:start] = found[start:end] * chance.choice((1, 2, 50))
            case _:
                found[start:start] = chance.choice(PIECES)
    return bytes(found)


PIECES = (
    b"\r\n", b"\0", b"<", b"<!--", b"<p>", b"</article>", b"<script>", b"&#0;", b"&#xD800;", b"\xff\xfe",
    b"\xed\xa0\x80",
    "\u202e".encode(), b"]]>", b"<![CDATA[", b'<base href="http://[bad">', b"<meta charset='x' ",
    b"Transfer-Encoding: chunked",
    b"<div " * 50, b'<meta property="og:title" content="', b'<script type="application/ld+json">{"@type":"Article"',
)  # fmt: skip

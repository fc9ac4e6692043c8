"""Whatever comes in, what goes out is ours: a short run each time, a long one by `scripts/fuzz SECONDS`."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from http_daemon import KEY, Daemon, running
from notime.article import Reader
from notime.errors import BadRequest, ReaderFailed, TooManyAttempts, Unauthorized, Unsummarizable
from notime.http import auth, wire
from notime.http.auth import Asking, Sessions
from notime.settings import Settings
from notime.types import Page

SECONDS = float(os.environ.get("NOTIME_FUZZ_SECONDS", "0"))
"""For each test; 0 is a short run."""

PATIENCE = 0.5
"""Seconds for an answer; half a request is waited for longer."""

EXAMPLES = 150 if not SECONDS else int(SECONDS * 20)
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not SECONDS,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

TOKENS = st.sampled_from([b"", b"GET", b"POST", b" ", b"\r\n", b"\n", b"\r", b":", b"\0", b"/", b"http://", b"chunked"])
RAW = st.lists(TOKENS | st.binary(max_size=40), max_size=30).map(b"".join)


def rounds() -> Iterator[random.Random]:
    """Sources of chance: some, or as many as there is time for."""
    until, number = time.monotonic() + SECONDS, 0
    while number < 40 or time.monotonic() < until:
        number += 1
        yield random.Random(number if not SECONDS else None)


@fuzzed
@given(st.binary(max_size=300) | RAW)
def test_a_body_is_valid_or_a_bad_request(body: bytes):
    for kind in (wire.SummaryRequest, wire.Handshake):
        with suppress(BadRequest):
            assert isinstance(wire.decode(body, kind), kind)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@fuzzed
@given(
    st.dictionaries(
        st.sampled_from(["html", "text", "url", "title", "length", "model", "refresh", "keep", "x"]), VALUES
    )
)
def test_fields_of_any_type_are_valid_or_a_bad_request(body: dict[str, object]):
    try:
        found = wire.decode(wire.encode(body), wire.SummaryRequest)
    except BadRequest:
        return
    assert (found.html is None) != (found.text is None)


@fuzzed
@given(st.dictionaries(st.sampled_from(["query", "before", "limit", "x"]), st.text(max_size=30)))
def test_parameters_are_valid_or_a_bad_request(query: dict[str, str]):
    try:
        found = wire.parameters(query, wire.HistoryQuery)
    except BadRequest:
        return
    assert 1 <= found.limit <= 100
    assert found.before is None or int(found.before) >= 0


@fuzzed
@given(
    st.none()
    | st.binary(max_size=200)
    | st.text(max_size=150).map(lambda text: b"Bearer " + text.encode("utf-8", "replace"))
)
def test_no_header_is_a_token_by_chance(header: bytes | None):
    with pytest.raises((Unauthorized, TooManyAttempts)):
        Sessions().authorize((KEY,), header, Asking(8717, None, bound=False))


@fuzzed
@given(st.integers(0, 138), st.integers(1, 255))
def test_a_token_with_one_byte_changed_is_none(place: int, change: int):
    sessions, nonce = Sessions(), auth.new_nonce()
    server_nonce, _ = sessions.handshake((KEY,), nonce, auth.client_hello(KEY, nonce, 1), Asking(1, None))
    token = bytearray(b"Bearer " + auth.session_token(KEY, nonce, server_nonce, 1).encode())
    sessions.authorize((KEY,), bytes(token), Asking(1, None))
    token[7 + place % (len(token) - 7)] ^= change
    with pytest.raises((Unauthorized, TooManyAttempts)):
        sessions.authorize((KEY,), bytes(token), Asking(1, None))


async def test_a_raw_request_gets_no_500_and_no_article(settings: Settings, tmp_path: Path):
    async with running(settings.with_(data_dir=tmp_path / "data")) as daemon:
        for chance in rounds():
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await daemon.everything(body=_mutated(_request(daemon), chance))
            except TimeoutError:
                continue  # it waits for the rest
            assert not answer or answer.startswith((b"HTTP/1.1 ", b"HTTP/1.0 "))
            assert b" 500 " not in answer[:40]


def _request(daemon: Daemon) -> bytes:
    return (
        f"POST /v1/handshake HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\nContent-Type: application/json\r\n"
        'Content-Length: 27\r\nConnection: close\r\n\r\n{"nonce": "x", "hello": ""}'
    ).encode()


def _mutated(raw: bytes, chance: random.Random) -> bytes:
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


def test_a_page_is_an_article_or_refused(pages: Path):
    corpus = sorted(pages.glob("*.html"))
    with Reader() as reader:
        for chance in rounds():
            _read(reader, corpus, chance)


def _read(reader: Reader, corpus: list[Path], chance: random.Random) -> None:
    html = _mutated(chance.choice(corpus).read_bytes(), chance).decode(
        "utf-8", chance.choice(("replace", "surrogateescape"))
    )
    try:
        article = reader.read(Page(html, chance.choice((None, "https://a.example/", "http://[bad", "\ud800"))))
    except (Unsummarizable, ReaderFailed):
        return
    assert article.blocks
    assert article.words > 0

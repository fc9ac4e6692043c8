"""Whatever comes in, what goes out is ours: a short run each time, a long one by `scripts/fuzz SECONDS`."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notime import shapes
from notime.article import Reader
from notime.errors import BadRequest, ReaderFailed, TooManyAttempts, Unauthorized, Unsummarizable
from notime.http import requests
from notime.http.auth import handshake
from notime.http.auth.handshake import Asking, Sessions
from notime.service.request import SummaryRequest
from notime.settings import Settings
from notime.types import Page
from support.http_daemon import KEY, Daemon, running
from support.made_up import fuzzed, mutated, rounds

PATIENCE = 0.5
"""Seconds for an answer; half a request is waited for longer."""

TOKENS = st.sampled_from([b"", b"GET", b"POST", b" ", b"\r\n", b"\n", b"\r", b":", b"\0", b"/", b"http://", b"chunked"])
RAW = st.lists(TOKENS | st.binary(max_size=40), max_size=30).map(b"".join)


@fuzzed
@given(st.binary(max_size=300) | RAW)
def test_a_body_is_valid_or_a_bad_request(body: bytes):
    for kind in (SummaryRequest, requests.Handshake):
        with suppress(BadRequest):
            assert isinstance(requests.decode(body, kind), kind)


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
        found = requests.decode(shapes.encode(body), SummaryRequest)
    except BadRequest:
        return
    assert (found.html is None) != (found.text is None)


@fuzzed
@given(st.dictionaries(st.sampled_from(["query", "before", "limit", "x"]), st.text(max_size=30)))
def test_parameters_are_valid_or_a_bad_request(query: dict[str, str]):
    try:
        found = requests.parameters(query, requests.HistoryQuery)
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
    sessions, nonce = Sessions(), handshake.new_nonce()
    server_nonce, _ = sessions.handshake((KEY,), nonce, handshake.client_hello(KEY, nonce, 1), Asking(1, None))
    token = bytearray(b"Bearer " + handshake.session_token(KEY, nonce, server_nonce, 1).encode())
    sessions.authorize((KEY,), bytes(token), Asking(1, None))
    token[7 + place % (len(token) - 7)] ^= change
    with pytest.raises((Unauthorized, TooManyAttempts)):
        sessions.authorize((KEY,), bytes(token), Asking(1, None))


async def test_a_raw_request_gets_no_500_and_no_article(settings: Settings, tmp_path: Path):
    async with running(settings.with_(data_dir=tmp_path / "data")) as daemon:
        for chance in rounds():
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await daemon.everything(body=mutated(_request(daemon), chance))
            except TimeoutError:
                continue  # it waits for the rest
            assert not answer or answer.startswith((b"HTTP/1.1 ", b"HTTP/1.0 ", b"HTTP/0.9 400"))
            assert b" 500 " not in answer[:40]


def _request(daemon: Daemon) -> bytes:
    return (
        f"POST /v1/handshake HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\nContent-Type: application/json\r\n"
        'Content-Length: 27\r\nConnection: close\r\n\r\n{"nonce": "x", "hello": ""}'
    ).encode()


def test_a_page_is_an_article_or_refused(pages: Path):
    corpus = sorted(pages.glob("*.html"))
    with Reader() as reader:
        for chance in rounds():
            _read(reader, corpus, chance)


def _read(reader: Reader, corpus: list[Path], chance: random.Random) -> None:
    html = mutated(chance.choice(corpus).read_bytes(), chance).decode(
        "utf-8", chance.choice(("replace", "surrogateescape"))
    )
    try:
        article = reader.read(Page(html, chance.choice((None, "https://a.example/", "http://[bad", "\ud800"))))
    except (Unsummarizable, ReaderFailed):
        return
    assert article.blocks
    assert article.words > 0

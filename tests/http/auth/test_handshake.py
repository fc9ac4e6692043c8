from __future__ import annotations

import time

import pytest

from notime.errors import BadRequest, TooManyAttempts, Unauthorized
from notime.http.auth import handshake
from notime.http.auth.handshake import USED_NONCES, Asking, Sessions

KEY, OTHER = bytes(32), bytes(range(32))
KEYS = (KEY, OTHER)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def asking(origin: str | None = None, *, port: int = 8717, bound: bool = True) -> Asking:
    return Asking(port, origin, bound)


def shaken(sessions: Sessions, origin: str | None = None, key: bytes = KEY) -> bytes:
    nonce = handshake.new_nonce()
    hello = handshake.client_hello(key, nonce, 8717)
    server_nonce, proof = sessions.handshake(KEYS, nonce, hello, asking(origin))
    assert proof == handshake.server_proof(key, nonce, server_nonce, 8717)
    return b"Bearer " + handshake.session_token(key, nonce, server_nonce, 8717).encode()


def test_a_token_is_good_for_an_hour():
    clock = Clock()
    sessions = Sessions(clock)
    token = shaken(sessions)
    sessions.authorize(KEYS, token, asking())
    clock.now += 3599
    sessions.authorize(KEYS, token, asking())
    clock.now += 2
    with pytest.raises(Unauthorized):
        sessions.authorize(KEYS, token, asking())


def test_a_session_belongs_to_the_extension_that_asked():
    sessions = Sessions()
    token = shaken(sessions, "chrome-extension://a")
    for other in ("chrome-extension://b", None):
        with pytest.raises(Unauthorized):
            sessions.authorize(KEYS, token, asking(other))
    sessions.authorize(KEYS, token, asking("chrome-extension://a"))
    sessions.authorize(KEYS, token, asking(bound=False))
    with pytest.raises(Unauthorized):
        sessions.authorize(KEYS, shaken(sessions), asking("chrome-extension://a"))


def test_a_session_is_of_one_process_and_one_port():
    sessions = Sessions()
    token = shaken(sessions)
    with pytest.raises(Unauthorized):
        Sessions().authorize(KEYS, token, asking())
    with pytest.raises(Unauthorized):
        sessions.authorize(KEYS, token, asking(port=8718))


def test_a_revoked_key_ends_its_sessions_and_no_other():
    sessions = Sessions()
    first, second = shaken(sessions), shaken(sessions, key=OTHER)
    sessions.authorize((KEY,), first, asking())
    with pytest.raises(Unauthorized):
        sessions.authorize((KEY,), second, asking())


@pytest.mark.parametrize(
    "token",
    [None, b"", b"Bearer", b"Bearer ", b"Bearer x", b"Basic x", "Bearer ünï".encode(), b"Bearer a.b.c", b"Bearer ..",
     b"Bearer " + b"x" * 43 + b"." + b"y" * 43 + b"." + b"z" * 43],
)  # fmt: skip
def test_case_07_bad_tokens_get_one_and_the_same_answer(token: bytes | None):
    with pytest.raises(Unauthorized) as caught:
        Sessions().authorize(KEYS, token, asking())
    assert caught.value.message == "This needs a session token."


def test_case_07_a_prefix_is_not_enough():
    sessions = Sessions()
    token = shaken(sessions)
    for other in (token[:-1], token + b"x", token.replace(b"Bearer", b"Basic"), token.replace(b".", b":", 1)):
        with pytest.raises(Unauthorized):
            sessions.authorize(KEYS, other, asking())


def test_case_08_guessing_is_stopped_and_good_sessions_go_on():
    clock = Clock()
    sessions = Sessions(clock)
    good = shaken(sessions)
    for _ in range(20):
        with pytest.raises(Unauthorized):
            sessions.authorize(KEYS, b"Bearer wrong", asking())
    with pytest.raises(TooManyAttempts):
        sessions.authorize(KEYS, b"Bearer wrong", asking())
    sessions.authorize(KEYS, good, asking())
    with pytest.raises(Unauthorized):
        sessions.authorize(KEYS, None, asking())
    clock.now += 31
    with pytest.raises(Unauthorized):
        sessions.authorize(KEYS, b"Bearer wrong", asking())


def test_a_session_that_has_ended_is_no_guess():
    clock = Clock()
    sessions = Sessions(clock)
    ended = shaken(sessions)
    clock.now += 3601
    for _ in range(25):
        with pytest.raises(Unauthorized):
            sessions.authorize(KEYS, ended, asking())
    for _ in range(25):
        with pytest.raises((Unauthorized, TooManyAttempts)):
            sessions.authorize(KEYS, b"Bearer wrong", asking())
    with pytest.raises(Unauthorized) as caught:
        sessions.authorize(KEYS, ended, asking())
    assert not isinstance(caught.value, TooManyAttempts)
    sessions.authorize(KEYS, shaken(sessions), asking())


def test_case_09_a_nonce_is_used_once():
    sessions = Sessions()
    nonce = handshake.new_nonce()
    hello = handshake.client_hello(KEY, nonce, 8717)
    sessions.handshake(KEYS, nonce, hello, asking())
    with pytest.raises(Unauthorized):
        sessions.handshake(KEYS, nonce, hello, asking())


def test_case_09_the_nonces_that_were_used_are_bounded():
    sessions = Sessions()
    for _ in range(USED_NONCES + 10):
        shaken(sessions)
    assert len(sessions._nonces) == USED_NONCES


@pytest.mark.parametrize("nonce", ["", "short", "x" * 44, "ü" * 43, "|" * 43, "x" * 42 + "\n", "x" * 43 + "\n"])
def test_a_nonce_is_a_nonce(nonce: str):
    with pytest.raises(BadRequest):
        Sessions().handshake(KEYS, nonce, "", asking())


def test_a_stranger_is_told_nothing_and_leaves_nothing_behind():
    sessions = Sessions()
    token = shaken(sessions)
    known = dict(sessions._nonces)
    for _ in range(200):
        nonce = handshake.new_nonce()
        for hello in (
            handshake.client_hello(bytes(31) + b"x", nonce, 8717),
            handshake.client_hello(KEY, nonce, 8718),
            "",
            "ü",
        ):
            with pytest.raises(Unauthorized):
                sessions.handshake(KEYS, nonce, hello, asking())
    assert sessions._nonces == known
    sessions.authorize(KEYS, token, asking())


def test_case_09_hello_proof_and_token_differ_by_port_and_from_each_other():
    ours, theirs = handshake.new_nonce(), handshake.new_nonce()
    made = {
        *(handshake.client_hello(KEY, ours, port) for port in (1, 2)),
        *(handshake.server_proof(KEY, ours, theirs, port) for port in (1, 2)),
        *(handshake.session_token(KEY, ours, theirs, port).rsplit(".", 1)[1] for port in (1, 2)),
    }
    assert len(made) == 6


def test_case_33_a_session_goes_by_a_clock_that_nobody_sets(monkeypatch: pytest.MonkeyPatch):
    sessions = Sessions()
    token = shaken(sessions)
    for day in (-86_400.0, 86_400.0):
        later = time.time() + day
        monkeypatch.setattr(time, "time", lambda later=later: later)
        sessions.authorize(KEYS, token, asking())

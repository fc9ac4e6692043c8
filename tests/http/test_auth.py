from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from notime.errors import BadRequest, InsecureFile, TooManyAttempts, Unauthorized
from notime.http import auth
from notime.http.auth import Sessions, load_key

KEY = bytes(32)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def paired(sessions: Sessions, origin: str | None = None) -> bytes:
    nonce = auth.new_nonce()
    server_nonce, proof = sessions.handshake(nonce, 8717, origin)
    assert proof == auth.server_proof(KEY, nonce, server_nonce, 8717)
    return b"Bearer " + auth.session_token(KEY, nonce, server_nonce, 8717).encode()


def test_a_token_is_good_for_an_hour():
    clock = Clock()
    sessions = Sessions(KEY, clock)
    token = paired(sessions)
    sessions.authorize(token, None)
    clock.now += 3599
    sessions.authorize(token, None)
    clock.now += 2
    with pytest.raises(Unauthorized):
        sessions.authorize(token, None)


def test_a_session_belongs_to_the_extension_that_asked():
    sessions = Sessions(KEY)
    token = paired(sessions, "chrome-extension://a")
    with pytest.raises(Unauthorized):
        sessions.authorize(token, "chrome-extension://b")
    sessions.authorize(token, "chrome-extension://a")


@pytest.mark.parametrize("token", [None, b"", b"Bearer", b"Bearer ", b"Bearer x", b"Basic x", "Bearer ünï".encode()])
def test_bad_tokens_get_one_and_the_same_answer(token: bytes | None):
    with pytest.raises(Unauthorized) as caught:
        Sessions(KEY).authorize(token, None)
    assert caught.value.message == "This needs a session token."


def test_a_prefix_is_not_enough():
    sessions = Sessions(KEY)
    token = paired(sessions)
    with pytest.raises(Unauthorized):
        sessions.authorize(token[:-1], None)
    with pytest.raises(Unauthorized):
        sessions.authorize(token.replace(b"Bearer", b"Basic"), None)


def test_guessing_is_stopped_and_good_sessions_go_on():
    clock = Clock()
    sessions = Sessions(KEY, clock)
    good = paired(sessions)
    for _ in range(20):
        with pytest.raises(Unauthorized):
            sessions.authorize(b"Bearer wrong", None)
    with pytest.raises(TooManyAttempts):
        sessions.authorize(b"Bearer wrong", None)
    sessions.authorize(good, None)
    clock.now += 31
    with pytest.raises(Unauthorized):
        sessions.authorize(b"Bearer wrong", None)


def test_a_nonce_is_used_once():
    sessions = Sessions(KEY)
    nonce = auth.new_nonce()
    sessions.handshake(nonce, 8717, None)
    with pytest.raises(Unauthorized):
        sessions.handshake(nonce, 8717, None)


@pytest.mark.parametrize("nonce", ["", "short", "x" * 44, "ü" * 43, "|" * 43, "x" * 42 + "\n"])
def test_a_nonce_is_a_nonce(nonce: str):
    with pytest.raises(BadRequest):
        Sessions(KEY).handshake(nonce, 8717, None)


def test_handshakes_of_strangers_do_not_end_a_session():
    sessions = Sessions(KEY)
    token = paired(sessions)
    sessions.authorize(token, None)
    for _ in range(200):
        sessions.handshake(auth.new_nonce(), 8717, None)
    sessions.authorize(token, None)


def test_proof_and_token_differ_by_port():
    nonces = auth.new_nonce(), auth.new_nonce()
    assert auth.server_proof(KEY, *nonces, 1) != auth.server_proof(KEY, *nonces, 2)
    assert auth.session_token(KEY, *nonces, 1) != auth.server_proof(KEY, *nonces, 1)


def test_the_key_is_made_once_and_private_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        key = load_key(tmp_path / "config")
    finally:
        os.umask(before)
    assert len(key) == 32
    assert load_key(tmp_path / "config") == key
    assert stat.S_IMODE((tmp_path / "config" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "config").stat().st_mode) == 0o700
    assert load_key(tmp_path / "config", rotate=True) != key
    assert [path.name for path in (tmp_path / "config").iterdir()] == ["key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path):
    load_key(tmp_path)
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(InsecureFile) as caught:
        load_key(tmp_path)
    assert "--rotate" in str(caught.value.hint)
    load_key(tmp_path, rotate=True)


def test_a_key_behind_a_link_is_refused(tmp_path: Path):
    load_key(tmp_path / "other")
    (tmp_path / "key").symlink_to(tmp_path / "other" / "key")
    with pytest.raises(InsecureFile):
        load_key(tmp_path)


def test_a_damaged_key_is_refused(tmp_path: Path):
    load_key(tmp_path)
    (tmp_path / "key").write_text("not a key")
    with pytest.raises(InsecureFile, match="damaged"):
        load_key(tmp_path)


@pytest.mark.parametrize("text", ["", "x", "x" * 43 + "!", "ü" * 43])
def test_what_is_not_a_key(text: str):
    with pytest.raises(BadRequest):
        auth.decode_key(text)


def test_a_key_survives_being_printed_and_pasted():
    assert auth.decode_key(f"  {auth.encode(KEY)}\n") == KEY

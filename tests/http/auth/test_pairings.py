from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from notime.errors import BadRequest, InsecureFile, NotFound
from notime.http.auth.pairings import Pairings, decode_key, encode

KEY = bytes(32)
as_root = pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can give files away")


@pytest.fixture
def pairings(tmp_path: Path) -> Pairings:
    return Pairings(tmp_path / "config")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "key"


@pytest.mark.parametrize("umask", [0, 0o777])
def test_case_34_the_key_is_made_once_and_private_whatever_the_umask(pairings: Pairings, path: Path, umask: int):
    before = os.umask(umask)
    try:
        key = pairings.get().key
    finally:
        os.umask(before)
    assert len(key) == 32
    assert pairings.get().key == key
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["key"]


def test_nobody_is_paired_and_nothing_is_made_by_looking(pairings: Pairings, path: Path):
    assert pairings.all() == ()
    assert pairings.keys() == ()
    assert not path.parent.exists()


def test_several_browsers_each_with_a_key_of_its_own(pairings: Pairings):
    first, second = pairings.get(), pairings.get("firefox")
    assert first.key != second.key
    assert [each.name for each in pairings.all()] == ["browser", "firefox"]
    assert pairings.keys() == (first.key, second.key)
    assert pairings.any() == first
    assert second.made[:2] == "20"
    pairings.revoke("browser")
    assert pairings.keys() == (second.key,)
    assert pairings.any() == second
    with pytest.raises(NotFound, match="browser"):
        pairings.revoke("browser")
    pairings.revoke("firefox")
    assert pairings.keys() == ()


def test_what_another_process_changes_is_seen_at_once(pairings: Pairings, tmp_path: Path):
    running = Pairings(tmp_path / "config")
    key = pairings.get().key
    assert running.keys() == (key,)
    new = pairings.rotate("other").key
    assert running.keys() == (new,)
    assert new != key
    pairings.revoke("other")
    assert running.keys() == ()


@pytest.mark.parametrize("name", ["", "two words", "a\nb", "x" * 41, "a/b"])
def test_what_is_no_name(pairings: Pairings, name: str):
    with pytest.raises(BadRequest):
        pairings.get(name)


def test_a_file_from_before_there_were_several(pairings: Pairings, path: Path):
    path.parent.mkdir(mode=0o700)
    path.write_text(encode(KEY) + "\n")
    path.chmod(0o600)
    assert pairings.get().key == KEY
    pairings.get("firefox")
    assert pairings.keys()[0] == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_case_34_a_key_that_others_can_read_or_write_is_refused(pairings: Pairings, path: Path, mode: int):
    pairings.get()
    assert pairings.keys()
    path.chmod(mode)
    for ask in (pairings.all, pairings.keys, pairings.get):
        with pytest.raises(InsecureFile) as caught:
            ask()
        assert "--rotate" in str(caught.value.hint)
    pairings.rotate()
    assert pairings.keys()


@pytest.mark.parametrize("dangling", [False, True])
def test_case_34_a_key_behind_a_link_is_refused(pairings: Pairings, path: Path, tmp_path: Path, dangling: bool):
    pairings.get()
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / ("nowhere" if dangling else "elsewhere"))
    for ask in (pairings.all, pairings.keys, pairings.get):
        with pytest.raises(InsecureFile, match="plain file"):
            ask()


@as_root
def test_case_34_a_key_of_another_user_is_refused(pairings: Pairings, path: Path):
    pairings.get()
    os.chown(path, 65534, 65534)
    for ask in (pairings.all, pairings.keys):
        with pytest.raises(InsecureFile, match="another user"):
            ask()


@pytest.mark.parametrize("text", ["not a key", "browser short 2026-11-28", "a b c d", "\udcff", "b/r " + encode(KEY)])
def test_a_damaged_key_is_refused(pairings: Pairings, path: Path, text: str):
    pairings.get()
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(InsecureFile, match="damaged"):
        pairings.all()


@pytest.mark.parametrize("text", ["", "x", "x" * 43 + "!", "ü" * 43])
def test_what_is_not_a_key(text: str):
    with pytest.raises(BadRequest):
        decode_key(text)


def test_a_key_survives_being_printed_and_pasted():
    assert decode_key(f"  {encode(KEY)}\n") == KEY

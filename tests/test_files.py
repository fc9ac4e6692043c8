from __future__ import annotations

import os
from pathlib import Path

import pytest

from notime.errors import InsecureFile
from notime.files import make_private_folder, open_above, problem_of
from notime.settings import Settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")
as_root = pytest.mark.skipif(os.name != "nt" and os.getuid() != 0, reason="only root can give files away")


@pytest.mark.parametrize("umask", [0, 0o077, 0o777])
def test_case_34_folders_are_made_with_their_parents_whatever_the_umask(tmp_path: Path, umask: int):
    before = os.umask(umask)
    try:
        make_private_folder(tmp_path / "a" / "b" / "c")
        make_private_folder(tmp_path / "d" / "e", 0o755)
    finally:
        os.umask(before)
    for name, mode in (("a", 0o700), ("a/b", 0o700), ("a/b/c", 0o700), ("d", 0o755), ("d/e", 0o755)):
        assert (tmp_path / name).stat().st_mode & 0o777 == mode


def test_what_others_can_write_or_read(tmp_path: Path):
    path = tmp_path / "file"
    path.touch(0o600)
    assert problem_of(path) is None
    assert problem_of(path, secret=True) is None
    path.chmod(0o604)
    assert problem_of(path) is None
    assert problem_of(path, secret=True) == "mode"
    path.chmod(0o602)
    assert problem_of(path) == "mode"
    (tmp_path / "link").symlink_to(path)
    assert problem_of(tmp_path / "link") == "kind"
    os.mkfifo(tmp_path / "pipe")
    assert problem_of(tmp_path / "pipe") == "kind"
    assert problem_of(tmp_path) is None


@as_root
def test_whose_it_is(tmp_path: Path):
    path = tmp_path / "file"
    path.touch(0o600)
    os.chown(path, 65534, 65534)
    assert problem_of(path) == problem_of(path, secret=True) == "owner"
    path.chmod(0o660)
    os.chown(path, 0, 65534)
    assert problem_of(path) == "mode"


def test_a_folder_above_that_others_can_write(tmp_path: Path):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    assert open_above(inner / "file") is None
    (tmp_path / "outer").chmod(0o777)
    assert open_above(inner / "file") == tmp_path / "outer"
    assert open_above(inner) == tmp_path / "outer"
    (tmp_path / "outer").chmod(0o1777)
    assert open_above(inner) is None


@pytest.mark.parametrize("what", ["", "config.toml"])
def test_case_34_settings_that_others_can_write_are_not_believed(tmp_path: Path, what: str):
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text("port = 1000\n")
    (home / "config.toml").chmod(0o644)
    assert Settings.load({"NOTIME_HOME": str(home)}).port == 1000
    (home / what).chmod(0o777)
    with pytest.raises(InsecureFile, match="Another user") as caught:
        Settings.load({"NOTIME_HOME": str(home)})
    assert "chmod go-w" in str(caught.value.hint)


@as_root
@pytest.mark.parametrize("what", ["", "config.toml"])
def test_case_34_settings_of_another_user_are_not_believed(tmp_path: Path, what: str):
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text("port = 1000\n")
    os.chown(home / what, 65534, 65534)
    with pytest.raises(InsecureFile, match="Another user"):
        Settings.load({"NOTIME_HOME": str(home)})


def test_case_34_settings_in_a_folder_that_others_can_replace(tmp_path: Path):
    (tmp_path / "open" / "home").mkdir(parents=True)
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(InsecureFile, match="in place of"):
        Settings.load({"NOTIME_HOME": str(tmp_path / "open" / "home")})

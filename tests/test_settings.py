from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from notime.errors import BadSettings
from notime.life import command
from notime.settings import Settings


def test_defaults(tmp_path: Path):
    settings = Settings.load({"NOTIME_HOME": str(tmp_path)})
    assert (settings.port, settings.length, settings.model) == (8717, "brief", "gemma3-270m-reader")
    assert settings.config_dir == tmp_path
    assert settings.models == tmp_path / "models"
    assert settings.data_dir == tmp_path / "data"
    assert (settings.keep_history, settings.history_days) == (True, 90)


def test_flags_beat_variables_beat_the_file(tmp_path: Path):
    (tmp_path / "config.toml").write_text('port = 1001\nlength = "full"\nqueue = 3\n')
    env = {"NOTIME_HOME": str(tmp_path), "NOTIME_PORT": "1002", "NOTIME_LENGTH": "headline"}
    settings = Settings.load(env, port=1003, length=None)
    assert (settings.port, settings.length, settings.queue) == (1003, "headline", 3)


def test_without_a_home_the_platforms_places():
    settings = Settings.load({})
    places = (settings.config_dir, settings.cache_dir, settings.data_dir, settings.models)
    assert len(set(places)) == 4
    assert all("notime" in path.parts for path in places)


@pytest.mark.parametrize(
    ("word", "meant"), [("false", False), ("No", False), ("0", False), ("off", False), ("TRUE", True), ("1", True)]
)
def test_a_switch_in_the_environment(tmp_path: Path, word: str, meant: bool):
    (tmp_path / "config.toml").write_text(f"keep_history = {str(not meant).lower()}\n")
    assert Settings.load({"NOTIME_HOME": str(tmp_path)}).keep_history is not meant
    assert Settings.load({"NOTIME_HOME": str(tmp_path), "NOTIME_KEEP_HISTORY": word}).keep_history is meant


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("port = 0", "port"),
        ("port = 'x'", "port"),
        ("length = 'long'", "length"),
        ("queue = -1", "queue"),
        ("read_seconds = 0", "read_seconds"),
        ("keep_history = 'perhaps'", "keep_history"),
        ("history_days = -1", "history_days"),
        ("colour = 'blue'", "colour"),
        ("port = ", "config.toml"),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, text: str, named: str):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(BadSettings, match=named):
        Settings.load({"NOTIME_HOME": str(tmp_path)})


def test_the_command_that_is_told_can_be_run() -> None:
    done = subprocess.run([*shlex.split(command.told()), "--version"], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("notime ")

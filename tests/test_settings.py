from __future__ import annotations

from pathlib import Path

import pytest

from notime.errors import BadSettings
from notime.settings import Settings


def test_defaults(tmp_path: Path):
    settings = Settings.load({"NOTIME_HOME": str(tmp_path)})
    assert (settings.port, settings.length, settings.model) == (8717, "brief", "smollm2-135m-rewriter")
    assert settings.config_dir == tmp_path
    assert settings.models == tmp_path / "models"


def test_flags_beat_variables_beat_the_file(tmp_path: Path):
    (tmp_path / "config.toml").write_text('port = 1001\nlength = "full"\nqueue = 3\n')
    env = {"NOTIME_HOME": str(tmp_path), "NOTIME_PORT": "1002", "NOTIME_LENGTH": "headline"}
    settings = Settings.load(env, port=1003, length=None)
    assert (settings.port, settings.length, settings.queue) == (1003, "headline", 3)


def test_without_a_home_the_platforms_places():
    settings = Settings.load({})
    assert len({settings.config_dir, settings.cache_dir, settings.models}) == 3
    assert all("notime" in path.parts for path in (settings.config_dir, settings.cache_dir, settings.models))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("port = 0", "port"),
        ("port = 'x'", "port"),
        ("length = 'long'", "length"),
        ("queue = -1", "queue"),
        ("read_seconds = 0", "read_seconds"),
        ("colour = 'blue'", "colour"),
        ("port = ", "config.toml"),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, text: str, named: str):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(BadSettings, match=named):
        Settings.load({"NOTIME_HOME": str(tmp_path)})

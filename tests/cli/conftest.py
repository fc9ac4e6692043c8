from __future__ import annotations

import os
from pathlib import Path

import pytest

from notime.settings import Settings
from support.cli_run import Run, command
from support.wheels import ROOT, built


@pytest.fixture
def environment(tmp_path: Path, settings: Settings) -> dict[str, str]:
    """A home of its own, with the models that are built already."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTIME_")}
    # Nor does it look for what telemetry left in this user's cache folder.
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return kept | places | {"NOTIME_HOME": str(tmp_path / "home"), "NOTIME_MODELS": str(settings.models)}


@pytest.fixture
def notime(environment: dict[str, str]) -> Run:
    return command(environment)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout's."""
    return built(ROOT, tmp_path_factory.mktemp("wheel"))

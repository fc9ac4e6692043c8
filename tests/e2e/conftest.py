from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.driver import Browser
from e2e.stage import Daemon, Site
from notime.settings import Settings


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


@pytest.fixture(scope="session")
def running_daemon(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("home"), settings.models) as found:
        yield found


@pytest.fixture
def daemon(running_daemon: Daemon) -> Daemon:
    """The daemon, running, whatever the test before did to it."""
    running_daemon.start()
    return running_daemon


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with Browser(request.param) as found:
        yield found


@pytest.fixture
def paired(browser: Browser, daemon: Daemon) -> Browser:
    """The browser, paired with the daemon through the options page."""
    browser.setPort(port=daemon.port)
    if browser.pairing()["state"] != "paired":
        assert browser.pair(key=daemon.key, port=daemon.port)["state"] == "paired"
    return browser

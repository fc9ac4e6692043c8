from __future__ import annotations

from collections.abc import Iterator

import pytest

from notime.settings import Settings
from support.browsers.driver import Browser
from support.browsers.own import FERRIES, NAPS, OPTIONS, TRAINS, asked
from support.browsers.stage import PAGES, Daemon, Site


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


@pytest.fixture
def pages(paired: Browser) -> Iterator[Browser]:
    """The paired browser, whose settings are as at first when the test ends."""
    yield paired
    paired.openPage(path=OPTIONS)
    paired.pageEvaluate(
        script="""chrome.storage.local.get().then((stored) =>
            chrome.storage.local.remove(Object.keys(stored).filter((name) => name !== "port")))"""
    )
    paired.closePage()


@pytest.fixture
def kept(pages: Browser, daemon: Daemon) -> Browser:
    """The same, with three summaries in the daemon's history and nothing else."""
    pages.openPage(path=OPTIONS)
    assert pages.pageEvaluate(script=asked("history_clear"))["ok"]
    for name in (FERRIES, TRAINS, NAPS):
        html = (PAGES / f"{name}.html").read_text("utf-8")
        daemon.summarize(html=html, url=f"https://www.{name}.example/story")
    return pages

"""The first run in real browsers, and every page of the extension held against axe."""

from __future__ import annotations

import pytest

from support.browsers.driver import Browser
from support.browsers.own import (
    FERRIES,
    HISTORY,
    OPTIONS,
    WELCOME,
    done,
    shows,
    wait,
)
from support.browsers.stage import PAGES, Daemon, free_port

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_the_first_run_ticks_itself(kept: Browser, daemon: Daemon) -> None:
    kept.unpair()
    daemon.stop()
    kept.openPage(path=WELCOME)
    shows(kept, "#daemon-state", "Waiting for notime")
    assert kept.pageEvaluate(script="document.querySelector('[aria-current=step]').id") == "step-daemon"
    assert kept.pageAudit() == []
    daemon.start()
    wait(kept, done("daemon"))
    assert not kept.pageEvaluate(script=done("pair"))
    assert kept.pageEvaluate(script="document.querySelector('[aria-current=step]').id") == "step-pair"
    kept.pageType(selector="#key", text=daemon.key)
    kept.pageClick(selector="#test")
    wait(kept, done("pair"))
    # Three summaries are there from before.
    wait(kept, done("summary"))
    assert kept.pageAudit() == []


def test_the_first_run_says_what_else_answers(pages: Browser, daemon: Daemon) -> None:
    pages.setPort(port=free_port())
    pages.openPage(path=WELCOME)
    shows(pages, "#daemon-state", "Waiting for notime")
    shows(pages, "#press", "Alt+Shift+S")
    shows(pages, "article", "a well-chosen quotation")
    pages.closePage()
    pages.setPort(port=daemon.port)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_accessible(browser: Browser, daemon: Daemon, dark: bool) -> None:
    with Browser(browser.name, dark=dark) as other:
        other.pair(key=daemon.key, port=daemon.port)
        daemon.summarize(html=(PAGES / f"{FERRIES}.html").read_text("utf-8"), url="https://a.example/")
        other.openPage(path=OPTIONS)
        shows(other, "#model-table tr", "in use")
        other.pageClick(selector="#remove-all")
        assert other.pageAudit() == []
        other.openPage(path=HISTORY, width=400)
        wait(other, "document.querySelector('.entry') !== null")
        assert other.pageAudit() == []
        other.pageClick(selector="#export summary")
        assert other.pageAudit() == []
        other.pageClick(selector=".entry")
        wait(other, "document.querySelector('#one .points') !== null")
        assert other.pageAudit() == []
        other.openPage(path=WELCOME)
        wait(other, done("pair"))
        assert other.pageAudit() == []

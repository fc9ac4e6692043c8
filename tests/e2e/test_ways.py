"""The ways to a summary other than the toolbar button: by itself, a link, the panel beside the page, pasted text.

What no test reaches: Chromium's own context menu, permission prompts, side panel and popup, which the system or the
browser's window draws. The panel that they show is opened in a tab here; private windows need the reader's leave in the
browser's own settings.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.browsers.driver import PATIENCE, Browser, built
from support.browsers.stage import PAGES, Site

pytestmark = [pytest.mark.browser, pytest.mark.model]

MILLISECONDS = PATIENCE * 1000

only_firefox = pytest.mark.parametrize("browser", ["firefox"], indirect=True)


def told(browser: Browser, script: str) -> Any:
    """What the expression comes to in the options page; it may be a promise."""
    return browser.pageEvaluate(script=f"(async () => ({script}))()")


def settle(browser: Browser, **settings: object) -> None:
    """Put settings where the options page puts them."""
    browser.openPage(path="options/options.html")
    told(browser, f"await chrome.storage.local.set({json.dumps(settings)})")


REGISTERED = "chrome.scripting.getRegisteredContentScripts()"


def registered(browser: Browser, condition: str) -> None:
    """Wait until the scripts that run by themselves, `found`, are so."""
    script = f"(async () => {{ const [found] = await {REGISTERED}; return {condition}; }})()"
    browser.pageWait(script=script, timeout=MILLISECONDS)


@pytest.fixture
def by_itself(paired: Browser) -> Iterator[Browser]:
    """The browser with the panel offered on the tests' own site, by the options page."""
    for pattern in ("*://localhost/*", "*://www.localhost/*"):
        paired.grant(pattern=pattern)
    settle(paired, automatic="off", sites={})
    paired.openPage(path="options/options.html")
    paired.pageType(selector="#site", text="localhost")
    paired.pageSelect(selector="#site-rule", value="on")
    paired.pageClick(selector="#site-add button")
    registered(paired, "found?.matches.includes('*://localhost/*')")
    yield paired
    settle(paired, automatic="off", sites={})
    registered(paired, "!found")
    told(paired, "await chrome.permissions.remove({origins: ['*://localhost/*', '*://www.localhost/*']})")
    paired.closePage()


def test_nothing_is_registered_unless_it_is_wanted(paired: Browser) -> None:
    settle(paired, automatic="off", sites={})
    registered(paired, "!found")
    paired.closePage()


def test_an_article_is_offered_quietly(by_itself: Browser, site: Site) -> None:
    by_itself.open(url=site.url())
    offered = by_itself.wait("ready")
    assert offered["buttons"] == ["close", "get_summary", "not_here"]
    assert "min read" in offered["status"]
    assert by_itself.evaluate(script="document.activeElement === document.body && scrollY === 0") is True
    assert by_itself.audit() == []
    by_itself.press(name="get_summary")
    assert len(by_itself.wait("done")["sentences"]) >= 3


def test_what_is_no_article_is_left_alone(by_itself: Browser, site: Site) -> None:
    by_itself.open(url=site.url("list.html"))
    by_itself.second(url=site.url())
    by_itself.wait("ready")
    by_itself.first()
    assert by_itself.panel() is None


def test_prepared_or_made(by_itself: Browser, site: Site) -> None:
    settle(by_itself, automatic="prepare")
    by_itself.open(url=site.url())
    by_itself.wait("ready")
    by_itself.press(name="get_summary")
    by_itself.wait("done")
    settle(by_itself, automatic="summarize")
    by_itself.open(url=site.url())
    assert len(by_itself.wait("done")["sentences"]) >= 3


def test_not_on_this_site(by_itself: Browser, site: Site) -> None:
    by_itself.open(url=site.url())
    by_itself.wait("ready")
    by_itself.press(name="not_here")
    by_itself.waitGone(timeout=MILLISECONDS)
    registered(by_itself, "!found")
    by_itself.open(url=site.url())
    by_itself.act()
    assert len(by_itself.wait("done")["sentences"]) >= 3


def test_never_on_a_site_is_never(paired: Browser, site: Site) -> None:
    settle(paired, sites={"localhost": "never"})
    paired.open(url=site.url())
    paired.act()
    paired.pageWait(
        script="""(async () => {
            for (const { id } of await chrome.tabs.query({})) {
                if ((await chrome.action.getPopup({ tabId: id })).includes("why=never")) {
                    return true;
                }
            }
            return false;
        })()""",
        timeout=MILLISECONDS,
    )
    assert paired.panel() is None
    settle(paired, sites={})
    paired.closePage()


def test_a_pasted_text_where_no_page_can_be_read(paired: Browser) -> None:
    paired.openPage(path="panel/panel.html?in=popup&why=unwritable")
    assert paired.pageAudit() == []
    paired.closePage()
    paired.open(url="/panel/panel.html?in=popup&why=unwritable")
    text = (PAGES / "sample-article.html").read_text("utf-8")
    paragraphs = json.dumps([part.split("</p>")[0] for part in text.split("<p>")[1:]])
    paired.evaluate(
        script=f"""(() => {{
            const shelf = document.implementation.createHTMLDocument();
            const plain = {paragraphs}.map((each) => {{
                shelf.body.innerHTML = each;
                return shelf.body.textContent;
            }});
            document.querySelector("textarea").value = plain.join("\\n\\n");
            document.querySelector("form").requestSubmit();
        }})()"""
    )
    assert len(paired.wait("done")["sentences"]) >= 3


@only_firefox
def test_the_menu_summarizes_a_linked_page(paired: Browser, site: Site) -> None:
    settle(paired)
    paired.closePage()
    paired.open(url=site.url())
    paired.evaluate(
        script="""(() => {
            const link = document.createElement("a");
            link.href = "/court-case.html";
            link.textContent = "A case before the court, told elsewhere";
            link.id = "elsewhere";
            document.querySelector("article").prepend(link);
        })()"""
    )
    paired.menu(label="Get a summary of the linked page", at="#elsewhere")
    sentences = paired.wait("done", button="more")["sentences"]
    page = (PAGES / "court-case.html").read_text("utf-8")
    assert any(each["source"].split()[0] in page for each in sentences)
    paired.press(name="copy")
    paired.wait(heard=True)  # for the first time in this panel
    assert paired.pasted().endswith("/court-case.html")


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_a_copy_that_cannot_tell_an_article_says_so(name: str, tmp_path: Path) -> None:
    bare = tmp_path / "extension"
    shutil.copytree(built() / name, bare)
    shutil.rmtree(bare / "vendor")
    with Browser(name, extension=str(bare)) as browser:
        browser.openPage(path="options/options.html")
        browser.pageWait(
            script="""!document.querySelector("#automatic-unpackaged").hidden
                && document.querySelector("#automatic-choices").disabled""",
            timeout=MILLISECONDS,
        )

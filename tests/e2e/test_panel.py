"""What the panel does with a summary, and what becomes of it when the page, the browser or the daemon change."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.driver import PATIENCE, Browser
from e2e.stage import Daemon, Site

pytestmark = [pytest.mark.browser, pytest.mark.model]

MILLISECONDS = PATIENCE * 1000


def summarized(browser: Browser, site: Site) -> dict[str, Any]:
    """The panel after a click on the article's page, with all that belongs to a summary."""
    browser.open(url=site.url())
    browser.act()
    return browser.wait("done", button="more")


def copies(browser: Browser, name: str, text: str) -> None:
    """A button or an item of the menu puts that on the clipboard, and says so."""
    browser.press(name=name)
    browser.waitPasted(text=text, timeout=MILLISECONDS)
    assert browser.wait(heard=True)["heard"] == "Copied"


def test_points_or_a_paragraph(paired: Browser, site: Site) -> None:
    before = summarized(paired, site)
    assert before["form"] == "points"
    paired.press(name="form_paragraph")
    after = paired.wait(pressed="form_paragraph")
    assert after["form"] == "paragraph"
    assert after["sentences"] == before["sentences"]
    paired.press(name="length_headline")
    assert paired.wait("done", pressed="length_headline")["form"] == "paragraph"


def test_each_way_of_copying(paired: Browser, site: Site) -> None:
    sentences = [each["text"] for each in summarized(paired, site)["sentences"]]
    title = "Larkmouth retires its last diesel ferry after 61 years"
    address = site.url()
    copies(paired, "copy", "\n\n".join([title, "\n".join(sentences), address]))
    paired.press(name="more")
    copies(paired, "copy_bare", "\n".join(sentences))
    paired.press(name="more")
    markdown = "\n".join(f"- {each}" for each in sentences)
    copies(paired, "copy_markdown", f"## [{title}](<{address}>)\n\n{markdown}")
    paired.press(name="form_paragraph")
    paired.press(name="more")
    copies(paired, "copy_bare_markdown", " ".join(sentences))


def test_the_menu_by_keyboard(paired: Browser, site: Site) -> None:
    summarized(paired, site)
    paired.press(name="more")
    paired.wait(focus="copy_markdown")
    paired.key(key="ArrowUp")
    assert paired.panel()["focus"] == "open_settings"
    paired.key(key="ArrowDown")
    paired.key(key="ArrowDown")
    assert paired.panel()["focus"] == "copy_bare"
    paired.key(key="Escape")
    closed = paired.wait(focus="more")
    assert "copy_bare" not in closed["buttons"]


def test_a_quotation_says_why(paired: Browser, site: Site) -> None:
    sentences = summarized(paired, site)["sentences"]
    quoted = next(index for index, each in enumerate(sentences) if each["quoted"])
    assert sentences[quoted]["why"] == ""
    paired.press(name="quoted")
    assert paired.panel()["sentences"][quoted]["why"].startswith("The article's own sentence")
    paired.press(name="quoted")
    assert paired.panel()["sentences"][quoted]["why"] == ""


def test_another_article_without_loading_anew(paired: Browser, site: Site) -> None:
    summarized(paired, site)
    paired.evaluate(script="history.pushState({}, '', '#part')")
    assert paired.panel()["phase"] == "done"
    paired.evaluate(
        script="""(() => {
            history.pushState({}, "", "/another");
            document.querySelector("h1").textContent = "Another headline";
        })()"""
    )
    moved = paired.wait("moved")
    assert moved["sentences"] == []
    paired.press(name="get_summary")
    assert len(paired.wait("done")["sentences"]) >= 3


def test_case_42_the_background_ends_in_the_middle(paired: Browser, site: Site, daemon: Daemon) -> None:
    with daemon.busy():
        paired.open(url=site.fresh())
        paired.act()
        paired.wait("reading", button="stop")
        paired.endBackground()
    assert paired.wait("done")["sentences"]


def test_the_daemon_is_started_anew(paired: Browser, site: Site, daemon: Daemon) -> None:
    before = summarized(paired, site)
    daemon.stop()
    daemon.start()
    paired.press(name="more")
    paired.press(name="again")
    paired.wait("done", button="more")
    assert paired.panel()["sentences"] == before["sentences"]


def test_two_tabs_at_once(paired: Browser, site: Site) -> None:
    paired.open(url=site.fresh())
    paired.act()
    paired.second(url=site.url())
    paired.act()
    assert len(paired.wait("done")["sentences"]) >= 3
    paired.first()
    assert paired.wait("done")["sentences"]


def test_it_is_not_printed(paired: Browser, site: Site) -> None:
    summarized(paired, site)
    paired.media(kind="print")
    try:
        assert paired.box()["height"] == 0
    finally:
        paired.media(kind="screen")


def test_a_source_in_an_article_that_scrolls_by_itself(paired: Browser, site: Site) -> None:
    paired.open(url=site.url())
    paired.evaluate(
        script="""(() => {
            const scroller = document.createElement("div");
            scroller.id = "scroller";
            scroller.style = "block-size: 600px; overflow: auto";
            const article = document.querySelector("article");
            article.before(scroller);
            scroller.append(article);
            const low = document.querySelector("article > p:last-of-type");
            low.style.marginBlockStart = "2000px";
        })()"""
    )
    paired.act()
    sentences = paired.wait("done", button="more")["sentences"]
    place = paired.evaluate(script="document.querySelector('#scroller').scrollTop")
    paired.evaluate(script="document.querySelectorAll('article > p').forEach((p) => (p.style.marginBlock = '700px'))")
    paired.press(name="show_source", index=len(sentences) - 1)
    paired.waitInView(text=sentences[-1]["source"], timeout=MILLISECONDS)
    assert paired.evaluate(script="document.querySelector('#scroller').scrollTop") != place
    paired.clickNothing()
    paired.waitHighlighted(text="", timeout=MILLISECONDS)

"""What the panel does with a summary, and what becomes of it when the page, the browser or the daemon change."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from support.browsers.driver import PATIENCE, Browser
from support.browsers.stage import ARTICLE, PAGES, Daemon, Site

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
    assert [each["text"] for each in after["sentences"]] == [each["text"] for each in before["sentences"]]
    if not any(each["method"] == "generated" for each in before["sentences"]):
        assert [each["quoted"] for each in after["sentences"]][:2] == [True, False]
    paired.press(name="length_headline")
    assert paired.wait("done", pressed="length_headline")["form"] == "paragraph"


def test_each_way_of_copying(paired: Browser, site: Site) -> None:
    sentences = [each["text"] for each in summarized(paired, site)["sentences"]]
    title = "Larkmouth retires its last diesel ferry after 61 years"
    address = site.url()
    copies(paired, "copy", "\n\n".join([title, "\n".join(sentences), address]))
    markdown = "\n".join(f"- {each}" for each in sentences)
    outline = "### Outline\n\n- Fares will not rise\n- The night boat\n- A museum, or scrap"
    paired.press(name="more")
    copies(paired, "copy_markdown", f"## [{title}](<{address}>)\n\n{markdown}\n\n{outline}")
    paired.press(name="more")
    paired.press(name="with_link")
    paired.key(key="Escape")
    copies(paired, "copy", "\n".join(sentences))
    paired.press(name="form_paragraph")
    paired.press(name="more")
    copies(paired, "copy_markdown", " ".join(sentences) + f"\n\n{outline}")

    # It is remembered.
    summarized(paired, site)
    copies(paired, "copy", "\n".join(sentences))
    paired.press(name="more")
    paired.press(name="with_link")
    paired.key(key="Escape")
    copies(paired, "copy", "\n\n".join([title, "\n".join(sentences), address]))


def test_the_menu_by_keyboard(paired: Browser, site: Site) -> None:
    summarized(paired, site)
    paired.press(name="more")
    paired.wait(focus="copy_markdown")
    paired.key(key="ArrowUp")
    assert paired.panel()["focus"] == "open_settings"
    paired.key(key="ArrowDown")
    paired.key(key="ArrowDown")
    assert paired.panel()["focus"] == "with_link"
    paired.key(key="Escape")
    closed = paired.wait(focus="more")
    assert "with_link" not in closed["buttons"]


OWN, SHORTENED = "The article’s own sentence, as it stands there", "The article’s own words, slightly shortened"


def test_a_quotation_says_why(paired: Browser, site: Site) -> None:
    sentences = summarized(paired, site)["sentences"]
    quoted = next(index for index, each in enumerate(sentences) if each["quoted"])
    assert sentences[quoted]["why"] == ""
    paired.press(name="quoted")
    why = paired.panel()["sentences"][quoted]["why"]
    whole = sentences[quoted]["text"] == sentences[quoted]["source"]
    assert why.startswith("Quoted, because the shorter") or why == (OWN if whole else SHORTENED)
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


def test_two_tabs_at_once(paired: Browser, site: Site, daemon: Daemon) -> None:
    with daemon.busy():
        paired.open(url=site.fresh())
        paired.act()
        paired.wait("reading", meta="Before this one: ")
        paired.second(url=site.fresh())
        paired.act()
        paired.wait("reading", meta="Before this one: ")
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


def test_a_page_that_replaces_what_holds_the_article(paired: Browser, site: Site) -> None:
    summarized(paired, site)
    paired.evaluate(
        script="""(async () => {
            const page = await (await fetch("night-trains.html")).text();
            const other = new DOMParser().parseFromString(page, "text/html");
            history.pushState({}, "", "/night-trains.html");
            document.querySelector("main").remove();
            document.title = other.title;
            document.body.append(other.querySelector("main") ?? other.querySelector("article"));
        })()"""
    )
    moved = paired.wait("moved")
    assert moved["status"] == "This page shows something else now."
    box, headline = paired.box(), paired.evaluate(script="document.querySelector('h1').getBoundingClientRect().bottom")
    assert box["height"] > 0
    assert box["y"] >= headline
    paired.press(name="get_summary")
    after = paired.wait("done")
    text = paired.evaluate(script="document.body.textContent.replace(/\\s+/g, '')")
    assert all("".join(each["source"].split()) in text for each in after["sentences"])


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_daemon_that_comes_back_is_noticed(paired: Browser, site: Site, daemon: Daemon, end: str) -> None:
    with daemon.busy():
        paired.open(url=site.fresh())
        paired.act()
        paired.wait("reading", button="stop", meta="Before this one: ")
        getattr(daemon, end)()
    paired.wait("problem", button="try_again")
    daemon.start()
    assert len(paired.wait("done")["sentences"]) >= 3


def test_waiting_tells_what_comes_first_and_can_be_cancelled(paired: Browser, site: Site, daemon: Daemon) -> None:
    with daemon.busy():
        paired.open(url=site.fresh())
        paired.act()
        waiting = paired.wait("reading", meta="Before this one: ")
        assert paired.place(selector="button[name=stop]")["text"] == "Cancel"
        assert waiting["sentences"] == []
        paired.press(name="stop")
        paired.wait("stopped")


@pytest.mark.parametrize("page", ["plain.txt", "typed.html", "framed.html"])
def test_pages_that_are_no_ordinary_ones(paired: Browser, site: Site, page: str) -> None:
    paired.open(url=site.url(page))
    paired.act()
    assert len(paired.wait("done")["sentences"]) >= 3


CUT = """document.querySelectorAll("main p").forEach((each) => {
    each.textContent = each.textContent.slice(-14);
})"""


@pytest.mark.parametrize("change", ["", CUT, f"document.querySelector('h1').remove(), {CUT}"])
def test_a_sentence_a_paragraph_is_a_text(paired: Browser, site: Site, change: str) -> None:
    """As Japanese news sites have it, in which a sentence of twenty characters is a whole one."""
    paired.open(url=site.url("japanese.html"))
    if change:
        paired.evaluate(script=change)
    paired.act()
    assert len(paired.wait("done", button="more")["sentences"]) >= 3
    first = paired.evaluate(script="document.querySelector('main p').getBoundingClientRect().top")
    panel = paired.box()
    assert panel["y"] + panel["height"] <= first


def test_without_a_text_the_panel_ends_the_headline(paired: Browser, site: Site) -> None:
    paired.open(url=site.url("list.html"))
    paired.evaluate(
        script="""(() => {
            const main = document.createElement("main");
            document.body.prepend(main);
            main.append(...document.querySelectorAll("h1, ul"));
        })()"""
    )
    paired.act()
    paired.wait("problem", button="menu_selection")
    panel, list_top = paired.box(), paired.evaluate(script="document.querySelector('ul').getBoundingClientRect().top")
    assert panel["y"] + panel["height"] <= list_top


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_the_viewer_of_papers_has_the_popup(paired: Browser, site: Site) -> None:
    """Firefox lets no extension into its own viewer, so that the popup opens there as on any such page."""
    paired.open(url=site.url("paper.pdf"))
    paired.act()
    paired.openPage(path="options/options.html")
    popups = """(async () => {
        const tabs = await chrome.tabs.query({});
        const popups = await Promise.all(tabs.map(({id}) => chrome.action.getPopup({tabId: id})));
        return popups.some((each) => each.includes("panel/panel.html?in=popup&why=unwritable"));
    })()"""
    paired.pageWait(script=popups, timeout=MILLISECONDS)
    paired.closePage()


def test_where_there_is_no_article_the_selection_is_offered(paired: Browser, site: Site) -> None:
    paired.open(url=site.url("list.html"))
    article = (PAGES / ARTICLE).read_text("utf-8")
    text = " ".join(re.sub(r"<[^>]+>", "", part) for part in re.findall(r"<p>(.+?)</p>", article, re.DOTALL))
    paired.act()
    paired.wait("problem", button="menu_selection")
    paired.press(name="menu_selection")
    assert paired.wait(heard=True)["heard"] == "Select a text on the page first"
    paired.evaluate(
        script=f"""(() => {{
            const text = document.createElement("p");
            text.textContent = {json.dumps(text)};
            document.body.append(text);
            getSelection().selectAllChildren(text);
        }})()"""
    )
    paired.press(name="menu_selection")
    assert len(paired.wait("done")["sentences"]) >= 3

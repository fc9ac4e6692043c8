"""The history in real browsers: searched, read, exported, deleted."""

from __future__ import annotations

import json

import pytest

from support.browsers.driver import Browser
from support.browsers.own import (
    HISTORY,
    MILLISECONDS,
    NAPS,
    shows,
    wait,
)
from support.browsers.stage import PAGES, Daemon, Site

pytestmark = [pytest.mark.browser, pytest.mark.model]


def titles(browser: Browser) -> list[str]:
    """What the list shows."""
    found: list[str] = browser.pageEvaluate(
        script="[...document.querySelectorAll('.entry strong')].map((each) => each.textContent)"
    )
    return found


def listed(browser: Browser, count: int) -> None:
    """Wait until the list has so many."""
    wait(browser, f"document.querySelectorAll('.entry').length === {count}")


def test_the_history_is_searched_and_read(kept: Browser) -> None:
    kept.openPage(path=HISTORY)
    listed(kept, 3)
    shows(kept, "#count", "Summaries: 3")
    shows(kept, ".day h2", "today")
    kept.pageType(selector="#search", text="ferry")
    listed(kept, 1)
    shows(kept, "#count", "Found: 1")
    assert "ferry" in titles(kept)[0].lower()
    kept.pageClick(selector=".entry")
    shows(kept, "#one h2", titles(kept)[0])
    wait(kept, "document.activeElement.id === 'detail-title'")
    assert kept.pageEvaluate(script="document.querySelector('#one .actions a').href").startswith(
        "https://www.sample-article.example/"
    )
    kept.pageClick(selector="#one details summary")
    wait(kept, "document.querySelector('#one details blockquote').checkVisibility()")
    kept.pageClick(selector="#one [name=copy_markdown]")
    shows(kept, "#one [name=copy_markdown]", "Copied")
    kept.pageType(selector="#search", text="zeppelin")
    shows(kept, "#nothing", "Nothing found.")


def test_the_history_by_keyboard(kept: Browser) -> None:
    kept.openPage(path=HISTORY)
    listed(kept, 3)
    wait(kept, "(document.querySelector('.entry').focus(), true)")
    kept.pageKey(key="ArrowDown")
    shows(kept, "#one h2", titles(kept)[1])
    kept.pageKey(key="End")
    shows(kept, "#one h2", titles(kept)[2])
    assert kept.pageEvaluate(script="document.querySelector('[aria-current]').textContent").startswith(titles(kept)[2])
    kept.pageKey(key="Home")
    kept.pageKey(key="Enter")
    shows(kept, "#one h2", titles(kept)[0])


def test_an_article_at_two_lengths_is_one_entry_and_open(kept: Browser, daemon: Daemon) -> None:
    html = (PAGES / f"{NAPS}.html").read_text("utf-8")
    daemon.summarize(html=html, url=f"https://www.{NAPS}.example/story", length="full")
    kept.openPage(path=HISTORY)
    listed(kept, 3)
    # The newest is open without a click, and the focus stays where the page has it.
    shows(kept, "#one h2", titles(kept)[0])
    assert kept.pageEvaluate(script="document.querySelector('[aria-current] strong').textContent") == titles(kept)[0]
    shows(kept, ".entry[aria-current]", "Brief")
    shows(kept, ".entry[aria-current]", "Full")
    sentences = "document.querySelectorAll('#one .points > li').length"
    whole = kept.pageEvaluate(script=sentences)
    kept.pageClick(selector="#one .lengths a:not([aria-current])")
    wait(
        kept,
        f"document.querySelector('#one .lengths [aria-current]')?.textContent === 'Brief' && {sentences} < {whole}",
    )
    listed(kept, 3)
    shows(kept, ".entry[aria-current]", titles(kept)[0])


def test_a_quotation_looks_as_in_the_panel(kept: Browser, site: Site) -> None:
    kept.open(url=site.url())
    kept.act()
    kept.wait("done", button="quoted")
    panel = kept.place(selector=".mark")
    kept.openPage(path=HISTORY)
    wait(kept, "document.querySelector('#one .mark') !== null")
    kept.pageClick(selector="#one .mark")
    shows(kept, "#one .why", "The article’s own")
    look = kept.pageEvaluate(
        script="""(() => {
            const mark = document.querySelector("#one .mark");
            const { color, fontFamily, fontWeight } = getComputedStyle(mark);
            return [mark.textContent, color, fontFamily, fontWeight];
        })()"""
    )
    assert look == [panel["text"], *panel["look"]]


def test_one_summary_is_deleted_and_then_all(kept: Browser) -> None:
    kept.openPage(path=HISTORY)
    listed(kept, 3)
    first = titles(kept)[0]
    kept.pageClick(selector=".entry")
    kept.pageClick(selector="#one [name=delete]")
    kept.pageClick(selector=".confirm button:not(.danger)")
    wait(kept, "document.activeElement.name === 'delete'")
    kept.pageClick(selector="#one [name=delete]")
    kept.pageClick(selector=".confirm .danger")
    listed(kept, 2)
    assert first not in titles(kept)
    kept.openPage(path=HISTORY)
    listed(kept, 2)
    kept.pageClick(selector="#delete-all")
    kept.pageClick(selector=".confirm .danger")
    shows(kept, "#nothing", "No summaries yet.")
    assert kept.pageAudit() == []


CATCH = """(() => {
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => { blob.text().then((text) => { window.caught = text; }); return make(blob); };
})()"""


def test_the_history_is_exported(kept: Browser) -> None:
    kept.openPage(path=HISTORY)
    listed(kept, 3)
    kept.pageEvaluate(script=CATCH)
    kept.pageClick(selector="#export summary")
    kept.pageClick(selector="#export-json")
    shows(kept, "#export-words", "Exported: 3.")
    summaries = json.loads(wait(kept, "window.caught"))["summaries"]
    assert [each["title"] for each in summaries] == titles(kept)
    assert all(each["text"] and each["url"].startswith("https://") for each in summaries)

    kept.pageType(selector="#search", text="ferry")
    listed(kept, 1)
    kept.pageEvaluate(script="window.caught = undefined")
    kept.pageClick(selector="#export summary")
    kept.pageClick(selector="#export-markdown")
    shows(kept, "#export-words", "Exported: 1.")
    markdown = wait(kept, "window.caught")
    assert markdown.startswith(f"## [{titles(kept)[0]}](<https://www.sample-article.example/story>)\n")
    assert kept.pageEvaluate(script="document.querySelector('#export-words a').download").endswith(".md")


def test_more_summaries_come_as_one_scrolls(pages: Browser) -> None:
    pages.openPage(path=HISTORY)
    entry = {"created": "2026-01-02T03:04:05Z", "title": "T", "siteName": "", "byline": "", "url": "", "text": "Text."}
    # A daemon with 250 summaries, for the page alone.
    pages.pageEvaluate(
        script=f"""(() => {{
            const entry = {json.dumps(entry)};
            chrome.runtime.sendMessage = async ({{before, limit}}) => {{
                const start = Number(before || 0), end = Math.min(start + limit, 250);
                const made = (_, index) => ({{...entry, id: `e${{start + index}}`}});
                const entries = Array.from({{length: end - start}}, made);
                return {{ok: true, entries, next: end < 250 ? String(end) : null}};
            }};
        }})()"""
    )
    pages.pageType(selector="#search", text="t")
    shows(pages, "#count", "+")
    wait(
        pages,
        """(() => {
            document.querySelector("#list").scrollTo(0, 1e6);
            return document.querySelectorAll(".entry").length === 250;
        })()""",
    )
    shows(pages, "#count", "Found: 250")
    pages.pageEvaluate(script=CATCH)
    pages.pageClick(selector="#export summary")
    pages.pageClick(selector="#export-json")
    shows(pages, "#export-words", "Exported: 250.")
    assert len(json.loads(wait(pages, "window.caught"))["summaries"]) == 250


def test_an_export_can_be_cancelled(pages: Browser) -> None:
    pages.openPage(path=HISTORY)
    pages.pageEvaluate(
        script="""(() => {
            const entries = [{id: "e", created: "2026-01-02T03:04:05Z", title: "T", siteName: "", url: "", text: "T."}];
            chrome.runtime.sendMessage = async ({limit}) =>
                limit === 100 ? new Promise(() => {}) : {ok: true, entries, next: null};
        })()"""
    )
    pages.pageType(selector="#search", text="t")
    listed(pages, 1)
    pages.pageClick(selector="#export summary")
    pages.pageClick(selector="#export-json")
    shows(pages, "#export-words", "Exporting")
    pages.pageClick(selector="#export-cancel")
    wait(pages, "document.querySelector('#export-state').hidden")


def test_the_history_without_a_daemon_and_without_a_key(kept: Browser, daemon: Daemon) -> None:
    daemon.stop()
    kept.openPage(path=HISTORY)
    shows(kept, "#nothing code", "notime serve")
    assert kept.pageAudit() == []
    daemon.start()
    kept.pageClick(selector="#nothing .problem > .buttons button")
    listed(kept, 3)

    kept.unpair()
    kept.openPage(path=HISTORY)
    shows(kept, "#nothing", "not paired")
    kept.pageClick(selector="#nothing button")
    kept.waitTab(part="/options/options.html", timeout=MILLISECONDS)
    kept.closePage()
    kept.open(url="about:blank")
    kept.closeOwnTabs()

"""How the panel looks and keeps still: measured by rectangles, in both browsers and both directions of writing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support.browsers.driver import PATIENCE, Browser
from support.browsers.stage import PAGES, Daemon, Site

pytestmark = [pytest.mark.browser, pytest.mark.model]

MILLISECONDS = PATIENCE * 1000

COLUMNS = {"widths": [*range(280, 720, 20), *range(720, 1201, 80)], "sizes": [14, 16, 18, 20, 22]}
"""Pixels. The commonest columns of articles are 440 to 640 wide."""

MOST_SHIFT = 0.01
"""Layout shift of the whole page after the panel came; under .1 counts as good for a whole visit."""


@pytest.fixture
def spoken(paired: Browser) -> Iterator[Browser]:
    """The browser, whose language is the browser's again when the test ends."""
    yield paired
    speak(paired, "")


def speak(browser: Browser, language: str) -> None:
    browser.openPage(path="options/options.html")
    browser.pageEvaluate(script=f"chrome.storage.local.set({{language: {json.dumps(language)}}})")
    browser.closePage()


def summarized(browser: Browser, url: str) -> dict[str, Any]:
    browser.open(url=url)
    browser.act()
    return browser.wait("done", button="more")


@pytest.mark.parametrize("language", ["en", "de", "uk", "ar"])
def test_no_column_breaks_it(spoken: Browser, site: Site, daemon: Daemon, language: str) -> None:
    speak(spoken, language)
    summarized(spoken, site.url())
    assert spoken.sweep(**COLUMNS) == []
    if language in ("en", "ar"):
        spoken.press(name="form_paragraph")
        assert spoken.sweep(**COLUMNS) == []
        daemon.stop()
        spoken.press(name="more")
        spoken.press(name="again")
        spoken.wait("problem", button="try_again")
        assert spoken.sweep(**COLUMNS) == []


def test_sentences_of_a_paragraph_stand_apart(paired: Browser, site: Site) -> None:
    summarized(paired, site.url())
    paired.press(name="form_paragraph")
    paired.wait(pressed="form_paragraph")
    assert paired.glued() == []


def test_a_passing_message_can_be_seen(paired: Browser, site: Site) -> None:
    summarized(paired, site.url())
    paired.press(name="copy")
    paired.wait(heard=True)
    told = paired.place(selector=".told")
    assert told["text"] == "Copied"
    assert told["right"] - told["left"] > 40
    assert told["bottom"] - told["top"] > 16


@pytest.mark.parametrize("width", [360, 700, 1100])
@pytest.mark.parametrize("height", [500, 900])
def test_the_menu_opens_at_its_button_and_in_the_window(paired: Browser, site: Site, width: int, height: int) -> None:
    paired.open(url=site.url())
    paired.resize(width=width, height=height)
    paired.act()
    paired.wait("done", button="more")
    paired.press(name="more")
    paired.wait(button="again")
    menu, button = paired.place(selector=".menu"), paired.place(selector="button[name=more]")
    paired.resize(width=1100, height=900)
    assert menu["left"] >= 0
    assert menu["right"] <= menu["window"][0]
    assert menu["right"] - menu["left"] >= 180
    assert abs(menu["right"] - button["right"]) < 2 or abs(menu["left"] - button["left"]) < 2


COUNT = """(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const {value, hadRecentInput, sources} of list.getEntries()) {
            window.shift += hadRecentInput || !sources.some(({node}) => node) ? 0 : value;
        }
    }).observe({type: "layout-shift"});
})()"""
"""What moves within half a second of a click is not counted: the reader asked for it."""

WATCH = """(() => {
    new MutationObserver((changes, observer) => {
        const came = changes.flatMap(({addedNodes}) => [...addedNodes]).some((node) => node.localName === "div");
        if (!came) {
            return;
        }
        observer.disconnect();
        // The panel's own coming is not counted: two frames later it is there.
        requestAnimationFrame(() => requestAnimationFrame(() => {
            COUNT;
        }));
    }).observe(document.documentElement, {subtree: true, childList: true});
})()""".replace("COUNT", COUNT)


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_the_page_keeps_still_while_sentences_come(paired: Browser, site: Site) -> None:
    """The Layout Instability API, which only Chromium has, on ten articles."""
    shifts = {}
    for page in sorted(PAGES.glob("*.html"))[:10]:
        paired.open(url=site.url(page.name))
        paired.evaluate(script="document.querySelector('.consent')?.remove()")
        paired.evaluate(script=WATCH)
        paired.act()
        if paired.wait("done", "problem")["phase"] == "done":
            paired.wait("done", button="more")
            paired.evaluate(script="new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            shifts[page.name] = paired.evaluate(script="window.shift")
    assert len(shifts) >= 9
    assert {name: shift for name, shift in shifts.items() if shift > MOST_SHIFT} == {}


def test_another_length_comes_at_once_and_in_place_of_the_old(paired: Browser, site: Site) -> None:
    before = summarized(paired, site.url("night-trains.html"))
    control = paired.place(selector='button[name="length_full"]')
    paired.press(name="length_full")
    pressed = paired.panel()
    # Either the summary before it, or the new one: never none.
    assert pressed["phase"] == "done"
    assert len(pressed["sentences"]) >= len(before["sentences"])
    after = paired.wait("done", pressed="length_full", renewing=False)
    assert len(after["sentences"]) > len(before["sentences"])
    now = paired.place(selector='button[name="length_full"]')
    assert (now["left"], now["right"]) == (control["left"], control["right"])


def test_a_summary_that_was_made_before_is_as_high(paired: Browser, site: Site) -> None:
    """It comes before the parts that it needs, which may take no room of their own."""
    summarized(paired, site.url())
    first = paired.box()["height"]
    summarized(paired, site.url())
    assert abs(paired.box()["height"] - first) < 2


PLACES = """(() => {
    const place = (each) => ["left", "top", "right"].map((side) => Math.round(each.getBoundingClientRect()[side]));
    const headline = document.querySelector("h1");
    const above = [...document.querySelectorAll("h1, header, nav")].filter((each) =>
        each === headline || each.compareDocumentPosition(headline) & Node.DOCUMENT_POSITION_FOLLOWING);
    return [scrollY, ...above.map(place)].join(" ");
})()"""


@pytest.mark.parametrize("page", ["night-trains.html", "sample-article.html"])
def test_nothing_but_what_is_below_moves_for_another_length(paired: Browser, site: Site, page: str) -> None:
    """By rectangles: no control that a pointer may be on, and nothing above the panel."""
    summarized(paired, site.url(page))
    paired.evaluate(script="scrollTo(0, 80)")
    lengths = ["length_full", "length_headline", "length_brief"]
    for length in lengths:
        paired.press(name=length)
        paired.wait("done", pressed=length, renewing=False)
    controls = [f'button[name="{name}"]' for name in (*lengths, "form_points", "form_paragraph", "close")]
    before = [paired.place(selector=each) for each in controls], paired.evaluate(script=PLACES), paired.box()["y"]
    paired.evaluate(script=COUNT) if paired.name == "chromium" else None
    for length in lengths * 2:
        paired.press(name=length)
        shown = paired.wait("done", pressed=length, renewing=False)
        assert shown["sentences"]
        after = [paired.place(selector=each) for each in controls], paired.evaluate(script=PLACES), paired.box()["y"]
        assert [bare(each) for each in after[0]] == [bare(each) for each in before[0]]
        assert after[1:] == before[1:]
    if paired.name == "chromium":
        paired.evaluate(script="new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert paired.evaluate(script="window.shift") <= MOST_SHIFT


def bare(place: dict[str, Any]) -> list[float]:
    """Where it is, without how it looks."""
    return [round(place[side]) for side in ("left", "right", "top", "bottom")]


UNTIL_NEAR = """new Promise((done) => {{
    const look = () => Math.abs(scrollY - {}) < 60 ? done() : requestAnimationFrame(look);
    look();
}})"""


def test_the_way_back_from_a_source(paired: Browser, site: Site) -> None:
    sentences = summarized(paired, site.url())["sentences"]
    for way in ("pill", "key"):
        paired.hoverSentence(index=len(sentences) - 1)
        start = paired.evaluate(script="scrollY")
        paired.press(name="show_source", index=len(sentences) - 1)
        paired.waitInView(text=sentences[-1]["source"], timeout=MILLISECONDS)
        pill = paired.wait(button="back") and paired.place(selector=".back")
        assert pill["bottom"] <= pill["window"][1]
        assert "Back to the summary" in pill["text"]
        if way == "pill":
            paired.press(name="back")
        else:
            paired.evaluate(script="document.activeElement?.blur()")
            paired.key(key="Escape")
        paired.evaluate(script=UNTIL_NEAR.format(start))
        paired.waitHighlighted(text="", timeout=MILLISECONDS)
        assert paired.place(selector=".back") is None


def test_the_outline_leads_to_its_parts(paired: Browser, site: Site) -> None:
    panel = summarized(paired, site.url())
    assert panel["outline"] == ["Fares will not rise", "The night boat", "A museum, or scrap"]
    assert not panel["outlineOpen"]
    paired.clickPart(selector=".outline summary")
    paired.wait(button="outline")
    paired.press(name="outline", index=2)
    paired.waitInView(text="A museum, or scrap", timeout=MILLISECONDS)
    paired.press(name="back")
    paired.waitHighlighted(text="", timeout=MILLISECONDS)


def test_the_parts_of_a_list_are_open(paired: Browser, site: Site) -> None:
    site.put("walks.html", (PAGES / "list-nine-walks" / "source.html").read_bytes())
    panel = summarized(paired, site.url("walks.html"))
    assert panel["outlineOpen"]
    assert len(panel["outline"]) == 9


def test_what_is_under_a_part_is_folded(paired: Browser, site: Site) -> None:
    paired.open(url=site.fresh("sample-article.html"))
    paired.evaluate(
        script="""(() => {
            const small = document.createElement("h3");
            small.textContent = "The winter trial";
            [...document.querySelectorAll("h2 + p")].at(1).after(small);
        })()"""
    )
    paired.act()
    panel = paired.wait("done", button="more")
    assert panel["outline"] == ["Fares will not rise", "The night boat", "The winter trial", "A museum, or scrap"]
    paired.clickPart(selector=".outline summary")
    paired.wait(button="outline_under")
    assert paired.place(selector=".outline ol ol .jump") is None
    paired.press(name="outline_under")
    assert paired.place(selector=".outline ol ol .jump")["text"] == "The winter trial"
    assert paired.audit() == []
    paired.press(name="outline", index=2)
    paired.waitInView(text="The winter trial", timeout=MILLISECONDS)

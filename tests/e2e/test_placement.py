"""Where the panel stands, and what it moves: on small pages that are laid out as articles are, and on real ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from support.browsers.driver import PATIENCE, Browser
from support.browsers.placement import EVAL, LAYOUTS, SETS, Gold, Judge, read_layout, read_set
from support.browsers.stage import Site

pytestmark = [pytest.mark.browser, pytest.mark.model]

MILLISECONDS = PATIENCE * 1000

DARK = {"dark", "picture"}

SAMPLE = 13
"""Pages a set, evenly over it: what continuous integration has the time for."""

FLOOR = {"placed": 0.94, "found": 0.985}
"""Of the sample, in Chromium."""


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def judge(request: pytest.FixtureRequest) -> Iterator[Judge]:
    with Judge(request.param) as found:
        yield found


@pytest.mark.parametrize("name", sorted(page.stem for page in LAYOUTS.glob("*.html")))
def test_every_layout(judge: Judge, name: str) -> None:
    verdict = judge.judge(read_layout(name))
    assert verdict.apart == ""
    assert verdict.scripts
    assert verdict.wrong == []
    assert not verdict.refused
    assert judge.browser.panel()["theme"] == ("dark" if name in DARK else "light")
    assert len(verdict.sources) >= 8
    assert set(verdict.sources) == {"exact"}, dict(zip(verdict.sentences, verdict.sources, strict=True))


def test_a_page_that_changes_is_read_again_and_not_touched(judge: Judge) -> None:
    verdict = judge.judge(read_layout("spa"))
    sentence = verdict.sentences[3]
    new = "A sentence that was not there before is found as soon as it is there."
    page = judge.browser.evaluate(script="document.documentElement.outerHTML")

    def look() -> list[str]:
        found: list[str] = judge.browser.placement(ask="sources", argument={"sentences": [sentence, new]})
        return found

    assert look() == ["exact", "not found"]
    assert judge.browser.evaluate(script="document.documentElement.outerHTML") == page
    judge.browser.evaluate(script=f"document.querySelectorAll('p')[4].append({new!r})")
    assert look() == ["exact", "exact"]
    judge.browser.evaluate(script="document.querySelector('.rich').replaceChildren()")
    assert look() == ["not found", "not found"]


def test_the_panel_survives_where_nothing_can_be_judged(judge: Judge) -> None:
    page = b"<!doctype html><title>Nothing</title><body style='display:flex'><i>x</i></body>"
    judge.browser.open(url=judge.serve(page))
    judge.browser.act()
    judge.browser.wait("problem")
    assert judge.browser.box()["width"] > 0


@pytest.mark.parametrize("judge", ["chromium"], indirect=True)
def test_a_sample_of_real_pages(judge: Judge) -> None:
    if not EVAL.is_dir():
        pytest.skip(f"the extraction sets are not at {EVAL}")
    verdicts = [judge.judge(gold) for name in SETS for gold in sample(read_set(name))]
    judged = [each for each in verdicts if not each.apart]
    assert len(judged) >= 0.9 * len(verdicts)
    wrong = {each.name: each.wrong for each in judged if each.wrong}
    assert len(wrong) <= (1 - FLOOR["placed"]) * len(judged), wrong
    sources = [kind for each in judged for kind in each.sources]
    assert "wrong" not in sources
    assert sum(kind in ("exact", "nearly") for kind in sources) >= FLOOR["found"] * len(sources)


def sample(pages: list[Gold]) -> list[Gold]:
    return pages[:: max(1, len(pages) // SAMPLE)][:SAMPLE]


MARGINS = 60
"""Pixels: the panel's own, which come with it."""

WATCH = """(() => {
    window.shifts = [];
    window.heights = [];
    new MutationObserver((changes, observer) => {
        const panel = changes.flatMap(({addedNodes}) => [...addedNodes]).find((node) => node.localName === "div");
        if (!panel) {
            return;
        }
        observer.disconnect();
        new ResizeObserver(([{borderBoxSize}]) => window.heights.push(borderBoxSize[0].blockSize)).observe(panel);
        new PerformanceObserver((list) => {
            // What is in the panel's shadow tree comes without a node; what left the window, with an empty place.
            const moved = list.getEntries().flatMap(({sources}) => sources)
                .filter(({node, previousRect, currentRect}) => node && previousRect.width > 0 && currentRect.width > 0);
            window.shifts.push(...moved.map(({node, previousRect, currentRect}) => ({
                is: node.nodeName,
                below: !!(panel.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING),
                aside: currentRect.x - previousRect.x,
                down: currentRect.y - previousRect.y,
            })));
        }).observe({type: "layout-shift"});
    }).observe(document.body, {subtree: true, childList: true});
})()"""


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_nothing_moves_but_what_is_below_the_panel(paired: Browser, site: Site) -> None:
    """The Layout Instability API, which only Chromium has, from the panel's coming until the summary is done."""
    paired.open(url=site.url())
    paired.evaluate(script=WATCH)
    paired.act()
    paired.wait("done")
    shifts: list[dict[str, Any]] = paired.evaluate(script="window.shifts")
    heights: list[float] = paired.evaluate(script="window.heights")
    assert shifts
    assert [each for each in shifts if not each["below"] or each["aside"]] == []
    # What is below it went as far as the panel is high when it came, and then as far as it grew or shrank.
    came = [each for each in shifts if heights[0] <= each["down"] <= heights[0] + MARGINS]
    grown = {round(after - before) for before in heights for after in heights}
    assert came
    assert {round(each["down"]) for each in shifts if each not in came} <= grown, (heights, shifts)

"""The extension's own pages in real browsers: settings, history, the first run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from e2e.driver import EXTENSION, PATIENCE, Browser
from e2e.stage import PAGES, Daemon, free_port

pytestmark = [pytest.mark.browser, pytest.mark.model]

MILLISECONDS = PATIENCE * 1000

OPTIONS, HISTORY, WELCOME = (f"{name}/{name}.html" for name in ("options", "history", "welcome"))
FERRIES, TRAINS, NAPS = "sample-article", "night-trains", "sleep-study"
EVERYWHERE = "https://*/*"


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


def asked(kind: str) -> str:
    """The script that asks the background for something."""
    return f"chrome.runtime.sendMessage({{type: {json.dumps(kind)}}})"


def wait(browser: Browser, script: str) -> Any:
    """Wait until that is so on the page."""
    return browser.pageWait(script=script, timeout=MILLISECONDS)


def shows(browser: Browser, selector: str, text: str) -> None:
    """Wait until an element that can be seen has that text in it."""
    wait(
        browser,
        f"""[...document.querySelectorAll({json.dumps(selector)})].some((each) =>
            each.getClientRects().length > 0 && each.textContent.includes({json.dumps(text)}))""",
    )


def stored(browser: Browser) -> dict[str, Any]:
    """The settings, as they lie in the browser."""
    found: dict[str, Any] = browser.pageEvaluate(script="chrome.storage.local.get()")
    return found


def may_read(browser: Browser, origin: str) -> bool:
    """Whether the browser lets the extension read there."""
    return bool(browser.pageEvaluate(script=f"chrome.permissions.contains({{origins: [{json.dumps(origin)}]}})"))


def words(language: str, name: str) -> str:
    """One message of a locale."""
    path = EXTENSION / "source" / "_locales" / language / "messages.json"
    message: str = json.loads(path.read_text("utf-8"))[name]["message"]
    return message


def refuse_permissions(browser: Browser) -> None:
    """As a reader who says no: neither browser's own question can be answered from here."""
    browser.pageEvaluate(
        script="""Object.defineProperty(chrome.permissions, "request",
            {value: () => Promise.resolve(false), configurable: true}) && true"""
    )


# Settings


def test_pairing_says_how_it_stands(pages: Browser, daemon: Daemon) -> None:
    pages.openPage(path=OPTIONS)
    shows(pages, "#state", "Paired.")
    pages.pageClick(selector="#repair")
    pages.pageType(selector="#key", text="no key")
    pages.pageClick(selector="#test")
    shows(pages, "#state", "not a pairing key")
    pages.pageType(selector="#key", text=daemon.key)
    pages.pageClick(selector="#test")
    shows(pages, "#state", "Paired.")
    daemon.stop()
    pages.pageClick(selector="#check")
    shows(pages, "#state", f"No answer on port {daemon.port}")
    shows(pages, "#model-table", "notime is not running")
    daemon.start()
    pages.pageClick(selector="#model-table .problem .buttons button")
    shows(pages, "#state", "Paired.")


@pytest.mark.parametrize(
    ("name", "value"), [("length", "full"), ("form", "paragraph"), ("theme", "dark"), ("surface", "side")]
)
def test_a_preference_stays(pages: Browser, name: str, value: str) -> None:
    pages.openPage(path=OPTIONS)
    pages.pageSelect(selector=f"#{name}", value=value)
    pages.openPage(path=OPTIONS)
    wait(pages, f"document.querySelector('#{name}').value === {json.dumps(value)}")
    assert stored(pages)[name] == value


@pytest.mark.parametrize(
    ("switch", "name", "value"), [("history", "history", False), ("in-private", "inPrivate", True)]
)
def test_a_switch_stays(pages: Browser, switch: str, name: str, value: bool) -> None:
    pages.openPage(path=OPTIONS)
    wait(pages, f"document.querySelector('#{switch}').checked === {json.dumps(not value)}")
    pages.pageClick(selector=f"#{switch}")
    pages.openPage(path=OPTIONS)
    wait(pages, f"document.querySelector('#{switch}').checked === {json.dumps(value)}")
    assert stored(pages)[name] is value


def test_the_language_is_there_at_once_and_everywhere(pages: Browser) -> None:
    pages.openPage(path=OPTIONS)
    shows(pages, "#state", "Paired.")
    pages.pageSelect(selector="#language", value="ar")
    shows(pages, "h1", words("ar", "options_title"))
    shows(pages, "#state", words("ar", "options_state_paired").split("$")[0])
    assert pages.pageEvaluate(script="document.documentElement.dir") == "rtl"
    assert pages.pageEvaluate(script="document.documentElement.lang") == "ar"
    # The words stand at the right, and nothing reaches out of the window.
    assert pages.pageEvaluate(
        script="""(() => {
            const [label, select] = ["label[for=length]", "#length"].map((selector) =>
                document.querySelector(selector).getBoundingClientRect());
            return select.right < label.right && document.documentElement.scrollWidth <= innerWidth;
        })()"""
    )
    assert pages.pageAudit() == []
    for path in (HISTORY, WELCOME):
        pages.openPage(path=path)
        assert pages.pageEvaluate(script="document.documentElement.dir") == "rtl"
    pages.openPage(path=OPTIONS)
    pages.pageSelect(selector="#language", value="")
    shows(pages, "h1", words("en", "options_title"))
    assert pages.pageEvaluate(script="document.documentElement.dir") == "ltr"


def test_by_itself_asks_for_the_permission_and_gives_it_back(pages: Browser) -> None:
    pages.openPage(path=OPTIONS)
    refuse_permissions(pages)
    pages.pageClick(selector="[name=automatic][value=offer]")
    shows(pages, "#automatic-state", "nothing has changed")
    wait(pages, "document.querySelector('[name=automatic][value=off]').checked")
    assert "automatic" not in stored(pages)

    pages.grant(pattern=EVERYWHERE)
    pages.openPage(path=OPTIONS)
    for choice in ("offer", "prepare", "summarize"):
        pages.pageClick(selector=f"[name=automatic][value={choice}]")
        wait(pages, f"chrome.storage.local.get('automatic').then(({{automatic}}) => automatic === '{choice}')")
    assert may_read(pages, EVERYWHERE)
    pages.openPage(path=OPTIONS)
    wait(pages, "document.querySelector('[name=automatic][value=summarize]').checked")
    pages.pageClick(selector="[name=automatic][value=off]")
    wait(pages, f"chrome.permissions.contains({{origins: ['{EVERYWHERE}']}}).then((held) => !held)")
    assert stored(pages)["automatic"] == "off"
    assert may_read(pages, "http://127.0.0.1/*")


def test_a_permission_taken_away_in_the_browser_is_told(pages: Browser) -> None:
    pages.grant(pattern=EVERYWHERE)
    pages.openPage(path=OPTIONS)
    pages.pageClick(selector="[name=automatic][value=offer]")
    wait(pages, "chrome.storage.local.get('automatic').then(({automatic}) => automatic === 'offer')")
    pages.pageEvaluate(script=f"chrome.permissions.remove({{origins: ['{EVERYWHERE}']}})")
    pages.openPage(path=OPTIONS)
    shows(pages, "#automatic-allow", "does not allow this")
    pages.grant(pattern=EVERYWHERE)
    pages.pageClick(selector="#allow-all")
    wait(pages, "document.querySelector('#automatic-allow').hidden")
    pages.pageClick(selector="[name=automatic][value=off]")
    wait(pages, f"chrome.permissions.contains({{origins: ['{EVERYWHERE}']}}).then((held) => !held)")


def test_sites_have_rules_of_their_own(pages: Browser) -> None:
    pages.openPage(path=OPTIONS)
    pages.pageType(selector="#site", text="no address")
    pages.pageClick(selector="#site-add button")
    shows(pages, "#site-state", "not the address of a site")

    pages.pageType(selector="#site", text="https://www.News.example/politics?x=1")
    pages.pageSelect(selector="#site-rule", value="never")
    pages.pageClick(selector="#site-add button")
    shows(pages, "#site-list li", "news.example")
    assert stored(pages)["sites"] == {"news.example": "never"}

    pages.grant(pattern="*://news.example/*")
    pages.grant(pattern="*://www.news.example/*")
    # By hand: only then may a page ask for a permission.
    wait(pages, "(document.querySelector('#site-list select').focus(), true)")
    pages.pageKey(key="Home")
    wait(pages, "chrome.storage.local.get('sites').then(({sites}) => sites['news.example'] === 'on')")
    assert may_read(pages, "*://news.example/*")
    assert not may_read(pages, "*://other.example/*")

    pages.openPage(path=OPTIONS)
    wait(pages, "document.querySelector('#site-list select')?.value === 'on'")
    pages.pageClick(selector="#site-list button")
    shows(pages, "#no-sites", "No exceptions yet.")
    assert stored(pages)["sites"] == {}
    assert not may_read(pages, "*://news.example/*")


def test_a_site_that_is_refused_stays_as_it_was(pages: Browser) -> None:
    pages.openPage(path=OPTIONS)
    refuse_permissions(pages)
    pages.pageType(selector="#site", text="refused.example")
    pages.pageClick(selector="#site-add button")
    shows(pages, "#site-state", "refused.example")
    assert stored(pages).get("sites", {}) == {}


def test_the_models_and_their_speed(kept: Browser) -> None:
    kept.openPage(path=OPTIONS)
    shows(kept, "#model-table tr:has(.tag)", "in use")
    shows(kept, "#model-table tr:has(.tag)", "First sentence")
    shows(kept, "#model-table tr:has(.tag)", "Gemma Terms of Use")
    shows(kept, "#kept", "Your summaries: 3")


def test_a_model_that_is_not_there_says_how_to_build_it(pages: Browser) -> None:
    pages.openPage(path=OPTIONS)
    model = {"id": "other", "title": "Other", "licence": "MIT", "installed": False, "bytes": 0, "speed": None}
    pages.pageEvaluate(
        script=f"""(() => {{
            const send = chrome.runtime.sendMessage.bind(chrome.runtime);
            chrome.runtime.sendMessage = async (message) => message.type === "models"
                ? {{ok: true, models: [{json.dumps(model)}]}} : send(message);
        }})()"""
    )
    pages.pageClick(selector="#check")
    shows(pages, "#model-table code", "notime models build other")
    shows(pages, "#model-table td", "Not installed")
    assert pages.pageAudit() == []


def test_the_shortcut_leads_to_where_it_is_changed(pages: Browser) -> None:
    pages.openPage(path=OPTIONS)
    shows(pages, "#keys", "Alt+Shift+S")
    pages.pageClick(selector="#change-keys")
    pages.waitTab(
        part={"chromium": "chrome://extensions/shortcuts", "firefox": "about:addons"}[pages.name],
        timeout=MILLISECONDS,
    )


def test_everything_can_be_removed(kept: Browser, daemon: Daemon) -> None:
    kept.grant(pattern=EVERYWHERE)
    kept.openPage(path=OPTIONS)
    kept.pageSelect(selector="#length", value="full")
    kept.pageClick(selector="[name=automatic][value=offer]")
    wait(kept, "chrome.storage.local.get('automatic').then(({automatic}) => automatic === 'offer')")
    kept.pageClick(selector="#remove-all")
    kept.pageKey(key="Escape")
    wait(kept, "document.activeElement.id === 'remove-all'")
    kept.pageClick(selector="#remove-all")
    kept.pageClick(selector=".confirm .danger")
    shows(kept, "#stored-state", "Everything is removed.")
    shows(kept, "#state", "Not paired yet.")
    assert stored(kept) == {}
    assert not may_read(kept, EVERYWHERE)
    assert kept.pageEvaluate(script="document.querySelector('#length').value") == "brief"

    kept.pair(key=daemon.key, port=daemon.port)
    kept.openPage(path=OPTIONS)
    shows(kept, "#kept", "No summaries.")


def test_removing_without_the_daemon_says_what_is_left(kept: Browser, daemon: Daemon) -> None:
    daemon.stop()
    kept.openPage(path=OPTIONS)
    kept.pageClick(selector="#remove-all")
    kept.pageClick(selector=".confirm .danger")
    shows(kept, "#stored-state code", "notime history clear")
    assert stored(kept) == {}
    daemon.start()


# History


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


# The first run


def done(step: str) -> str:
    """The script that says whether a step is ticked."""
    return f"document.querySelector('#step-{step}').hasAttribute('data-done')"


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

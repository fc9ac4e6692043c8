"""The settings in real browsers: pairing, preferences, permissions, models, and removing everything."""

from __future__ import annotations

import json

import pytest

from support.browsers.driver import Browser
from support.browsers.own import (
    EVERYWHERE,
    HISTORY,
    MILLISECONDS,
    OPTIONS,
    WELCOME,
    may_read,
    refuse_permissions,
    shows,
    stored,
    wait,
    words,
)
from support.browsers.stage import Daemon

pytestmark = [pytest.mark.browser, pytest.mark.model]


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

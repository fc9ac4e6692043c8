"""What the tests of the extension's own pages have in common: their addresses, and what is asked of an open one.

Comes in: a browser with such a page open. Goes out: what it shows, stores and may do. Must not know: which page it is.
"""

from __future__ import annotations

import json
from typing import Any

from support.browsers.driver import EXTENSION, PATIENCE, Browser

MILLISECONDS = PATIENCE * 1000

OPTIONS, HISTORY, WELCOME = (f"{name}/{name}.html" for name in ("options", "history", "welcome"))
FERRIES, TRAINS, NAPS = "sample-article", "night-trains", "sleep-study"
EVERYWHERE = "https://*/*"


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


def done(step: str) -> str:
    """The script that says whether a step is ticked."""
    return f"document.querySelector('#step-{step}').hasAttribute('data-done')"

"""What a reader sees, as images: every state in both browsers, light and dark, on a wide and on a narrow window.

`scripts/screenshots` runs it. Those that the documents show go to docs/images, all of them to a folder of choice.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from notime.settings import Settings
from support.browsers.driver import PATIENCE, Browser
from support.browsers.stage import Daemon, Site, free_port

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDE = {"width": 1100, "height": 900}
NARROW = {"width": 400, "height": 860}
MILLISECONDS = PATIENCE * 1000

STILL = """new Promise((done) => {
    let [before, frames] = [-1, 0];
    const look = () => {
        frames = scrollY === before ? frames + 1 : 0;
        before = scrollY;
        frames < 20 ? requestAnimationFrame(look) : done();
    };
    look();
})"""
"""Until the page does not scroll any more: Firefox paints what is fixed to the window elsewhere while it does."""

SHOWN = {
    "chromium-light-wide": ("reading", "done", "source", "options", "history", "benchmark"),
    "chromium-dark-wide": ("done",),
    "chromium-light-narrow": ("done",),
    "firefox-light-wide": ("done",),
}
"""What the documents show."""


class Stage:
    """A paired browser, and what is done to it before an image is taken."""

    def __init__(self, browser: Browser, site: Site, daemon: Daemon, size: dict[str, int]) -> None:
        self.browser = browser
        self._site = site
        self._daemon = daemon
        self._size = size

    def _open(self, url: str | None = None) -> None:
        self.browser.open(url=url or self._site.url())
        self.browser.resize(**self._size)
        # As a reader who has answered the site's cookie notice, on a site without a summary of its own.
        script = "document.querySelectorAll('.consent, .site-summary').forEach((each) => each.remove())"
        self.browser.evaluate(script=script)

    def _done(self) -> None:
        self._open()
        self.browser.act()
        self.browser.wait("done", button="more")

    def _shot(self, path: Path) -> None:
        self.browser.screenshot(path=str(path))

    def _page(self, path: Path, page: str, shown: str) -> None:
        self.browser.openPage(path=page, **self._size)
        self.browser.pageWait(script=f"!!document.querySelector({shown!r})", timeout=MILLISECONDS)
        self.browser.pageScreenshot(path=str(path), full=True)
        self.browser.closePage()

    def reading(self, path: Path) -> None:
        """While it is made."""
        with self._daemon.busy():
            self._open(self._site.fresh())
            self.browser.act()
            self.browser.wait("reading")
            self._shot(path)

    def stopped(self, path: Path) -> None:
        """After Stop."""
        with self._daemon.busy():
            self._open(self._site.fresh())
            self.browser.act()
            self.browser.wait("reading", button="stop")
            self.browser.press(name="stop")
            self.browser.wait("stopped")
            self._shot(path)

    def done(self, path: Path) -> None:
        """The summary."""
        self._done()
        self._shot(path)

    def paragraph(self, path: Path) -> None:
        """The summary as a paragraph."""
        self._done()
        self.browser.press(name="form_paragraph")
        self._shot(path)

    def headline(self, path: Path) -> None:
        """The summary in one sentence."""
        self._done()
        self.browser.press(name="length_headline")
        self.browser.wait("done", pressed="length_headline", renewing=False)
        self._shot(path)

    def menu(self, path: Path) -> None:
        """What more can be done with it."""
        self._done()
        self.browser.press(name="more")
        self.browser.wait(button="with_link")
        self._shot(path)

    def why(self, path: Path) -> None:
        """Why a sentence is quoted."""
        self._done()
        self.browser.press(name="quoted")
        self._shot(path)

    def outline(self, path: Path) -> None:
        """The article's own headings."""
        self._done()
        self.browser.clickPart(selector=".outline summary")
        self.browser.wait(button="outline")
        self._shot(path)

    def renewing(self, path: Path) -> None:
        """While another summary is made in place of this one."""
        self._done()
        with self._daemon.busy():
            self.browser.press(name="more")
            self.browser.press(name="again")
            self.browser.wait("done", renewing=True)
            self._shot(path)

    def source(self, path: Path) -> None:
        """The sentence in the article that a sentence of the summary was made from."""
        self._open()
        self.browser.act()
        sentences = self.browser.wait("done", button="more")["sentences"]
        self.browser.press(name="show_source", index=len(sentences) - 1)
        self.browser.waitInView(text=sentences[-1]["source"], timeout=MILLISECONDS)
        self.browser.evaluate(script=STILL)
        self._shot(path)

    def moved(self, path: Path) -> None:
        """The page went to another article."""
        self._done()
        self.browser.evaluate(script="history.pushState({}, '', '/another')")
        self.browser.wait("moved")
        self._shot(path)

    def down(self, path: Path) -> None:
        """No daemon."""
        self.browser.setPort(port=free_port())
        self._open()
        self.browser.act()
        self.browser.wait("problem")
        self._shot(path)
        self.browser.setPort(port=self._daemon.port)

    def unpaired(self, path: Path) -> None:
        """No key."""
        self.browser.unpair()
        self._open()
        self.browser.act()
        self.browser.wait("problem")
        self._shot(path)
        self.browser.pair(key=self._daemon.key, port=self._daemon.port)

    def no_article(self, path: Path) -> None:
        """A page that is no article."""
        self._open(self._site.url("list.html"))
        self.browser.act()
        self.browser.wait("problem")
        self._shot(path)

    def too_short(self, path: Path) -> None:
        """An article that is read as fast as its summary."""
        self._open(self._site.url("short.html"))
        self.browser.act()
        self.browser.wait("problem")
        self._shot(path)

    def offered(self, path: Path) -> None:
        """By itself."""
        for pattern in ("*://localhost/*", "*://www.localhost/*"):
            self.browser.grant(pattern=pattern)
        self.browser.openPage(path="options/options.html")
        self.browser.pageType(selector="#site", text="localhost")
        self.browser.pageSelect(selector="#site-rule", value="on")
        self.browser.pageClick(selector="#site-add button")
        registered = "(async () => (await chrome.scripting.getRegisteredContentScripts()).length === {})()"
        self.browser.pageWait(script=registered.format(1), timeout=MILLISECONDS)
        self._open()
        self.browser.wait("ready")
        self._shot(path)
        self.browser.pageClick(selector="#site-list button")
        self.browser.pageWait(script=registered.format(0), timeout=MILLISECONDS)
        self.browser.closePage()

    def instead(self, path: Path) -> None:
        """Where no page can be read."""
        self._page(path, "panel/panel.html?in=popup&why=unwritable", "textarea")

    def options(self, path: Path) -> None:
        """The settings."""
        self._page(path, "options/options.html", "#model-table .tag")

    def history(self, path: Path) -> None:
        """What was summarised."""
        self._done()
        self._page(path, "history/history.html", "#one .points, body:not([data-view=one]) .entry")

    def benchmark(self, path: Path) -> None:
        """How fast it was on the machine that took the images."""
        page = path.with_suffix(".html")
        self._daemon.run("bench", "--quick", "--html", str(page))
        self._site.put("benchmark.html", page.read_bytes())
        page.unlink()
        self._open(self._site.url("benchmark.html"))
        self._shot(path)

    def welcome(self, path: Path) -> None:
        """The first steps."""
        self._page(path, "welcome/welcome.html", "#step-pair[data-done]")

    def first(self, path: Path) -> None:
        """The summary of the first page's own article."""
        self.browser.open(url="/welcome/welcome.html")
        self.browser.resize(**self._size)
        self.browser.evaluate(script="document.querySelector('#first').click()")
        self.browser.wait("done", button="more")
        self._shot(path)


STATES = [name for name in vars(Stage) if not name.startswith("_")]


def main(arguments: list[str]) -> None:
    """Take the images that the arguments name."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every state, into this folder")
    parser.add_argument("states", nargs="*", help=f"of {', '.join(STATES)}")
    args = parser.parse_args(arguments)
    folder = args.all or IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, Daemon(Path(home), Settings.load().models) as daemon:
        site = Site()
        for browser in ("chromium", "firefox"):
            for theme in ("light", "dark"):
                wanted = {
                    width: [
                        state
                        for state in STATES
                        if (args.all or state in SHOWN.get(f"{browser}-{theme}-{width}", ()))
                        and (not args.states or state in args.states)
                    ]
                    for width in ("wide", "narrow")
                }
                if any(wanted.values()):
                    _take(folder, browser, theme, wanted, site, daemon)
        site.close()


def _take(folder: Path, name: str, theme: str, wanted: dict[str, list[str]], site: Site, daemon: Daemon) -> None:
    with Browser(name, dark=theme == "dark", **WIDE) as browser:
        browser.pair(key=daemon.key, port=daemon.port)
        for width, states in wanted.items():
            stage = Stage(browser, site, daemon, WIDE if width == "wide" else NARROW)
            for state in states:
                path = folder / f"{name}-{theme}-{width}-{state}.png"
                take: Callable[[Path], None] = getattr(stage, state)
                take(path)
                sys.stdout.write(f"{path.name}  {path.stat().st_size // 1024} KB\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

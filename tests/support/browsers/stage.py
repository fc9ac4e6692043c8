"""What a browser test needs around the browser: a site with articles, and the real daemon with the real model.

Comes in: where the models are. Goes out: addresses, and the daemon started, stopped, asked. Must not know: the browser.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import textwrap
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from notime.http.auth import handshake
from notime.http.auth.pairings import decode_key

PAGES = Path(__file__).parents[2] / "pages"
ARTICLE = "sample-article.html"

START_SECONDS = 120.0

BUSY_SECONDS = 600.0
"""For which `Daemon.busy` lasts at most."""

LIST = """<!doctype html><html lang="en"><title>Tide tables</title><h1>Tide tables</h1>
<ul>{}</ul></html>""".format("".join(f"<li><a href='#{day}'>Day {day}</a></li>" for day in range(1, 31)))

SHORT = """<!doctype html><html lang="en"><title>Ferry late</title><article><h1>Ferry late</h1>
<p>The nine o’clock ferry from Larkmouth left ten minutes late this morning because of fog on the river.</p>
</article></html>"""


KINDS = {"html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8", "pdf": "application/pdf"}

PDF = """%PDF-1.1
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj trailer<</Root 1 0 R>>
%%EOF"""


def strange_pages() -> dict[str, bytes]:
    """The sample article's text in pages that are no ordinary ones: plain, set as typed, framed, a PDF; Japanese."""
    page = (PAGES / ARTICLE).read_text("utf-8")
    paragraphs = [re.sub(r"<[^>]+>", "", part) for part in re.findall(r"<p>(.+?)</p>", page, re.DOTALL)]
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in text.split("\n\n"))
    frame = "border: 0; block-size: 90vh; inline-size: 100%"
    made = {
        "plain.txt": wrapped,
        "typed.html": f"<!doctype html><title>Typed</title><h1>Typed</h1><pre>{wrapped}</pre>",
        "framed.html": f"<!doctype html><title>Framed</title><iframe src='{ARTICLE}' style='{frame}'></iframe>",
        "japanese.html": (PAGES / "ja-short-paragraphs" / "source.html").read_text("utf-8"),
        "paper.pdf": PDF,
    }
    return {name: body.encode() for name, body in made.items()}


class Site:
    """A web server on 127.0.0.1 with the articles, a list of links and a note."""

    def __init__(self) -> None:
        made = {"list.html": LIST, "short.html": SHORT}
        pages = {f"/{name}": text.encode() for name, text in made.items()}
        pages |= {f"/{page.name}": page.read_bytes() for page in PAGES.glob("*.html")}
        pages |= {f"/{name}": body for name, body in strange_pages().items()}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", KINDS.get(self.path.rpartition(".")[2], KINDS["html"]))
                self.send_header("Content-Length", str(len(page or b"")))
                self.end_headers()
                self.wfile.write(page or b"")

            def log_message(self, *_: object) -> None:
                pass

        self._pages = pages
        self._asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def url(self, name: str = ARTICLE) -> str:
        """Where that page is. Not at 127.0.0.1, which the extension may read without being asked."""
        return f"http://localhost:{self._server.server_port}/{name}"

    def fresh(self, name: str = ARTICLE) -> str:
        """That page at an address that no summary was made of yet."""
        self._asked += 1
        return self.url(f"{name}?{self._asked}")

    def put(self, name: str, page: bytes) -> None:
        """One page more."""
        self._pages[f"/{name}"] = page

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Daemon:
    """`notime serve` on a port of its own, with a home of its own.

    Args:
        home: an empty folder; becomes NOTIME_HOME.
        models: where `notime models build` put the models.
    """

    def __init__(self, home: Path, models: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTIME_")}
        # Only `busy` makes a page take long.
        own = {"NOTIME_HOME": str(home), "NOTIME_MODELS": str(models), "NOTIME_READ_SECONDS": str(BUSY_SECONDS)}
        self._environment = kept | own
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.key = self.run("pair")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it where it does not run, and wait until it answers."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-m", "notime", "serve", "--port", str(self.port)], env=self._environment
        )
        until = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError("the daemon does not answer")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def summarize(self, **body: object) -> dict[str, Any]:
        """What it answers to a client that wants the summary in one piece."""
        return self._post("/v1/summaries", body, self._session(""))

    @contextlib.contextmanager
    def busy(self, clients: int = 1) -> Iterator[None]:
        """Meanwhile it reads a page without end, so that what is asked of it now waits, however fast it is.

        Args:
            clients: how many ask for a page each; one alone cannot fill the queue.
        """
        reader = self._reader()
        reader.suspend()
        try:
            with contextlib.ExitStack() as asked:
                for number in range(clients):
                    who = self._session(f"moz-extension://{uuid.uuid4()}") | {"Accept": "application/x-ndjson"}
                    # Its head comes with its first event: by then it has its place in the queue.
                    asked.enter_context(self._asked("/v1/summaries", {"html": f"{LIST}{number}", "keep": False}, who))
                yield
        finally:
            with contextlib.suppress(psutil.NoSuchProcess):
                reader.resume()

    def _reader(self) -> psutil.Process:
        """The process that reads pages: it is started for a page, and now and then anew."""
        assert self._process is not None
        while True:
            try:
                self.summarize(html=LIST)
            except urllib.error.HTTPError as refusal:
                refusal.close()
            for child in psutil.Process(self._process.pid).children():
                if "notime.article.process.worker" in child.cmdline():
                    return child

    def run(self, *arguments: str) -> str:
        """What `notime` prints, started with these arguments in the daemon's home."""
        command = [sys.executable, "-m", "notime", *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def _session(self, origin: str) -> dict[str, str]:
        """Headers of a session of that extension's, or of a program's that has no origin."""
        who = {"Origin": origin} if origin else {}
        key, nonce = decode_key(self.key), handshake.new_nonce()
        hello = {"nonce": nonce, "hello": handshake.client_hello(key, nonce, self.port)}
        told = self._post("/v1/handshake", hello, who)
        token = handshake.session_token(key, nonce, told["nonce"], self.port)
        return who | {"Authorization": f"Bearer {token}"}

    def _post(self, path: str, body: object, who: dict[str, str]) -> dict[str, Any]:
        with self._asked(path, body, who) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def _asked(self, path: str, body: object, who: dict[str, str]) -> http.client.HTTPResponse:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | who,
        )
        answer: http.client.HTTPResponse = _opener().open(request, timeout=START_SECONDS)
        return answer

    def _is_healthy(self) -> bool:
        try:
            with _opener().open(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))

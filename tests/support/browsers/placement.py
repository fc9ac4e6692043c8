"""Where the panel lands on real pages, and whether each sentence of theirs is found again in the browser.

Comes in: a browser, and the pages of an extraction set with their gold titles and texts. Goes out: a verdict a page.
Must not know: how the panel finds its place.

Pages run the scripts written in them, as they do for a reader; but nothing outside this machine can be reached,
so that style sheets, pictures and scripts from the net are missing. Some pages' scripts then hide the text, never end
loading or lead elsewhere, since they are not where they were: those are opened once more without their scripts, and say
so.
"""

from __future__ import annotations

import contextlib
import json
import lzma
import re
import secrets
import tarfile
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from notime import shapes
from notime.article import Reader, split
from notime.errors import NotimeError
from notime.http import requests
from notime.http.auth import handshake, pairings
from notime.service.request import SummaryRequest
from notime.types import Article, Coverage, ModelInfo, Page, Sentence, Source, Summary, SummarySentence
from support.browsers.driver import Browser, BrowserError

EVAL = Path(__file__).parents[4] / "shared" / "eval"
SETS = ("scrapinghub", "wcxb", "readability")
WINDOW = {"width": 1280, "height": 900}

SHOWN = 3
"""Sentences of the stand-in's summary, as many as a brief one has."""

LEAST_LETTERS = 40
"""Of a sentence that the stand-in quotes."""

SENTENCES = 40
"""Sentences a page that are looked for."""

SECONDS = 30.0
"""For a page to be loaded, and for a panel to come; where a page leads elsewhere, or never ends loading, none does."""


@dataclass(frozen=True)
class Gold:
    """A page, and what people say that its title and text are."""

    name: str
    page: bytes
    title: str
    text: str


@dataclass
class Verdict:
    """One page, opened and clicked."""

    name: str
    apart: str = ""
    """Why the page cannot be judged; then nothing else is told."""
    wrong: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    """How each sentence was found: exact, nearly, unseen, elsewhere, wrong, not found."""
    sentences: list[str] = field(default_factory=list)
    scripts: bool = True
    """The page ran its scripts."""
    refused: bool = False
    """The daemon takes it for no article; the panel stands nevertheless."""

    @property
    def good(self) -> bool:
        """Whether it can be judged and nothing is wrong."""
        return not self.apart and not self.wrong


def read_set(name: str) -> list[Gold]:
    """The pages of one set, in the order of their names.

    Raises:
        FileNotFoundError: the set is not at hand.
    """
    with lzma.open(EVAL / f"extraction-{name}-dev.tar.xz") as packed, tarfile.open(fileobj=packed) as archive:
        files = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        content = {path: file.read() for path, file in files.items() if file is not None}
    (index,) = (path for path in content if path.endswith("gold.json"))
    folder = index.removesuffix("gold.json")
    gold = sorted(json.loads(content[index]).items())
    return [
        Gold(f"{name}/{key}", content[f"{folder}pages/{each['file']}"], each.get("title") or "", each["text"])
        for key, each in gold
        if each.get("text")
    ]


def content_type(page: bytes) -> str:
    """As the page's own server would tell it: most were saved as UTF-8, whatever they were in before."""
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return "text/html"
    return "text/html; charset=utf-8"


class PageServer:
    """One page at a time, at an address of its own on localhost."""

    def __init__(self) -> None:
        self._pages: dict[str, bytes] = {}
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path)
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", content_type(page) if page else "text/plain")
                self.send_header("Content-Length", str(len(page or b"")))
                if self.path.startswith("/still/"):
                    self.send_header("Content-Security-Policy", "script-src 'none'")
                self.end_headers()
                self.wfile.write(page or b"")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def serve(self, page: bytes, *, scripts: bool) -> str:
        """The page's address, with its own scripts or without."""
        path = f"/{'page' if scripts else 'still'}/{secrets.token_hex(4)}.html"
        self._pages[path] = page
        return f"http://localhost:{self._server.server_port}{path}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class QuotingDaemon:
    """Stands in for the daemon: the real pairing and the real reading, but the summary is the first sentences.

    What it read last is at hand: the page as the extension sent it, made an article, split into sentences.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(pairings.KEY_BYTES)
        self._reader = Reader()
        self.key = pairings.encode(self._secret)
        self.article: Article | None = None
        self.sentences: tuple[Sentence, ...] = ()
        daemon = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/handshake":
                    self._answer(200, daemon._handshake(json.loads(body)["nonce"]))
                elif self.path == "/v1/summaries":
                    self._answer(*daemon._summaries(requests.decode(body, SummaryRequest)))
                else:
                    self._answer(202, b"{}")

            def do_GET(self) -> None:
                self._answer(200, b'{"status":"ok"}')

            def do_OPTIONS(self) -> None:
                self._answer(204, b"")

            def _answer(self, status: int, body: bytes) -> None:
                # Who asked may be gone, with the page that it asked for.
                with contextlib.suppress(ConnectionError):
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _handshake(self, nonce: str) -> bytes:
        own = handshake.new_nonce()
        return shapes.encode({"nonce": own, "proof": handshake.server_proof(self._secret, nonce, own, self.port)})

    def _summaries(self, request: SummaryRequest) -> tuple[int, bytes]:
        self.article, self.sentences = None, ()
        try:
            self.article = self._reader.read(request.page)
        except NotimeError as problem:
            return problem.status, shapes.encode(shapes.error(problem))
        self.sentences = split(self.article)
        long = [each for each in self.sentences if len(each.text) >= LEAST_LETTERS] or list(self.sentences)
        shown = tuple(
            SummarySentence(index, each.text, (Source(each.index, each.text),), "extracted", supported=True)
            for index, each in enumerate(long[:SHOWN])
        )
        summary = Summary(
            secrets.token_hex(4),
            self.article,
            shown,
            Coverage(len(self.sentences), len(self.sentences)),
            ModelInfo("quoting", "0", "none"),
        )
        lines = [
            shapes.event("accepted", {"id": summary.id, "position": 0}),
            shapes.event("article", shapes.article(self.article)),
            *(shapes.event("sentence", shapes.sentence(each)) for each in shown),
            shapes.event("done", {"summary": shapes.summary(summary)}),
        ]
        return 200, b"".join(lines)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._reader.close()


class Judge:
    """A browser without a network, paired with the stand-in, that opens pages and clicks.

    Args:
        browser: `chromium` or `firefox`.
        options: further ones of the driver: `extension`, where another folder is to be judged.
    """

    def __init__(self, browser: str, **options: object) -> None:
        self._server = PageServer()
        self._daemon = QuotingDaemon()
        self._reader = Reader()
        self.browser = Browser(browser, **WINDOW, offline=True, **options)
        self.browser.pair(key=self._daemon.key, port=self._daemon.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.browser.quit()
        self._server.close()
        self._daemon.close()
        self._reader.close()

    def serve(self, page: bytes) -> str:
        """The address of a page that runs its scripts."""
        return self._server.serve(page, scripts=True)

    def judge(self, gold: Gold, image: Path | None = None) -> Verdict:
        """Open the page, click, and look.

        Args:
            gold: the page and the truth about it.
            image: where a picture of the panel goes.
        """
        for scripts in (True, False):
            verdict = Verdict(gold.name, scripts=scripts)
            if self._click(gold, verdict):
                break
        else:
            return verdict
        if image is not None:
            self.browser.screenshot(path=str(image))
        verdict.sentences = [each.text for each in self._daemon.sentences[:SENTENCES]]
        verdict.sources = self.browser.placement(ask="sources", argument={"sentences": verdict.sentences})
        return verdict

    def _click(self, gold: Gold, verdict: Verdict) -> bool:
        """Whether there is something to be judged; into the verdict goes how it stands, or why there is nothing."""
        try:
            url = self._server.serve(gold.page, scripts=verdict.scripts)
            self.browser.open(url=url, timeout=SECONDS * 1000)
            looked = self.browser.placement(ask="look", argument={"titles": self._titles(gold), "text": gold.text})
            verdict.facts = {**looked}
            verdict.apart = looked.get("reason", "")
            if verdict.apart:
                return False
            self.browser.act()
            panel = self.browser.wait("done", "problem", timeout=SECONDS)
            judged = self.browser.placement(ask="judge")
        except BrowserError as error:
            verdict.facts["error"] = str(error)[:300]
            verdict.wrong = ["no panel"]
            return False
        verdict.refused = panel["phase"] == "problem"
        verdict.wrong = judged.pop("wrong")
        verdict.facts |= judged | {"status": panel["status"]}
        return True

    def _titles(self, gold: Gold) -> list[str]:
        """The gold title, and what the extraction takes it for: a set may have none, or one that no page shows."""
        try:
            return [gold.title, self._reader.read(Page(gold.page)).title]
        except NotimeError:
            return [gold.title]


LAYOUTS = Path(__file__).parents[2] / "e2e" / "pages"

MARKS = {"paragraphs": "<p>{}</p>", "items": "<li>{}</li>", "lines": "{}<br><br>"}
"""How the text is set where a layout has such a mark."""


def read_layout(name: str) -> Gold:
    """One of our own small pages, with the text put where its mark is."""
    page = (LAYOUTS / f"{name}.html").read_text("utf-8")
    paragraphs = (LAYOUTS / "text.txt").read_text("utf-8").splitlines()
    own = "" if any(f"<!-- {mark} -->" in page for mark in MARKS) else page
    for mark, form in MARKS.items():
        page = page.replace(f"<!-- {mark} -->", "\n".join(form.format(each) for each in paragraphs))
    title = page.partition("<title>")[2].partition("</title>")[0].split(" – ")[0]
    text = "\n".join(re.findall(r"<p>(.*?)</p>", own)) or "\n".join(paragraphs)
    return Gold(name, page.encode(), title, text)

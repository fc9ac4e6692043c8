"""Who asks in `scripts/soak`: readers, those who leave, attackers, and one who looks into the history."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from typing import TYPE_CHECKING, Any

import aiohttp

from notime.errors import DaemonUnreachable
from notime.http.auth import handshake
from notime.http.auth.pairings import Pairings

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import AsyncIterator, Coroutine
    from pathlib import Path

    from scripts.robustness.daemon import Daemon

NAMES = ("sample-article.html", "bread-recall.html", "court-case.html", "cup-final.html")
"""Pages of our own whose answers are made once, before anything is wrong, and held against every later one."""

NDJSON = {"Accept": "application/x-ndjson"}

HOSTILE: tuple[tuple[bytes, dict[str, str], frozenset[int]], ...] = (
    (b"{", {}, frozenset({400})),
    (b"[" * 10_000, {}, frozenset({400})),
    (b'{"html": 1}', {}, frozenset({400})),
    (b"\xff\xfe", {}, frozenset({400})),
    (b'{"html": "<p>x"}', {"Content-Type": "text/plain"}, frozenset({415})),
    (b"\x1f\x8b", {"Content-Encoding": "gzip"}, frozenset({415})),
    (b'{"html": "<p>x"}', {"Authorization": "Bearer x"}, frozenset({401, 429})),
    (b'{"html": "<p>x"}', {"Origin": "https://evil.example"}, frozenset({403})),
    (b'{"html": "<p>x"}', {"Host": "evil.example"}, frozenset({403})),
    (json.dumps({"html": "<div>" * 100_000 + "x"}).encode(), {}, frozenset({200, 422, 503})),
    (json.dumps({"html": "<" * 1_000_000}).encode(), {}, frozenset({200, 422, 503})),
    (json.dumps({"html": "<p>" + "“word " * 100_000}).encode(), {}, frozenset({200, 422, 503})),
    (json.dumps({"text": "\x00\ud800\u202e" * 1_000}).encode("utf-8"), {}, frozenset({200, 400, 422})),
)
"""A body, headers, and how it may be answered; `429` may always be."""


class Pages:
    """What is asked for.

    Args:
        folder: of the tests' pages.
    """

    def __init__(self, folder: Path) -> None:
        self.html = {name: (folder / name).read_text(encoding="utf-8") for name in NAMES}
        self.long = "\n\n".join(
            f"In the year {year} the town of Vennes had {year * 7} people, {year * 3} boats and a pier of coal."
            for year in range(4_000)
        )


class Client:
    """One session with the daemon, whichever runs.

    Args:
        daemon: where it is, and when it answers.
        session: without a proxy.
        pages: what is asked for.
        counts: by what it was, filled here.
        kept: ids of answers that the history must have, filled here.
    """

    def __init__(
        self, daemon: Daemon, session: aiohttp.ClientSession, pages: Pages, counts: Counter[str], kept: set[str]
    ) -> None:
        self._daemon, self._session, self._pages, self._counts, self._kept = daemon, session, pages, counts, kept
        self._root = f"http://127.0.0.1:{daemon.port}"
        self._numbers = itertools.count()
        self._answers: dict[str, list[str]] = {}
        self.disk_is_full = False
        """Answers need not be in the history."""

    async def learn(self) -> None:
        """The right answer of each page, and a long one, so that all that is ever loaded is."""
        for name in NAMES:
            self._answers[name] = _told(await self._asked(name))
        async for _ in self._events(self._long()):
            pass

    def all(self) -> list[Coroutine[Any, Any, None]]:
        """Two readers and one of each other kind, none of whom comes to an end."""
        return [self.reads(), self.reads(), self.leaves(), self.is_hostile(), self.looks_back()]

    async def reads(self) -> None:
        """Real pages; each answer has to be the right one."""
        while True:
            name, full = random.choice(NAMES), self.disk_is_full
            try:
                summary = await self._asked(name)
            except Refused:
                continue
            self._counts["answers"] += 1
            self._counts["wrong answers"] += _told(summary) != self._answers[name]
            if not full and not self.disk_is_full:
                self._kept.add(summary["id"])

    async def leaves(self) -> None:
        """Long pages, of which some are waited for and most are left in the middle."""
        while True:
            patience = random.choice((0.0, 0.1, 1.0, 3.0, 60.0))
            try:
                async with asyncio.timeout(patience):
                    last = [event["type"] async for event in self._events(self._long())][-1:]
                self._counts["long pages read to the end"] += last == ["done"]
            except TimeoutError:
                self._counts["requests left in the middle"] += 1
            except Refused:
                continue

    async def is_hostile(self) -> None:
        """What is no request, and pages that are none."""
        for body, headers, expected in itertools.cycle(HOSTILE):
            try:
                status = await self._status(body, headers)
            except Refused:
                continue
            self._counts["hostile requests"] += 1
            if status not in expected | {429}:
                self._count_broken(f"{status} for {body[:20]!r}")
            await asyncio.sleep(0.2)

    async def looks_back(self) -> None:
        """The history, and the state, as the extension's pages ask for them."""
        while True:
            for path in ("/v1/summaries?limit=20", "/v1/status", "/metrics"):
                try:
                    async with self._request("GET", path) as answer:
                        await answer.read()
                        self._counts["looks at history and state"] += 1
                        if answer.status not in (200, 429, 503):
                            self._count_broken(f"{answer.status} for {path}")
                except Refused:
                    continue
            await asyncio.sleep(1)

    async def left_in_queue(self) -> int:
        """Places that are taken when nobody asks any more; waits for what still runs."""
        for _ in range(600):
            async with self._request("GET", "/v1/status") as answer:
                waiting = int((await answer.json())["queue"]["waiting"])
            if waiting == 0:
                break
            await asyncio.sleep(0.1)
        return waiting

    def _long(self) -> dict[str, Any]:
        return {"text": f"{next(self._numbers)}. {self._pages.long}", "length": "headline", "refresh": True}

    async def _asked(self, name: str) -> dict[str, Any]:
        """A summary made anew, of an address that nobody else asks for."""
        url = f"https://soak.example/{next(self._numbers)}"
        body = {"html": self._pages.html[name], "url": url, "length": "brief", "refresh": True}
        async for event in self._events(body):
            if event["type"] == "done":
                return dict(event["summary"])
        raise Refused

    async def _events(self, body: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        content = json.dumps(body).encode()
        async with self._request("POST", "/v1/summaries", content, NDJSON) as answer:
            if answer.status == 429:
                self._counts["told to come again (429)"] += 1
                await asyncio.sleep(min(2.0, float(answer.headers.get("Retry-After", 1))))
                raise Refused
            if answer.status != 200:
                self._count_broken(f"{answer.status} for a page")
                raise Refused
            async for line in answer.content:
                event = json.loads(line)
                if event["type"] == "error":
                    self._count_broken(str(event["error"]["code"]))
                yield event

    def _count_broken(self, what: str) -> None:
        self._counts["broken answers"] += 1
        self._counts[f"broken answers: {what}"] += 1

    async def _status(self, body: bytes, headers: dict[str, str]) -> int:
        async with self._request("POST", "/v1/summaries", body, headers) as answer:
            await answer.read()
            return answer.status

    def _request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> _Request:
        return _Request(self._daemon, self._session, self._counts, (method, f"{self._root}{path}", body, headers or {}))


class Refused(Exception):
    """There was no answer, for a reason that is counted."""


class _Request:
    """An answer, with a token of its own; `Refused` where the daemon was killed meanwhile."""

    def __init__(
        self, daemon: Daemon, session: aiohttp.ClientSession, counts: Counter[str], what: tuple[Any, ...]
    ) -> None:
        self._daemon, self._session, self._counts, self._what = daemon, session, counts, what

    async def __aenter__(self) -> aiohttp.ClientResponse:
        await self._daemon.up()
        method, url, body, headers = self._what
        try:
            bearer = {"Authorization": f"Bearer {await self._token()}", "Content-Type": "application/json"}
            self._answer = await self._session.request(method, url, data=body, headers=bearer | headers)
        except (aiohttp.ClientError, ConnectionError, DaemonUnreachable) as error:
            await self._cut(error)
        return self._answer

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self._answer.close()
        if isinstance(error, aiohttp.ClientError | ConnectionError | json.JSONDecodeError):
            await self._cut(error)

    async def _cut(self, error: BaseException) -> None:
        self._counts["cut off by a kill" if self._daemon.was_just_killed else "cut off"] += 1
        await asyncio.sleep(0.2)
        raise Refused from error

    async def _token(self) -> str:
        key, nonce, port = (
            Pairings(self._daemon.settings.config_dir).any().key,
            handshake.new_nonce(),
            self._daemon.port,
        )
        body = {"nonce": nonce, "hello": handshake.client_hello(key, nonce, port)}
        async with self._session.post(f"http://127.0.0.1:{port}/v1/handshake", json=body) as answer:
            if answer.status != 200:
                raise DaemonUnreachable("No handshake.")
            theirs = str((await answer.json())["nonce"])
        return handshake.session_token(key, nonce, theirs, port)


def _told(summary: dict[str, Any]) -> list[str]:
    return [str(sentence["text"]) for sentence in summary["summary"]["sentences"]]

"""Flood a real daemon, and see whom it answers.

    scripts/flood

Comes in: the sample article, with 200 titles. Goes out: a line in docs/security.md. A daemon of its own process gets
2,000 idle connections, then 200 requests at once from as many browsers; meanwhile `/health` is asked over and over, on
a new connection each time, and a paired client asks for the status. Of those sent away the first few ask again when
they were told to; the others have gone.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import time
from pathlib import Path
from typing import Any

import aiohttp

from notime import __version__
from notime.cli.commands.bench import machine
from notime.http.auth import handshake
from notime.settings import Settings
from scripts.benchmarks.daemon import Daemon

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "security.md"
MARK = "<!-- scripts/flood -->"
IDLE, AT_ONCE, COME_BACK = 2_000, 200, 3
HTML = (ROOT / "tests" / "pages" / "sample-article.html").read_text(encoding="utf-8")


class Flood:
    """What became of it."""

    def __init__(self, port: int, key: bytes) -> None:
        self._port, self._key = port, key
        self.health: list[float] = []
        """Milliseconds of each answer."""
        self.paired: list[float] = []
        self.served = self.sent_away = self.kept_word = 0
        self._over = False

    async def run(self) -> Flood:
        """The whole of it."""
        idle = [await asyncio.open_connection("127.0.0.1", self._port) for _ in range(IDLE)]
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{self._port}", connector=connector) as session:
            mine = await self._bearer(session, "p" * 32)
            await self._ask(
                session, mine, {"html": HTML, "length": "headline"}
            )  # it loads the model and does not count
            readers = [asyncio.create_task(self._reader(session, number)) for number in range(AT_ONCE)]
            async with asyncio.TaskGroup() as group:
                group.create_task(self._look("/health", {}, self.health))
                group.create_task(self._look("/v1/status", mine, self.paired))
                await asyncio.gather(*readers)
                self._over = True
        for _, writer in idle:
            writer.close()
        return self

    async def _bearer(self, session: aiohttp.ClientSession, name: str) -> dict[str, str]:
        """A session's headers for one browser's extension."""
        origin, nonce = f"chrome-extension://{name}", handshake.new_nonce()
        body = {"nonce": nonce, "hello": handshake.client_hello(self._key, nonce, self._port)}
        async with session.post("/v1/handshake", json=body, headers={"Origin": origin}) as answer:
            told = await answer.json()
        token = handshake.session_token(self._key, nonce, told["nonce"], self._port)
        return {"Authorization": f"Bearer {token}", "Origin": origin}

    async def _ask(self, session: aiohttp.ClientSession, headers: dict[str, str], body: dict[str, Any]) -> int:
        """Post a page; seconds to wait, 0 where it was summarised."""
        async with session.post("/v1/summaries", json=body, headers=headers) as answer:
            await answer.read()
            if answer.status == 200:
                return 0
            if answer.status != 429:
                raise SystemExit(f"answered {answer.status}")
            return int(answer.headers["Retry-After"])

    async def _reader(self, session: aiohttp.ClientSession, number: int) -> None:
        """One of those at once; sent away, it comes back when it was told to."""
        headers = await self._bearer(session, "".join("abcdefghij"[int(digit)] for digit in f"{number:032}"))
        body = {"html": HTML, "title": str(number), "length": "headline"}
        if not (seconds := await self._ask(session, headers, body)):
            self.served += 1
            return
        self.sent_away += 1
        if self.sent_away <= COME_BACK:
            await asyncio.sleep(seconds)
            seconds = await self._ask(session, headers, body)
            self.kept_word += not seconds  # in a line of its own: others count while this one waits

    async def _look(self, path: str, headers: dict[str, str], found: list[float]) -> None:
        """Ask over and over, on a connection of its own each time."""
        while not self._over:
            began = time.perf_counter()
            async with (
                aiohttp.ClientSession(f"http://127.0.0.1:{self._port}") as session,
                session.get(path, headers=headers) as answer,
            ):
                await answer.read()
                if answer.status != 200:
                    raise SystemExit(f"{path} answered {answer.status}")
            found.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.02)


def told(found: Flood) -> str:
    """The line for the document."""

    def times(each: list[float]) -> str:
        return f"{len(each):,} times, median {statistics.median(each):.0f} ms, slowest {max(each):.0f} ms"

    here = machine.this_one()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"With {IDLE:,} idle connections and {AT_ONCE} requests at once, `/health` answered {times(found.health)}; the "
        f"paired client's status {times(found.paired)}; {found.served} were served at once, {found.sent_away} sent "
        f"away with a `Retry-After`; of {COME_BACK} who came back after it {found.kept_word} were served. "
        f"notime {__version__}, {here.cores} cores with a load of {load:.0f}."
    )


def main() -> None:
    """Run from the command line."""
    with Daemon(Settings.load()) as daemon:
        line = told(asyncio.run(Flood(daemon.port, daemon.key).run()))
    print(line)
    text = DOCUMENT.read_text(encoding="utf-8")
    text = re.sub(rf"{MARK}\n.*?{MARK}", lambda _: f"{MARK}\n{line}\n{MARK}", text, flags=re.DOTALL)
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

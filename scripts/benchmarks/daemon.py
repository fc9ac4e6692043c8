"""A real daemon for the benchmarks: `notime serve` on a free port, with a home of its own, and one client."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from notime.cli.commands.bench import memory
from notime.http.auth import handshake
from notime.http.auth.pairings import Pairings
from scripts.benchmarks.pairs import Timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.settings import Settings

HOST = "127.0.0.1"
START_SECONDS = 60.0


class Daemon:
    """Serves from `__enter__` to `__exit__`.

    Args:
        settings: where the built models are.
        port: a free one by default.
    """

    def __init__(self, settings: Settings, port: int = 0) -> None:
        self._settings = settings
        self.port = port or _free_port()

    def __enter__(self) -> Self:
        self._home = tempfile.TemporaryDirectory(prefix="notime-bench-")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTIME_")}
        places = {"NOTIME_HOME": self._home.name, "NOTIME_MODELS": str(self._settings.models)}
        command = [sys.executable, "-m", "notime", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=kept | places, stderr=subprocess.DEVNULL)
        try:
            self._wait()
            self._headers = {"Authorization": f"Bearer {self._token()}"}
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._home.cleanup()

    def summarize(self, html: str) -> tuple[Timed, dict[str, Any]]:
        """Seconds from the request to the first checked sentence and to the whole summary, and the summary."""
        first = None
        for spent, event in self.events(html):
            if event["type"] == "sentence":
                first = first or spent
            elif event["type"] == "done":
                return Timed(first or spent, spent), event["summary"]
        raise RuntimeError("the daemon's answer did not end")

    def events(self, html: str) -> Iterator[tuple[float, dict[str, Any]]]:
        """What the daemon says of a page, each with the seconds since it was posted.

        Raises:
            RuntimeError: the daemon refuses it.
        """
        body = json.dumps({"html": html, "refresh": True}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/x-ndjson"} | self._headers
        connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
        clock = time.perf_counter()
        try:
            connection.request("POST", "/v1/summaries", body, headers)
            for line in connection.getresponse():
                event = json.loads(line)
                if event.get("type", "error") == "error":
                    raise RuntimeError(str(event["error"]))
                yield time.perf_counter() - clock, event
        finally:
            connection.close()

    @property
    def key(self) -> bytes:
        """Of its pairing."""
        return Pairings(Path(self._home.name)).any().key

    def memory(self) -> dict[str, float | None]:
        """MB: the daemon's now and at most so far, and the process's that reads pages for it."""
        number = self._process.pid
        readers = [memory.resident_mb(child) or 0 for child in memory.children(number)]
        return {
            "rss_mb": memory.resident_mb(number),
            "peak_rss_mb": memory.peak_mb(number),
            "reader_rss_mb": sum(readers) or None,
        }

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            if self._process.poll() is not None:
                raise RuntimeError("notime serve ended")
            try:
                if self._ask("GET", "/health") == {"status": "ok"}:
                    return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def _token(self) -> str:
        key, nonce = self.key, handshake.new_nonce()
        hello = handshake.client_hello(key, nonce, self.port)
        answer = self._ask("POST", "/v1/handshake", {"nonce": nonce, "hello": hello})
        return handshake.session_token(key, nonce, answer["nonce"], self.port)

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
            return json.load(connection.getresponse())
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port

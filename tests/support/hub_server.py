"""A server that speaks the part of the hub's protocol that a download needs, over one folder."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LARGE = 1000
"""Bytes from which on the hub has a file's sha256."""


class Hub(ThreadingHTTPServer):
    """One repository; what is set makes it misbehave."""

    def __init__(self, repo: str, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.repo = repo
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.commit = "a" * 40
        """Where the branch `main` stands."""
        self.asked: list[str] = []
        self.ranges: list[str] = []
        self.tokens: set[str | None] = set()
        """Values of the header Authorization."""
        self.refuse_after: dict[str, int] = {}
        """Names, and the bytes after which the connection breaks off; then the file is refused."""
        self.instead: dict[str, bytes] = {}
        self.gone: set[str] = set()
        self.elsewhere = ""
        """Where files lie: another server's address."""
        self.sizes = True

    def listed(self) -> list[dict[str, Any]]:
        """Names, sizes and digests of the files."""
        found = []
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
                entry: dict[str, Any] = {"rfilename": path.relative_to(self.folder).as_posix(), "blobId": blob}
                if self.sizes:
                    entry["size"] = len(content)
                if len(content) >= LARGE:
                    digest = hashlib.sha256(content).hexdigest()
                    entry["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 130}
                found.append(entry)
        return found


class _Answer(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        hub, path = self.server, self.path.split("?")[0]
        hub.asked.append(f"GET {self.path}")
        hub.tokens.add(self.headers["Authorization"])
        resolve = f"/{hub.repo}/resolve/"
        revision = f"/api/models/{hub.repo}/revision/"
        if path.startswith(revision):
            asked = path.removeprefix(revision)
            known = {"id": hub.repo, "sha": hub.commit if asked == "main" else asked, "siblings": hub.listed()}
            self._answer(200, json.dumps(known).encode(), {"Content-Type": "application/json"})
        elif path.startswith(resolve):
            self._file(path.removeprefix(resolve).partition("/")[2])
        else:
            self._answer(404, b"")

    def _file(self, name: str) -> None:
        hub = self.server
        if name in hub.gone or not (hub.folder / name).is_file():
            self._answer(404, b"", {"X-Error-Code": "EntryNotFound"})
        elif hub.elsewhere:
            self._answer(302, b"", {"Location": hub.elsewhere + self.path})
        else:
            content = hub.instead.get(name) or (hub.folder / name).read_bytes()
            start = 0
            if wanted := self.headers["Range"]:
                hub.ranges.append(f"{name} {wanted}")
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if (most := hub.refuse_after.get(name)) is None:
                there = f"bytes {start}-{len(content) - 1}/{len(content)}"
                self._answer(206 if start else 200, content[start:], {"Content-Range": there} if start else {})
            elif start:
                self._answer(403, b"")
            else:
                self.close_connection = True
                self._answer(200, content[:most], {"Content-Length": str(len(content))})

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(repo: str, folder: Path) -> Iterator[Hub]:
    """A hub of this machine's own, while the context lasts."""
    with Hub(repo, folder) as hub:
        thread = threading.Thread(target=hub.serve_forever)
        thread.start()
        yield hub
        hub.shutdown()
        thread.join()

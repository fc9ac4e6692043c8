"""What a real browser sends to whoever has the daemon's port."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from notime.http.auth import handshake, pairings
from support.browsers.driver import Browser
from support.browsers.stage import Site

pytestmark = pytest.mark.browser


class Listener:
    """Proves itself where it knows the key, and writes down over which connection what came."""

    def __init__(self) -> None:
        self.secret: bytes | None = secrets.token_bytes(pairings.KEY_BYTES)
        self.key = pairings.encode(self.secret)
        self.seen: list[tuple[str, int, bytes]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.seen.append((self.path, self.client_address[1], body))
                answer = listener.proof(body) if self.path == "/v1/handshake" else b'{"type":"ping"}\n'
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def proof(self, body: bytes) -> bytes:
        nonce, own = json.loads(body)["nonce"], handshake.new_nonce()
        key = self.secret or secrets.token_bytes(pairings.KEY_BYTES)
        return json.dumps({"nonce": own, "proof": handshake.server_proof(key, nonce, own, self.port)}).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


def click(browser: Browser, site: Site) -> None:
    browser.open(url=site.fresh("sample-article.html"))
    browser.act()
    browser.wait("problem")


def test_case_09_a_page_goes_over_no_connection_that_a_proof_came_over(
    browser: Browser, site: Site, listener: Listener
):
    assert browser.pair(key=listener.key, port=listener.port)["state"] == "paired"
    click(browser, site)
    click(browser, site)
    proofs = [port for path, port, _ in listener.seen if path == "/v1/handshake"]
    pages = [port for path, port, _ in listener.seen if path == "/v1/summaries"]
    assert len(pages) >= 2
    assert len(proofs) > len(pages)
    assert set(proofs).isdisjoint(pages)

    # Now somebody else has the port, and the browser's connections with it.
    listener.secret = None
    listener.seen.clear()
    click(browser, site)
    assert listener.seen
    assert {path for path, *_ in listener.seen} == {"/v1/handshake"}
    assert not any(b"Larkmouth" in body for *_, body in listener.seen)

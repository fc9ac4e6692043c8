"""Case 36: another user of this machine can read nothing, change nothing, and is answered 401."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from notime.history.store import Store
from support.cli_run import command
from support.cli_serving import serving
from support.http_entries import put
from support.ports import free_port

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root can be another user for a while"
)

STRANGER = """
import encodings.idna, http.client, json, os, socket, sys
asked = json.load(sys.stdin)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)  # from here on; Python itself may be where only root gets at it
pid, port = asked["pid"], asked["port"]
done = []

def attempt(name, what):
    try:
        what()
    except OSError:
        return
    done.append(name)

for path in asked["files"]:
    attempt("read " + path, lambda: open(path, "rb").read(1))
    attempt("write " + path, lambda: open(path, "r+b"))
for path in asked["folders"]:
    attempt("list " + path, lambda: os.listdir(path))
    attempt("add to " + path, lambda: open(path + "/mine", "w"))
for what in ("environ", "maps", "mem", "fd/0", "stack"):
    attempt("look into " + what, lambda: open(f"/proc/{pid}/{what}", "rb").read(1))
attempt("signal", lambda: os.kill(pid, 0))
attempt("listen", lambda: socket.create_server(("127.0.0.1", port)))
attempt("listen on all", lambda: socket.create_server(("0.0.0.0", port), reuse_port=True))

statuses = {}
def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body, {"Content-Type": "application/json"} | headers)
    statuses[f"{method} {path}"] = connection.getresponse().status
    connection.close()

for path in ("/v1/status", "/v1/summaries", "/v1/models", "/metrics", "/v1/openapi.json", "/v1/summaries/1"):
    ask("GET", path)
    ask("GET", path, Authorization="Bearer " + "x" * 140)
ask("POST", "/v1/summaries", '{"text": "x"}')
ask("DELETE", "/v1/summaries")
ask("POST", "/v1/handshake", json.dumps({"nonce": "A" * 43, "hello": "A" * 43}))
command = open(f"/proc/{pid}/cmdline").read()
print(json.dumps({"uid": os.getuid(), "done": done, "statuses": statuses, "command": command}))
"""


@pytest.fixture
def open_house(environment: dict[str, str]) -> Iterator[tuple[Path, dict[str, str]]]:
    """A home in a folder that everybody may enter, as many are."""
    with TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        yield home, environment | {"HOME": name, "XDG_CACHE_HOME": f"{name}/cache", "NOTIME_HOME": f"{name}/home"}


def test_case_36_another_user_reads_nothing_and_is_told_nothing(open_house: tuple[Path, dict[str, str]]):
    home, environment = open_house
    port = free_port()
    run = command(environment)
    key = run("pair").stdout.strip()
    before = os.umask(0)
    try:
        put(Store(home / "home" / "data", days=0), 1)
        with serving(environment, port, "--cold") as process:
            run("token", "--port", str(port))
            paths = [home / "home", *(home / "home").rglob("*")]
            asked = {
                "pid": process.pid,
                "port": port,
                "files": [str(path) for path in paths if path.is_file()],
                "folders": [str(path) for path in paths if path.is_dir()],
            }
            assert any(path.endswith("history.db") for path in asked["files"])
            stranger = subprocess.run(
                [sys.executable, "-I", "-c", STRANGER],
                input=json.dumps(asked), capture_output=True, text=True, check=True, cwd="/",
            )  # fmt: skip
    finally:
        os.umask(before)
    found = json.loads(stranger.stdout)
    assert found["uid"] == 65534
    assert found["done"] == []
    assert set(found["statuses"].values()) == {401}
    assert key not in found["command"]

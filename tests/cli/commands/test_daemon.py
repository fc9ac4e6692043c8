from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from support.cli_run import Run
from support.cli_serving import serving
from support.ports import free_port


def test_the_key_is_the_same_until_it_is_rotated(notime: Run):
    first = notime("pair").stdout.strip()
    assert re.fullmatch(r"[\w-]{43}", first)
    assert notime("pair").stdout.strip() == first
    assert notime("pair", "--rotate").stdout.strip() != first


@pytest.mark.model
def test_serve_token_curl(notime: Run, environment: dict[str, str], pages: Path):
    port = free_port()
    with serving(environment, port) as process:
        token = notime("token", "--port", str(port)).stdout.strip()
        body = json.dumps({"html": (pages / "sample-article.html").read_text(encoding="utf-8")}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{port}/v1/summaries"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            assert 3 <= len(json.load(answer)["summary"]["sentences"]) <= 5
        request = urllib.request.Request(url, body, headers | {"Accept": "application/x-ndjson"})
        with urllib.request.urlopen(request) as answer:
            kinds = [json.loads(line)["type"] for line in answer]
        assert kinds[0] == "accepted"
        assert kinds[1] == "article"
        assert kinds[-1] == "done"
        assert 3 <= kinds.count("sentence") <= 5
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(urllib.request.Request(url, body, headers | {"Authorization": "Bearer no"}))
        assert caught.value.code == 401
        caught.value.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_port_in_use(notime: Run, environment: dict[str, str]):
    port = free_port()
    with serving(environment, port, "--cold") as process:
        done = notime("serve", "--port", str(port), "--cold", NOTIME_HOME=f"{environment['NOTIME_HOME']}-other")
        if sys.platform == "linux":
            assert f"(process {process.pid})" in done.stderr
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"Port {port} is in use" in done.stderr


def test_a_stranger_on_the_port_is_found_out(notime: Run, environment: dict[str, str], tmp_path: Path):
    port = free_port()
    with serving(environment | {"NOTIME_HOME": str(tmp_path / "stranger")}, port, "--cold"):
        done = notime("token", "--port", str(port))
    assert done.returncode == 1
    assert "is not your daemon" in done.stderr
    assert done.stdout == ""


def test_no_daemon(notime: Run):
    done = notime("token", "--port", str(free_port()))
    assert done.returncode == 1
    assert "notime serve" in done.stderr


def test_a_key_that_others_can_read(notime: Run, environment: dict[str, str]):
    notime("pair")
    (Path(environment["NOTIME_HOME"]) / "key").chmod(0o644)
    done = notime("serve", "--port", str(free_port()))
    assert done.returncode == 78
    assert "notime pair --rotate" in done.stderr


def test_several_browsers_are_paired_listed_and_revoked(notime: Run):
    first, second = notime("pair").stdout, notime("pair", "firefox").stdout
    assert first != second
    assert notime("pair", "firefox").stdout == second
    assert [line.split("\t")[0] for line in notime("pair", "--list").stdout.splitlines()] == ["browser", "firefox"]
    assert "no longer paired" in notime("pair", "--revoke", "browser").stderr
    done = notime("pair", "--revoke", "browser")
    assert done.returncode == 1
    assert "--list" in done.stderr
    assert notime("pair", "firefox").stdout == second


def test_rotating_and_revoking_end_every_session_at_once(notime: Run, environment: dict[str, str]):
    port = free_port()
    with serving(environment, port, "--cold"):
        for command in (("--revoke", "browser"), ("--rotate",)):
            header = notime("token", "--port", str(port), "--header").stdout.strip()
            assert status(port, header) == 200
            notime("pair", *command)
            assert status(port, header) == 401
        assert status(port, notime("token", "--port", str(port), "--header").stdout.strip()) == 200


def status(port: int, header: str) -> int:
    name, _, value = header.partition(": ")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/status", headers={name: value})
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_case_12_what_is_no_request_is_not_written_down(environment: dict[str, str]):
    port = free_port()
    with serving(environment, port, "--cold") as process:
        for raw in (
            b"GET /secret HTTP/1.1\r\nAuthorization: Bearer secret\r\nbroken secret\r\n\r\n",
            b"POST /v1/handshake HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\nsecret\r\n" % port,
            b"\x16\x03\x01secret\r\n\r\n",
            b"GET /secret%0d%0asecret HTTP/1.1\r\nHost: secret\r\n\r\n",
        ) * 10:
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(raw)
                assert client.recv(100)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_case_31_a_second_daemon_says_so(notime: Run, environment: dict[str, str]):
    port = free_port()
    with serving(environment, port, "--cold"):
        for _ in range(2):
            done = notime("serve", "--port", str(port), "--cold")
            assert done.returncode == 1
            assert done.stderr.count("\n") == 1


def test_case_34_nothing_is_made_that_others_can_write(notime: Run, environment: dict[str, str], tmp_path: Path):
    before = os.umask(0)
    try:
        notime("pair")
    finally:
        os.umask(before)
    for path in (tmp_path / "home", *(tmp_path / "home").rglob("*")):
        assert path.stat().st_mode & 0o022 == 0

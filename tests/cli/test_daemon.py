from __future__ import annotations

import json
import re
import signal
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from cli_run import Run
from cli_serving import serving
from ports import free_port


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
        assert process.wait(20) == 0
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

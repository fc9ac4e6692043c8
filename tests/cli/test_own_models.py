"""A summarizer of one's own: from the hub, or from such a folder without a network, up to a summary of the daemon."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import TESTS
from notime.settings import Settings
from support.cli_run import Run, command
from support.http_daemon import running

ENTRY = """id = "tiny-bart"
title = "Seeded noise"
licence = "Apache-2.0"
languages = ["en"]
source = { kind = "hf", repo = "tiny/bart", files = { "*.json" = "", "onnx/*_quantized.onnx" = "" } }
limits = { context = 64 }
generation = { max_length = 24, num_beams = 2 }
"""

TEXT = (
    "The council voted on Monday for a new bridge over the river. Work on it will begin in the spring of next year. "
    + (" ".join(f"Reason {i} for the bridge was told by engineer {i} at length." for i in range(9)))
)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """Where a repository lies as the hub's client keeps it."""
    folder = tmp_path / "hub" / "models--tiny--bart" / "snapshots" / "abc123"
    (folder / "onnx").mkdir(parents=True)
    with tarfile.open(TESTS / "models" / "summarizers" / "bart.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    for path in folder.glob("*.onnx"):
        path.rename(folder / "onnx" / f"{path.stem}_quantized.onnx")
    return tmp_path / "hub"


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    entry = tmp_path / "home" / "catalog" / "tiny-bart" / "model.toml"
    entry.parent.mkdir(parents=True)
    entry.write_text(ENTRY, encoding="utf-8")
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    return environment | nowhere | {"NOTIME_MODELS": str(tmp_path / "home" / "models")}


@pytest.fixture
def notime(environment: dict[str, str]) -> Run:
    return command(environment)


async def test_from_a_folder_of_the_hub_to_a_summary_without_a_network(notime: Run, hub: Path, tmp_path: Path):
    done = notime("models", "pull", "tiny-bart", "--from", str(hub))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Trusted from now on: ") == 7
    assert "Trusted" not in notime("models", "pull", "tiny-bart", "--from", str(hub)).stderr
    rows = [json.loads(line) for line in notime("models", "list", "--json").stdout.splitlines()]
    assert {row["id"]: row["state"] for row in rows}["tiny-bart"] == "ready"

    done = notime("summarize", "-", "--json", "--model", "tiny-bart", stdin=TEXT)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["model"]["id"] == "tiny-bart"
    assert found["timings"]["tokens_out"] > 0
    assert found["summary"]["sentences"]  # what noise says does not hold: its sources stand

    home = tmp_path / "home"
    settings = Settings.load({"NOTIME_HOME": str(home)})
    async with running(settings) as daemon:
        headers = await daemon.bearer() | {"Accept": "application/x-ndjson"}
        asked = {"text": TEXT, "model": "tiny-bart"}
        async with daemon.client.post("/v1/summaries", json=asked, headers=headers) as answer:
            events = [json.loads(line) async for line in answer.content]
        async with daemon.client.get("/v1/models", headers=headers) as answer:
            listed = {each["id"]: each for each in (await answer.json())["models"]}
    assert [event["type"] for event in events][-1] == "done"
    told = [event["text"] for event in events if event["type"] == "sentence"]
    assert told == [each["text"] for each in found["summary"]["sentences"]]
    assert listed["tiny-bart"]["installed"]
    assert (listed["tiny-bart"]["engine"], listed["tiny-bart"]["style"]) == ("seq2seq", "whole")


def test_files_are_held_to_what_came_first(notime: Run, hub: Path):
    assert notime("models", "pull", "tiny-bart", "--from", str(hub)).returncode == 0
    (config,) = hub.rglob("config.json")
    config.write_text(config.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert notime("models", "remove", "tiny-bart").returncode == 0
    done = notime("models", "pull", "tiny-bart", "--from", str(hub))
    assert done.returncode == 1
    assert "config.json is not the file that came from tiny/bart at first" in done.stderr
    done = notime("models", "pull", "tiny-bart", "--from", str(hub), "--force")
    assert done.returncode == 0
    assert done.stderr.count("Trusted from now on: ") == 1


def test_what_is_not_there_is_told(notime: Run, tmp_path: Path):
    done = notime("models", "pull", "tiny-bart", "--from", str(tmp_path))
    assert done.returncode == 1
    assert "tiny/bart is not in" in done.stderr


def test_what_cannot_be_exported_is_told(notime: Run, hub: Path, tmp_path: Path):
    for path in hub.rglob("*.onnx"):
        path.unlink()
    (config,) = hub.rglob("config.json")
    config.write_text(json.dumps({"model_type": "mystery"}), encoding="utf-8")
    done = notime("models", "pull", "tiny-bart", "--from", str(hub))
    assert done.returncode == 1
    assert "A model of the kind mystery cannot be exported. These can: bart" in done.stderr


class Hub(BaseHTTPRequestHandler):
    """The part of the hub's protocol that a download needs, over one folder."""

    folder: Path
    asked: list[str]
    commit = "a" * 40

    def do_HEAD(self) -> None:
        self.do_GET(body=False)

    def do_GET(self, *, body: bool = True) -> None:
        path = self.path.split("?")[0]
        type(self).asked.append(f"{self.command} {path}")
        names = [each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*") if each.is_file()]
        if path.startswith("/api/models/tiny/bart/revision/"):
            siblings = [{"rfilename": name} for name in names]
            self.answer(json.dumps({"id": "tiny/bart", "sha": self.commit, "siblings": siblings}).encode())
        elif path.startswith("/api/models/tiny/bart/tree/"):
            sizes = {name: (self.folder / name).stat().st_size for name in names}
            tree = [{"type": "file", "path": name, "size": size, "oid": "b" * 40} for name, size in sizes.items()]
            self.answer(json.dumps(tree).encode())
        elif path.startswith("/tiny/bart/resolve/") and (self.folder / path.split("/", 5)[5]).is_file():
            content = (self.folder / path.split("/", 5)[5]).read_bytes()
            headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": self.commit}
            self.answer(content, headers, body=body)
        else:
            self.send_error(404)

    def answer(self, content: bytes, headers: dict[str, str] | None = None, *, body: bool = True) -> None:
        self.send_response(200)
        for name, value in ({"Content-Length": str(len(content))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def endpoint(hub: Path) -> Iterator[str]:
    """A hub of this machine's own."""
    (Hub.folder,) = hub.glob("*/snapshots/*")
    (Hub.folder / "model.safetensors").write_bytes(b"no pattern names it")
    Hub.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_from_the_hub_itself(notime: Run, hub: Path, endpoint: str, tmp_path: Path):
    there = {"HF_ENDPOINT": endpoint, "NO_PROXY": "127.0.0.1"}
    done = notime("models", "pull", "tiny-bart", **there)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Trusted from now on: ") == 7
    assert not any("safetensors" in asked for asked in Hub.asked)
    built = tmp_path / "home" / "models" / "tiny-bart"
    assert (built / "encoder_model.onnx").read_bytes() == next(hub.rglob("encoder*.onnx")).read_bytes()
    # What is there is not fetched again, and not asked for.
    Hub.asked = []
    assert notime("models", "pull", "tiny-bart", **there).returncode == 0
    assert Hub.asked == []
    shutil.rmtree(built)
    assert notime("models", "pull", "tiny-bart", **there).returncode == 0
    assert not any(asked.startswith("GET /tiny") for asked in Hub.asked)


def test_without_the_hub_the_reason_is_told(notime: Run):
    done = notime("models", "pull", "tiny-bart", HF_HUB_DOWNLOAD_TIMEOUT="1", HF_HUB_ETAG_TIMEOUT="1")
    assert done.returncode == 1
    assert "tiny/bart cannot be downloaded." in done.stderr
    assert "Traceback" not in done.stderr

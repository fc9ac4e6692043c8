"""A summarizer of one's own: from the hub, or from such a folder without a network, up to a summary of the daemon."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TESTS
from notime.settings import Settings
from support.cli_run import Run, command
from support.http_daemon import running
from support.hub_server import Hub, serving

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
    (row,) = (row for row in rows if row["id"] == "tiny-bart")
    assert row["state"] == "ready"
    built = tmp_path / "home" / "models" / "tiny-bart"
    assert row["bytes"] == sum(path.stat().st_size for path in built.iterdir())
    assert row["memory_mb"] > 100
    assert {row["memory_mb"] for row in rows if row["state"] == "absent"} == {None}

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


async def test_a_model_that_does_not_fit_into_memory_is_refused_and_the_daemon_goes_on(
    notime: Run, hub: Path, tmp_path: Path
):
    assert notime("models", "pull", "tiny-bart", "--from", str(hub)).returncode == 0
    done = notime("summarize", "-", "--model", "tiny-bart", stdin=TEXT, NOTIME_MEMORY_MB="50")
    assert done.returncode == 1
    assert done.stderr.endswith("; memory_mb allows 50. Choose a smaller model, or allow more.\n")
    settings = Settings.load({"NOTIME_HOME": str(tmp_path / "home")}, memory_mb=130, model="minilm-l6-ranker")
    large = tmp_path / "home" / "models" / "tiny-bart"
    async with running(settings) as daemon:
        headers = await daemon.bearer()
        for content, status in ((bytes(30_000_000), 503), (b"", 200)):
            manifest = json.loads((large / "build.json").read_text(encoding="utf-8"))
            (large / "parity.json").write_bytes(content)
            manifest["files"]["parity.json"] = hashlib.sha256(content).hexdigest()
            (large / "build.json").write_text(json.dumps(manifest), encoding="utf-8")
            asked = {"text": TEXT, "model": "tiny-bart"}
            async with daemon.client.post("/v1/summaries", json=asked, headers=headers) as answer:
                assert answer.status == status
                told = await answer.json()
            if status == 503:
                assert told["error"]["code"] == "out_of_memory"
                assert "memory_mb allows 130" in told["error"]["message"]


def test_a_model_is_used_from_now_on(notime: Run, hub: Path, tmp_path: Path):
    config = tmp_path / "home" / "config.toml"
    done = notime("models", "use", "tiny-bart")
    assert done.returncode == 1
    assert not config.exists()
    assert notime("models", "pull", "tiny-bart", "--from", str(hub)).returncode == 0
    config.write_text('# mine\nmodel = "minilm-l6-ranker" # for now\nlength = "full"\n', encoding="utf-8")
    config.chmod(0o600)
    assert notime("models", "use", "tiny-bart").returncode == 0
    assert config.read_text(encoding="utf-8") == '# mine\nmodel = "tiny-bart"\nlength = "full"\n'
    config.unlink()
    assert notime("models", "use", "tiny-bart").returncode == 0
    assert config.read_text(encoding="utf-8") == 'model = "tiny-bart"\n'
    assert Settings.load({"NOTIME_HOME": str(tmp_path / "home")}).model == "tiny-bart"


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


@pytest.fixture
def served(hub: Path) -> Iterator[Hub]:
    """A hub of this machine's own."""
    (folder,) = hub.glob("*/snapshots/*")
    (folder / "model.safetensors").write_bytes(b"no pattern names it")
    with serving("tiny/bart", folder) as served:
        yield served


@pytest.fixture
def there(served: Hub) -> dict[str, str]:
    return {"HF_ENDPOINT": served.url, "NO_PROXY": "127.0.0.1,localhost"}


def test_from_the_hub_itself(notime: Run, hub: Path, served: Hub, there: dict[str, str], tmp_path: Path):
    done = notime("models", "pull", "tiny-bart", **there)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Trusted from now on: ") == 7
    assert not any("safetensors" in asked for asked in served.asked)
    built = tmp_path / "home" / "models" / "tiny-bart"
    assert (built / "encoder_model.onnx").read_bytes() == next(hub.rglob("encoder*.onnx")).read_bytes()
    # What is there is not fetched again, and not asked for.
    served.asked.clear()
    assert notime("models", "pull", "tiny-bart", **there).returncode == 0
    assert served.asked == []
    shutil.rmtree(built)
    assert notime("models", "pull", "tiny-bart", **there).returncode == 0
    assert [asked.split("?")[0] for asked in served.asked] == [f"GET /api/models/tiny/bart/revision/{'a' * 40}"]


def test_the_commit_that_came_first_is_asked_for_ever_after(
    notime: Run, served: Hub, there: dict[str, str], tmp_path: Path
):
    first, second = "a" * 40, "b" * 40
    for main, more, asked, held in (
        (first, (), {"main", first}, first),
        (second, (), {first}, first),  # the branch has moved on
        (second, ("--force",), {"main", second}, second),
    ):
        served.commit = main
        served.asked.clear()
        assert notime("models", "remove", "tiny-bart").returncode == 0
        done = notime("models", "pull", "tiny-bart", *more, **there)
        assert done.returncode == 0, done.stderr
        assert {part for each in served.asked for part in re.findall(r"/(?:revision|resolve)/([^/?]+)", each)} == asked
        known = json.loads((tmp_path / "home" / "models" / "trusted.json").read_text(encoding="utf-8"))
        assert known["tiny/bart@main"]["commit"] == held
        assert (f"tiny-bart is held to commit {held} from now on." in done.stderr) == ("main" in asked)


def test_a_download_that_was_broken_off_goes_on_in_another_process(
    notime: Run, served: Hub, there: dict[str, str], tmp_path: Path
):
    name, kept = "large.json", 10 << 20  # the client writes pieces of so many bytes
    (served.folder / name).write_bytes(bytes(range(256)) * (kept // 128))
    served.refuse_after[name] = kept + kept // 2
    done = notime("models", "pull", "tiny-bart", **there)
    assert done.returncode == 1
    assert "tiny/bart cannot be downloaded." in done.stderr
    assert "what is already there is kept" in done.stderr
    (partial,) = (tmp_path / "home" / "cache").rglob("large*.partial")
    assert partial.stat().st_size == kept
    served.refuse_after.clear()
    served.ranges.clear()
    served.asked.clear()
    assert notime("models", "pull", "tiny-bart", **there).returncode == 0
    assert served.ranges == [f"{name} bytes={kept}-"]
    assert not any(asked.endswith("/config.json") for asked in served.asked)
    assert not list((tmp_path / "home" / "cache").rglob("*.partial"))


def test_a_file_that_is_not_what_the_hub_tells_of_is_refused(
    notime: Run, served: Hub, there: dict[str, str], tmp_path: Path
):
    name = "onnx/encoder_model_quantized.onnx"
    served.instead[name] = bytes((served.folder / name).stat().st_size)
    done = notime("models", "pull", "tiny-bart", **there)
    assert done.returncode == 1
    assert f"{name} did not arrive as tiny/bart tells of it" in done.stderr
    assert not list((tmp_path / "home" / "cache").rglob("encoder*"))
    served.instead.clear()
    assert notime("models", "pull", "tiny-bart", **there).returncode == 0


def test_a_file_that_is_not_what_the_catalog_pins_is_refused(
    notime: Run, served: Hub, there: dict[str, str], tmp_path: Path
):
    entry = tmp_path / "home" / "catalog" / "tiny-bart" / "model.toml"
    pinned = '"config.json" = "' + "0" * 64 + '", "*.json"'
    entry.write_text(ENTRY.replace('"*.json"', pinned), encoding="utf-8")
    done = notime("models", "pull", "tiny-bart", **there)
    assert done.returncode == 1
    assert "config.json is not the file it should be: its sha256 differs." in done.stderr
    assert not (tmp_path / "home" / "models" / "tiny-bart").exists()


def test_a_file_that_the_hub_does_not_have_is_told(notime: Run, served: Hub, there: dict[str, str], tmp_path: Path):
    entry = tmp_path / "home" / "catalog" / "tiny-bart" / "model.toml"
    entry.write_text(ENTRY.replace('"*.json"', '"spiece.model" = "", "*.json"'), encoding="utf-8")
    done = notime("models", "pull", "tiny-bart", **there)
    assert done.returncode == 1
    assert "tiny/bart has no file spiece.model." in done.stderr
    entry.write_text(ENTRY, encoding="utf-8")
    served.gone.add("config.json")  # it is listed, and is not there
    done = notime("models", "pull", "tiny-bart", **there)
    assert done.returncode == 1
    assert "tiny/bart cannot be downloaded." in done.stderr


def test_the_users_token_stays_with_the_hub_where_it_sends_to_another_host(
    notime: Run, served: Hub, there: dict[str, str]
):
    with serving("tiny/bart", served.folder) as store:
        served.elsewhere = store.url.replace("127.0.0.1", "localhost")
        done = notime("models", "pull", "tiny-bart", **there, HF_TOKEN="hf_secret")
    assert done.returncode == 0, done.stderr
    assert served.tokens == {"Bearer hf_secret"}
    assert any(asked.endswith("encoder_model_quantized.onnx") for asked in store.asked)
    assert store.tokens == {None}
    assert "hf_secret" not in done.stderr + done.stdout


def pulled_to_a_small_disk(environment: dict[str, str], cache: Path) -> str:
    """What `models pull` says, in vain, where the downloads' folder holds 100 kB."""
    cache.mkdir(mode=0o700)
    mount = f'mount -t tmpfs -o size=100k,mode=0700 none {cache} && exec "$0" -m notime models pull tiny-bart'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", mount, sys.executable]
    if subprocess.run([*command[:3], "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mounts may be made here")
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if "mount" in done.stderr and "ermission denied" in done.stderr:
        pytest.skip("no mounts may be made here")
    assert done.returncode == 1
    return done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is made with a mount of Linux's")
def test_a_disk_without_room_is_told_before_the_download(
    environment: dict[str, str], served: Hub, there: dict[str, str], tmp_path: Path
):
    said = pulled_to_a_small_disk(environment | there, tmp_path / "home" / "cache")
    assert re.search(r"tiny/bart takes about \d+ MB on the disk; 0 MB are free\. Free some room", said), said
    assert not any("resolve" in asked for asked in served.asked)


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is made with a mount of Linux's")
def test_a_disk_that_fills_up_meanwhile_is_told(
    environment: dict[str, str], served: Hub, there: dict[str, str], tmp_path: Path
):
    served.sizes = False
    said = pulled_to_a_small_disk(environment | there, tmp_path / "home" / "cache")
    assert "tiny/bart cannot be downloaded: there is no room left on the disk." in said


def test_without_the_hub_the_reason_is_told(notime: Run):
    done = notime("models", "pull", "tiny-bart", HF_HUB_DOWNLOAD_TIMEOUT="1", HF_HUB_ETAG_TIMEOUT="1")
    assert done.returncode == 1
    assert "tiny/bart cannot be downloaded." in done.stderr
    assert "Traceback" not in done.stderr

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from notime.errors import BadSettings, Corrupt, DownloadFailed, InsecureModel, ModelUnavailable, UnknownModel
from notime.model import DEFAULT_MODEL, Catalog, ModelSpec, ModelStore
from notime.model.catalog import FileSource, HubSource, PartsSource, PypiSource
from notime.model.source.fetch import check, fetch
from notime.model.source.leftovers import leftovers
from notime.model.source.trust import Trusted


def silent(_what: str, _share: float) -> None:
    pass


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_built_once_and_found_again(tiny: ModelSpec, tiny_store: ModelStore):
    assert tiny_store.state(tiny) == "absent"
    seen: list[tuple[str, float]] = []
    part = tiny_store.build(tiny, lambda what, share: seen.append((what, share)))
    assert tiny_store.state(tiny) == "ready"
    assert [share for what, share in seen if "Building" in what][-1] == 1.0
    assert {path.name for path in part.folder.iterdir()} == {
        "build.json",
        "chat_template.jinja",
        "model.onnx",
        "model.onnx.data",
        "tokenizer.json",
        "embedding.bin",
    }
    seen.clear()
    assert tiny_store.build(tiny, lambda what, share: seen.append((what, share))) == part
    assert seen == []


def test_the_same_sources_build_the_same_files(tiny: ModelSpec, tiny_store: ModelStore):
    first = files_of(tiny_store.build(tiny, silent).folder)
    assert files_of(tiny_store.build(tiny, silent, force=True).folder) == first


def test_an_interrupted_build_leaves_nothing_behind(tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path):
    def interrupt(what: str, share: float) -> None:
        if "Building" in what and share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_store.build(tiny, interrupt)
    assert list((tmp_path / "models").iterdir()) == []
    assert tiny_store.state(tiny) == "absent"
    assert tiny_store.build(tiny, silent).folder.is_dir()


def test_fault_30_a_killed_build_is_begun_anew_and_what_it_left_goes(
    tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path
):
    """Killed at each step, never a model in place that is not whole; the next build removes what the others left."""
    models, cache = tmp_path / "models", tmp_path / "cache"
    killed = tmp_path / "killed.py"
    killed.write_text(
        "import os, pickle, sys\n"
        "from notime.model import ModelStore\n"
        "spec, models, cache, last = pickle.loads(sys.stdin.buffer.read())\n"
        "steps = iter(range(last))\n"
        "ModelStore(models, cache).build(spec, lambda *_: next(steps, None) is None and os.kill(os.getpid(), 9))\n"
    )
    for steps in range(4):
        given = pickle.dumps((tiny, models, cache, steps))
        assert subprocess.run([sys.executable, str(killed)], input=given, check=False).returncode == -9
        assert tiny_store.state(tiny) == "absent"
    (cache / ".download-abc").mkdir(parents=True, exist_ok=True)
    (cache / "x.gguf.999999999.partial").write_bytes(bytes(10))
    (models / f".building-{os.getpid()}-mine").mkdir(parents=True, exist_ok=True)
    assert list(leftovers(models, cache))
    tiny_store.build(tiny, silent, force=True)
    assert list(leftovers(models, cache)) == []
    assert (models / f".building-{os.getpid()}-mine").is_dir()  # that one is being built
    assert tiny_store.state(tiny) == "ready"
    (cache / ".download-abc").mkdir()  # of a process that had not quite ended then
    tiny_store.build(tiny, silent)
    assert list(leftovers(models, cache)) == []


def test_a_failed_rebuild_keeps_what_was_there(tiny: ModelSpec, tiny_store: ModelStore):
    tiny_store.build(tiny, silent)

    def interrupt(what: str, _share: float) -> None:
        if "Building" in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_store.build(tiny, interrupt, force=True)
    assert tiny_store.state(tiny) == "ready"


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "tokenizer.json"])
def test_case_29_a_flipped_bit_is_refused(tiny: ModelSpec, tiny_store: ModelStore, name: str):
    path = tiny_store.build(tiny, silent).folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert tiny_store.state(tiny) == "corrupt"
    with pytest.raises(Corrupt) as caught:
        tiny_store.locate(tiny)
    assert "notime models build" in str(caught.value.hint)
    tiny_store.build(tiny, silent)
    assert tiny_store.state(tiny) == "ready"


def test_case_29_a_manifest_that_pins_nothing_or_not_all_is_refused(tiny: ModelSpec, tiny_store: ModelStore):
    path = tiny_store.build(tiny, silent).folder / "build.json"
    manifest = msgspec.json.decode(path.read_bytes())
    for files in ({}, {"tokenizer.json": manifest["files"]["tokenizer.json"]}):
        path.write_bytes(msgspec.json.encode(manifest | {"files": files}))
        with pytest.raises(Corrupt, match="other files"):
            tiny_store.locate(tiny)
    tiny_store.build(tiny, silent)
    (path.parent / "more.onnx").touch()
    with pytest.raises(Corrupt, match="other files"):
        tiny_store.locate(tiny)


@pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")
@pytest.mark.parametrize("what", [".", "tiny", "tiny/build.json", "tiny/model.onnx.data"])
def test_case_29_a_model_that_others_could_have_changed_is_refused(
    tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path, what: str
):
    tiny_store.build(tiny, silent)
    path = tmp_path / "models" / what
    path.chmod(path.stat().st_mode | 0o002)
    assert tiny_store.state(tiny) == "corrupt"
    with pytest.raises(InsecureModel) as caught:
        tiny_store.locate(tiny)
    assert "notime models build --force" in str(caught.value.hint)
    tiny_store.build(tiny, silent)
    assert tiny_store.state(tiny) == "ready"


@pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")
def test_case_29_a_model_that_others_could_have_replaced_is_refused(
    tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path
):
    tiny_store.build(tiny, silent)
    tmp_path.chmod(0o777)
    with pytest.raises(InsecureModel, match="in place of") as caught:
        tiny_store.locate(tiny)
    assert f"chmod go-w {tmp_path}" in str(caught.value.hint)


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("what", [".", "tiny", "tiny/build.json", "tiny/model.onnx"])
def test_case_29_a_model_of_another_user_is_refused(tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path, what: str):
    tiny_store.build(tiny, silent)
    os.chown(tmp_path / "models" / what, 65534, 65534)
    with pytest.raises(InsecureModel):
        tiny_store.locate(tiny)


@pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")
def test_case_34_nothing_of_a_build_can_be_written_by_others_whatever_the_umask(
    tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path
):
    before = os.umask(0)
    try:
        tiny_store.build(tiny, silent)
    finally:
        os.umask(before)
    for path in (tmp_path / "models").rglob("*"):
        assert path.stat().st_mode & 0o022 == 0
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_another_recipe_is_built_anew(tiny: ModelSpec, tiny_store: ModelStore):
    part = tiny_store.build(tiny, silent)
    manifest = msgspec.json.decode((part.folder / "build.json").read_bytes())
    manifest["recipe"] = "another"
    (part.folder / "build.json").write_bytes(msgspec.json.encode(manifest))
    assert tiny_store.state(tiny) == "outdated"
    tiny_store.build(tiny, silent)
    assert tiny_store.state(tiny) == "ready"


def test_removed_with_its_download(tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path):
    tiny_store.build(tiny, silent)
    tiny_store.remove(tiny)
    assert tiny_store.state(tiny) == "absent"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_changed_download_is_not_used(tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path):
    """The damaged wheel goes, and the index has no package of that name and version to offer."""
    (wheel,) = (tmp_path / "cache").glob("*.whl")
    wheel.write_bytes(wheel.read_bytes()[:-10])
    absent = msgspec.structs.replace(tiny.source, package="no such package, by its name")
    (tmp_path / "cache" / wheel.name.replace("tiny", absent.package)).write_bytes(wheel.read_bytes())
    with pytest.raises(DownloadFailed):
        tiny_store.build(msgspec.structs.replace(tiny, source=absent), silent)
    assert not (tmp_path / "models" / "tiny").exists()


def test_a_changed_adapter_is_refused(tiny: ModelSpec, tiny_store: ModelStore):
    wrong = msgspec.structs.replace(tiny, files=tiny.files | {"adapter_config.json": "0" * 64})
    with pytest.raises(Corrupt, match=r"adapter_config\.json"):
        tiny_store.build(wrong, silent)


def test_files_of_a_local_folder(tiny: ModelSpec, tmp_path: Path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"graph")
    source = FileSource(str(folder), {"model.onnx": hashlib.sha256(b"graph").hexdigest()})
    store = ModelStore(tmp_path / "models", tmp_path / "cache")
    spec = msgspec.structs.replace(tiny, source=source, files={})
    assert (store.build(spec, silent).folder / "model.onnx").read_bytes() == b"graph"
    (folder / "model.onnx").write_bytes(b"other")
    with pytest.raises(Corrupt):
        store.build(spec, silent, force=True)


def test_a_snapshot_that_is_there_is_not_fetched_again(tiny: ModelSpec, tmp_path: Path):
    folder = tmp_path / "hub" / "someone--summarizer" / "abc123"
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"graph")
    source = HubSource("someone/summarizer", "abc123", {"model.onnx": hashlib.sha256(b"graph").hexdigest()})
    assert fetch(msgspec.structs.replace(tiny, source=source), tmp_path, silent) == folder


def test_weights_of_a_hub_folder_are_built_as_any_other(tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path):
    folder = tmp_path / "there" / "someone" / "tiny-GGUF"
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes((tiny.folder / "tiny.gguf").read_bytes())
    source = HubSource("someone/tiny-GGUF", files={"*.gguf": ""})
    spec = msgspec.structs.replace(tiny, id="hub", source=source)
    built = files_of(tiny_store.build(spec, silent, near=tmp_path / "there").folder)
    want = files_of(tiny_store.build(tiny, silent).folder)
    assert {name: built[name] for name in built if name != "build.json"} == {
        name: want[name] for name in want if name != "build.json"
    }
    digest = hashlib.sha256((folder / "tiny.gguf").read_bytes()).hexdigest()
    assert tiny_store.trusted(spec) == Trusted(files={"tiny.gguf": digest})
    tiny_store.remove(spec)
    (folder / "tiny.gguf").write_bytes(b"another")
    with pytest.raises(Corrupt, match="at first"):
        tiny_store.build(spec, silent, near=tmp_path / "there")
    with pytest.raises(DownloadFailed, match="not in"):
        tiny_store.build(spec, silent, near=tmp_path / "models")


def test_nothing_built_says_how_to_build(tiny: ModelSpec, tmp_path: Path):
    with pytest.raises(ModelUnavailable) as caught:
        ModelStore(tmp_path / "models", tmp_path / "cache").locate(tiny)
    assert caught.value.hint == "Run `notime models build`."


def test_the_shipped_catalog():
    catalog = Catalog()
    ranker, rewriter = catalog.with_parts("smollm2-135m-rewriter")
    assert isinstance(rewriter.source, PypiSource)
    assert (ranker.style, rewriter.style) == ("extract", "rewrite")
    assert sum((ranker.folder / name).stat().st_size for name in ranker.files) <= 25_000_000
    assert (rewriter.folder / "adapter_model.safetensors").stat().st_size <= 20_000_000
    encoder, reader, default = catalog.with_parts("gemma3-270m-rewriter")
    assert reader is catalog.get(DEFAULT_MODEL)
    assert encoder is ranker
    assert (encoder.engine, reader.engine, default.engine) == ("encoder", "page", "causal")
    assert isinstance(reader.source, PartsSource)
    assert reader.source == default.source
    assert "ai.google.dev/gemma/terms" in reader.terms
    assert default.terms == reader.terms
    for spec in catalog:
        for name, digest in spec.files.items():
            check(spec.folder / name, digest)
    ours = {spec.id for spec in catalog if not isinstance(spec.source, HubSource)}
    assert ours == {ranker.id, rewriter.id, reader.id, default.id}
    with pytest.raises(UnknownModel):
        catalog.get("gpt-17")


@pytest.mark.parametrize("text", ["id = 3", 'id = "other"', "["])
def test_a_malformed_entry_is_named(tmp_path: Path, text: str):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings, match="mine"):
        Catalog(tmp_path)


def test_entries_of_ones_own_go_before(tmp_path: Path):
    own = tmp_path / "mine" / "model.toml"
    own.parent.mkdir()
    own.write_text(
        'id = "mine"\ntitle = "Mine"\nlicence = "MIT"\nlanguages = ["de"]\n'
        'source = { kind = "file", path = "~/mine" }\n',
        encoding="utf-8",
    )
    catalog = Catalog(own=tmp_path)
    ranker, mine = catalog.with_parts("mine")
    assert ranker.id == "minilm-l6-ranker"
    assert (mine.engine, mine.style, mine.folder) == ("seq2seq", "whole", own.parent)
    assert catalog.get(DEFAULT_MODEL) == Catalog().get(DEFAULT_MODEL)
    assert list(Catalog(own=tmp_path / "absent"))


@pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")
def test_an_entry_that_others_could_have_changed_is_refused(tmp_path: Path):
    test_entries_of_ones_own_go_before(tmp_path)
    (tmp_path / "mine" / "model.toml").chmod(0o666)
    with pytest.raises(BadSettings, match="Another user"):
        Catalog(own=tmp_path)

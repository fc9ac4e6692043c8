"""What does not fit into memory is refused before it is loaded, and two models are loaded only where both fit."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from conftest import TESTS
from notime.article import from_text
from notime.errors import OutOfMemory
from notime.model import Catalog, ModelStore
from notime.model.runtime import memory
from notime.settings import Settings
from notime.summary import Summarizer
from notime.summary.engines.networks import open_networks

ENTRY = """id = "{id}"
title = "Seeded noise"
licence = "Apache-2.0"
languages = ["{language}"]
source = {{ kind = "file", path = "{path}" }}
limits = {{ context = 64 }}
generation = {{ max_length = 24, num_beams = 1 }}
"""

FRENCH = "La ville a décidé lundi de construire un nouveau pont sur la rivière qui passe devant la mairie. " + " ".join(
    f"La raison numéro {number} est celle que les ingénieurs ont donnée pendant la réunion." for number in range(9)
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user with two models, one a language."""
    home = tmp_path_factory.mktemp("home")
    with tarfile.open(TESTS / "models" / "summarizers" / "bart.tar.xz") as archive:
        archive.extractall(home / "bart", filter="data")
    for name, language in (("tiny-en", "en"), ("tiny-fr", "fr")):
        entry = home / "catalog" / name / "model.toml"
        entry.parent.mkdir(parents=True)
        entry.write_text(ENTRY.format(id=name, language=language, path=home / "bart"), encoding="utf-8")
    store, catalog = ModelStore(home / "models", home / "cache"), Catalog(own=home / "catalog")
    for name in ("tiny-en", "tiny-fr"):
        store.build(catalog.get(name), lambda _what, _share: None)
    return home


LOADED = """
import sys
from notime.cli.commands.bench.memory import peak_mb, resident_mb
from notime.summary import Summarizer
before = resident_mb()
with Summarizer.load(sys.argv[1]) as summarizer:
    print(peak_mb() - before, summarizer._loaded.needed_mb)
"""


def settings_of(home: Path, memory_mb: float = 0.0) -> Settings:
    return Settings.load({"NOTIME_HOME": str(home)}, memory_mb=memory_mb, threads=1)


def needed_by_each(home: Path) -> float:
    return open_networks("tiny-en", settings_of(home), Catalog(own=home / "catalog")).needed_mb


def test_what_a_model_takes_is_its_files_and_a_little(home: Path):
    files = [*(home / "models" / "tiny-en").iterdir(), *Catalog().get("minilm-l6-ranker").folder.iterdir()]
    size = sum(path.stat().st_size for path in files if path.name != "embedding.bin") / 1e6
    assert needed_by_each(home) == pytest.approx(size + memory.LOADING_MB)


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not tell what was resident")
@pytest.mark.parametrize("model", ["gemma3-270m-reader", "gemma3-270m-rewriter", "smollm2-135m-rewriter"])
def test_loading_takes_no_more_than_is_said(model: str):
    done = subprocess.run([sys.executable, "-c", LOADED, model], capture_output=True, text=True, check=True)
    taken, needed = map(float, done.stdout.split())
    assert taken <= needed


def test_what_the_settings_do_not_allow_is_refused(home: Path):
    most = needed_by_each(home)
    Summarizer.load("tiny-en", settings=settings_of(home, most)).close()
    with pytest.raises(OutOfMemory, match=f"tiny-en takes about .* MB of memory; memory_mb allows {most / 2:.0f}"):
        Summarizer.load("tiny-en", settings=settings_of(home, most / 2))


def test_what_the_machine_does_not_have_is_refused(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "meminfo").write_text("MemTotal: 900000 kB\nMemAvailable:  50000 kB\n")
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "meminfo")
    with pytest.raises(OutOfMemory, match="51 MB are free") as caught:
        Summarizer.load("tiny-en", settings=settings_of(home))
    assert caught.value.hint == "Close other programs, or choose a smaller model."
    (tmp_path / "meminfo").unlink()  # as on other platforms
    Summarizer.load("tiny-en", settings=settings_of(home)).close()


def test_what_a_control_group_does_not_allow_is_not_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    group = tmp_path / "groups" / "user" / "notime.service"
    group.mkdir(parents=True)
    (tmp_path / "meminfo").write_text("MemAvailable:  900000 kB\n")
    (tmp_path / "own").write_text("3:cpu:/elsewhere\n0::/user/notime.service\n")
    for folder, most in ((group, "max"), (group.parent, "300000000")):
        for name, content in (("max", most), ("current", "250000000"), ("stat", "anon 1\ninactive_file 20000000\n")):
            (folder / f"memory.{name}").write_text(f"{content}\n")
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "CGROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory, "OWN_CGROUP", tmp_path / "own")
    assert memory.free_mb() == 70.0
    (tmp_path / "own").unlink()
    assert memory.free_mb() == pytest.approx(921.6)


@pytest.mark.parametrize(("both", "writes"), [(True, "tiny-fr"), (False, "tiny-en")])
def test_a_second_model_is_loaded_only_where_both_fit(home: Path, both: bool, writes: str):
    most = needed_by_each(home) * (2 if both else 1.9)
    article = from_text(FRENCH)
    assert article.language == "fr"
    with Summarizer.load("tiny-en", settings=settings_of(home, most)) as summarizer:
        summary = summarizer.summarize(article)
    assert summary.model.id == writes
    assert summary.sentences

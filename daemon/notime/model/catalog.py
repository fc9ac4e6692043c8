"""The catalog: one `model.toml` a model.

Comes in: the folder that ships, and the user's own, whose entries go before. Goes out: `ModelSpec`s. Must not know:
what is on disk beyond the catalog.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from notime.errors import BadSettings, UnknownModel
from notime.files import problem_of

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_MODEL = "gemma3-270m-reader"

RANKER = "minilm-l6-ranker"
"""Which a summarizer that names none has beside it: for what it cannot read or say."""

OWN = "catalog"
"""The folder of a user's own entries, in that of the settings."""

Sha256 = dict[str, str]
"""File name → lower-case hexadecimal digest."""


class PypiSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pypi", tag_field="kind"):
    """One file inside one wheel of the Python package index; the wheel is data and is never imported."""

    package: str
    version: str
    sha256: str
    bytes: int
    member: str
    member_sha256: str


class Wheel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wheel that holds one part of a file."""

    package: str
    version: str
    sha256: str
    bytes: int
    member: str


class PartsSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pypi-parts", tag_field="kind"):
    """One file that several wheels of the Python package index hold in parts; they are data, never imported."""

    name: str
    sha256: str
    wheels: tuple[Wheel, ...]


class HubSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="hf", tag_field="kind"):
    """Files of a revision of a Hugging Face repository."""

    repo: str
    revision: str = "main"
    files: Sha256 = {}
    """Names; one without a digest may be a pattern, and its files are trusted on first use (`trust.py`). By default
    what an export needs."""
    bytes: int = 0
    """Of the download, where it is known."""


class FileSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="file", tag_field="kind"):
    """Files of a folder on this machine; where none is named, all that a build needs, as they are."""

    path: str
    files: Sha256 = {}


class BundledSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="bundled", tag_field="kind"):
    """Nothing to fetch: the model's files are in the catalog."""


Source = PypiSource | PartsSource | HubSource | FileSource | BundledSource


class Prompt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one sentence is put to a rewriter."""

    template: str
    stops: tuple[str, ...]
    """Tokens that end an answer; the one that it should end with first."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In tokens."""

    context: int = 512
    max_new_tokens: int = 0


class Writing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a rewriter is asked and believed."""

    share: float = 0.5
    """Words asked for, as a share of the sentence's; where the prompt names a length."""
    least_sureness: float = 0.0
    """Below this mean probability of its tokens a rewriting does not stand."""


class Ranking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How raw scores become salience."""

    place_weight: float = 0.0
    lead_weight: float = 0.0


class ModelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of the catalog."""

    id: str
    title: str
    licence: str
    languages: tuple[str, ...]
    source: Source
    revision: str = "1"
    engine: Literal["encoder", "page", "causal", "seq2seq"] = "seq2seq"
    """`encoder`: scores sentences window by window. `page`: reads a page once and scores them.
    `causal`: writes. `seq2seq`: an encoder reads, a decoder writes."""
    style: Literal["extract", "rewrite", "whole"] = "whole"
    """`extract`: chosen sentences stand as they are. `rewrite`: they are said shortly, with `ranker` choosing.
    `whole`: the model reads the text and writes the summary."""
    quantization: str = "int8, dynamic"
    terms: str = ""
    """Where the licence is not a plain one: what whoever takes the model must know, one sentence."""
    ranker: str | None = None
    files: Sha256 = {}
    """Files beside `model.toml` that belong to the model, or beside another's: `../ID/NAME`."""
    prompt: Prompt | None = None
    limits: Limits = Limits()
    ranking: Ranking = Ranking()
    writing: Writing = Writing()
    prefix: str = ""
    """What a `seq2seq` model was taught to find before a text that it is to summarise."""
    generation: dict[str, Any] = {}
    """Settings that go before the model's own `generation_config.json`, by its names."""
    note: str = ""
    """What somebody who chooses a model should know of it, in a few words."""
    folder: Path = Path()
    """Where the entry was read from."""


class Catalog:
    """Every model that notime knows how to get.

    Args:
        folder: holds one folder a model; by default the one that ships with notime.
        own: the user's, laid out alike; may be absent.

    Raises:
        BadSettings: an entry is malformed, or another user could have changed the user's own.
    """

    def __init__(self, folder: Path | None = None, *, own: Path | None = None) -> None:
        self._specs = {
            path.parent.name: _read(path) for path in sorted((folder or shipped_catalog()).glob("*/model.toml"))
        }
        for path in sorted(own.glob("*/model.toml")) if own else ():
            for each in (path.parent.parent, path.parent, path):
                if problem_of(each) is not None:
                    raise BadSettings(f"Another user could have changed {each}.", hint=f"Run `chmod go-w {each}`.")
            self._specs[path.parent.name] = _read(path)

    def __iter__(self) -> Iterator[ModelSpec]:
        return iter(self._specs.values())

    def get(self, model_id: str) -> ModelSpec:
        """The entry of that id.

        Raises:
            UnknownModel: there is none.
        """
        spec = self._specs.get(model_id)
        if spec is None:
            raise UnknownModel(f"There is no model called {model_id!r}.")
        return spec

    def with_parts(self, model_id: str) -> tuple[ModelSpec, ...]:
        """The entry and, before it, the rankers that it needs: of a very long page one makes the first cut."""
        spec = self.get(model_id)
        return (*self.with_parts(spec.ranker), spec) if spec.ranker else (spec,)


def shipped_catalog() -> Path:
    """The catalog in the installed package or, in a checkout, the repository's `models/`."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "models", package.parents[1] / "models"):
        if folder.is_dir():
            return folder
    raise BadSettings("The model catalog is missing.", hint="Install notime again.")


def _read(path: Path) -> ModelSpec:
    try:
        spec = msgspec.toml.decode(path.read_bytes(), type=ModelSpec)
    except msgspec.MsgspecError as error:
        raise BadSettings(f"{path.parent.name}/model.toml: {error}") from error
    if spec.id != path.parent.name:
        raise BadSettings(f"{path.parent.name}/model.toml names another id, {spec.id!r}.")
    ranker = spec.ranker or (RANKER if spec.engine == "seq2seq" else None)
    return msgspec.structs.replace(spec, folder=path.parent, ranker=ranker)

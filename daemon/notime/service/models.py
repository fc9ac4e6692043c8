"""The models that there are: what the catalog tells of them, what is on disk, and how fast they have been here.

Comes in: the catalog, finished summaries. Goes out: what `GET /v1/models` answers. Must not know: what was summarised.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING, Any

from notime.errors import ModelUnavailable
from notime.model import OWN, Catalog, ModelStore

if TYPE_CHECKING:
    from pathlib import Path

    from notime.model import ModelSpec
    from notime.settings import Settings
    from notime.types import Summary, Timings

SPEED_OVER = 100
"""Summaries of a model; older ones say little of how it is now."""


class Models:
    """The catalog beside what is on disk.

    Args:
        settings: where models are, and which one summarises.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = ModelStore(settings.models, settings.cache_dir)
        self._timings: dict[str, deque[Timings]] = {}
        self._found: dict[str, tuple[_Look, int | None]] = {}

    def made(self, summary: Summary) -> None:
        """A summary was made; only how long it took is kept."""
        self._timings.setdefault(summary.model.id, deque(maxlen=SPEED_OVER)).append(summary.timings)

    def listed(self) -> list[dict[str, Any]]:
        """Every model of the catalog. Reads the disk: not for the event loop."""
        return [self._listed(spec) for spec in self._catalog()]

    def is_installed(self) -> bool:
        """The model that summarises is on disk, and what it needs. Reads the disk: not for the event loop.

        Raises:
            UnknownModel: the catalog has none of that id.
        """
        return all(self._bytes(spec) is not None for spec in self._catalog().with_parts(self._settings.model))

    def _catalog(self) -> Catalog:
        return Catalog(own=self._settings.config_dir / OWN)

    def _listed(self, spec: ModelSpec) -> dict[str, Any]:
        found = self._bytes(spec)
        return {
            "id": spec.id,
            "title": spec.title,
            "revision": spec.revision,
            "licence": spec.licence,
            "engine": spec.engine,
            "style": spec.style,
            "languages": list(spec.languages),
            "quantization": spec.quantization,
            "installed": found is not None,
            "bytes": found or 0,
            "default": spec.id == self._settings.model,
            "speed": self._speed(spec.id),
        }

    def _speed(self, model: str) -> dict[str, Any] | None:
        timings = list(self._timings.get(model, ()))
        if not timings:
            return None
        return {
            "summaries": len(timings),
            "first_sentence_ms": round(median(each.first_sentence_ms for each in timings), 1),
            "total_ms": round(median(each.total_ms for each in timings), 1),
        }

    def _bytes(self, spec: ModelSpec) -> int | None:
        """On disk, or None where it is not there whole.

        Its digests are looked at once and then only when a file has changed: they take half a second.
        """
        look = _look(self._settings.models / spec.id)
        known = self._found.get(spec.id)
        if known is not None and known[0] == look:
            return known[1]
        try:
            folder = self._store.locate(spec).folder
            found: int | None = sum(size for _, size, _ in _look(folder))
        except ModelUnavailable:
            found = None
        self._found[spec.id] = (look, found)
        return found


_Look = tuple[tuple[str, int, int], ...]


def _look(folder: Path) -> _Look:
    """Name, size and time of change of every file."""
    infos = [(str(path), path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple((name, info.st_size, info.st_mtime_ns) for name, info in infos)

"""Repositories of the hub on this machine.

Comes in: a catalog entry's source. Goes out: the folder that holds its files. Must not know: digests (`fetch.py`,
`trust.py`), or what the files mean.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from notime.errors import DownloadFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from notime.model.catalog import FileSource, HubSource

    Progress = Callable[[str, float], None]

EXPORTED = ("*.json", "*.model", "*.spm", "*.safetensors")
"""What an export needs, where an entry names nothing."""


def snapshot(source: HubSource, cache: Path, progress: Progress) -> Path:
    """The folder of a revision, its files downloaded; what is there already is not, and what was broken off goes on.

    Raises:
        DownloadFailed: a file cannot be had.
    """
    folder = folder_of(source, cache)
    what = f"Downloading {source.repo}"
    progress(what, 0.0)
    missing = [name for name, digest in source.files.items() if not (digest and (folder / name).is_file())]
    if missing or not source.files:
        _download(source, folder, missing or list(EXPORTED))
    progress(what, 1.0)
    return folder


def folder_of(source: HubSource, cache: Path) -> Path:
    """Where a revision's files are downloaded to."""
    return cache / "hub" / source.repo.replace("/", "--") / source.revision


def near_snapshot(near: Path, source: HubSource) -> Path:
    """The repository in a folder: in the hub's own cache, by owner and name, or the folder itself.

    Raises:
        DownloadFailed: it is not there.
    """
    cached = near / f"models--{source.repo.replace('/', '--')}" / "snapshots"
    revisions = sorted(cached.iterdir()) if cached.is_dir() else []
    named = [path for path in revisions if path.name == source.revision] or revisions[-1:]
    for folder in (*named, near / source.repo, near / source.repo.split("/")[-1], near):
        if files_of(folder, source):
            return folder
    raise DownloadFailed(f"{source.repo} is not in {near}.", hint="Give the folder that holds its files.")


def files_of(folder: Path, source: HubSource | FileSource) -> list[str]:
    """Names of the files that belong to the source."""
    patterns = list(source.files) or list(EXPORTED)
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        name for name in found if not name.startswith(".") and any(fnmatchcase(name, pattern) for pattern in patterns)
    ]


def _download(source: HubSource, folder: Path, patterns: list[str]) -> None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        snapshot_download(source.repo, revision=source.revision, local_dir=folder, allow_patterns=patterns)
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, KeyError, ValueError) as error:
        # The last two: what answers is no hub.
        raise DownloadFailed(f"{source.repo} cannot be downloaded.") from error
    if not files_of(folder, source):
        raise DownloadFailed(f"{source.repo} has none of the files that are named.")

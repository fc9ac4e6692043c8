"""Repositories of the hub on this machine.

Comes in: a catalog entry's source. Goes out: the folder that holds its files. Must not know: digests of the catalog
(`fetch.py`) or of the first download (`trust.py`), or what the files mean.

What is asked of the hub are a revision's names, sizes and digests, then its files. The hub's client keeps nothing of a
download that was broken off when its process ends; here it goes on from where it was.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from errno import ENOSPC
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notime.errors import Corrupt, DownloadFailed, NotimeError
from notime.model.catalog import FileSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from huggingface_hub.hf_api import RepoSibling

    from notime.model.catalog import HubSource

    Progress = Callable[[str, float], None]

AT_ONCE = 4
"""Files that are downloaded side by side."""

CHUNK = 1 << 20

COMMIT = ".commit"
"""A file beside the downloaded ones."""

SNAPSHOTS = "snapshots"
"""Of a repository in the hub's own cache: a folder a commit."""

EXPORTED = ("*.json", "*.model", "*.spm", "*.safetensors")
"""What an export needs, where an entry of the hub names nothing; of a folder on this machine everything counts."""


def snapshot(source: HubSource, cache: Path, progress: Progress, commit: str = "") -> Path:
    """The folder of a revision, its files downloaded; what is there already is not, and what was broken off goes on.

    Args:
        source: the repository, and the revision.
        cache: see `folder_of`.
        progress: called with what is going on and the share done, 0 to 1.
        commit: what is asked for in the revision's place: what it stood for when it first came.

    Raises:
        DownloadFailed: a file cannot be had, or there is no room for it.
        Corrupt: a file is not the one that the hub tells of.
    """
    folder = folder_of(source, cache)
    what = f"Downloading {source.repo}"
    progress(what, 0.0)
    missing = [name for name, digest in source.files.items() if not (digest and (folder / name).is_file())]
    if missing or not source.files:
        download = _Download(source, commit or source.revision, folder, lambda share: progress(what, share))
        download.run(missing or list(EXPORTED))
    progress(what, 1.0)
    return folder


def folder_of(source: HubSource, cache: Path) -> Path:
    """Where a revision's files are downloaded to."""
    return cache / "hub" / source.repo.replace("/", "--") / source.revision


def commit_of(folder: Path) -> str:
    """The commit that a folder's files are of, as the hub told it; empty where it is not known."""
    if folder.parent.name == SNAPSHOTS:
        return folder.name
    return (folder / COMMIT).read_text(encoding="ascii") if (folder / COMMIT).is_file() else ""


def near_snapshot(near: Path, source: HubSource) -> Path:
    """The repository in a folder: in the hub's own cache, by owner and name, or the folder itself.

    Raises:
        DownloadFailed: it is not there.
    """
    cached = near / f"models--{source.repo.replace('/', '--')}" / SNAPSHOTS
    revisions = sorted(cached.iterdir()) if cached.is_dir() else []
    named = [path for path in revisions if path.name == source.revision] or revisions[-1:]
    for folder in (*named, near / source.repo, near / source.repo.split("/")[-1], near):
        if files_of(folder, source):
            return folder
    raise DownloadFailed(f"{source.repo} is not in {near}.", hint="Give the folder that holds its files.")


def files_of(folder: Path, source: HubSource | FileSource) -> list[str]:
    """Names of the files that belong to the source."""
    patterns = list(source.files) or (["*"] if isinstance(source, FileSource) else list(EXPORTED))
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        name for name in found if not name.startswith(".") and any(fnmatchcase(name, pattern) for pattern in patterns)
    ]


class _Download:
    """Files of one revision.

    Args:
        source: the repository.
        revision: which is asked for.
        folder: where they go.
        progress: called with the share done, 0 to 1; by one thread at a time.
    """

    def __init__(self, source: HubSource, revision: str, folder: Path, progress: Callable[[float], None]) -> None:
        self._source = source
        self._revision = revision
        self._folder = folder
        self._progress = progress
        self._lock = threading.Lock()
        self._done = self._size = 0

    def run(self, patterns: list[str]) -> None:
        """Bring the files that are not there as the hub has them."""
        from huggingface_hub import HfApi

        repo = self._source.repo
        try:
            info = HfApi().model_info(repo, revision=self._revision, files_metadata=True)
            files = _wanted(info.siblings or [], patterns, repo)
            files = [each for each in files if not _is(self._folder / each.rfilename, each)]
            self._size = sum(each.size or 0 for each in files)
            self._refuse_full_disk()
            commit = info.sha or self._revision
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for ended in [pool.submit(self._fetch, each, commit) for each in files]:
                    ended.result()
            (self._folder / COMMIT).write_text(commit, encoding="ascii")
        except NotimeError:
            raise
        except Exception as error:  # of the client, of what it speaks HTTP with, and where what answers is no hub
            if isinstance(error, OSError) and error.errno == ENOSPC:
                raise DownloadFailed(f"{repo} cannot be downloaded: there is no room left on the disk.") from error
            raise DownloadFailed(f"{repo} cannot be downloaded.") from error

    def _refuse_full_disk(self) -> None:
        """The files are kept, and a build takes about as much again."""
        self._folder.mkdir(parents=True, exist_ok=True)
        needed, free = 2 * self._size / 1e6, shutil.disk_usage(self._folder).free / 1e6
        if needed > free:
            raise DownloadFailed(
                f"{self._source.repo} takes about {needed:.0f} MB on the disk; {free:.0f} MB are free.",
                hint=f"Free some room on the disk of {self._folder}.",
            )

    def _fetch(self, file: RepoSibling, revision: str) -> None:
        """One file, from where it was broken off."""
        from huggingface_hub import hf_hub_url
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined] # documented as it is

        path = self._folder / file.rfilename
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{_digest(file)[:12]}.partial")
        url = hf_hub_url(self._source.repo, file.rfilename, revision=revision)
        with partial.open("ab") as out:
            there = out.tell()
            self._told(there)
            bar = _Bar(self._told)
            http_get(url, out, resume_size=there, headers=build_hf_headers(), expected_size=file.size, _tqdm_bar=bar)
        if not _is(partial, file):
            partial.unlink()
            raise Corrupt(
                f"{file.rfilename} did not arrive as {self._source.repo} tells of it: its digest differs.",
                hint="Run the command again.",
            )
        partial.replace(path)

    def _told(self, more: float) -> None:
        with self._lock:
            self._done += int(more)
            self._progress(min(1.0, self._done / max(1, self._size)))


class _Bar:
    """What the hub's client tells of a download: the part of tqdm that it uses."""

    def __init__(self, told: Callable[[float], None]) -> None:
        self.update = told

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def _wanted(files: list[RepoSibling], patterns: list[str], repo: str) -> list[RepoSibling]:
    """Those that are named, which all must be there, and those that a pattern stands for."""
    names = [file.rfilename for file in files]
    for pattern in patterns:
        if pattern not in names and not set(pattern) & set("*?["):
            raise DownloadFailed(f"{repo} has no file {pattern}.", hint="Is it the right repository?")
    found = [file for file in files if any(fnmatchcase(file.rfilename, pattern) for pattern in patterns)]
    if not found:
        raise DownloadFailed(f"{repo} has none of the files that are named.")
    if any(Path(file.rfilename).is_absolute() or ".." in Path(file.rfilename).parts for file in found):
        raise DownloadFailed(f"{repo} has a file that would lie outside its folder.")
    return found


def _digest(file: RepoSibling) -> str:
    """As the hub tells it: of a large file's content, of another as git has it."""
    return str(file.lfs.sha256 if file.lfs else file.blob_id)


def _is(path: Path, file: RepoSibling) -> bool:
    """The file is there, and is the one that the hub tells of."""
    if not path.is_file() or file.size not in (None, path.stat().st_size):
        return False
    if file.lfs:
        found: Any = hashlib.sha256()
    else:
        found = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            found.update(chunk)
    return bool(found.hexdigest() == _digest(file))

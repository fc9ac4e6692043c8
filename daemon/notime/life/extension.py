"""Where the extension lies: in the package, in a checkout, and the copy of a package's that browsers load.

Comes in: the settings. Goes out: a folder, and whether the copy is of this notime. Must not know: browsers.

A browser knows an unpacked extension by its path: it must not move with the version of Python.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from notime.errors import BadSettings

if TYPE_CHECKING:
    from notime.settings import Settings

PACKAGE = Path(__file__).resolve().parents[1]


def copy_of(settings: Settings) -> Path:
    """Where a package's extension is put."""
    return settings.models.parent / "extension"


def place(settings: Settings) -> Path:
    """The folder to load; out of a package it is copied to where an update finds it again.

    Raises:
        BadSettings: there is no extension.
    """
    if (PACKAGE / "extension").is_dir():
        shutil.copytree(PACKAGE / "extension", copy_of(settings), dirs_exist_ok=True)
        return copy_of(settings)
    checkout = PACKAGE.parents[1] / "extension" / "source"
    if not checkout.is_dir():
        raise BadSettings("The extension is missing.", hint="Install notime again.")
    return checkout


def is_outdated(settings: Settings) -> bool:
    """Whether there is a copy, and it is another than this package's."""
    ours, copy = PACKAGE / "extension", copy_of(settings)
    if not ours.is_dir() or not copy.is_dir():
        return False
    files = (path.relative_to(ours) for path in ours.rglob("*") if path.is_file())
    return any(
        not (copy / name).is_file() or (ours / name).read_bytes() != (copy / name).read_bytes() for name in files
    )

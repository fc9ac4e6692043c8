"""Files and folders that nobody else can change, whatever the umask.

Comes in: paths. Goes out: them made so, or what is wrong with them. Must not know: what the files are for. On Windows
profile folders have access lists of their own, and modes say nothing.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

ROOT = 0

Problem = Literal["kind", "owner", "mode"]


def make_private_folder(folder: Path, mode: int = 0o700) -> None:
    """A folder of this user's that nobody else can write into, made with its parents where it is missing.

    Args:
        folder: one that is there keeps its contents, and loses what the mode does not allow.
        mode: of the folder itself; parents that are made are for their owner alone, unless the mode lets others read.

    Raises:
        OSError: it cannot be made, or it is another user's.
    """
    if not folder.is_dir():
        missing = [folder, *(each for each in folder.parents if not each.is_dir())]
        for each in reversed(missing):
            each.mkdir(exist_ok=True)
            each.chmod(mode)  # a mkdir's own mode is less what the umask says
        return
    if os.name == "nt":
        return
    info = folder.stat()
    if info.st_uid not in (os.getuid(), ROOT):
        raise PermissionError(errno.EPERM, "the folder belongs to another user", str(folder))
    if info.st_uid == os.getuid() and stat.S_IMODE(info.st_mode) & ~mode:
        folder.chmod(stat.S_IMODE(info.st_mode) & mode)


def write_private(path: Path, content: str) -> None:
    """Write a file that its owner alone can read, in one step.

    Raises:
        OSError: it cannot be written; then what was there still is.
    """
    partial = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
        partial.chmod(0o600)  # an unusual umask may have taken the owner's own rights away
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def problem_of(path: Path, *, secret: bool = False) -> Problem | None:
    """What lets others change what is at a path or, of a secret, read it.

    Args:
        path: a plain file or a folder.
        secret: this user's alone, unreadable for others.

    Returns:
        `kind`: a link, or something else. `owner`: neither this user nor, where it is no secret, the system. `mode`:
        others may write it or, of a secret, do anything with it. None where nothing is wrong.

    Raises:
        OSError: nothing is there, or it cannot be looked at.
    """
    info = path.lstat()
    if not stat.S_ISREG(info.st_mode) and not stat.S_ISDIR(info.st_mode):
        return "kind"
    if os.name == "nt":
        return None
    if info.st_uid != os.getuid() and (secret or info.st_uid != ROOT):
        return "owner"
    if secret:
        return "mode" if info.st_mode & (stat.S_IRWXG | stat.S_IRWXO) else None
    return "mode" if _others_write(info) else None


def open_above(path: Path) -> Path | None:
    """The folder, of those that a path goes through, in which another user could put something else in its place."""
    if os.name == "nt":
        return None
    for folder in path.resolve().parents:
        info = folder.stat()
        # Where everybody may write, as for temporary files, the sticky bit lets nobody rename what is another's.
        sticky = info.st_mode & stat.S_ISVTX and info.st_uid in (os.getuid(), ROOT)
        if info.st_uid not in (os.getuid(), ROOT) or (_others_write(info) and not sticky):
            return folder
    return None


def _others_write(info: os.stat_result) -> bool:
    if info.st_mode & stat.S_IWOTH:
        return True
    return bool(info.st_mode & stat.S_IWGRP) and not _is_own_group(info.st_gid)


def _is_own_group(gid: int) -> bool:
    """Many systems give each user a group of the same name, with nobody else in it."""
    # Imported here: Windows has neither.
    import grp
    import pwd

    try:
        group, user = grp.getgrgid(gid), pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return group.gr_name == user.pw_name and user.pw_gid == gid and set(group.gr_mem) <= {user.pw_name}

"""Looks at the files of this user: settings, key, history, models, logs.

Comes in: the settings. Goes out: findings. Must not know: processes.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from notime.doctor.finding import Finding
from notime.errors import HistoryDamaged, HistoryUnavailable, NotimeError
from notime.history.clock import DAY_SECONDS
from notime.history.store import FILE, Store
from notime.http.auth.pairings import Pairings
from notime.life import extension as unpacked
from notime.life import logs
from notime.model import OWN, Catalog, ModelStore
from notime.model.source.leftovers import leftovers, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notime.settings import Settings

MODEL_MENDS = {
    "absent": ("model_missing", "is not on this machine yet", "Run `notime setup`."),
    "outdated": ("model_outdated", "was built by another version of notime", "Run `notime setup`."),
    "corrupt": ("model_corrupt", "is damaged", "Run `notime models build --force`."),
}

CRASH_DAYS = 7.0
"""An older crash says little of what is wrong today."""


def folders(settings: Settings) -> Iterator[Finding]:
    """Each may be written."""
    for folder in (settings.config_dir, settings.data_dir, settings.cache_dir, settings.models, settings.state_dir):
        existing = folder
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        if not existing.is_dir():
            yield Finding("folder_blocked", "bad", f"{folder} cannot be: {existing} is no folder.", f"Move {existing}.")
        elif not _is_writable(existing):
            yield Finding(
                "folder_read_only",
                "bad",
                f"{existing} cannot be written.",
                "Make it yours, or set NOTIME_HOME elsewhere.",
            )
        elif os.name != "nt" and existing == folder and folder.stat().st_uid != os.getuid():
            yield Finding(
                "folder_not_yours", "bad", f"{folder} belongs to another user.", f"Move it away, or `chown` {folder}."
            )


def key(settings: Settings) -> Iterator[Finding]:
    """The extension's key: there, this user's alone, whole."""
    path = settings.config_dir / "key"
    if not path.exists() and not path.is_symlink():
        yield Finding(
            "not_paired", "note", "There is no pairing key yet.", "Run `notime pair`; the extension asks for it.",
            fix=lambda: Pairings(settings.config_dir).any(),
        )  # fmt: skip
        return
    try:
        Pairings(settings.config_dir).any()
    except (NotimeError, OSError) as error:
        hint = getattr(error, "hint", None) or f"Look at {path}."
        yield Finding("key_insecure", "bad", getattr(error, "message", "The pairing key cannot be read."), hint)


def extension(settings: Settings) -> Iterator[Finding]:
    """The copy that browsers load is this notime's."""
    if unpacked.is_outdated(settings):
        yield Finding(
            "extension_outdated", "bad",
            f"The extension in {unpacked.copy_of(settings)} is of another version of notime.",
            "Run `notime setup`, then reload it on the browser's page of extensions.",
            fix=lambda: unpacked.place(settings),
        )  # fmt: skip


def history(settings: Settings) -> Iterator[Finding]:
    """Whole, of this version, its owner's alone, and of days that have been."""
    path = settings.data_dir / FILE
    if not settings.keep_history:
        yield Finding("history_off", "note", "Nothing is kept: keep_history is off.")
    if path.is_file() and not path.is_symlink() and os.name != "nt" and path.stat().st_mode & 0o077:
        yield Finding(
            "history_open", "bad", "Others on this machine can read the history.", f"Run `chmod 600 {path}`.",
            fix=lambda: path.chmod(0o600),
        )  # fmt: skip
    if not path.exists():
        return
    try:
        newest, _ = Store.of(settings).search(limit=1)
    except HistoryDamaged as error:
        yield Finding("history_damaged", "note", error.message, "A new history begins; nothing needs to be done.")
        return
    except HistoryUnavailable as error:
        yield Finding(error.code, "bad", error.message, error.hint or f"Move {path} away.")
        return
    if newest and newest[0].created > time.time() + DAY_SECONDS:
        yield Finding(
            "clock", "bad", "The newest summary is from a day that has not been.", "Set this machine's clock."
        )


def models(settings: Settings) -> Iterator[Finding]:
    """Those that summarise, by their checksums; and what killed builds left."""
    try:
        specs = Catalog(own=settings.config_dir / OWN).with_parts(settings.model)
    except NotimeError as error:
        yield Finding(error.code, "bad", error.message, error.hint or "")
        return
    store = ModelStore(settings.models, settings.cache_dir)
    for spec in specs:
        if (state := store.state(spec)) in MODEL_MENDS:
            code, what, mend = MODEL_MENDS[state]
            yield Finding(code, "bad", f"The model {spec.id} {what}.", mend)
    if left := list(leftovers(settings.models, settings.cache_dir)):
        yield Finding(
            "leftovers", "note", f"{len(left)} leftovers of interrupted builds take up room.",
            "Run `notime doctor --fix`.",
            fix=lambda: sweep(settings.models, settings.cache_dir),
        )  # fmt: skip


def crashes(settings: Settings) -> Iterator[Finding]:
    """The daemon's last end that was none of its own."""
    path = settings.state_dir / logs.CRASH
    found = logs.last_crash(settings.state_dir)
    if found and time.time() - path.stat().st_mtime < CRASH_DAYS * DAY_SECONDS:
        last = found[1].splitlines()[-1].strip()
        yield Finding("crashed", "note", f"The daemon crashed at {found[0]}: {last}", f"Please report it: {path}")


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)

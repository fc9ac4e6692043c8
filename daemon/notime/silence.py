"""What libraries would tell their makers, switched off.

Comes in: nothing. Goes out: variables of the environment, for this process and those that it starts. Must not know: who
uses the libraries.

ONNX Runtime's wheels for Linux (1.32 at least) gather telemetry unless they are told not to before they are imported:
they look up `mobile.events.data.microsoft.com`, send events there, and keep a device's number and a database of events
in the user's cache folder. Its own call, `disable_telemetry_events`, comes too late for both;
`notime.model.runtime.session` makes it all the same. Importing notime comes before importing any part of it, so the
package's first line is a call of `hush`. tests/egress holds that nothing is looked up, sent or left behind.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import platformdirs

SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "DO_NOT_TRACK": "1",
}
"""ONNX Runtime's, huggingface-hub's and Ray's own; what all of them might agree on. scripts/common.sh sets the same."""

_LEFT = Path("Microsoft/DeveloperTools/.onnxruntime")
"""Where ONNX Runtime keeps them, in the cache folder (seen with strace)."""

TOLD = "telemetry-removed"
"""A file that says that it was done: what other programs leave there later is no business of ours."""


def hush() -> None:
    """Switch all of it off, whatever was set before."""
    os.environ.update(SWITCHES)


def remove_left(cache_dir: Path) -> Path | None:
    """Remove, once, what earlier versions of notime had ONNX Runtime leave in the user's cache folder.

    Args:
        cache_dir: notime's own.

    Returns:
        The folder that was removed; None where there was none, or it was done before.
    """
    if (cache_dir / TOLD).exists():
        return None
    removed = None
    for cache in (platformdirs.user_cache_path(), Path.home() / ".cache"):
        folder = cache / _LEFT
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
            removed = folder
            _remove_empty(folder.parent, cache)
    try:
        cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        (cache_dir / TOLD).touch(mode=0o600)
    except OSError:
        pass  # a disk that is full or read-only: it will be looked at again
    return removed


def _remove_empty(folder: Path, above: Path) -> None:
    """Remove folders that hold nothing any more, up to one that stays."""
    while folder != above:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent

"""How ONNX Runtime is opened: threads, memory, and errors in our own words.

Comes in: a model file. Goes out: an `InferenceSession`. The policy is in one place because sessions share the
machine: threads of two sessions that spin starve each other.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import onnxruntime

from notime.errors import ModelUnavailable

if TYPE_CHECKING:
    from pathlib import Path

ERROR = 3
"""ONNX Runtime's severity: warnings about graph rewriting say nothing to a user."""


def usable_cores() -> int:
    """Cores this process may run on (container and affinity limits included)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def open_session(path: Path, *, threads: int = 0) -> onnxruntime.InferenceSession:
    """Load a model.

    Args:
        path: an ONNX file; weights beside it are found by its own reference.
        threads: threads for one operator; 0 means every usable core, at most 8.

    Raises:
        ModelUnavailable: ONNX Runtime refuses the file.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or min(usable_cores(), 8)
    options.inter_op_num_threads = 1
    options.log_severity_level = ERROR
    # A daemon that waits must not burn a core, and the browser needs one: threads sleep between operators.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's exceptions share no base class of its own
        raise ModelUnavailable(f"ONNX Runtime cannot load {path.name}.", hint="Run `notime models verify`.") from error

"""How ONNX Runtime is opened: threads, memory, and errors in our own words.

Comes in: a model file. Goes out: an `InferenceSession`. The policy is in one place because sessions share the
machine: threads of two sessions that spin starve each other.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import sys
from typing import TYPE_CHECKING

import onnxruntime

from notime.errors import ModelUnavailable
from notime.model.runtime.cores import processor
from notime.model.runtime.cores import usable_cores as usable_cores
from notime.model.runtime.memory import out_of_memory

if TYPE_CHECKING:
    from pathlib import Path

onnxruntime.disable_telemetry_events()  # `notime.silence` has switched it off already: this is the library's own word

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

M_MMAP_THRESHOLD = -3
"""Of mallopt(3)."""

LARGE_BLOCK = 1 << 20
"""Bytes."""

ERROR = 3
"""ONNX Runtime's severity: warnings about graph rewriting say nothing to a user."""


SHRINKS = onnxruntime.RunOptions()
"""Of a pass after which the arena gives back what it holds, but for pieces in which something still stands."""
SHRINKS.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

ARENA = {"arena_extend_strategy": 0, "initial_growth_chunk_size_bytes": 4 << 20}
"""It grows by powers of two, and soon by what a window of the ranker needs: pieces as large as what is asked for would
not fit the next window, which is longer by a token."""


def open_session(
    path: Path, *, threads: int = 0, spins: bool = False, arena: bool = False
) -> onnxruntime.InferenceSession:
    """Load a model.

    Args:
        path: an ONNX file; weights beside it are found by its own reference.
        threads: threads for one operator; 0 takes the policy's, see `cores.Processor.threads`.
        spins: threads wait awake for the next operator, until the pass is over.
        arena: passes that follow one another use the same memory, which all such sessions share, until one runs with
            `SHRINKS`; else every large block goes back to the system, which has to clear it for the next pass.

    Raises:
        ModelUnavailable: ONNX Runtime refuses the file; OutOfMemory: there is none for it.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or processor().threads
    options.inter_op_num_threads = 1
    options.log_severity_level = ERROR
    options.enable_cpu_mem_arena = arena
    if arena:
        _share_arena()
        options.add_session_config_entry("session.use_env_allocators", "1")
    # A daemon that waits must not burn a core, and the browser needs one: threads sleep between operators, and in any
    # case between passes.
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spins)))
    options.add_session_config_entry("session.force_spinning_stop", "1")
    _map_large_blocks()
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's exceptions share no base class of its own
        refused = ModelUnavailable(f"ONNX Runtime cannot load {path.name}.", hint="Run `notime models verify`.")
        raise out_of_memory(error) or refused from error


def give_back() -> None:
    """Return what was freed to the system, where the C library (glibc) keeps it."""
    trim = getattr(_LIBC, "malloc_trim", None)
    if trim is not None:
        trim(0)


@functools.cache
def _share_arena() -> None:
    """One arena for the process; where something else in it has registered one, that serves as well."""
    kind, memory = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, onnxruntime.OrtMemType.DEFAULT
    where = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, memory)
    with contextlib.suppress(Exception):  # ONNX Runtime's exceptions share no base class of its own
        onnxruntime.create_and_register_allocator(where, onnxruntime.OrtArenaCfg(ARENA))


def _map_large_blocks() -> None:
    """Have glibc give large blocks back as soon as they are freed, instead of learning to keep them."""
    mallopt = getattr(_LIBC, "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)

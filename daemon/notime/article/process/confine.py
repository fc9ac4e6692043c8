"""What the reading process gives up before it sees a page.

Comes in: limits. Goes out: a process that can compute and answer, and do nothing else. Must not know: pages.

A parser in C that a page turns against its reader could read files, open sockets or start programs. So on Linux the
process gives up, for good and without any right of its own: sockets, new processes, other processes' memory (seccomp);
writing anywhere, and reading outside Python's own folders (landlock); dumps of its memory. What a kernel or a platform
does not have is left out: limits on time and memory hold in any case.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import platform
import struct
import sys
from collections.abc import Iterator

DESCRIPTORS = 64
"""Open files at once; a module that is imported late takes one."""

_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
"""Of prctl(2)."""

_MODE_FILTER, _KILL_PROCESS, _ERRNO, _ALLOW = 2, 0x80000000, 0x00050000, 0x7FFF0000
"""Of seccomp(2)."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Of its programs: load a word, jump where equal, jump where not below, return."""

_X32 = 0x40000000
"""From here on x86-64 numbers system calls of its other table."""

_REFUSED = {
    "x86_64": (
        0xC000003E,
        # socket connect socketpair clone fork vfork execve kill ptrace unshare perf_event_open setns process_vm_readv
        # process_vm_writev memfd_create bpf execveat userfaultfd pidfd_send_signal io_uring_setup clone3
        (41, 42, 53, 56, 57, 58, 59, 62, 101, 272, 298, 308, 310, 311, 319, 321, 322, 323, 424, 425, 435),
    ),
    "aarch64": (
        0xC00000B7,
        # The same in this table, which has no fork and vfork.
        (198, 203, 199, 220, 221, 129, 117, 97, 241, 268, 270, 271, 279, 280, 281, 282, 424, 425, 435),
    ),
}
"""Machine → its number in the kernel's audit table, and the numbers of the calls that are refused."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Of landlock(7), on every machine."""

_READ = 0b1101
"""Execute, read file, read folder."""

_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""Landlock's version → how many kinds of access to files it knows."""


def without_dumps() -> None:
    """Never leave this process's memory on disk, nor let the user's other programs look into it: it holds what is read.

    For the daemon as well as for the reading process.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def confine(memory: int) -> tuple[str, ...]:
    """Give up what reading a page does not need.

    Args:
        memory: bytes by which the address space may grow.

    Returns:
        What holds from now on: of `memory`, `files` and `network` those that this machine can do.
    """
    without_dumps()
    held = ["memory"] if _limit(memory) else []
    if sys.platform == "linux":
        libc = _libc()
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            held += ["files"] if _only_read(libc) else []
            held += ["network"] if _refuse_calls(libc) else []
    return tuple(held)


def limit_time(seconds: float) -> None:
    """Let the process compute for so long from now on; then the kernel ends it, whoever still lives."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


@contextlib.contextmanager
def ends_with(sink: int) -> Iterator[None]:
    """While this lasts, the process ends when whoever reads from `sink`, a pipe, goes: in the middle of C code too.

    Nothing may be read from it meanwhile, so that the only event is its end: what was read before was read whole, by
    one that then wrote what is worked on now. (Of the pipe that it wrote to, the system may tell later than the message
    is there. `PR_SET_PDEATHSIG` would look at the thread that started the process.)
    """
    if sys.platform != "linux":
        yield
        return
    import fcntl
    import select

    flags = fcntl.fcntl(sink, fcntl.F_GETFL)
    fcntl.fcntl(sink, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sink, fcntl.F_SETFL, flags | os.O_ASYNC)
    gone = select.poll()
    gone.register(sink, 0)  # which tells of errors alone
    if gone.poll(0):
        sys.exit(1)
    try:
        yield
    finally:
        fcntl.fcntl(sink, fcntl.F_SETFL, flags)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _limit(memory: int) -> bool:
    """Memory, where the platform can hold a process to it; open files, and no bytes into any file."""
    try:
        import resource
        from pathlib import Path

        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, OSError, ValueError):
        return False  # Windows and macOS: the time limit alone bounds it
    return True


def _only_read(libc: ctypes.CDLL) -> bool:
    """No file is written, made or removed, and only Python's are read."""
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    handled = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    asked = ctypes.create_string_buffer(struct.pack("=Q", handled), 8)
    rules = libc.syscall(_CREATE_RULESET, asked, 8, 0)
    if rules < 0:
        return False
    try:
        for folder in {sys.prefix, sys.base_prefix, *sys.path, "/usr/lib", "/lib", "/lib64", "/usr/local/lib"}:
            if not os.path.isdir(folder or "."):  # noqa: PTH112 # a Path would be made of each for this alone
                continue
            below = os.open(folder or ".", os.O_PATH | os.O_CLOEXEC)
            rule = ctypes.create_string_buffer(struct.pack("=Qi", _READ, below), 12)
            libc.syscall(_ADD_RULE, rules, 1, rule, 0)
            os.close(below)
        return int(libc.syscall(_RESTRICT_SELF, rules, 0)) == 0
    finally:
        os.close(rules)


def _refuse_calls(libc: ctypes.CDLL) -> bool:
    """No sockets, no other process."""
    if platform.machine() not in _REFUSED:
        return False
    machine, numbers = _REFUSED[platform.machine()]
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, len(numbers) + 1, 0, _X32),
        *((_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | 1),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    return int(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, header, 0, 0)) == 0

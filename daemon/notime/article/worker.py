"""The reading process: pages in on standard input, articles out on standard output.

Comes in: frames of `wire`. Goes out: one frame for each. Must not know: who asks.

It ends when its input does, so that it never outlives its parent, and holds itself to the memory it was given. What
goes wrong is answered by name only: no text of a page is ever in a message.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from notime.article import page, wire
from notime.errors import NotimeError


def main() -> None:
    """Answer until the input ends; the first argument is the memory allowed, in bytes above what start-up took."""
    allowed = int(sys.argv[1])
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    devnull = os.open(os.devnull, os.O_RDWR)
    os.dup2(devnull, 0)
    os.dup2(devnull, 1)  # whatever a library prints goes nowhere
    reader = page.PageReader()
    _limit_memory(allowed)
    try:
        wire.send(sink, {"ready": True})
        while True:
            wire.send(sink, _answer(reader, wire.receive(source)))
    except wire.Closed:
        return


def _answer(reader: page.PageReader, message: dict[str, Any]) -> dict[str, Any]:
    try:
        asked = wire.page_from_wire(message)
        if message["verb"] == "explain":
            return {"explanation": wire.explanation_to_wire(reader.explain(asked))}
        return {"article": wire.article_to_wire(reader.read(asked, short=message["verb"] == "short"))}
    except NotimeError as exc:
        return {"error": type(exc).__name__, "message": exc.message, "hint": exc.hint}
    except MemoryError:
        return {"error": "memory"}
    except Exception as exc:  # whatever a page does to a parser, the answer is an answer
        return {"error": "failed", "kind": type(exc).__name__}


def _limit_memory(allowed: int) -> None:
    """Let the address space grow by so much, where the platform can hold a process to it."""
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + allowed
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, OSError, ValueError):
        return  # Windows and macOS: the time limit alone bounds it


if __name__ == "__main__":
    main()

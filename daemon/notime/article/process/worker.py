"""The reading process: pages and texts in on standard input, articles out on standard output.

Comes in: frames of `messages`. Goes out: one frame for each, with its number. Must not know: who asks.

It ends when its input does, so that it never outlives its parent, and gives up what it does not need (`confine`). What
goes wrong is answered by name only: no text of a page is ever in a message.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from notime.article import page, plain
from notime.article.process import confine, messages
from notime.errors import NotimeError


def main() -> None:
    """Answer until the input ends.

    Arguments: bytes by which memory may grow, and seconds that a page may take of the processor.
    """
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    devnull = os.open(os.devnull, os.O_RDWR)
    os.dup2(devnull, 0)
    os.dup2(devnull, 1)  # whatever a library prints goes nowhere
    reader = page.PageReader()
    held = confine.confine(memory)
    try:
        messages.send(sink, {"id": 0, "held": held})
        while True:
            message = messages.receive(source)
            confine.limit_time(seconds)
            with confine.ends_with(sink.fileno()):
                answer = _answer(reader, message)
            messages.send(sink, {"id": message["id"], **answer})
    except messages.Closed:
        return


def _answer(reader: page.PageReader, message: dict[str, Any]) -> dict[str, Any]:
    verb = message["verb"]
    try:
        if verb == "text":
            text, title, url = message["text"], message["title"], message["url"]
            return {"article": messages.article_to_wire(plain.from_text(text, title=title, url=url))}
        asked = messages.page_from_wire(message)
        if verb == "explain":
            return {"explanation": messages.explanation_to_wire(reader.explain(asked))}
        return {"article": messages.article_to_wire(reader.read(asked, short=verb == "short"))}
    except NotimeError as exc:
        return {"error": type(exc).__name__, "message": exc.message, "hint": exc.hint}
    except MemoryError:
        return {"error": "memory"}
    except Exception as exc:  # whatever a page does to a parser, the answer is an answer
        return {"error": "failed", "kind": type(exc).__name__}


if __name__ == "__main__":
    main()

"""`notime summarize` and `notime extract`: pages in, summaries or articles out."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from notime import shapes
from notime.article import Reader, ReaderLimits
from notime.cli.console import status
from notime.errors import BadRequest, NotimeError
from notime.summary import Summarizer
from notime.types import LENGTHS, Page, Progress, Summary, SummarySentence

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from notime.settings import Settings
    from notime.types import Article


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    summarize = commands.add_parser("summarize", help="summarise HTML or plain text")
    summarize.add_argument("files", nargs="*", metavar="FILE", help="HTML or text; - is standard input")
    summarize.add_argument("--json", action="store_true", help="one JSON object a file")
    summarize.add_argument(
        "--jsonl", action="store_true", help="JSON objects, one a line, on standard input and output"
    )
    summarize.add_argument("--length", choices=LENGTHS, help="how much; by default brief")
    summarize.add_argument("--model", metavar="ID", help="see `notime models list`")
    summarize.set_defaults(run=_summarize, usage=summarize.error)

    extract = commands.add_parser("extract", help="the article of a page, without a summary")
    extract.add_argument("files", nargs="+", metavar="FILE", help="HTML; - is standard input")
    extract.add_argument("--json", action="store_true", help="one JSON object a file")
    extract.add_argument("--explain", action="store_true", help="why each block of the page is in or out")
    extract.set_defaults(run=_extract)


def _reader(settings: Settings) -> Reader:
    return Reader(ReaderLimits(seconds=settings.read_seconds, max_html_bytes=int(settings.max_body_mb * 1e6)))


def _bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadRequest(f"{name} cannot be read: {error.strerror}.") from error


def _article(reader: Reader, name: str) -> Article:
    """The article in a file: HTML where it looks like it, else plain text."""
    content = _bytes(name)
    if _is_html(content):
        return reader.read(Page(content))
    try:
        return reader.read_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRequest(f"{name} is neither HTML nor UTF-8 text.") from error


def _is_html(content: bytes) -> bool:
    """A tag opens it, as in every HTML file; a byte order mark or a UTF-16 encoding may stand before."""
    start = content[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<")


def _summarize(args: argparse.Namespace, settings: Settings) -> int:
    if args.jsonl == bool(args.files):
        args.usage("give files, or - for standard input, or --jsonl")
    with ExitStack() as stack:
        reader = stack.enter_context(_reader(settings))
        with status() as say:
            say("Loading the model")
            summarizer = stack.enter_context(Summarizer.load(settings.model, settings=settings))
        if args.jsonl:
            return _lines(reader, summarizer, settings)
        failed = False
        for name in args.files:
            try:
                _one(name, reader, summarizer, settings, as_json=args.json, named=len(args.files) > 1)
            except NotimeError as error:
                failed = True
                _tell(name, error, as_json=args.json)
        return int(failed)


def _one(name: str, reader: Reader, summarizer: Summarizer, settings: Settings, *, as_json: bool, named: bool) -> None:
    with status() as say:
        say("Reading the page")
        clock = time.perf_counter()
        article = _article(reader, name)
        extract_ms = (time.perf_counter() - clock) * 1000
    if as_json:
        _print({"file": name, **shapes.summary(_timed(_whole(summarizer, article, settings), extract_ms))})
        return
    heading = article.title or (name if named else "")
    if heading:
        print(f"{heading}\n")
    for event in _shown(summarizer, article, settings):
        if isinstance(event, SummarySentence):
            mark = "" if event.method == "generated" else "  (quoted)"
            print(f"• {event.text}{mark}", flush=True)
        else:
            for part in event.outline:
                print(f"  {'  ' * part.depth}§ {part.text}")
            coverage = event.coverage
            read = f", {coverage.fraction:.0%} of the article read" if coverage.fraction < 1 else ""
            seconds = (event.timings.total_ms + extract_ms) / 1000
            print(f"\n{event.model.id} ({event.model.quantization}), {seconds:.1f} s{read}")


def _shown(summarizer: Summarizer, article: Article, settings: Settings) -> Iterator[SummarySentence | Summary]:
    """Sentences and the summary as they come, with a status line in between."""
    events = summarizer.stream(article, settings.length)  # type: ignore[arg-type] # Settings validates it
    ended = False
    while not ended:
        with status() as say:
            for event in events:
                if isinstance(event, Progress):
                    say("Reading the article" if event.stage == "ranking" else "Writing")
                elif isinstance(event, (SummarySentence, Summary)):
                    break
            else:
                return
        ended = isinstance(event, Summary)
        yield event


def _whole(summarizer: Summarizer, article: Article, settings: Settings) -> Summary:
    return summarizer.summarize(article, settings.length)  # type: ignore[arg-type] # Settings validates it


def _timed(summary: Summary, extract_ms: float) -> Summary:
    timings = summary.timings
    return replace(
        summary,
        timings=replace(
            timings,
            extract_ms=extract_ms,
            first_sentence_ms=extract_ms + timings.first_sentence_ms,
            total_ms=extract_ms + timings.total_ms,
        ),
    )


class _Line(msgspec.Struct):
    """One line of `--jsonl`."""

    id: str | int
    text: str | None = None
    html: str | None = None
    title: str | None = None
    url: str | None = None


def _lines(reader: Reader, summarizer: Summarizer, settings: Settings) -> int:

    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        row = None
        try:
            row = _decoded(line, number)
            clock = time.perf_counter()
            if row.html is not None:
                article = reader.read(Page(row.html, url=row.url, title=row.title))
            else:
                article = reader.read_text(row.text or "", title=row.title, url=row.url)
            extract_ms = (time.perf_counter() - clock) * 1000
            whole = shapes.summary(_timed(_whole(summarizer, article, settings), extract_ms))
            _print({"id": row.id, **{name: whole[name] for name in ("summary", "coverage", "timings")}})
        except NotimeError as error:
            _print({"id": row.id if row else None, "line": number, **shapes.error(error)})
    return 0  # a line that could not be summarised is answered by a line that says so


def _decoded(line: bytes, number: int) -> _Line:
    try:
        return msgspec.json.decode(line, type=_Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f'Line {number} is not {{"id", "text" or "html"}}.') from error


def _extract(args: argparse.Namespace, settings: Settings) -> int:
    failed = False
    show = _explained if args.explain else _extracted
    with _reader(settings) as reader:
        for name in args.files:
            try:
                show(reader, name, as_json=args.json)
            except NotimeError as error:
                failed = True
                _tell(name, error, as_json=args.json)
    return int(failed)


def _extracted(reader: Reader, name: str, *, as_json: bool) -> None:
    # What is too short for a summary is still what the page says.
    article = reader.read(Page(_bytes(name)), short=True)
    if as_json:
        _print({"file": name, **shapes.article(article), "text": article.text})
    else:
        print(f"{article.title}\n\n{article.text}\n")


def _explained(reader: Reader, name: str, *, as_json: bool) -> None:
    explanation = reader.explain(Page(_bytes(name)))
    if as_json:
        _print({"file": name, **msgspec.to_builtins(explanation)})
        return
    print(f"{name}: {explanation.outcome}. {explanation.message}\n{explanation.title}")
    for candidate in explanation.candidates:
        print(f"  {candidate}")
    for block in explanation.blocks:
        mark = "+" if block.kept else "-"
        print(f"{mark} {block.score:.2f} {block.kind:<9} {block.text}")
        print(f"{'':<17}{block.where}: {', '.join(block.reasons)}")


def _tell(name: str, error: NotimeError, *, as_json: bool) -> None:
    hint = f" {error.hint}" if error.hint else ""
    print(f"notime: {name}: {error.message}{hint}", file=sys.stderr)
    if as_json:
        _print({"file": name, **shapes.error(error)})


def _print(value: dict[str, Any]) -> None:
    sys.stdout.buffer.write(shapes.encode(value) + b"\n")
    sys.stdout.buffer.flush()

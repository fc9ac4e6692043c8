"""Summaries to fill a history with, and a look into it, for the tests of HTTP and of the command line."""

from __future__ import annotations

from pathlib import Path

from notime.history.store import Store
from notime.types import Article, Block, Coverage, ModelInfo, Source, Summary, SummarySentence

SECRET = "marmaladesque"
"""Only in the article, never in its summary."""


def summary(number: int, text: str = "The ferry is retired.", **article: str) -> Summary:
    said = Article((Block(f"{text} {SECRET}"),), **({"title": f"Title {number}"} | article))
    sentence = SummarySentence(0, text, (Source(0, text),), "generated", supported=True)
    return Summary(f"{number:032x}", said, (sentence,), Coverage(1, 1), ModelInfo("m", "1", "int8"))


def put(store: Store, number: int, text: str = "The ferry is retired.", **article: str) -> None:
    store.put(summary(number, text, **article), place=f"place {number}", length="brief")


def numbers(store: Store, query: str = "") -> list[int]:
    return [int(entry.body["id"], 16) for entry in store.search(query, limit=100)[0]]


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

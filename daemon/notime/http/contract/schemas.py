"""What the daemon answers, as types: the shapes that `docs/http.md` tells, for the machine-readable contract.

Comes in: nothing. Goes out: the types of answers; those of requests are in `requests.py` and `service/request.py`. Must
not know: how an answer is made. The tests hold the real answers against these.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from notime.types import Heading, Length, ModelInfo, PageKind, Source, SummarySentence, Timings


class Health(msgspec.Struct):
    """The daemon answers."""

    status: Literal["ok"]


class HandshakeAnswer(msgspec.Struct):
    """The daemon's half of the handshake."""

    nonce: str
    proof: str


class Prepared(msgspec.Struct):
    """`skipped`: what may not be kept cannot be prepared."""

    status: Literal["accepted", "skipped"]


class Error(msgspec.Struct, omit_defaults=True):
    """What went wrong; `hint` is the way out."""

    code: str
    message: str
    hint: str | None = None


class Problem(msgspec.Struct):
    """Every answer that is not what was asked for."""

    error: Error


class ArticleFacts(msgspec.Struct):
    """What is told of an article."""

    title: str
    byline: str | None
    site_name: str | None
    language: str | None
    published: str | None
    url: str | None
    words: int
    minutes: int
    kind: PageKind
    certainty: float


class Sentences(msgspec.Struct):
    """The summary itself; `outline`: the article's own headings, three to twelve or none, each with its own parts."""

    sentences: list[SummarySentence]
    outline: list[Heading] = []


class Coverage(msgspec.Struct):
    """How much of the article was read."""

    sentences_total: int
    sentences_read: int
    fraction: float


class SummaryAnswer(msgspec.Struct):
    """A summary."""

    id: str
    article: ArticleFacts
    summary: Sentences
    coverage: Coverage
    model: ModelInfo
    timings: Timings
    cached: bool


class HistoryEntry(SummaryAnswer):
    """A summary out of the history."""

    created: str
    length: Length


class HistoryLine(msgspec.Struct):
    """A summary in the list of the history."""

    id: str
    created: str
    title: str
    site_name: str | None
    byline: str | None
    url: str | None
    language: str | None
    words: int
    minutes: int
    length: Length
    model: str
    sentences: int
    text: str


class HistoryPage(msgspec.Struct):
    """Part of the history; `next` is the `before` of the part that follows."""

    summaries: list[HistoryLine]
    next: str | None


class Speed(msgspec.Struct):
    """Medians over the last summaries that were made."""

    summaries: int
    first_sentence_ms: float
    total_ms: float


class ModelFacts(msgspec.Struct):
    """One model of the catalog."""

    id: str
    title: str
    revision: str
    licence: str
    engine: str
    style: str
    languages: list[str]
    quantization: str
    installed: bool
    bytes: int
    default: bool
    speed: Speed | None


class Models(msgspec.Struct):
    """The catalog."""

    models: list[ModelFacts]


class ModelState(msgspec.Struct):
    """The model that summarises."""

    id: str
    state: Literal["loaded", "loading", "unloaded", "missing"]


class Queue(msgspec.Struct):
    """Requests that wait, and how many may."""

    waiting: int
    most: int


class HistoryState(msgspec.Struct, omit_defaults=True):
    """The history; `problem` is the code of the error that keeps it from being used."""

    kept: bool
    entries: int
    bytes: int
    problem: str | None = None


class Status(msgspec.Struct):
    """How the daemon is; `command` is what a person types to run this very notime."""

    version: str
    command: str
    model: ModelState
    queue: Queue
    memory_mb: float | None
    uptime_s: float
    history: HistoryState


class Accepted(msgspec.Struct, tag_field="type", tag="accepted"):
    """The request waits behind so many others."""

    id: str
    position: int


class ArticleRead(ArticleFacts, tag_field="type", tag="article"):
    """The article was found."""


class Loading(msgspec.Struct, tag_field="type", tag="model"):
    """The model is being loaded into memory, or has been."""

    state: Literal["loading", "ready"]
    progress: float


class Progressed(msgspec.Struct, tag_field="type", tag="progress"):
    """Work done so far."""

    stage: Literal["ranking", "writing"]
    fraction: float


class Token(msgspec.Struct, tag_field="type", tag="token"):
    """A piece of a sentence that is not yet checked; not for showing."""

    index: int
    text: str


class SentenceTold(msgspec.Struct, tag_field="type", tag="sentence"):
    """One sentence, checked."""

    index: int
    text: str
    sources: list[Source]
    method: Literal["generated", "extracted"]
    supported: bool
    reasons: list[str]


class Ping(msgspec.Struct, tag_field="type", tag="ping"):
    """Nothing else happened for ten seconds."""


class Done(msgspec.Struct, tag_field="type", tag="done"):
    """The whole summary; nothing follows."""

    summary: SummaryAnswer


class Failed(msgspec.Struct, tag_field="type", tag="error"):
    """It ends here."""

    error: Error


Event = Accepted | ArticleRead | Loading | Progressed | Token | SentenceTold | Ping | Done | Failed
"""One line of a stream."""

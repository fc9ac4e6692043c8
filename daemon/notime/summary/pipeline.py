"""The stages in order: sentences, rank, choose, rewrite, check.

Comes in: an Article. Goes out: events, the last of which is the Summary. Must not know: HTML, HTTP.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from notime.article import split
from notime.errors import ModelUnavailable, TooShort
from notime.model import DEFAULT_MODEL, Catalog, ModelStore
from notime.settings import Settings
from notime.summary.check import check
from notime.summary.choose import choose, repeats
from notime.summary.rank import rank
from notime.summary.rewrite import prompt, rewrite, task
from notime.types import Coverage, ModelInfo, Progress, Source, Summary, SummarySentence, Timings, Written

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from notime.model import ModelSpec
    from notime.model.causal import CausalModel
    from notime.model.encoder import EncoderModel
    from notime.summary.rewrite import Piece, Task
    from notime.types import Article, Event, Length, Sentence

FEWEST_SENTENCES = 3
"""Of an article with fewer there is nothing to leave out."""


@dataclass(slots=True)
class _Loaded:
    """The networks in memory."""

    spec: ModelSpec
    ranker_spec: ModelSpec
    ranker: EncoderModel
    rewriter: CausalModel | None


class Summarizer:
    """Articles in, summaries out.

    Picklable before it is loaded, without global state: a batch over many processes hands out unloaded ones. One
    call at a time uses a summarizer; give each worker its own.

    Args:
        model: an id of the catalog.
        settings: where models are and how many threads to use; by default this machine's.
    """

    def __init__(self, model: str = DEFAULT_MODEL, *, settings: Settings | None = None) -> None:
        self.model = model
        self.settings = settings or Settings.load()
        self._loaded: _Loaded | None = None

    @classmethod
    def load(cls, model: str = DEFAULT_MODEL, *, settings: Settings | None = None) -> Self:
        """A summarizer with its networks in memory.

        Raises:
            UnknownModel: the catalog has no such model.
            ModelUnavailable: it is not built; Corrupt: it is damaged.
        """
        return cls(model, settings=settings).open()

    def open(self) -> Self:
        """Load the networks, once.

        Raises:
            UnknownModel, ModelUnavailable, Corrupt: as for `load`.
        """
        if self._loaded is None:
            self._loaded = _load(self.model, self.settings)
        return self

    def close(self) -> None:
        """Give the memory back; `open` loads again."""
        self._loaded = None

    @property
    def is_open(self) -> bool:
        """The networks are in memory."""
        return self._loaded is not None

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, object]:
        if self._loaded is not None:
            raise TypeError("A loaded Summarizer cannot be pickled; pickle it before it is loaded.")
        return self.__dict__

    def summarize(self, article: Article, length: Length = "brief") -> Summary:
        """The whole summary; see `stream`."""
        summary: Summary | None = None
        for event in self.stream(article, length):
            if isinstance(event, Summary):
                summary = event
        if summary is None:
            raise AssertionError("a stream ends with its summary")
        return summary

    def stream(self, article: Article, length: Length = "brief") -> Generator[Event, None, None]:
        """Summarise while the caller looks on.

        Closing the iterator stops the work: between windows while it ranks, between tokens while it writes.

        Args:
            article: from `notime.extract` or `notime.article.from_text`.
            length: `headline` is one sentence, `brief` three, `full` six.

        Yields:
            `Progress` and `Written` as the work goes on, a `SummarySentence` as soon as it is checked, the `Summary`
            at the end.

        Raises:
            TooShort: there is nothing to leave out.
            ModelUnavailable: the summarizer is not loaded.
        """
        if self._loaded is None:
            raise ModelUnavailable("The summarizer is not loaded.", hint="Use Summarizer.load().")
        return _stream(self._loaded, article, length)


def _load(model: str, settings: Settings) -> _Loaded:
    # Imported here: onnxruntime takes a tenth of a second, which `notime pair` need not spend.
    from notime.model.causal import CausalModel
    from notime.model.encoder import EncoderModel

    store = ModelStore(settings.models, settings.cache_dir)
    ranker, *rewriters = [store.locate(spec) for spec in Catalog().with_parts(model)]
    encoder = EncoderModel(ranker.folder, threads=settings.threads)
    if not rewriters:
        return _Loaded(ranker.spec, ranker.spec, encoder, None)
    (part,) = rewriters
    causal = CausalModel(part.folder, context=part.spec.limits.context, threads=settings.threads)
    return _Loaded(part.spec, ranker.spec, encoder, causal)


def _stream(loaded: _Loaded, article: Article, length: Length) -> Generator[Event, None, None]:
    started = time.perf_counter()
    sentences = split(article)
    if len(sentences) < FEWEST_SENTENCES:
        raise TooShort("This article is too short to summarise.")
    ranking = None
    ranked = rank(sentences, loaded.ranker, place_weight=loaded.ranker_spec.ranking.place_weight)
    while ranking is None:
        try:
            yield Progress("ranking", next(ranked))
        except StopIteration as end:
            ranking = end.value
    chosen = choose(sentences, ranking.salience, length)
    done: list[SummarySentence] = []
    first_ms = 0.0
    tokens_in, tokens_out = ranking.tokens, 0
    for event in _write(loaded, article, sentences, chosen):
        if isinstance(event, _Spent):
            tokens_in, tokens_out = tokens_in + event.tokens_in, tokens_out + event.tokens_out
            continue
        if isinstance(event, SummarySentence):
            first_ms = first_ms or (time.perf_counter() - started) * 1000
            done.append(event)
        yield event
        if isinstance(event, SummarySentence):
            yield Progress("writing", len(done) / len(chosen))
    yield Summary(
        id=uuid.uuid4().hex,
        article=article,
        sentences=tuple(done),
        coverage=Coverage(sentences_total=len(sentences), sentences_read=ranking.read),
        model=ModelInfo(loaded.spec.id, loaded.spec.revision, loaded.spec.quantization),
        timings=Timings(
            first_sentence_ms=first_ms,
            total_ms=(time.perf_counter() - started) * 1000,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Spent:
    """Tokens that went through the rewriter."""

    tokens_in: int
    tokens_out: int


def _write(
    loaded: _Loaded, article: Article, sentences: Sequence[Sentence], chosen: Sequence[int]
) -> Iterator[Written | SummarySentence | _Spent]:
    model, spec = loaded.rewriter, loaded.spec
    if model is None or spec.prompt is None:
        for place, index in enumerate(chosen):
            yield _quoted(place, sentences[index])
        return
    if article.language is not None and article.language not in spec.languages:
        for place, index in enumerate(chosen):
            yield _quoted(place, sentences[index], "the model does not write this language")
        return
    tasks = [task(sentences, index) for index in chosen]
    prompts = [prompt(spec.prompt.template, asked) for asked in tasks]
    yield _Spent(sum(len(model.encode(text)) for text in prompts), 0)
    text, told = "", list[str]()
    for piece in rewrite(prompts, model, stop=spec.prompt.stop, max_new_tokens=spec.limits.max_new_tokens):
        text += piece.text
        if piece.text:
            yield Written(piece.row, piece.text)
        if piece.end:
            source = sentences[chosen[piece.row]]
            yield _Spent(0, piece.tokens)
            yield _checked(piece, text.strip(), tasks[piece.row], source, told)
            told.append(text)
            text = ""


def _checked(piece: Piece, text: str, asked: Task, source: Sentence, told: Sequence[str]) -> SummarySentence:
    place = piece.row
    verdict = check(text, source=source.text, given=asked.given, complete=piece.complete)
    if not verdict.supported:
        return _quoted(place, source, *verdict.reasons)
    if repeats(text, told):
        return _quoted(place, source, "it says again what another sentence says")
    sources = (Source(source.index, source.text),)
    return SummarySentence(place, text, sources, "generated", supported=True)


def _quoted(place: int, source: Sentence, *reasons: str) -> SummarySentence:
    sources = (Source(source.index, source.text),)
    return SummarySentence(place, source.text, sources, "extracted", supported=True, reasons=reasons)

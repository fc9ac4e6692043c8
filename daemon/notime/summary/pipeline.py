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
from notime.summary.central import PLACE_WEIGHT, Centrality
from notime.summary.choose import choose
from notime.summary.extent import Extent, extent
from notime.summary.rank import Ranking, rank
from notime.summary.rewrite import expected_words, prompt, rewrite, task
from notime.summary.tell import Telling
from notime.types import Coverage, ModelInfo, Progress, Source, Summary, SummarySentence, Timings, Written

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from notime.model import ModelSpec
    from notime.model.causal import CausalModel
    from notime.model.encoder import EncoderModel
    from notime.types import Article, Event, Length, Sentence

FEWEST_SENTENCES = 3
"""Of an article with fewer there is nothing to leave out."""


SPARE = Extent(fewest=30, most=30, least_words=0, enough_words=0, most_words=100_000)
"""From these a summary that turned out short is filled."""


@dataclass(slots=True)
class _Loaded:
    """The networks in memory."""

    spec: ModelSpec
    ranker_spec: ModelSpec
    ranker: EncoderModel
    rewriter: CausalModel | None

    def writes(self, language: str | None) -> bool:
        """A model is there that says sentences of this language shortly; unknown is taken for its own."""
        return self.rewriter is not None and (language is None or language in self.spec.languages)

    def rank(self, sentences: Sequence[Sentence], language: str | None) -> Generator[float, None, Ranking]:
        """By the network where it reads this language, else by what is central to the article."""
        if language is None or language in self.ranker_spec.languages:
            ranking = self.ranker_spec.ranking
            return rank(sentences, self.ranker, place_weight=ranking.place_weight, lead_weight=ranking.lead_weight)
        return rank(sentences, Centrality(), place_weight=PLACE_WEIGHT)


class Summarizer:
    """Articles in, summaries out.

    Picklable before it is loaded, without global state: a batch over many processes hands out unloaded ones. One
    call at a time uses a summarizer; give each worker its own.

    Args:
        model: an id of the catalog.
        settings: where models are and how many threads to use; by default this machine's.
        catalog: by default the one that ships with notime.
    """

    def __init__(
        self, model: str = DEFAULT_MODEL, *, settings: Settings | None = None, catalog: Catalog | None = None
    ) -> None:
        self.model = model
        self.settings = settings or Settings.load()
        self._catalog = catalog
        """Read when the networks are: nothing here touches the disk."""
        self._loaded: _Loaded | None = None
        self._by_language: dict[str, _Loaded | None] = {}
        """Other models of the catalog that write a language that this one does not."""

    @classmethod
    def load(
        cls, model: str = DEFAULT_MODEL, *, settings: Settings | None = None, catalog: Catalog | None = None
    ) -> Self:
        """A summarizer with its networks in memory.

        Raises:
            UnknownModel: the catalog has no such model.
            ModelUnavailable: it is not built; Corrupt: it is damaged.
        """
        return cls(model, settings=settings, catalog=catalog).open()

    def open(self) -> Self:
        """Load the networks, once.

        Raises:
            UnknownModel, ModelUnavailable, Corrupt: as for `load`.
        """
        if self._loaded is None:
            self._loaded = _load(self.model, self.settings, self._known())
        return self

    def close(self) -> None:
        """Give the memory back; `open` loads again."""
        if self._loaded is None:
            return
        from notime.model.session import give_back

        self._loaded = None
        self._by_language.clear()
        give_back()

    def _known(self) -> Catalog:
        self._catalog = self._catalog or Catalog()
        return self._catalog

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

        An article in a language that this model does not write goes to a model of the catalog that does, where one is
        on disk; else its own sentences stand.

        Args:
            article: from `notime.extract` or `notime.article.from_text`.
            length: how much; see `notime.summary.extent`.

        Yields:
            `Progress` and `Written` as the work goes on, a `SummarySentence` as soon as it is checked, the `Summary`
            at the end.

        Raises:
            TooShort: there is nothing to leave out.
            ModelUnavailable: the summarizer is not loaded.
        """
        if self._loaded is None:
            raise ModelUnavailable("The summarizer is not loaded.", hint="Use Summarizer.load().")
        return _stream(self._for(article.language, self._loaded), article, length)

    def _for(self, language: str | None, loaded: _Loaded) -> _Loaded:
        """The networks for a language."""
        if language is None or loaded.rewriter is None or loaded.writes(language):
            return loaded
        if language not in self._by_language:
            self._by_language[language] = next(self._writers(language), None)
        return self._by_language[language] or loaded

    def _writers(self, language: str) -> Iterator[_Loaded]:
        for spec in self._known():
            if spec.style == "rewrite" and language in spec.languages:
                try:
                    yield _load(spec.id, self.settings, self._known())
                except ModelUnavailable:
                    continue


def _load(model: str, settings: Settings, catalog: Catalog) -> _Loaded:
    # Imported here: onnxruntime takes a tenth of a second, which `notime pair` need not spend.
    from notime.model.causal import CausalModel
    from notime.model.encoder import EncoderModel

    store = ModelStore(settings.models, settings.cache_dir)
    ranker, *rewriters = [store.locate(spec) for spec in catalog.with_parts(model)]
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
    ranked = loaded.rank(sentences, article.language)
    while ranking is None:
        try:
            yield Progress("ranking", next(ranked))
        except StopIteration as end:
            ranking = end.value
    wanted = extent(length, words=article.words, sentences=len(sentences))
    writes = loaded.writes(article.language)
    bounds, expected = (wanted.candidates, expected_words) if writes else (wanted, float)
    chosen = choose(sentences, ranking.salience, ranking.vectors, bounds, expected)
    done: list[SummarySentence] = []
    first_ms = 0.0
    tokens_in, tokens_out = ranking.tokens, 0
    events = _write(loaded, sentences, chosen, ranking, wanted) if writes else _quote(loaded, sentences, chosen)
    for event in events:
        if isinstance(event, _Spent):
            tokens_in, tokens_out = tokens_in + event.tokens_in, tokens_out + event.tokens_out
            continue
        if isinstance(event, SummarySentence):
            first_ms = first_ms or (time.perf_counter() - started) * 1000
            done.append(event)
        yield event
        if isinstance(event, SummarySentence):
            yield Progress("writing", len(done) / max(len(chosen), len(done)))
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


def _quote(loaded: _Loaded, sentences: Sequence[Sentence], chosen: Sequence[int]) -> Iterator[SummarySentence]:
    """The chosen sentences as the article has them: where no model writes its language."""
    reasons = ("the model does not write this language",) if loaded.rewriter else ()
    for place, index in enumerate(sorted(chosen)):
        yield _quoted(place, sentences[index], *reasons)


def _write(
    loaded: _Loaded, sentences: Sequence[Sentence], chosen: Sequence[int], ranking: Ranking, wanted: Extent
) -> Iterator[Written | SummarySentence | _Spent]:
    """The chosen sentences said shortly, side by side, and handed out in order, as many as find room."""
    model, spec = loaded.rewriter, loaded.spec
    if model is None or spec.prompt is None:
        raise AssertionError("only who writes is asked to")
    # One sentence is the most salient whose rewriting holds; several stand in the article's order.
    order = list(chosen) if wanted.most == 1 else sorted(chosen)
    tasks = [task(sentences, index, spec.writing.share) for index in order]
    prompts = [prompt(spec.prompt.template, asked) for asked in tasks]
    yield _Spent(sum(len(model.encode(text)) for text in prompts), 0)
    telling = Telling(wanted, len(order))
    text = ""
    for piece in rewrite(
        prompts,
        model,
        stop=spec.prompt.stop,
        max_new_tokens=spec.limits.max_new_tokens,
        sources=[asked.sentence for asked in tasks],
    ):
        text += piece.text
        if piece.text:
            yield Written(len(telling.told), piece.text)
        if piece.end:
            yield _Spent(0, piece.tokens)
            sentence = telling.next(
                text.strip(),
                tasks[piece.row],
                sentences[order[piece.row]],
                complete=piece.complete,
                sure=piece.sureness >= spec.writing.least_sureness,
            )
            if sentence:
                yield sentence
            if telling.full:
                return
            text = ""
    # Rewritings that did not hold and were too long to quote leave room.
    if not telling.short:
        return
    last = telling.told[-1].sources[0].index
    for index in choose(sentences, ranking.salience, ranking.vectors, SPARE, float):
        if telling.short and index > last and (quoted := telling.quote(sentences[index])):
            yield quoted
            last = index


def _quoted(place: int, source: Sentence, *reasons: str) -> SummarySentence:
    sources = (Source(source.index, source.text),)
    return SummarySentence(place, source.text, sources, "extracted", supported=True, reasons=reasons)

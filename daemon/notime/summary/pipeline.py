"""The stages in order: sentences, rank, choose, rewrite, check; or, where a model writes by itself, write and check.

Comes in: an Article. Goes out: events, the last of which is the Summary. Must not know: HTML, HTTP.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

from notime.article import split
from notime.errors import ModelUnavailable, TooShort
from notime.harmless import sound
from notime.model import DEFAULT_MODEL, OWN, Catalog
from notime.model.runtime.memory import enough
from notime.settings import Settings
from notime.summary.abstractive import abstract
from notime.summary.choose import choose
from notime.summary.compose import quote, write
from notime.summary.engines.meter import Meter
from notime.summary.engines.networks import Networks, open_networks
from notime.summary.lengths import bounds_of
from notime.summary.outline import outline
from notime.summary.rewrite import expected_words
from notime.types import Coverage, ModelInfo, Progress, Summary, SummarySentence, Timings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from notime.summary.lengths import Bounds
    from notime.summary.rank import Ranking
    from notime.types import Article, Event, Length, Sentence

FEWEST_SENTENCES = 3
"""Of an article with fewer there is nothing to leave out."""


class Summarizer:
    """Articles in, summaries out.

    Picklable before it is loaded, without global state: a batch over many processes hands out unloaded ones. One
    call at a time uses a summarizer; give each worker its own.

    Args:
        model: an id of the catalog.
        settings: where models are and how many threads to use; by default this machine's.
        catalog: by default the one that ships with notime, and the user's own entries.
    """

    def __init__(
        self, model: str = DEFAULT_MODEL, *, settings: Settings | None = None, catalog: Catalog | None = None
    ) -> None:
        self.model = model
        self.settings = settings or Settings.load()
        self._catalog = catalog
        """Read when the networks are: nothing here touches the disk."""
        self._loaded: Networks | None = None
        self._by_language: dict[str, Networks | None] = {}
        """Other models of the catalog that write a language that this one does not."""

    @classmethod
    def load(
        cls, model: str = DEFAULT_MODEL, *, settings: Settings | None = None, catalog: Catalog | None = None
    ) -> Self:
        """A summarizer with its networks in memory.

        Raises:
            UnknownModel: the catalog has no such model.
            ModelUnavailable: it is not built; Corrupt: it is damaged; OutOfMemory: there is none for it.
        """
        return cls(model, settings=settings, catalog=catalog).open()

    def open(self) -> Self:
        """Load the networks, once.

        Raises:
            UnknownModel, ModelUnavailable, Corrupt, OutOfMemory: as for `load`.
        """
        if self._loaded is None:
            with enough():
                self._loaded = open_networks(self.model, self.settings, self._known())
        return self

    def close(self) -> None:
        """Give the memory back; `open` loads again."""
        if self._loaded is None:
            return
        from notime.model.runtime.session import give_back

        self._loaded = None
        self._by_language.clear()
        give_back()

    def _known(self) -> Catalog:
        self._catalog = self._catalog or Catalog(own=self.settings.config_dir / OWN)
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
        on disk and fits into memory beside this one; else its own sentences stand.

        Args:
            article: from `notime.extract` or `notime.article.from_text`.
            length: how much; see `notime.summary.lengths`.

        Yields:
            `Progress` and `Written` as the work goes on, a `SummarySentence` as soon as it is checked, the `Summary`
            at the end.

        Raises:
            TooShort: there is nothing to leave out.
            ModelUnavailable: the summarizer is not loaded.
            OutOfMemory: the system gave none on the way; the summarizer can be used again.
        """
        if self._loaded is None:
            raise ModelUnavailable("The summarizer is not loaded.", hint="Use Summarizer.load().")
        return _told(_stream(self._for(article.language, self._loaded), _sound(article), length))

    def _for(self, language: str | None, loaded: Networks) -> Networks:
        """The networks for a language."""
        if language is None or loaded.extracts or loaded.writes(language):
            return loaded
        if language not in self._by_language:
            self._by_language[language] = next(self._writers(language, loaded), None)
        return self._by_language[language] or loaded

    def _writers(self, language: str, loaded: Networks) -> Iterator[Networks]:
        held = loaded.needed_mb + sum(each.needed_mb for each in self._by_language.values() if each)
        for spec in self._known():
            if spec.style != "extract" and language in spec.languages:
                try:
                    yield open_networks(spec.id, self.settings, self._known(), held)
                except ModelUnavailable:
                    continue


def _sound(article: Article) -> Article:
    """Without half characters, which no tokenizer takes; itself, where it has none."""
    blocks = tuple(replace(block, text=sound(block.text)) for block in article.blocks)
    title = sound(article.title)
    if blocks == article.blocks and title == article.title:
        return article
    return replace(article, blocks=blocks, title=title, sentences=None)


def _told(events: Generator[Event, None, None]) -> Generator[Event, None, None]:
    with enough():
        yield from events


def _stream(networks: Networks, article: Article, length: Length) -> Generator[Event, None, None]:
    started, meter = time.perf_counter(), Meter()
    sentences = split(article)
    if len(sentences) < FEWEST_SENTENCES:
        raise TooShort("This article is too short to summarise.")
    wanted = bounds_of(length, words=article.words, sentences=len(sentences))
    whole = networks.author is not None and networks.writes(article.language)
    told = (abstract if whole else _chosen)(networks, article, sentences, wanted, meter)
    done: list[SummarySentence] = []
    first_ms = 0.0
    while True:
        try:
            event = next(told)
        except StopIteration as end:
            read = end.value
            break
        if isinstance(event, SummarySentence):
            first_ms = first_ms or (time.perf_counter() - started) * 1000
            done.append(event)
        yield event
    yield Summary(
        id=uuid.uuid4().hex,
        article=article,
        sentences=tuple(done),
        coverage=Coverage(sentences_total=len(sentences), sentences_read=read),
        model=ModelInfo(networks.spec.id, networks.spec.revision, networks.spec.quantization),
        timings=meter.added_to(
            Timings(first_sentence_ms=first_ms, total_ms=(time.perf_counter() - started) * 1000),
        ),
        outline=outline(article.blocks, article.title),
    )


def _chosen(
    networks: Networks, article: Article, sentences: Sequence[Sentence], wanted: Bounds, meter: Meter
) -> Generator[Event, None, int]:
    """Rank, choose, and say shortly or quote; how many sentences were read from beginning to end."""
    ranking: Ranking | None = None
    ranked = networks.rank(article, sentences, meter)
    while ranking is None:
        try:
            yield Progress("ranking", next(ranked))
        except StopIteration as end:
            ranking = end.value
    writes = networks.rewriter is not None and networks.writes(article.language)
    expected = partial(expected_words, share=networks.spec.writing.share) if writes else float
    chosen = choose(sentences, ranking.salience, ranking.vectors, ranking.leaning, wanted.candidates, expected)
    if not chosen:
        raise TooShort("The sentences of this article are too short to summarise.")
    told = (
        write(networks, sentences, chosen, ranking, wanted, meter, article.title)
        if writes
        else quote(networks, sentences, chosen, ranking, wanted, article.language)
    )
    done = 0
    for event in told:
        yield event
        if isinstance(event, SummarySentence):
            done += 1
            yield Progress("writing", done / max(len(chosen), done))
    return ranking.read

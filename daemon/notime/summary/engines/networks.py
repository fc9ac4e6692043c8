"""The networks of one model in memory.

Comes in: an id of the catalog. Goes out: `Networks`. Must not know: what is said, or to whom.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from notime.model import ModelStore
from notime.model.ranking.layout import Layout
from notime.model.runtime.memory import needed_mb, refuse_too_large
from notime.summary.central import PLACE_WEIGHT, Centrality
from notime.summary.engines.meter import MeteredEncoder, MeteredPage
from notime.summary.rank import SENTENCES_READ, Ranking, rank, rank_page
from notime.summary.sentence.standing import dependence

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from notime.model import Catalog, ModelSpec
    from notime.model.decoding.causal import CausalModel
    from notime.model.ranking.decoder import PageModel
    from notime.model.ranking.encoder import EncoderModel
    from notime.model.seq2seq.engine import Seq2SeqModel
    from notime.settings import Settings
    from notime.summary.engines.meter import Meter
    from notime.types import Article, Sentence


@dataclass(frozen=True, slots=True)
class Networks:
    """What ranks and, where the model rewrites, its rewriter."""

    spec: ModelSpec
    encoder_spec: ModelSpec
    encoder: Callable[[], EncoderModel]
    """Loaded at its first use: where another model reads the page, only very long ones ask for it."""
    page_spec: ModelSpec | None
    page: PageModel | None
    """Reads the page where there is one; the encoder then makes the first cut of very long pages alone."""
    rewriter: CausalModel | None
    needed_mb: float
    """What they take."""
    author: Seq2SeqModel | None = None
    """Reads the page's text and writes the summary by itself."""

    @property
    def extracts(self) -> bool:
        """No model is there that writes: what it says is quoted."""
        return self.rewriter is None and self.author is None

    def writes(self, language: str | None) -> bool:
        """A model is there that writes this language; unknown is taken for its own."""
        return not self.extracts and (language is None or language in self.spec.languages)

    def rank(self, article: Article, sentences: Sequence[Sentence], meter: Meter) -> Generator[float, None, Ranking]:
        """By the language model where it reads the article's language, else by the encoder, else by what is central."""
        language, page, spec = article.language, self.page, self.page_spec
        if page is None or spec is None or not (language is None or language in spec.languages):
            told, ranking = None, (yield from self._without_page(sentences, language, meter))
        else:
            ranking = yield from self._by_page(page, spec, article, sentences, meter)
            told = page.leaning(ranking.vectors)
        return replace(ranking, leaning=dependence(sentences, ranking.salience, article.title, language, told))

    def _by_page(
        self, page: PageModel, spec: ModelSpec, article: Article, sentences: Sequence[Sentence], meter: Meter
    ) -> Generator[float, None, Ranking]:
        sentences = sentences[:SENTENCES_READ]
        headings = tuple((n, block.text) for n, block in enumerate(article.blocks) if block.kind == "heading")
        texts, blocks = tuple(each.text for each in sentences), tuple(each.block for each in sentences)
        first = self._without_page(sentences, article.language, meter)
        weights = spec.ranking
        laid = Layout(article.title, headings, texts, blocks)
        return rank_page(laid, MeteredPage(page, meter), first, lead_weight=weights.lead_weight)

    def _without_page(
        self, sentences: Sequence[Sentence], language: str | None, meter: Meter
    ) -> Generator[float, None, Ranking]:
        if language is None or language in self.encoder_spec.languages:
            encoder, weights = MeteredEncoder(self.encoder(), meter), self.encoder_spec.ranking
            ranked = rank(sentences, encoder, place_weight=weights.place_weight, lead_weight=weights.lead_weight)
        else:
            ranked = rank(sentences, MeteredEncoder(Centrality(), meter), place_weight=PLACE_WEIGHT)
        return (yield from ranked)


def open_networks(model: str, settings: Settings, catalog: Catalog, held_mb: float = 0.0) -> Networks:
    """The networks of a model, in memory.

    Args:
        model: an id of the catalog.
        settings: where models are, and what they may take.
        catalog: what there is.
        held_mb: what networks of other models have taken.

    Raises:
        UnknownModel: the catalog has no such model.
        ModelUnavailable: it is not built; Corrupt: it is damaged; OutOfMemory: there is no room for it.
    """
    # Imported here: onnxruntime takes a tenth of a second, which `notime pair` need not spend.
    from notime.model.calibrate import pace_for
    from notime.model.decoding.causal import CausalModel
    from notime.model.ranking.decoder import PageModel

    store = ModelStore(settings.models, settings.cache_dir)
    parts = {part.spec.engine: part for part in map(store.locate, catalog.with_parts(model))}
    needed = needed_mb(part.folder for part in parts.values())
    refuse_too_large(model, needed, most=settings.memory_mb, held=held_mb)
    rewriter, page, encoder = parts.get("causal"), parts.get("page"), parts["encoder"]
    run = pace_for(settings.models, rewriter.spec if rewriter else None, settings.threads)
    reader = PageModel(page.folder, threads=run.threads) if page else None
    causal = None
    if rewriter:
        shared = reader.vocabulary if reader and page and page.spec.source == rewriter.spec.source else None
        context = rewriter.spec.limits.context
        causal = CausalModel(rewriter.folder, context=context, threads=run.threads, spins=run.spins, vocabulary=shared)
    author = None
    if whole := parts.get("seq2seq"):
        from notime.model.seq2seq.engine import Seq2SeqModel

        author = Seq2SeqModel(
            whole.folder,
            context=whole.spec.limits.context,
            prefix=whole.spec.prefix,
            generation=whole.spec.generation,
            threads=run.threads,
        )

    @functools.cache
    def loaded() -> EncoderModel:
        from notime.model.ranking.encoder import EncoderModel

        return EncoderModel(encoder.folder, threads=run.threads)

    if reader is None:
        loaded()
    return Networks(
        spec=catalog.get(model),
        encoder_spec=encoder.spec,
        encoder=loaded,
        page_spec=page.spec if page else None,
        page=reader,
        rewriter=causal,
        needed_mb=needed,
        author=author,
    )

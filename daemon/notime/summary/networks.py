"""The networks of one model in memory.

Comes in: an id of the catalog. Goes out: `Networks`. Must not know: what is said, or to whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.model import ModelStore
from notime.summary.central import PLACE_WEIGHT, Centrality
from notime.summary.meter import MeteredEncoder
from notime.summary.rank import Ranking, rank

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from notime.model import Catalog, ModelSpec
    from notime.model.causal import CausalModel
    from notime.model.encoder import EncoderModel
    from notime.settings import Settings
    from notime.summary.meter import Meter
    from notime.types import Sentence


@dataclass(frozen=True, slots=True)
class Networks:
    """A ranker and, where the model rewrites, its rewriter."""

    spec: ModelSpec
    ranker_spec: ModelSpec
    ranker: EncoderModel
    rewriter: CausalModel | None

    def writes(self, language: str | None) -> bool:
        """A model is there that says sentences of this language shortly; unknown is taken for its own."""
        return self.rewriter is not None and (language is None or language in self.spec.languages)

    def rank(
        self, sentences: Sequence[Sentence], language: str | None, meter: Meter
    ) -> Generator[float, None, Ranking]:
        """By the network where it reads this language, else by what is central to the article."""
        if language is None or language in self.ranker_spec.languages:
            encoder, weights = MeteredEncoder(self.ranker, meter), self.ranker_spec.ranking
            return rank(sentences, encoder, place_weight=weights.place_weight, lead_weight=weights.lead_weight)
        return rank(sentences, MeteredEncoder(Centrality(), meter), place_weight=PLACE_WEIGHT)


def open_networks(model: str, settings: Settings, catalog: Catalog) -> Networks:
    """The networks of a model, in memory.

    Raises:
        UnknownModel: the catalog has no such model.
        ModelUnavailable: it is not built; Corrupt: it is damaged.
    """
    # Imported here: onnxruntime takes a tenth of a second, which `notime pair` need not spend.
    from notime.model.calibrate import pace_for
    from notime.model.causal import CausalModel
    from notime.model.encoder import EncoderModel

    store = ModelStore(settings.models, settings.cache_dir)
    ranker, *rewriters = [store.locate(spec) for spec in catalog.with_parts(model)]
    run = pace_for(settings.models, rewriters[0].spec if rewriters else None, settings.threads)
    encoder = EncoderModel(ranker.folder, threads=run.threads)
    if not rewriters:
        return Networks(ranker.spec, ranker.spec, encoder, None)
    (part,) = rewriters
    causal = CausalModel(part.folder, context=part.spec.limits.context, threads=run.threads, spins=run.spins)
    return Networks(part.spec, ranker.spec, encoder, causal)

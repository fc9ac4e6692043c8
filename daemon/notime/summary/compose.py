"""The second half of the way: chosen sentences become the summary's.

Comes in: an article's sentences, which of them were chosen, the networks. Goes out: what is written as it comes, and
summary sentences. Must not know: how the sentences were chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notime.summary.check.learnt.taught import Context, judge
from notime.summary.choose import choose
from notime.summary.engines.meter import MeteredModel
from notime.summary.lengths import Bounds
from notime.summary.rewrite import bounded, prompt, rewrite, task
from notime.summary.wording import UNSURE, Wording
from notime.types import SummarySentence, Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notime.summary.engines.meter import Meter
    from notime.summary.engines.networks import Networks
    from notime.summary.rank import Ranking
    from notime.summary.rewrite import Piece, Task
    from notime.types import Sentence

SPARE = Bounds(fewest=30, most=30, least_words=0, enough_words=0, most_words=100_000)
"""From these a summary that turned out short is filled."""

FOREIGN, NOTHING = "the model does not write this language", "nothing was written"
"""Why all of it is quoted where a model is there that writes; the second: nothing that holds."""


def quote(
    networks: Networks,
    sentences: Sequence[Sentence],
    chosen: Sequence[int],
    ranking: Ranking,
    wanted: Bounds,
    language: str | None,
) -> Iterator[SummarySentence]:
    """The chosen sentences as the article has them, as many as find room: where no model writes this language."""
    reasons = () if networks.extracts else (NOTHING if networks.writes(language) else FOREIGN,)
    english = language in (None, "en")
    order = list(chosen) if wanted.most == 1 else sorted(chosen)
    telling = Wording(wanted, len(order))
    for index in order:
        if sentence := telling.quote(sentences[index], english=english, reasons=reasons):
            yield sentence
        if telling.full:
            return
    yield from filled(telling, sentences, ranking, english=english)


def write(
    networks: Networks,
    sentences: Sequence[Sentence],
    chosen: Sequence[int],
    ranking: Ranking,
    wanted: Bounds,
    meter: Meter,
    title: str,
) -> Iterator[Written | SummarySentence]:
    """The chosen sentences said shortly, side by side, and handed out in order, as many as find room."""
    model, spec = networks.rewriter, networks.spec
    if model is None or spec.prompt is None:
        raise AssertionError("only who writes is asked to")
    # One sentence is the most salient whose rewriting holds; several stand in the article's order.
    order = list(chosen) if wanted.most == 1 else sorted(chosen)
    tasks = [
        bounded(task(sentences, index, spec.writing.share, title), lambda text: len(model.encode(text)))
        for index in order
    ]
    telling = Wording(wanted, len(order))
    # Where the prompt does not end with its line, an answer begins with a space.
    lead_in = "" if spec.prompt.template.endswith("\n") else " "
    text = ""
    for piece in rewrite(
        [prompt(spec.prompt.template, asked) for asked in tasks],
        MeteredModel(model, meter),
        stops=spec.prompt.stops,
        max_new_tokens=spec.limits.max_new_tokens,
        sources=[lead_in + asked.sentence for asked in tasks],
    ):
        text += piece.text
        if piece.text:
            yield Written(len(telling.told), piece.text)
        if piece.end:
            sentence = telling.next(
                text.strip(),
                tasks[piece.row],
                sentences[order[piece.row]],
                complete=piece.complete,
                doubt=_doubt(text.strip(), tasks[piece.row], piece, spec.writing.least_sureness),
            )
            if sentence:
                yield sentence
            if telling.full:
                return
            text = ""
    yield from filled(telling, sentences, ranking)


def filled(
    telling: Wording, sentences: Sequence[Sentence], ranking: Ranking, *, english: bool = True
) -> Iterator[SummarySentence]:
    """What did not hold and was too long to quote leaves room for other sentences, behind the last one told."""
    if not telling.short or not telling.told:
        return
    last = telling.told[-1].sources[0].index
    for index in choose(sentences, ranking.salience, ranking.vectors, ranking.leaning, SPARE, float):
        if telling.short and index > last and (quoted := telling.fill(sentences[index], english=english)):
            yield quoted
            last = index


def _doubt(text: str, asked: Task, piece: Piece, least_sureness: float) -> str:
    """What speaks against showing what was written, in words; empty where nothing does."""
    if least_sureness:
        return UNSURE if piece.sureness < least_sureness else ""
    context = Context(asked.title, asked.lead, asked.before, asked.sentence)
    return judge(context, text, piece.parts, piece.probabilities).reason

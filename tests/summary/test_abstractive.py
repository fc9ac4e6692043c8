from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import pytest

from notime.article import from_text, split
from notime.model import Catalog
from notime.model.seq2seq.beams import Step
from notime.settings import Settings
from notime.summary.abstractive import MOST_PARTS, abstract, lay, tidied
from notime.summary.engines.meter import Meter
from notime.summary.engines.networks import Networks, open_networks
from notime.summary.lengths import bounds_of
from notime.summary.pipeline import _stream
from notime.summary.rank import Ranking
from notime.types import Article, Length, Progress, Sentence, Summary, SummarySentence, Written

TEXT = """The town council of Larkmouth voted on Monday evening for a new bridge over the river Sarn.

Work on it, which engineers from the county have planned for years, will begin in the spring. The ferry that has linked
both banks since 1965 will not be sold before the bridge is finished. Shopkeepers along the quay welcomed the decision.

Two members abstained because of the price of 90,000 crowns. A survey counted 900 cars an hour on the old road. The road
is flooded every autumn, and the tolls are to pay for a third of the cost. The county decides on the rest in June. Anna
Moss, who leads the council, called the vote a relief. Nobody spoke against it in the three hours of the debate."""


FRENCH = (
    "Le conseil municipal a voté lundi pour la construction du nouveau pont. Les travaux commenceront au "
    "printemps prochain. Les commerçants du quai ont salué la décision. Deux élus se sont abstenus à cause du "
    "prix. La rivière inonde la vieille route chaque automne. Une enquête a compté neuf cents voitures par heure. "
    "Le bac continuera de circuler jusqu'à la fin des travaux. Les péages doivent payer un tiers du coût."
)


class Author:
    """Writes what it is told to; a word is a token."""

    room = 400

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.read: list[str] = []
        self._words: list[str] = []

    def encode(self, text: str) -> list[int]:
        start = len(self._words)
        self._words += text.split()
        return [*range(start, len(self._words)), -1]

    def decode(self, ids: Sequence[int]) -> str:
        return " ".join(self._words[each] for each in ids)

    def generate(self, source: Sequence[int]) -> Iterator[Step]:
        self.read.append(self.decode(source[:-1]))
        ids = tuple(self.encode(self.answers.pop(0))[:-1])
        for count in range(len(ids) + 1):
            yield Step(ids[:count], rows=1, final=count == len(ids), ended=count == len(ids))


@pytest.fixture(scope="module")
def extractive() -> Networks:
    return open_networks("minilm-l6-ranker", Settings.load(), Catalog())


@pytest.fixture(scope="module")
def article() -> Article:
    return from_text(TEXT, title="A bridge for Larkmouth")


def with_author(networks: Networks, author: Author, **changes: object) -> Networks:
    spec = msgspec.structs.replace(networks.spec, engine="seq2seq", style="whole", **changes)
    return replace(networks, spec=spec, author=author)


def summary(networks: Networks, article: Article, length: Length = "brief") -> Summary:
    *_, last = _stream(networks, article, length)
    assert isinstance(last, Summary)
    return last


def test_what_holds_stands_with_all_that_bears_it(extractive: Networks, article: Article):
    author = Author(
        "The town council of Larkmouth voted on Monday for a new bridge . Work on it will begin in the spring . "
        "The ferry will not be sold before the bridge is finished ."
    )
    found = summary(with_author(extractive, author), article)
    assert [each.method for each in found.sentences] == ["generated"] * 3
    assert found.sentences[0].text == "The town council of Larkmouth voted on Monday for a new bridge."
    assert [each.sources[0].index for each in found.sentences] == [0, 1, 2]
    assert found.coverage.fraction == 1.0
    assert author.read == [" ".join(article.text.split())]
    assert found.timings.tokens_out > 30


def test_what_does_not_hold_is_replaced_by_its_source(extractive: Networks, article: Article):
    author = Author(
        "The ferry that has linked both banks will be sold before the bridge is finished. "
        "Penguins everywhere adore quantum chromodynamics. Two members abstained because of the price of 70,000 crowns."
    )
    found = summary(with_author(extractive, author), article)
    first, second = found.sentences[:2]
    assert (first.method, first.sources[0].index) == ("extracted", 2)
    assert "a negation was lost" in first.reasons
    assert "not be sold" in first.text
    assert (second.method, second.sources[0].index) == ("extracted", 4)
    assert any("number" in reason for reason in second.reasons)
    assert not any("Penguins" in each.text for each in found.sentences)


def test_told_as_it_is_written(extractive: Networks, article: Article):
    author = Author("Work on it will begin in the spring. Shopkeepers welcomed the decision. Nobody spoke against it.")
    events = list(_stream(with_author(extractive, author), article, "brief"))
    assert isinstance(events[0], Progress)
    first = next(place for place, event in enumerate(events) if isinstance(event, SummarySentence))
    pieces = [event for event in events if isinstance(event, Written)]
    assert "".join(event.text for event in pieces).startswith("Work on it will begin in the spring. Shopkeepers")
    assert any(isinstance(event, Written) for event in events[first:])
    assert [event.index for event in events if isinstance(event, SummarySentence)] == [0, 1, 2]


def test_where_nothing_holds_the_ranker_quotes(extractive: Networks, article: Article):
    found = summary(with_author(extractive, Author("Zebras zigzag.")), article)
    assert len(found.sentences) >= 2
    assert {each.method for each in found.sentences} == {"extracted"}
    assert {each.reasons for each in found.sentences} == {("nothing was written",)}


def test_another_language_is_quoted_and_says_so(extractive: Networks, article: Article):
    author = Author()
    french = replace(article, language="fr")
    found = summary(with_author(extractive, author, languages=("en",)), french)
    assert author.read == []
    assert {each.reasons for each in found.sentences} == {("the model does not write this language",)}


def test_other_languages_are_split_and_checked_as_well(extractive: Networks):
    french = from_text(FRENCH)
    assert french.language == "fr"
    author = Author(
        "Le conseil municipal a voté lundi pour la construction du nouveau pont. Le bac continuera de circuler jusqu'à "
        "la fin des travaux. Une enquête a compté 700 voitures par heure."
    )
    found = summary(with_author(extractive, author, languages=("fr",)), french)
    assert [each.text for each in found.sentences][:2] == [
        "Le conseil municipal a voté lundi pour la construction du nouveau pont.",
        "Le bac continuera de circuler jusqu'à la fin des travaux.",
    ]
    assert not any("700" in each.text for each in found.sentences)


def test_a_full_summary_is_read_in_two_parts(extractive: Networks, article: Article):
    text = " ".join([TEXT] + [f"Reason {i} for the bridge was told by engineer {i} at length." for i in range(20)])
    author = Author("Nobody spoke against it in the debate.", "Reason 19 for the bridge was told by engineer 19.")
    found = summary(with_author(extractive, author), from_text(text), "full")
    assert len(author.read) == 2
    assert found.sentences[0].text == "Nobody spoke against it in the debate."
    assert any(each.text == "Reason 19 for the bridge was told by engineer 19." for each in found.sentences)


def test_closed_it_writes_no_further(extractive: Networks, article: Article):
    author = Author("Work on it will begin in the spring. " * 3)
    wanted = bounds_of("brief", words=article.words, sentences=9)
    events = abstract(with_author(extractive, author), article, split(article), wanted, Meter())
    next(event for event in events if isinstance(event, Written))
    events.close()
    assert list(events) == []


def sentences(count: int) -> list[Sentence]:
    return [Sentence(index, f"Sentence {index}.", 0, 0, 0) for index in range(count)]


def test_parts_hold_what_finds_room_in_order():
    laid = lay(sentences(7), [4, 4, 4, 4, 30, 4, 4], 10, 1)
    assert [[each.index for each in part] for part in laid.parts] == [[0, 1], [2, 3], [4], [5, 6]]
    assert laid.read == 6
    halves = lay(sentences(6), [5] * 6, 100, 2)
    assert [[each.index for each in part] for part in halves.parts] == [[0, 1, 2], [3, 4, 5]]


def test_a_book_is_cut_down_to_what_is_worth_most():
    import numpy as np

    salience = np.arange(100, dtype=np.float32)
    salience[:10] = -np.inf
    laid = lay(
        sentences(100),
        [5] * 100,
        10,
        1,
        Ranking(salience, np.zeros((100, 1), np.float32), np.zeros(100, np.float32), 100, 0),
    )
    read = [each.index for part in laid.parts for each in part]
    assert read == list(range(94, 100))
    assert len(laid.parts) <= MOST_PARTS


def test_printed_as_a_sentence_is():
    assert tidied(" the vote ( on Monday ) , he said , is final .") == "The vote (on Monday), he said, is final."

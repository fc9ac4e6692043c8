from __future__ import annotations

import numpy as np
import pytest

from notime.summary.sentence.standing import ASKED, dependence
from notime.types import Sentence

LEANS = [
    ("de", "Das teilte die Polizei am Montag mit."),
    ("de", "„Sie habe davon nichts gewusst“, sagte die Ministerin."),
    ("fr", "C’est la troisième fois en dix ans."),
    ("fr", "Il a promis de répondre avant la fin de juin."),
    ("es", "Ellos piden tres meses más para terminar."),
    ("es", "Sin embargo, nadie ha respondido."),
    ("it", "Questo vale anche per i tetti più vecchi."),
    ("pt", "Isso custará nove milhões."),
    ("nl", "Het is de derde keer in tien jaar."),
    ("pl", "Jednak nikt nie odpowiedział."),
    ("uk", "Це вже третій раз за десять років."),
    ("ru", "Он обещал ответить до конца июня."),
    ("tr", "Bu, on yılda üçüncü kez oluyor."),
    ("ja", "しかし、町は半分しか出さない。"),
    ("zh", "这是十年来的第三次。"),
    ("ko", "그러나 아무도 대답하지 않았다."),
    ("ar", "وأضاف أن السقف قديم."),
    ("hi", "लेकिन किसी ने उत्तर नहीं दिया।"),
]
STANDS = [
    ("de", "Das Rathaus bekommt ein neues Dach."),
    ("de", "Es gibt 3.100 Dächer in der Stadt."),
    ("de", "Eine Dachdeckerin braucht drei Monate."),
    ("fr", "Il faut trois mois pour un permis."),
    ("fr", "Le conseil a voté le pont lundi."),
    ("es", "Este lunes el consejo aprobó el puente."),
    ("nl", "Het stadhuis krijgt een nieuw dak."),
    ("ja", "町は来年、無料バスを走らせる。"),
    ("zh", "市议会星期一批准了新桥。"),
    ("ko", "시의회는 월요일에 다리를 승인했다."),
    ("sv", "Han har lovat att svara."),
]


def asked(text: str, language: str | None, before: str = "The ministry goes by a list.") -> float:
    texts = [Sentence(i, each, i, 0, len(each)) for i, each in enumerate((before, text))]
    return float(dependence(texts, np.zeros(2, dtype=np.float32), "Roofs, again", language)[1])


@pytest.mark.parametrize(("language", "text"), LEANS)
def test_an_opening_that_points_back_leans(language: str, text: str):
    assert asked(text, language) > 0.5


@pytest.mark.parametrize(("language", "text"), STANDS)
def test_what_only_looks_like_it_stands_and_so_does_what_nobody_here_reads(language: str, text: str):
    assert asked(text, language) == 0


def test_english_is_told_by_what_was_taught_and_unknown_is_taken_for_it():
    for language in ("en", None):
        assert asked("It has promised to look at 2,300 letters by the end of June.", language) > 0.5
        assert asked("The town of Varn has 3,100 roofs.", language) < 0.2


def test_what_the_reading_network_made_of_it_counts_in_every_language():
    odds = np.array([0.0, 3.0], dtype=np.float32)
    for language, text in (("en", "The town of Varn has 3,100 roofs."), ("sv", "Han har lovat att svara.")):
        given = [Sentence(i, each, i, 0, len(each)) for i, each in enumerate(("First.", text))]
        without, with_odds, against = (
            float(dependence(given, np.zeros(2, dtype=np.float32), "Roofs", language, told)[1])
            for told in (None, odds, -odds)
        )
        assert without < with_odds
        assert against < 0.1


def test_an_opening_that_points_back_is_believed_whatever_the_network_says():
    given = [Sentence(i, each, i, 0, len(each)) for i, each in enumerate(("Erstens.", "Das teilte die Polizei mit."))]
    told = np.full(2, -5.0, dtype=np.float32)
    assert dependence(given, np.zeros(2, dtype=np.float32), "", "de", told)[1] > 0.5


def test_only_the_most_salient_are_asked():
    texts = [Sentence(i, "It has promised to look at 2,300 letters.", i, 0, 41) for i in range(3 * ASKED)]
    found = dependence(texts, np.arange(len(texts), dtype=np.float32), "", "en")
    assert np.flatnonzero(found).tolist() == list(range(2 * ASKED, 3 * ASKED))

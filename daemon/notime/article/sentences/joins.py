"""Whether a proposed cut stands inside a sentence.

Comes in: the text before and behind a cut, and the language. Goes out: whether the sentence goes on. Must not know: who
proposed the cut.

A stop ends a sentence or an abbreviation. What stands behind it tells more than the abbreviation does: a lower-case
letter, a number after *fig.*, a name after *Dr.*; or a word that opens sentences, which the language's function words
are.
"""

from __future__ import annotations

import re

from notime.article.sentences.function_words import FUNCTION_WORDS

_TITLES = frozenset(
    "mr mrs ms mx dr prof rev hon sen sens rep reps gov govs lt col gen sgt cpl capt cmdr adm maj pres supt "
    "det insp mt ft "
    "mme mlle mm mgr messrs dott dottssa ing sig sigg sigra avv geom arch rag sra srta dra dña profa lic arq "
    "eng exmo exma "
    "herr hr fr pfr ste mevr dhr drs ir ds św ks inż hab płk por av avda ave ul p.za "
    "проф акад тов гр им св ул пер обл пос дер г гор пл डॉ श्री प्रो पं".split()
)
"""A name follows, never a new sentence."""
_SAINT = frozenset(("st", "s", "sta", "sto", "d", "m"))
"""Of these a name follows where the language is not English, whose streets end in *St.*"""

_NUMBERED = frozenset(
    "no nos nr nrs vol fig figs p pp ch chap art arts sec para par abb abs ziff kap tab núm pag pagg pág "
    "págs cap caps str rys "
    "zob blz hfst op approx ca circa ok c ver rys tabl рис табл стр гл п см ок разд ст".split()
)
"""A number follows."""
_MEASURES = frozenset(
    "mln mld tys mio mrd mia tsd etc itd itp bzw vgl incl exkl inkl evtl tel bijv руб тыс млн млрд коп".split()
)
"""The sentence goes on where a lower-case word follows."""
_NOT_SHORT = frozenset("yes no oh ok so why now not go run ja nein oui non si sí nie tak да нет sim não".split())
"""Sentences of one word that look like abbreviations."""

_ORDINAL_STOP = frozenset("de da nb nn no fi cs sk sl hr sr bs hu et lv is lb tr".split())
"""Languages that write an ordinal as a number with a stop."""
_DANDA = frozenset("hi mr ne sa bn as pa gu or".split())
"""Languages that end sentences with a danda, so that a stop behind a syllable or two is an abbreviation's."""
_UNSTOPPED = frozenset("th lo km my".split())
"""Languages that end no sentence with a stop."""

_LAST_WORD = re.compile(r"(?:^|[\s()\[\"'’“‘„«/–—-])([^\W\d_][\w’'ँ-ॣ]*)\.$")
_DEVANAGARI = re.compile(r"(?:^|\s)([\u0900-\u0dff]{1,4})\.$")
_SHORT_DOTTED = re.compile(r"(?:^|[\s(\[\"'’“‘„«])(?:[^\W\d_]{1,3}\.\s?)+$")
_ORDINAL = re.compile(r"(?:^|\s)(\S+\s)?\d{1,2}\.$")
_REFERENCE = re.compile(
    r"\b(?:satz|seite|s\.|abs\.|nr\.|ziffer|kapitel|platz|rang|teil|artikel|punkt|side|nr|kapitola|strana|oldal)\s\d{1,2}\.$",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(r"[(\[]?(?:\d{1,3}|[a-zA-Z])[.)\]]+$")
_INITIAL = re.compile(r"(?:^|([^\s(\[\"'“‘„«-]*)[\s(\[\"'“‘„«-])[A-ZÀ-ÞА-Я]\.$")
_ARABIC_INITIAL = re.compile(r"(?:^|\s)[\u0621-\u064a]\.$")
_LONE = re.compile(r"[A-ZÀ-Þ][^\W\d_]{1,2}\.")
_QUOTATIVE = re.compile(r"[」』】》]\s*$")
_QUOTED = ("と", "って", "など", "が", "は", "を", "に", "の", "、")
_PARTICLE = re.compile(r"[はがをのにとへ][^ぁ-ん\s]")
_SAID = re.compile(r"[^，。！？”“]{0,8}(?:说|說|问|問|道|喊|叫|答|表示|称)|[^।]{0,24}(?:कहा|बोले|बोली|बोला|पूछा|बताया)")
_INSIDE = re.compile(r"(?:[A-ZÀ-Þ]{2,}\b|[a-zß-ÿ\dºª]|[-–'’]|[^\W\d_]{1,3}\.)")
"""What goes on directly behind a stop: ASP.NET, report.pdf, J.-C., a.C."""
_WORD = re.compile(r"[^\W\d_]+")
_TAIL = 200
"""Characters before a cut that are looked at."""


def goes_on(before: str, after: str, language: str, *, spaced: bool) -> bool:
    """Whether a proposed cut stands inside a sentence.

    Args:
        before: the sentence so far, without white space at its end.
        after: the start of what follows, without white space before it.
        language: ISO 639-1 code.
        spaced: white space stands at the cut.
    """
    if not after or not before:
        return True
    if len(before) < _TAIL and _ENUMERATION.fullmatch(before):
        return True
    before = before[-_TAIL:]
    if _QUOTATIVE.search(before):
        return after.startswith(_QUOTED)
    if before[-1] in "”’»" and before[-2:-1] in set("！？。।!?"):
        return bool(_SAID.match(after)) or after[0].islower()
    if before[-1] in "。！？）":
        return bool(_PARTICLE.match(after))
    if not before.endswith("."):
        return before[-1] in "!?" and after[0].islower()
    if language in _UNSTOPPED:
        return True
    if not spaced and (_INSIDE.match(after) or before[-2:-1].isspace()):
        return True
    return _is_abbreviation(before, after, language)


def _is_abbreviation(before: str, after: str, language: str) -> bool:
    """Whether the stop at the end is an abbreviation's and the sentence goes on behind it."""
    found = _LAST_WORD.search(before)
    last = re.split("[’']", found.group(1).lower())[-1] if found else ""
    named = after[0].isalpha() or after[0] in "«„“\"'"
    if last in _TITLES or (last in _SAINT and language != "en"):
        return named
    if last in _NUMBERED and after[0].isdigit():
        return True
    if language in _DANDA and _DEVANAGARI.search(before):
        return True
    if _ARABIC_INITIAL.search(before):
        return True
    if _is_initial(before, after, language):
        return True
    if language in _ORDINAL_STOP and _ORDINAL.search(before):
        return after[0].isalpha() and not (
            _REFERENCE.search(before) or (after[0].isupper() and _opens(after, language))
        )
    if _LONE.fullmatch(before) and last not in _NOT_SHORT:
        return True
    if not after[0].islower():
        return False
    return last in _MEASURES or last in _NUMBERED or bool(_SHORT_DOTTED.search(before)) or before[-2:-1].isdigit()


def _is_initial(before: str, after: str, language: str) -> bool:
    """Whether the last letter is a person's initial: behind a name or a title, and before a name."""
    found = _INITIAL.search(before)
    if found is None or not after[0].isupper():
        return False
    if language == "fr":
        return True
    ahead = found.group(1) or ""
    return (not ahead or ahead[:1].isupper() or ahead.endswith(".")) and not _opens(after, language)


def _opens(after: str, language: str) -> bool:
    """Whether the word is one that opens sentences."""
    word = _WORD.match(after)
    return word is not None and word.group().lower() in FUNCTION_WORDS.get(language, ())

"""What a rewriting left out of its source, where it cut, and what it put in.

Comes in: both, word by word. Goes out: numbers. Must not know: how sure the writer was.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from notime.summary.check.faults.claims import AUXILIARIES, PREPOSITIONS
from notime.summary.check.faults.cues import CONDITIONS, DOUBTS, NEGATIONS, SAYING
from notime.summary.check.text import GRAMMAR, stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notime.summary.check.pair import Pair

LIMITS = frozenset(
    "only just almost nearly partly partially mostly mainly largely usually often sometimes typically generally rarely "
    "occasionally about around approximately roughly up least most some many several few any certain various other "
    "rest original originally initially first once currently now yet still so far especially particularly specifically "
    "potentially relatively fairly somewhat quite half nearly over under more less than maximum minimum limited "
    "selected eligible average tend tends temporarily until except excluding".split()
)
WHEN = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday year years month months week weeks today yesterday during".split()
)
_RELATIVE = frozenset("who which that whose where whom".split())
_JOINING = frozenset(("and", "or", "but", "nor", "plus", "as"))
_REASON = frozenset("because since so when while if unless although though whereas where until before after".split())
_SUPERLATIVE = re.compile(r"^(?:most|least|best|worst|first|only|largest|\w{3,}est)$")
_NOT_SUPERLATIVE = frozenset(
    "interest rest test west guest request suggest forest invest honest harvest contest".split()
)
FINITE = AUXILIARIES - {"be", "been", "being", "to"}
_UNENDING = GRAMMAR - {"it", "them", "more", "you", "so", "up"}
"""No sentence ends with one of these."""
_KINDS = ("joining", "preposition", "relative", "reason", "article", "verb", "ing", "than", "to", "other")


def left_out(pair: Pair) -> dict[str, float]:
    """Its names are the model's features."""
    source, written = pair.source, pair.written
    taken = pair.taken
    lost = [i for i in range(len(source.words)) if i not in taken]
    kept_words = set(written.lower)
    gone = [source.words[i].lower for i in lost if source.words[i].lower not in kept_words]
    runs = list(gaps(pair))
    inner = [gap for gap in runs if gap[0] > 0 and gap[1] < len(source.words)]
    opening = next((gap for gap in runs if gap[0] == 0), None)
    ending = next((gap for gap in runs if gap[1] == len(source.words)), None)
    copied = [place for place in pair.places if place is not None]
    new = [word for word, place in zip(written.words, pair.places, strict=True) if place is None]
    own, given = set(stems(source.text)), {word.stem for word in pair.given.words}
    counts: dict[str, float] = {f"gap_{kind}": 0.0 for kind in _KINDS}
    for start, _ in inner:
        counts[f"gap_{_kind(source.lower, start)}"] += 1
    end_kind = _kind(source.lower, ending[0]) if ending else ""
    return {
        "source_words": float(len(source.words)),
        "share": len(written.words) / max(1, len(source.words)),
        "content_kept": _content(pair, copied) / max(1, _content(pair, range(len(source.words)))),
        "same": float(written.text.strip().rstrip(".") == source.text.strip().rstrip(".")),
        "turns_back": float(sum(two <= one for one, two in pairwise(copied))),
        "gaps": float(len(inner)),
        "longest_gap": float(max((end - start for start, end in inner), default=0)),
        "gaps_within": float(sum(not _edge(pair, start) and not _edge(pair, end) for start, end in inner)),
        "gaps_bounded": float(sum(_edge(pair, start) and _edge(pair, end) for start, end in inner)),
        "gap_single": float(sum(end - start == 1 for start, end in inner)),
        **counts,
        "opening_lost": float(opening[1] if opening else 0),
        "opening_edge": float(bool(opening) and _edge(pair, opening[1])) if opening else 0.0,
        "opening_verb": float(_verbs(source.lower[: opening[1]])) if opening else 0.0,
        "opening_ahead": float(_class(source.lower[opening[1] - 1])) if opening else -1.0,
        "opening_first": float(_class(source.lower[0])) if opening else -1.0,
        "opening_condition": float(bool(opening) and source.lower[0] in _REASON | {"for", "in", "to", "with"}),
        "ending_lost": float(ending[1] - ending[0] if ending else 0),
        "ending_edge": float(bool(ending) and _edge(pair, ending[0])) if ending else 0.0,
        **{f"ending_{kind}": float(end_kind == kind) for kind in _KINDS},
        "ending_verbs": float(_verbs(source.lower[ending[0] :])) if ending else 0.0,
        "lost_limits": float(sum(word in LIMITS for word in gone)),
        "lost_negation": float(sum(word in NEGATIONS or word.endswith("n't") for word in gone)),
        "lost_condition": float(sum(word in CONDITIONS or word == "when" for word in gone)),
        "lost_doubt": float(sum(word in DOUBTS for word in gone)),
        "lost_saying": float(sum(word in SAYING for word in gone)),
        "lost_figures": float(sum(word[0].isdigit() for word in gone)),
        "lost_names": float(sum(source.words[i].text[0].isupper() and i > 0 for i in lost)),
        "lost_when": float(sum(word in WHEN for word in gone)),
        "lost_than": float("than" in gone),
        "lost_but": float(any(word in {"but", "however", "though", "although", "yet"} for word in gone)),
        "lost_or": float("or" in gone),
        "lost_for": float(sum(word in {"for", "to", "by", "in", "with", "from", "of"} for word in gone)),
        "lost_adverbs": float(sum(word.endswith("ly") for word in gone)),
        "lost_content": float(sum(source.content(i) for i in lost)),
        "superlative": float(any(_superlative(word) for word in written.lower)),
        "superlative_cut": float(any(_superlative(word) for word in written.lower) and ending is not None),
        "list_cut": float(_list_cut(pair)),
        "list_no_and": float(_list_without_joint(written.text) and not _list_without_joint(source.text)),
        "commas_lost": float(source.text.count(",") - written.text.count(",")),
        "brackets_lost": float(source.text.count("(") - written.text.count("(")),
        "quotes": float(source.text.count('"') - written.text.count('"')),
        "quotes_odd": float(written.text.count('"') % 2),
        "colon": float(":" in written.text),
        "source_colon": float(":" in source.text),
        "source_asks": float(source.text.rstrip().endswith("?")),
        "new": float(len(new)),
        "new_content": float(sum(word.stem not in GRAMMAR and word.lower not in GRAMMAR for word in new)),
        "new_nowhere": float(sum(word.stem not in given and word.lower not in GRAMMAR for word in new)),
        "new_elsewhere": float(sum(word.stem in given - own and word.lower not in GRAMMAR for word in new)),
        "new_names": float(sum(word.text[0].isupper() and word.stem not in own for word in new)),
        "new_figures": float(sum(word.text[0].isdigit() for word in new)),
        "new_first": float(bool(pair.places) and pair.places[0] is None),
        "verbs": float(_verbs(written.lower)),
        "source_verbs": float(_verbs(source.lower)),
        "verbs_lost": float(_verbs(source.lower) - _verbs(written.lower)),
        "finite": float(any(word in FINITE or "'" in word for word in written.lower)),
        "ed": float(sum(word.endswith("ed") for word in written.lower)),
        "ends": float(written.text.rstrip("\"') ")[-1:] in {".", "!", "?"}),
        "ends_grammar": float(bool(written.words) and written.lower[-1] in _UNENDING),
        "source_ends": float(source.text.rstrip("\"') ")[-1:] in {".", "!", "?"}),
        "small_start": float(written.text[:1].islower()),
        "twice": float(len(written.lower) - len(set(written.lower))) / max(1, len(written.lower)),
    }  # fmt: skip


def gaps(pair: Pair) -> Iterator[tuple[int, int]]:
    """Runs of the source's words, between words that were taken or up to an end, that were left out."""
    start = None
    for place in range(len(pair.source.words) + 1):
        out = place < len(pair.source.words) and place not in pair.taken
        if out and start is None:
            start = place
        elif not out and start is not None:
            yield start, place
            start = None


def _edge(pair: Pair, place: int) -> bool:
    """A sign stands before the word there, or it opens or ends the sentence."""
    found = pair.source.words
    if place in (0, len(found)):
        return True
    return bool(re.search(r"[,;:()\"—–.!?]|--", pair.source.text[found[place - 1].end : found[place].start]))


def _kind(lower: Sequence[str], place: int) -> str:
    word = lower[place]
    if word == "than":
        return "than"
    if word == "to":
        return "to"
    for kind, members in (
        ("joining", _JOINING),
        ("relative", _RELATIVE),
        ("reason", _REASON),
        ("preposition", PREPOSITIONS),
        ("article", {"a", "an", "the", "its", "their", "your", "our"}),
        ("verb", AUXILIARIES),
    ):
        if word in members:
            return kind
    return "ing" if word.endswith("ing") else "other"


def _class(word: str) -> int:
    return _KINDS.index(_kind([word], 0))


def _verbs(lower: Sequence[str]) -> int:
    return sum(
        word in AUXILIARIES - {"to", "be", "been", "being"} or word.endswith(("'re", "'ve", "'ll", "n't"))
        for word in lower
    )


def _superlative(word: str) -> bool:
    return bool(_SUPERLATIVE.match(word)) and word not in _NOT_SUPERLATIVE


def _content(pair: Pair, places: Sequence[int] | range) -> int:
    return sum(pair.source.content(place) for place in places)


def _list_cut(pair: Pair) -> bool:
    """What stands on one side of the source's *and* or *or* was written; the joint and the other side were not."""
    for place, word in enumerate(pair.source.lower):
        if word in {"and", "or"} and 0 < place < len(pair.source.words) - 1 and place not in pair.taken:
            ahead, behind = place - 1 in pair.taken, place + 1 in pair.taken
            if ahead != behind:
                return True
    return False


def _list_without_joint(text: str) -> bool:
    """*a, b, c.*: two commas near its end and no *and* or *or* behind the last."""
    parts = text.rstrip(" .!?\"'").split(",")
    return len(parts) > 2 and len(parts[-2].split()) < 6 and not re.match(r"\s*(?:and|or|but|which|who)\b", parts[-1])

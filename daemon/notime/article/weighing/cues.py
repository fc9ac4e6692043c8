"""What the words of a piece give away: calls to share, to subscribe, to read something else.

Comes in: the words of one piece. Goes out: one number a cue, at its start and anywhere. Must not know: where it stands.

A cue is evidence for the classifier, not a verdict: an article about newsletters says "newsletter" too.
"""

from __future__ import annotations

_WORDS = {
    "more": "read related more recommended trending popular latest next previous also further continue lire aussi "
    "lesen mehr leer más leia mais leggi anche lees läs",
    "share": "share tweet facebook twitter instagram whatsapp linkedin pinterest reddit flipboard follow print "
    "email teilen partager compartir",
    "subscribe": "subscribe subscriber subscribers subscription newsletter newsletters signup sign login log "
    "register inbox donate donation membership member members account "
    "trial abonnieren abonnez suscríbete suscríbase assine iscriviti",
    "legal": "copyright reserved rights terms privacy cookie cookies disclaimer affiliate commission reprint "
    "permission licensed trademark",
    "credit": "photo photos image images credit getty reuters shutterstock courtesy photograph photographer "
    "photography illustration picture pictured foto bild unsplash istock ap afp",
    "byline": "by writer reporter editor journalist author correspondent contributor columnist professor edited "
    "reporting written contributed reviewed von par por",
    "date": "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sep sept oct nov dec ago published updated posted "
    "modified min minutes hours am pm est et gmt",
    "comments": "comment comments reply replies respond discussion votes likes views kommentare commentaires "
    "comentarios",
    "action": "click here download tap visit watch listen shop buy get try start join learn discover explore "
    "browse find view see check loading javascript browser",
    "ad": "advertisement sponsored promoted ad ads deal deals coupon promo sale discount offer anzeige publicité "
    "publicidad werbung",
    "source": "source sources references reference citation cite via information editor note correction update "
    "disclosure",
}
NAMES = tuple(f"{where}_{name}" for name in _WORDS for where in ("starts", "has"))

_BITS: dict[str, int] = {}
for _place, _group in enumerate(_WORDS.values()):
    for _word in _group.split():
        _BITS[_word] = _BITS.get(_word, 0) | 1 << _place

_FIRST, _HEAD = 2, 25
"""Words that count as the start, and words looked at: what gives itself away does so early."""


def cues(words: list[str]) -> list[float]:
    """Which cues a piece gives, in the order of `NAMES`.

    Args:
        words: its words, lower-cased.
    """
    starts = has = 0
    for word in words[:_FIRST]:
        starts |= _BITS.get(word, 0)
    for word in words[:_HEAD]:
        has |= _BITS.get(word, 0)
    if not has:
        return [0.0] * len(NAMES)
    return [float(bits >> place & 1) for place in range(len(_WORDS)) for bits in (starts, has)]

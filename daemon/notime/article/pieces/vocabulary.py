"""The names that pages give to their parts, and what each says.

Comes in: nothing. Goes out: `Trait` bits by tag, role, word and stem. Must not know: elements.

The words are those of common content systems and of English-speaking developers everywhere; none is of one site.
"""

from __future__ import annotations

from enum import IntFlag, auto


class Trait(IntFlag):
    """One bit a trait."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    QUOTE = auto()
    CODE = auto()
    ROW = auto()
    CAPTION = auto()
    ARTICLE = auto()
    MAIN = auto()
    BODY = auto()
    NAV = auto()
    ASIDE = auto()
    FOOTER = auto()
    HEADER = auto()
    FORM = auto()
    FIGURE = auto()
    DIALOG = auto()
    CONSENT = auto()
    COMMENTS = auto()
    RELATED = auto()
    SHARE = auto()
    NEWSLETTER = auto()
    AD = auto()
    META = auto()
    TITLE = auto()
    LEAD = auto()
    LIST = auto()
    TABLE = auto()
    PAYWALL = auto()
    BIO = auto()
    CONTENTS = auto()
    NOTES = auto()
    PAGER = auto()
    WIDGET = auto()
    MEDIA = auto()
    TAGS = auto()
    CONTENT = auto()
    PRODUCT = auto()
    POST = auto()
    """One of many people's, in a thread."""
    DETAIL = auto()
    """What describes a thing: its features, its data."""
    VEILED = auto()
    """Named as if hidden."""
    HIDDEN = auto()
    """Declared as hidden."""
    BESIDE = auto()
    """Named as a box of other articles, whole: a verdict, not a number for the classifier."""


_BY_TAG = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Trait.HEADING),
    "p": Trait.PARAGRAPH,
    "li": Trait.ITEM,
    "dd": Trait.ITEM,
    "dt": Trait.ITEM,
    "blockquote": Trait.QUOTE,
    "pre": Trait.CODE,
    "tr": Trait.ROW,
    "table": Trait.TABLE,
    "figcaption": Trait.CAPTION,
    "caption": Trait.CAPTION,
    "article": Trait.ARTICLE,
    "main": Trait.MAIN,
    "nav": Trait.NAV,
    "menu": Trait.NAV,
    "aside": Trait.ASIDE,
    "footer": Trait.FOOTER,
    "header": Trait.HEADER,
    "form": Trait.FORM,
    "figure": Trait.FIGURE,
    "ul": Trait.LIST,
    "ol": Trait.LIST,
    "dl": Trait.LIST,
    "address": Trait.META,
}

_BY_ROLE = {
    "main": Trait.MAIN,
    "article": Trait.ARTICLE,
    "navigation": Trait.NAV,
    "menu": Trait.NAV,
    "menubar": Trait.NAV,
    "toolbar": Trait.NAV,
    "tablist": Trait.NAV,
    "search": Trait.FORM,
    "form": Trait.FORM,
    "complementary": Trait.ASIDE,
    "contentinfo": Trait.FOOTER,
    "banner": Trait.HEADER,
    "dialog": Trait.DIALOG,
    "alertdialog": Trait.DIALOG,
    "alert": Trait.DIALOG,
    "heading": Trait.HEADING,
    "doc-endnotes": Trait.NOTES,
    "doc-toc": Trait.CONTENTS,
}

_VOCABULARY = (
    (
        Trait.CONTENT,
        "content contents body text txt entry post story article hentry copy main page prose richtext rte",
    ),
    (
        Trait.BODY,
        "articlebody articletext storybody bodycopy postcontent entrycontent articlecontent storytext fulltext",
    ),
    (
        Trait.NAV,
        "nav navbar navigation menu submenu breadcrumb crumb topbar toolbar sitemap skip jump tab tablist",
    ),
    (Trait.ASIDE, "aside sidebar rail rightcol leftcol complementary secondary"),
    (Trait.FOOTER, "footer foot colophon copyright legal disclaimer disclosure imprint"),
    (Trait.HEADER, "header masthead banner"),
    (Trait.DIALOG, "modal popup overlay dialog lightbox toast interstitial popover tooltip"),
    (Trait.CONSENT, "cookie consent gdpr ccpa onetrust didomi cmp"),
    (
        Trait.COMMENTS,
        "comment commentlist commenter disqus respond reply discussion livefyre conversation coral pingback",
    ),
    (
        Trait.RELATED,
        "related recommend recommended recommendation recirc recirculation teaser trending popular mostread more "
        "suggested similar upnext next readnext also latest headlines featured card promo river feed carousel grid "
        "alsolike readmore further trend top list listing related-posts stories",
    ),
    (
        Trait.SHARE,
        "share sharing social addthis sharedaddy follow facebook twitter whatsapp pinterest tweet like jp",
    ),
    (Trait.NEWSLETTER, "newsletter subscribe subscription signup optin mailchimp mailing email inbox"),
    (
        Trait.AD,
        "ad ads advert advertisement advertising adsense sponsor sponsored sponsorship outbrain taboola dfp gpt "
        "affiliate cta "
        "donate donation promotion",
    ),
    (
        Trait.META,
        "meta byline author authors date time timestamp published posted dateline info credit source updated "
        "metadata kicker eyebrow category categories section topper views readtime",
    ),
    (Trait.TITLE, "title headline heading hed"),
    (
        Trait.LEAD,
        "lead lede standfirst dek deck subtitle subhead subheading subheadline intro introduction excerpt summary "
        "abstract teaser",
    ),
    (Trait.CAPTION, "caption credit wp-caption imagecaption cutline legend attribution photo image img"),
    (Trait.FIGURE, "figure photo image img picture"),
    (Trait.PAYWALL, "paywall premium regwall meter locked barrier subscriber"),
    (Trait.BIO, "bio biography aboutauthor authorbox profile vcard contributor"),
    (Trait.CONTENTS, "toc contents"),
    (Trait.NOTES, "footnote footnotes endnote reference references citation reflist notes"),
    (Trait.PAGER, "pager pagination paging prev previous older newer"),
    (
        Trait.WIDGET,
        "widget module box block embed plugin tool tools utility print button btn inset callout infobox factbox",
    ),
    (Trait.MEDIA, "video player gallery slideshow slider media audio podcast playlist vjs"),
    (Trait.TAGS, "tag tags topic topics keyword keywords taxonomy"),
    (Trait.PRODUCT, "product price cart shop basket buy review reviews rating"),
    (Trait.POST, "post message msg reply answer question topic thread comment postbody forumpost discussion qa"),
    (Trait.DETAIL, "description desc detail details spec specs specification feature features overview accordion faq"),
    (Trait.VEILED, "hidden hide invisible visuallyhidden screenreader sr offscreen noprint"),
)


def _words() -> dict[str, int]:
    found: dict[str, int] = {}
    for trait, words in _VOCABULARY:
        for word in words.split():
            found[word] = found.get(word, 0) | int(trait)
    return found


WORDS = _words()
TAGS = {name: int(trait) for name, trait in _BY_TAG.items()}
ROLES = {name: int(trait) for name, trait in _BY_ROLE.items()}
STEMS = tuple(
    (stem, WORDS[word])
    for stem, word in (
        ("relatedp", "related"),
        ("relateda", "related"),
        ("related", "related"),
        ("recommend", "recommend"),
        ("comment", "comment"),
        ("share", "share"),
        ("social", "social"),
        ("newsletter", "newsletter"),
        ("sidebar", "sidebar"),
        ("footer", "footer"),
        ("footnote", "footnote"),
        ("header", "header"),
        ("articlebody", "articlebody"),
        ("article", "article"),
        ("content", "content"),
        ("promo", "promo"),
        ("sponsor", "sponsor"),
        ("advert", "advert"),
        ("caption", "caption"),
        ("byline", "byline"),
        ("author", "author"),
        ("cookie", "cookie"),
        ("consent", "consent"),
        ("popular", "popular"),
        ("trending", "trending"),
        ("subscri", "subscribe"),
        ("breadcrumb", "breadcrumb"),
        ("navi", "nav"),
        ("menu", "menu"),
        ("widget", "widget"),
        ("gallery", "gallery"),
        ("headline", "headline"),
        ("title", "title"),
        ("teaser", "teaser"),
        ("paywall", "paywall"),
        ("pagin", "pager"),
        ("product", "product"),
        ("review", "review"),
        ("story", "story"),
        ("post", "post"),
        ("intro", "intro"),
    )
)
"""Where names are written as one word: `jp-relatedposts`, `storycontent`."""

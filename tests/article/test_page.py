"""One article in many wrappings: what the reader sees is kept, what the site adds is not."""
# ruff: noqa: E501 - markup is easier to read on one line

import pytest

from notime.article import split
from notime.article.page import PageReader
from notime.errors import NotAnArticle, TooShort
from notime.types import Page
from support.made_pages import ARTICLE, article, page, paragraphs, refused


@pytest.fixture(scope="module")
def read():
    reader = PageReader()

    def _read(html, url=None, *, asked=True, **options):
        return reader.read(Page(html, url, asked=asked), **options)

    return _read


def texts(found):
    return [block.text for block in found.blocks]


BOXES = {
    "newsletter": '<div class="newsletter-signup"><h3>Get our newsletter</h3><p>Sign up for our weekly letter and never miss a story.</p><form><input type="email"></form></div>',
    "share": '<div class="share-buttons"><a href="#">Share on Facebook</a> <a href="#">Tweet</a> <a href="#">Copy link</a></div>',
    "read more": '<p>Read more: <a href="/bridge">Bridge to the island opens a month early</a></p>',
    "summary": '<div class="summary-box"><h4>No time to read?</h4><button>Get a summary</button></div>',
    "summary link": '<p class="tools"><a href="#summary">Get a summary</a></p>',
    "advertisement": '<div class="ad-slot"><span>Advertisement</span></div>',
    "continues": "<p>Article continues below</p>",
    "hidden": '<p style="display:none">This hidden sentence is for nobody who reads the page, and it goes on for a while.</p>',
    "hidden attribute": "<p hidden>This hidden sentence is for nobody who reads the page, and it goes on for a while.</p>",
    "aria-hidden": '<span aria-hidden="true">Opens in a new window</span>',
    "script": "<script>var text = 'This is code that nobody should read as text, ever, at all.';</script>",
    "style": "<style>.text { color: red; }</style>",
    "template": "<template><p>This template is not shown to anyone who reads the page today.</p></template>",
    "cookie dialog": '<div id="cookie-consent" role="dialog"><p>We use cookies to improve what you see here and to show you adverts.</p></div>',
}


@pytest.mark.parametrize("name", BOXES)
def test_boxes_within_the_text_are_left_out(read, name):
    assert texts(read(article(BOXES[name]))) == list(ARTICLE)


EXCERPT = "The island’s new bridge opened to traffic on Sunday, four weeks before the date that the builders had promised, and the ferry made its last crossing."
AROUND = {
    "related excerpts": '<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><div class="jp-relatedposts-items">'
    + f'<div class="jp-relatedposts-post"><h4><a href="/a">The bridge opens</a></h4><p class="jp-relatedposts-post-excerpt">{EXCERPT}</p></div>'
    * 3
    + "</div></div>",
    "next article": '<nav class="pager"><a href="/a">Previous Article: Tram drivers call off the strike</a><a href="/b">Next Article: A day with the painters</a></nav>',
    "related": '<section class="related-stories"><h3>Related stories</h3><ul><li><a href="/a">Bridge to the island opens a month early</a></li>'
    '<li><a href="/b">School kitchens to cook with local fish</a></li></ul></section>',
    "comments": '<section id="comments" class="comments"><h3>2 comments</h3><div class="comment"><b>Olaf</b><p>I worked there for ten years and I will miss the noise, to be honest.</p>'
    '<a href="#">Reply</a></div><div class="comment"><b>Rita</b><p>A park is what this town has needed for as long as I have lived in it.</p><a href="#">Reply</a></div></section>',
}


@pytest.mark.parametrize("name", AROUND)
def test_what_follows_the_text_is_left_out(read, name):
    assert texts(read(article(after=AROUND[name]))) == list(ARTICLE)


def test_a_box_named_after_other_articles_may_hold_the_page(read):
    inside = f'<div class="related-content"><h1>Vennes closes its last coal pier</h1>{paragraphs()}</div>'
    assert set(ARTICLE) <= set(texts(read(page(inside, "Vennes closes its last coal pier"))))


def test_a_summary_box_above_and_below_is_left_out(read):
    box = '<div class="notime"><p>No time to read? Get a summary</p><button>Get a summary</button></div>'
    assert texts(read(article(before=box, after=box))) == list(ARTICLE)


def test_the_first_paragraph_is_kept_where_it_stands_apart(read):
    body = f'<main><article><h1>Vennes closes its last coal pier</h1><p class="lead">{ARTICLE[0]}</p><img src="a.jpg"><div class="body">{paragraphs(ARTICLE[1:])}</div></article></main>'
    assert texts(read(page(body, "Vennes closes its last coal pier")))[0] == ARTICLE[0]


def test_sections_lists_and_quotes_keep_their_kind(read):
    inside = (
        "<h2>What the plan holds</h2><ul><li>A swimming basin of fifty metres, heated by the town’s own waste heat.</li><li>A park with two hundred new trees along the water.</li></ul>"
        "<blockquote><p>It will be the best place in the whole town to spend a summer evening.</p></blockquote>"
    )
    kinds = {block.text.split()[0]: block.kind for block in read(article(inside)).blocks}
    assert (kinds["What"], kinds["It"]) == ("heading", "quote")
    assert [block.kind for block in read(article(inside)).blocks if block.text.startswith("A ")] == ["item", "item"]


def test_tables_code_and_captions_are_kept_apart_from_what_is_summarised(read):
    table = (
        "<table>"
        + "".join(f"<tr><td>{year}</td><td>{year - 2000} ships</td></tr>" for year in range(2019, 2024))
        + "</table>"
    )
    found = read(
        article(
            f"{table}<figure><img src=a.jpg><figcaption>The pier in 1931.</figcaption></figure><pre>tons = ships * 40</pre>"
        )
    )
    assert {found.blocks[sentence.block].kind for sentence in split(found)} == {"paragraph"}


def test_invisible_characters_go_and_entities_are_read(read):
    text = "<p>The har\u00adbour of\u00a0Vennes &amp; the pier\u200b &ndash; both &#8220;old&#8221; &mdash; were closed on the same day of the same week.</p>"
    assert "The harbour of Vennes & the pier – both “old” — were closed on the same day of the same week." in texts(
        read(article(text))
    )


def test_ruby_is_read_without_its_reading_aid(read):
    sentence = "港は月曜日に閉鎖され、そこで働いていた人々が最後の船を見に来たという。"
    body = (
        "<article>"
        + f"<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>が読めない。{sentence * 3}</p>"
        + f"<p>{sentence * 4}</p>" * 5
        + "</article>"
    )
    found = read(f"<html lang=ja><body>{body}</body></html>")
    assert found.language == "ja"
    assert found.text.startswith("漢字が読めない。")


def test_right_to_left_text_is_kept_in_its_order(read):
    sentence = (
        "أغلق الميناء يوم الاثنين وجاء الناس الذين عملوا فيه من أجل أن يروا السفينة الأخيرة قبل أن تغادر المدينة."
    )
    found = read(f"<html lang=ar dir=rtl><body><article>{f'<p>{sentence} {sentence}</p>' * 6}</article></body></html>")
    assert found.language == "ar"
    assert len(split(found)) == 12


def test_line_breaks_part_paragraphs_but_not_addresses(read):
    body = "<br><br>".join(ARTICLE[:4]) + "<br>" + "<br>".join(ARTICLE[4:]) + "<br><br>Harbour Street 1<br>Vennes"
    assert texts(
        read(page(f'<article><h1>Vennes closes its last coal pier</h1><div class="text">{body}</div></article>'))
    )[: len(ARTICLE)] == list(ARTICLE)


def test_marks_of_footnotes_are_not_words(read):
    text = '<p>The pier was built in 1874<sup class="ref"><a href="#n1">[1]</a></sup> by a company from the capital that no longer exists today.</p>'
    assert "The pier was built in 1874 by a company from the capital that no longer exists today." in texts(
        read(article(text))
    )


def test_an_article_hidden_until_a_script_runs_is_read(read):
    html = f'<html><body><p>Loading.</p><div style="display:none"><article><h1>Vennes closes its last coal pier</h1>{paragraphs()}</article></div></body></html>'
    assert set(ARTICLE) <= set(texts(read(html)))


def test_a_button_without_an_end_does_not_swallow_the_article(read):
    assert texts(read(article().replace("<main>", "<button>Menu<main>"))) == list(ARTICLE)


def test_a_stub_before_a_paywall_is_said_as_such(read):
    html = page(
        f'<main><article><h1>Vennes closes its last coal pier</h1><p>{ARTICLE[0]}</p><div class="paywall"><p>Subscribe to read the whole story.</p></div></article></main>',
        "Vennes closes its last coal pier",
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Vennes closes its last coal pier","isAccessibleForFree":false}</script>',
    )
    with pytest.raises(TooShort, match="subscribers"):
        read(html)


NONE = {name: (url, html, word) for name, url, html, word in refused()}


def test_by_itself_pages_that_are_no_article_are_refused_with_the_reason(read):
    right = 0
    for url, html, word in NONE.values():
        try:
            read(html, url, asked=False)
        except NotAnArticle as refusal:
            right += word in refusal.message
        except TooShort:
            pass
    assert len(NONE) >= 40
    assert right / len(NONE) >= 0.9


def _outcome(read, url, html):
    try:
        return read(html, url, short=True)
    except (NotAnArticle, TooShort) as refusal:
        return refusal.message


@pytest.mark.parametrize("name", [name for name in NONE if name.startswith(("forum", "product"))])
def test_a_reader_who_asks_gets_the_prose_of_a_page_that_is_no_article(read, name):
    url, html, _word = NONE[name]
    found = _outcome(read, url, html)
    assert not isinstance(found, str), found
    wanted = {"forum": "discussion", "product": "product"}[name.partition("-")[0]]
    assert found.kind == wanted or found.certainty < 0.9


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *((f"login-{number}", "log-in") for number in range(4)),
        ("application", "no text"),
        ("gallery", ""),
        ("list-4-10", "list"),
        ("list-4-24", "list"),
        ("weather", "table"),
        ("cart", ""),
        ("robot wall", "human"),
        ("video-0", "video"),
    ],
)
def test_a_page_without_prose_is_refused_whoever_asks(read, name, word):
    wall = page(
        "<h1>Just a moment...</h1><p>Verifying you are human. This may take a few seconds.</p>", "Just a moment..."
    )
    url, html, _word = {**NONE, "robot wall": ("https://a.example/", wall, "")}[name]
    found = _outcome(read, url, html)
    assert isinstance(found, str)
    assert word in found


SURROUNDED = {
    "a password in the header": article(before='<form><input type="password" name="p"><button>Log in</button></form>'),
    "times of other pages": article(
        after="".join(
            f"<div><a href='/{hour}'>Sheep stop the train</a> <span>{hour} hours ago</span></div>" for hour in range(9)
        )
    ),
    "a row of teasers": article(
        "".join(
            f"<div class='tile'><h3><a href='/{n}'>Sheep stop the morning train {n}</a></h3></div>" for n in range(6)
        ),
        after="<p>Source: harbour office</p>",
    ),
}


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("name", SURROUNDED)
def test_what_stands_around_an_article_does_not_refuse_it(read, name, asked):
    found = read(SURROUNDED[name], asked=asked)
    assert set(ARTICLE) <= set(texts(found))
    assert "Sheep" not in found.text


def test_the_kind_and_its_certainty_are_told(read):
    found = read(article())
    assert found.kind == "article"
    assert 0.5 < found.certainty <= 1


@pytest.mark.parametrize(
    "wrapped", ["<![CDATA[\n{}\n]]>", "//<![CDATA[\n{}\n//]]>", "<!-- {} -->", "/*<![CDATA[*/{}/*]]>*/"]
)
def test_structured_data_are_read_however_they_are_wrapped(read, wrapped):
    data = '{"@type":"NewsArticle","headline":"Vennes closes its last coal pier","datePublished":"2026-05-04"}'
    found = read(article(head=f'<script type="application/ld+json">{wrapped.replace("{}", data)}</script>'))
    assert found.published == "2026-05-04"


def test_a_meta_element_may_have_several_names(read):
    found = read(article(head='<meta property="x:date article:published_time" content="2026-05-04">'))
    assert found.published == "2026-05-04"


def test_metadata_is_read(read):
    head = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle","headline":"Vennes closes its last coal pier",'
        '"author":[{"@type":"Person","name":"Ida Berg"},{"@type":"Person","name":"Leo Falk"}],"datePublished":"2026-05-04T06:00:00Z",'
        '"publisher":{"@type":"Organization","name":"The Vennes Post"},"inLanguage":"en-GB"}]}</script>'
    )
    found = read(article(head=head))
    assert (found.byline, found.published, found.site_name, found.language) == (
        "Ida Berg, Leo Falk", "2026-05-04T06:00:00+00:00", "The Vennes Post", "en",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "byline", "published"),
    [
        (
            '<meta name="author" content="By Ida Berg"><meta property="article:published_time" content="2026-05-04">',
            "Ida Berg",
            "2026-05-04",
        ),
        ('<meta name="date" content="Mon, 04 May 2026 06:00:00 GMT">', None, "2026-05-04T06:00:00+00:00"),
        ('<meta name="date" content="2026-13-45"><meta name="author" content="https://x.example/ida">', None, None),
        ('<script type="application/ld+json">{broken</script>', None, None),
    ],
)
def test_metadata_are_read_from_wherever_they_stand(read, head, byline, published):
    found = read(article(head=head))
    assert (found.byline, found.published) == (byline, published)


@pytest.mark.parametrize("tag", ["article", "main", "section", "div"])
def test_a_page_may_leave_its_body_tag_out(read, tag):
    prose = "".join(
        f"<p>The {n} boats of the harbour sail at noon, said the harbour master on Monday.</p>" for n in "abcdefgh"
    )
    article = read(f"<!doctype html><title>Boats at noon</title><{tag}><h1>Boats at noon</h1>{prose}</{tag}>")
    assert article.title == "Boats at noon"
    assert "The h boats" in article.text


SAID = tuple(f"It follows from what was found that {line[0].lower()}{line[1:]}" for line in ARTICLE[:4])
COMMENTS = "".join(f'<div class="comment"><p>{line} So much for that.</p></div>' for line in ARTICLE[:4])


def test_comments_are_none_of_an_articles_text_and_a_papers_discussion_is(read):
    text = f"<article><h1>Vennes closes its last coal pier</h1>{paragraphs()}</article>"
    commented = read(page(f'{text}<section class="comments">{COMMENTS}</section>', "Vennes closes its last coal pier"))
    assert "So much for that" not in commented.text
    paper = text.replace(
        "</article>", f'<section class="discussion"><h2>Discussion</h2>{paragraphs(SAID)}</section></article>'
    )
    assert SAID[0] in read(page(paper, "Vennes closes its last coal pier")).text

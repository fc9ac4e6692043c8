"""Which of a page's titles is the article's: the declared one, or the heading that readers see."""
# ruff: noqa: E501 - markup is easier to read on one line

import pytest

from notime.article.page import PageReader
from notime.types import Page
from support.made_pages import article, paragraphs


@pytest.fixture(scope="module")
def read():
    reader = PageReader()

    def _read(html):
        return reader.read(Page(html))

    return _read


def titled(document, heading, head="", before=""):
    return f"<html><head><title>{document}</title>{head}</head><body>{before}<article>{heading}{paragraphs()}</article></body></html>"


@pytest.mark.parametrize(
    ("document", "heading", "head", "title"),
    [
        ("Vennes closes pier | The Vennes Post", "Vennes closes pier", "", "Vennes closes pier"),
        (
            "Vennes closes its pier - The Vennes Post",
            "",
            '<meta property="og:site_name" content="The Vennes Post">',
            "Vennes closes its pier",
        ),
        ("The Vennes Post", "Vennes closes its last coal pier", "", "Vennes closes its last coal pier"),
        ("x", "News", '<meta property="og:title" content="Vennes closes its pier">', "Vennes closes its pier"),
        ("A well-known pier closes", "", "", "A well-known pier closes"),
        ("(12) Vennes closes its pier", "", "", "Vennes closes its pier"),
        ("x", "", '<meta property="og:title" content="(3) Vennes closes its pier">', "Vennes closes its pier"),
    ],
)
def test_the_title_is_the_articles(read, document, heading, head, title):
    html = f"<html><head><title>{document}</title>{head}</head><body><article><h1>{heading}</h1>{paragraphs()}</article></body></html>"
    assert read(html).title == title


def test_a_description_is_no_headline(read):
    data = '{"@type":"Article","name":"Vennes closes its last coal pier","headline":"place to load ships"}'
    found = read(article(head=f'<script type="application/ld+json">{data}</script>'))
    assert found.title == "Vennes closes its last coal pier"


STRUCTURED = '<script type="application/ld+json">{"@type":"Article","headline":"%s"}</script>'
CRUMBS = '<ol class="breadcrumb-list"><li><a href="/">Home</a></li><li><a href="/town">Town</a></li><li><span>%s</span></li></ol>'


@pytest.mark.parametrize(
    ("html", "title"),
    [
        # It holds all of the declared title, and more.
        (titled("Ten trees to plant", "<h1>Ten trees to plant in a small garden</h1>"), "Ten trees to plant in a small garden"),
        # Shouted, it is the declared title in capitals.
        (titled("Ten trees to plant", "<h1>TEN TREES TO PLANT NOW</h1>"), "Ten trees to plant"),
        # It names another year: the heading is kept up to date.
        (titled("Ten trees to plant in 2024", "<h1>Ten trees to plant in 2025</h1>"), "Ten trees to plant in 2025"),
        # The breadcrumbs end with it, and it is marked as the headline.
        (titled("Planting: trees for every garden | Vennes Post", "<h1>Garden trees</h1>", before=CRUMBS % "Garden trees"), "Garden trees"),
        (titled("Ten trees for small gardens", '<h1 itemprop="headline">Small trees for gardens</h1>'), "Small trees for gardens"),
    ],
)  # fmt: skip
def test_a_heading_that_the_page_vouches_for_is_the_title(read, html, title):
    assert read(html).title == title


def test_a_declared_title_that_some_heading_shows_is_the_title(read):
    html = titled(
        "What do gardeners like? | The Vennes Post",
        "<h2>What do gardeners like?</h2><p>They were asked.</p><h1>But most of all they like the first warm evening</h1>",
        '<meta property="og:title" content="What do gardeners like? | The Vennes Post">',
    )
    assert read(html).title == "What do gardeners like?"


def test_the_name_of_the_site_is_no_title(read):
    head = (
        '<meta property="og:site_name" content="The Vennes Post"><meta property="og:title" content="The Vennes Post">'
    )
    assert read(titled("Pier closes after a century", "", head)).title == "Pier closes after a century"


@pytest.mark.parametrize("name", ["VennesPost.com™ | Trees", "Trees | Vennes Post"])
def test_the_name_of_the_site_goes_with_its_domain(read, name):
    head = '<meta property="og:site_name" content="Vennes Post">' + STRUCTURED % name
    assert read(titled("x", "", head)).title == "Trees"


def test_a_page_without_any_declared_title_has_its_heading(read):
    assert read(titled("", "<h1>Trees</h1>")).title == "Trees"


def test_the_name_of_a_book_is_no_title_of_its_chapter(read):
    html = titled(
        "Planting in wet soil - The Complete Book of Trees", "<h2>Planting in wet soil</h2>",
        before='<h1 class="menu-title">The Complete Book of Trees</h1>',
    )  # fmt: skip
    assert read(html).title == "Planting in wet soil"


@pytest.mark.parametrize(
    "heading",
    [
        '<h1>Planting in wet soil<a class="headerlink" href="#planting">¶</a></h1>',
        "<h1>Planting in wet soil <button>Copy link</button></h1>",
        "<h1><svg><title>Leaf</title></svg> Planting in wet soil</h1>",
    ],
)
def test_marks_buttons_and_icons_are_no_words_of_a_heading(read, heading):
    assert read(titled("", heading)).title == "Planting in wet soil"


def test_angle_brackets_in_a_title_are_markup_only_where_they_hold_an_element_of_text(read):
    head = '<meta property="og:title" content="%s">'
    assert read(titled("", "", head % "&lt;table&gt;: the table")).title == "<table>: the table"
    assert read(titled("", "", head % "The &lt;em&gt;old&lt;/em&gt; table")).title == "The old table"

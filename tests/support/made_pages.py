"""Pages of our own making: one article in many wrappings, and pages that are none.

`ARTICLE` is prose written for these tests. `refused()` gives non-article pages with the word that the reason must hold.
"""
# ruff: noqa: E501 - markup is easier to read on one line

from __future__ import annotations

from collections.abc import Iterator

ARTICLE = (
    "The harbour town of Vennes closed its last coal pier on Monday, ending a trade that had fed the place for a century and a half.",
    "About two hundred people came to watch the final ship leave, according to the port office, and many of them had worked there.",
    "“We knew it would come, but nobody was ready for how quiet it is,” said Marta Olin, who drove a crane on the pier for nineteen years.",
    "The council plans to turn the site into a park with a swimming basin, which it says will cost about 40 million euros by 2031.",
    "Not everyone agrees with the plan. A group of residents wants the old conveyor to stay, as a monument to the people who ran it.",
    "The mayor, Jonas Feld, said that no decision would be taken before the spring, and that the conveyor was not safe as it stands.",
    "Coal once made up nine tenths of what the harbour moved. Last year it was less than a tenth, and most of the cargo was timber.",
    "The port will keep its sixty remaining workers, the office said, and will train those who wish to work in the timber yard.",
)

NAV = (
    '<header class="site-header"><a class="logo" href="/">The Vennes Post</a><nav><ul>'
    + "".join(
        f'<li><a href="/{name.lower()}">{name}</a></li>'
        for name in ("Home", "Town", "Business", "Culture", "Sport", "Weather", "Opinion", "Contact")
    )
    + "</ul></nav></header>"
)
COOKIES = (
    '<div class="cookie-banner" role="dialog"><p>We and our partners use cookies to store and access information on your device, to measure '
    "how our pages are used and to show you advertising that fits your interests. You can change your choice at any time.</p>"
    "<button>Accept all</button><button>Settings</button></div>"
)
FOOTER = (
    '<footer class="site-footer"><ul><li><a href="/about">About us</a></li><li><a href="/terms">Terms</a></li><li><a href="/privacy">Privacy policy</a>'
    "</li></ul><p>© 2026 The Vennes Post. All rights reserved.</p></footer>"
)
_TEASERS = (
    (
        "Bridge to the island opens a month early",
        "Workers finished the last span in August, well before the storms that usually stop building in autumn.",
    ),
    (
        "School kitchens to cook with local fish",
        "Forty schools will buy from the harbour market twice a week, after a trial that pupils liked.",
    ),
    (
        "Museum finds a map thought lost in the fire",
        "The sheet lay behind a cupboard and shows the town as it was before the sea wall was built.",
    ),
    (
        "Tram drivers call off the strike",
        "Both sides agreed on a new roster late on Friday and will meet again in the new year.",
    ),
    (
        "How to keep herbs through the winter",
        "Cut them back, bring them in before the first frost, and do not water them too much.",
    ),
    (
        "The choir that sings only at low tide",
        "Its members walk out on the sand at dawn and are back before the water is.",
    ),
    (
        "Timber prices fall for the third month",
        "Yards along the coast have more logs than they can saw, and builders are waiting.",
    ),
    (
        "A day with the lighthouse painters",
        "They hang on ropes forty metres up and say that the wind is the least of it.",
    ),
    (
        "Library lends out tools and tents",
        "Members can now borrow drills, ladders and sewing machines for two weeks at a time.",
    ),
    (
        "Young sailors win at the lake cup",
        "The crew of four led from the second leg and finished with a minute to spare.",
    ),
)


def page(body: str, title: str = "The Vennes Post", head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{NAV}{COOKIES}{body}{FOOTER}</body></html>'


def paragraphs(texts: tuple[str, ...] = ARTICLE) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def article(inside: str = "", before: str = "", after: str = "", head: str = "") -> str:
    """The article in a usual page, with something inside, before or after its text."""
    text = paragraphs(ARTICLE[:4]) + inside + paragraphs(ARTICLE[4:])
    return page(
        f'<main><article class="story"><h1>Vennes closes its last coal pier</h1>{before}<div class="story-body">{text}</div>{after}</article></main>',
        "Vennes closes its last coal pier | The Vennes Post",
        head,
    )


def _teasers(start: int, count: int, *, shape: str) -> str:
    chosen = [_TEASERS[(start + place) % len(_TEASERS)] for place in range(count)]
    return "".join(
        shape.format(place=place, title=title, text=text, slug=title.lower().replace(" ", "-"))
        for place, (title, text) in enumerate(chosen)
    )


def refused() -> Iterator[tuple[str, str, str, str]]:
    """Name, address, page, and the word in the reason, of pages that are no article."""
    yield from _lists()
    yield from _searches()
    yield from _forums()
    yield from _products()
    yield from _videos()
    yield from _walls()
    yield from _others()


_CARDS = (
    '<div class="card"><a href="/{slug}"><img src="{place}.jpg" alt=""><h3>{title}</h3></a><p>{text}</p></div>',
    '<li class="teaser"><h2><a href="/{slug}">{title}</a></h2><p>{text} <a href="/{slug}">Read more</a></p></li>',
    '<article class="post-preview"><h2><a href="/{slug}">{title}</a></h2><time>{place} May 2026</time><p>{text}</p></article>',
    '<section><a href="/{slug}"><h3>{title}</h3><span>{text}</span></a></section>',
    '<li><a href="/{slug}">{title}</a></li>',
    '<div class="item"><span class="kicker">Town</span><h4><a href="/{slug}">{title}</a></h4><p class="deck">{text}</p><span>{place} hours ago</span></div>',
)


def _lists() -> Iterator[tuple[str, str, str, str]]:
    for place, shape in enumerate(_CARDS):
        for start, count in ((0, 10), (3, 24)):
            body = f'<main><h1>Latest news</h1><div class="grid">{_teasers(start, count, shape=shape)}</div></main>'
            head = '<meta property="og:type" content="website">'
            yield (
                f"list-{place}-{count}",
                "https://post.example/" if start else "https://post.example/town/",
                page(body, head=head),
                "list",
            )
    rows = _teasers(
        0,
        10,
        shape='<tr><td>{place}.</td><td><a href="/{slug}">{title}</a> (post.example)</td></tr><tr><td></td><td>{place}7 points by user{place}</td></tr>',
    )
    yield "aggregator", "https://links.example/", page(f"<table>{rows}</table>", "Links"), ""
    photos = "".join(f'<figure><img src="{n}.jpg"><figcaption>Photo {n} of 30</figcaption></figure>' for n in range(30))
    yield (
        "gallery",
        "https://photos.example/album/4",
        page(f"<main><h1>Album</h1>{photos}</main>", "Album"),
        "no article",
    )
    days = "".join(
        f"<tr><td>{day} May</td><td>{day % 9 + 9} °C</td><td>Cloudy</td><td>{day * 7 % 90} %</td></tr>"
        for day in range(1, 29)
    )
    yield (
        "weather",
        "https://weather.example/vennes",
        page(f"<main><h1>Weather in Vennes</h1><table>{days}</table></main>", "Weather"),
        "not an article",
    )


def _searches() -> Iterator[tuple[str, str, str, str]]:
    shapes = (
        '<div class="result"><h3><a href="https://x.example/{slug}">{title}</a></h3><cite>x.example › town</cite><p>{text} …</p></div>',
        '<li class="search-result"><a href="/{slug}">{title}</a><p>{place} May 2026 — {text}</p></li>',
        '<article><h2><a href="/{slug}">{title}</a></h2><p>{text}</p></article>',
        '<div><a href="/{slug}"><b>{title}</b></a><br>{text}<br><small>https://x.example/{slug}</small></div>',
    )
    for place, shape in enumerate(shapes):
        form = '<form action="/search"><input type="search" name="q" value="harbour"></form>'
        body = f"<main>{form}<p>About 1,240 results for harbour</p>{_teasers(place, 10, shape=shape)}<a href='?page=2'>Next</a></main>"
        yield f"search-{place}", "https://find.example/search?q=harbour", page(body, "harbour - Search"), ""


_POSTS = (
    "Has anyone tried to sand the old varnish off with a belt sander? I tried it on a test piece and it went straight through the veneer.",
    "I would use a scraper instead. It takes longer but you can stop in time, and you do not breathe all that dust.",
    "Seconded. A cabinet scraper and some patience. Also check whether it is shellac first, since that comes off with spirit alone.",
    "Thanks both, it was shellac after all! Came off in an hour with a rag. I will post pictures when the oil is dry.",
    "Nice result. What oil did you use? Mine stays sticky for days when the shop is cold.",
    "Tung oil, thinned by half for the first coat. Wipe it all off after twenty minutes or it never dries.",
    "Does that hold up on a kitchen table, or would you put something harder on top of it?",
    "On a table I would go for hard wax. It can be mended in spots, which is what you want with children.",
)


def _forums() -> Iterator[tuple[str, str, str, str]]:
    shapes = (
        '<div class="post"><div class="author">user{n}<br>Joined: May 2019<br>{n}2 posts</div><div class="body"><p>{text}</p></div><a>Reply</a> <a>Quote</a></div>',
        '<li class="comment"><span class="meta">user{n} · {n} hours ago · {n}3 points</span><p>{text}</p><a href="#r">reply</a></li>',
        "<tr><td>user{n}<br>{n}4 posts</td><td>Posted {n} days ago<hr>{text}</td></tr><tr><td><a>Report</a></td><td><a>Quote</a></td></tr>",
        '<div class="message"><h4>Re: Removing old varnish</h4><span>{n} months ago</span><div>{text}</div><a>Reply</a></div>',
        '<article class="topic-post"><header>user{n} <time>{n} days ago</time></header><section><p>{text}</p></section><footer><button>Like</button><a>Reply</a></footer></article>',
    )
    for place, shape in enumerate(shapes):
        posts = "".join(shape.format(n=n + 1, text=text) for n, text in enumerate(_POSTS))
        holder = f"<table>{posts}</table>" if posts.startswith("<tr") else f"<ul>{posts}</ul>"
        yield (
            f"forum-{place}",
            f"https://forum.example/t/{place}",
            page(f"<main><h1>Removing old varnish</h1>{holder}</main>", "Removing old varnish - Forum"),
            "discussion",
        )


def _products() -> Iterator[tuple[str, str, str, str]]:
    text = (
        "A kettle for people who make tea all day. The double wall keeps water hot for an hour, and the spout pours without a drip.",
        "The base is made of oak from the coast and the cord winds up beneath it. It holds 1.2 litres and boils a cup in under a minute.",
        "Our customers like it for its weight and its sound. It comes with a five year warranty and free returns within thirty days.",
    )
    heads = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Kettle","offers":{"@type":"Offer","price":"89"}}</script>',
        '<meta property="og:type" content="product">',
        "",
    )
    for place, head in enumerate(heads):
        for style in ("p", "li"):
            inner = "".join(f"<{style}>{part}</{style}>" for part in text)
            body = f'<main><h1>Oak Kettle 1.2 l</h1><span class="price">€ 89.00</span><button>Add to cart</button><div class="description">{inner}</div><p>In stock</p></main>'
            yield (
                f"product-{place}-{style}",
                f"https://shop.example/p/{place}",
                page(body, "Oak Kettle", head),
                "product",
            )


def _videos() -> Iterator[tuple[str, str, str, str]]:
    text = "In this episode we visit the last coal pier of Vennes and talk to the people who worked there. Filmed in one day in May."
    heads = (
        '<meta property="og:type" content="video.other">',
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"VideoObject","name":"The last pier"}</script>',
        '<meta property="og:type" content="music.song">',
        '<meta property="og:type" content="video.episode">',
    )
    for place, head in enumerate(heads):
        more = _teasers(place, 8, shape='<li><a href="/w/{slug}">{title}</a> <span>{place}:12</span></li>')
        body = f'<main><div class="player"><video src="v.mp4"></video></div><h1>The last pier</h1><p>{text}</p><p>12,034 views</p><ul>{more}</ul></main>'
        yield f"video-{place}", f"https://video.example/watch/{place}", page(body, "The last pier", head), "video"


def _walls() -> Iterator[tuple[str, str, str, str]]:
    texts = (
        "Sign in to go on. Use the address and the password that you chose when you opened your account with us.",
        "Welcome back! Please log in to see your messages, your orders and your saved pages. New here? Open an account, it is free.",
        "Your session has ended because nothing happened for twenty minutes. For your safety we signed you out. Please sign in again.",
        "This site is for members of the club. Enter your member number and password. If you have lost it, write to the office.",
    )
    for place, text in enumerate(texts):
        form = '<form><input type="email" name="e"><input type="password" name="p"><button>Sign in</button></form>'
        yield (
            f"login-{place}",
            "https://site.example/login",
            page(f"<main><h1>Sign in</h1><p>{text}</p>{form}</main>", "Sign in"),
            "log-in",
        )


def _others() -> Iterator[tuple[str, str, str, str]]:
    fields = "".join(f"<label>{name}<input name='{name}'></label>" for name in ("Name", "Address", "Town", "Message"))
    yield (
        "contact",
        "https://site.example/contact",
        page(
            f"<main><h1>Contact us</h1><p>We are glad to hear from you.</p><form>{fields}<button>Send</button></form></main>",
            "Contact",
        ),
        "",
    )
    yield (
        "not-found",
        "https://site.example/gone",
        page(
            "<main><h1>Page not found</h1><p>The page may have moved. Try the search, or go back to the start page.</p></main>",
            "404",
        ),
        "no article",
    )
    methods = "".join(
        f"<tr><td><code>get_{name}()</code></td><td>Returns the {name}.</td></tr>"
        for name in "name size colour weight owner parent children depth index label state value".split()
    )
    yield (
        "reference",
        "https://docs.example/api",
        page(f"<main><h1>class Thing</h1><table>{methods}</table></main>", "Thing"),
        "",
    )
    events = "".join(
        f"<li><b>{day} May</b> {title}<br>Town hall, 19:00</li>" for day, (title, _) in enumerate(_TEASERS, start=3)
    )
    yield (
        "calendar",
        "https://site.example/events",
        page(f"<main><h1>What is on</h1><ul>{events}</ul></main>", "What is on"),
        "",
    )
    yield (
        "application",
        "https://app.example/",
        '<html><head><title>App</title></head><body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>',
        "no text",
    )
    cart = "".join(
        f"<tr><td>{title}</td><td>1</td><td>€ {place}9.00</td></tr>"
        for place, (title, _) in enumerate(_TEASERS[:4], start=1)
    )
    yield (
        "cart",
        "https://shop.example/cart",
        page(
            f"<main><h1>Your basket</h1><table>{cart}</table><p>Free shipping from € 50</p><button>Checkout</button></main>",
            "Basket",
        ),
        "",
    )

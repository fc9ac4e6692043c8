"""Pages whose reader asks for them: those with nothing to read, and those that only look so.

`PAGES` gives each one's address and source by its name; `answered.tsv` says what is right. All words are our own; the
shapes are those of log-in forms, bot walls, paywalls, players and shops as they are found on the web.
"""
# ruff: noqa: E501 - markup is easier to read on one line

from __future__ import annotations

from support.made_pages import ARTICLE, COOKIES, article, page, paragraphs

PAGES: dict[str, tuple[str, str]] = {}
"""Address and source by name."""


def _add(name: str, source: str, path: str = "") -> None:
    PAGES[name] = (f"https://site.example/{path or name}", source)


def _bare(title: str, body: str, *, lang: str = "en", head: str = "") -> str:
    """A page with nothing of the site around its text."""
    return f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


def _list(*texts: str, shape: str = '<li><a href="/{n}">{text}</a></li>') -> str:
    return "".join(shape.format(n=n, text=text) for n, text in enumerate(texts))


def _form(name: str, word: str, button: str, forgotten: str = "") -> str:
    lost = f'<a href="/lost">{forgotten}</a>' if forgotten else ""
    return f'<form method="post"><label>{name} <input name="u"></label><label>{word} <input type="password" name="p"></label><button>{button}</button>{lost}</form>'


LOGINS = {
    "login-en": ("en", "Sign in", "Welcome back", "Use the account that you made with us.", ("E-mail", "Password", "Sign in", "Forgot your password?")),
    "login-de": ("de", "Anmelden", "Anmelden", "Bitte geben Sie Ihre Kundennummer und Ihr Kennwort ein.", ("Kundennummer", "Kennwort", "Anmelden", "Kennwort vergessen?")),
    "login-fr": ("fr", "Connexion", "Se connecter", "Saisissez votre adresse et votre mot de passe.", ("Adresse", "Mot de passe", "Se connecter", "Mot de passe oublié ?")),
    "login-es": ("es", "Iniciar sesión", "Iniciar sesión", "Escriba su correo y su contraseña para entrar en su cuenta.", ("Correo", "Contraseña", "Entrar", "¿Olvidó su contraseña?")),
    "login-it": ("it", "Accedi", "Accedi al tuo conto", "Inserisci il nome utente e la parola d’ordine.", ("Nome utente", "Password", "Accedi", "Password dimenticata?")),
    "login-nl": ("nl", "Inloggen", "Inloggen", "Vul je e-mailadres en je wachtwoord in.", ("E-mailadres", "Wachtwoord", "Inloggen", "Wachtwoord vergeten?")),
    "login-pl": ("pl", "Logowanie", "Zaloguj się", "Podaj adres e-mail i hasło do swojego konta.", ("E-mail", "Hasło", "Zaloguj się", "Nie pamiętasz hasła?")),
    "login-pt": ("pt", "Entrar", "Entrar na conta", "Use o seu e-mail e a sua palavra-passe.", ("E-mail", "Palavra-passe", "Entrar", "Esqueceu a palavra-passe?")),
    "login-ja": ("ja", "ログイン", "ログイン", "メールアドレスとパスワードを入力してください。", ("メールアドレス", "パスワード", "ログイン", "パスワードをお忘れの方")),
    "login-tr": ("tr", "Giriş yap", "Giriş yap", "E-posta adresinizi ve parolanızı yazın.", ("E-posta", "Parola", "Giriş yap", "Parolamı unuttum")),
}  # fmt: skip
for _name, (_lang, _title, _heading, _hint, _labels) in LOGINS.items():
    _add(_name, _bare(_title, f"<main><h1>{_heading}</h1><p>{_hint}</p>{_form(*_labels)}</main>", lang=_lang))

_add(
    "login-with-news-of-the-service",
    _bare(
        "Sign in to Fernbank",
        f"<main><h1>Sign in to Fernbank</h1>{_form('Member number', 'Password', 'Sign in')}</main><aside><h2>Stay safe</h2>"
        "<p>We never ask for your password by telephone. If anyone does, ring off and call the number on the back of your card.</p>"
        "<p>On Sunday from two to four in the morning payments will not be possible, because we look after our machines.</p></aside>"
        "<footer><a href='/help'>Help</a> <a href='/terms'>Terms</a></footer>",
    ),
    "login",
)
_add(
    "sign-up",
    page(
        "<main><h1>Create your account</h1><p>Already have an account? <a href='/login'>Log in</a></p>"
        f"{_form('E-mail', 'Choose a password', 'Create account')}<p>By going on you accept our terms of use.</p></main>",
        "Create your account",
    ),
)

WALLS = {
    "wall-browser-check": ("en", "Just a moment...", "<h1>post.example</h1><h2>Checking if the site connection is secure</h2><p>post.example needs to review the security of your connection before proceeding.</p><p>Ray ID: 8a1f00c2</p>"),
    "wall-press-and-hold": ("en", "Access to this page has been denied", "<h1>Before we continue...</h1><p>Press and hold to confirm you are a human (and not a bot).</p><p>Reference ID 51aa-90</p>"),
    "wall-traffic": ("en", "Sorry", "<p>Our systems have detected unusual traffic from your network. Please try again later, or solve the puzzle below.</p><p>Why did this happen? Terms that robots send often look like yours.</p>"),
    "wall-proof-of-work": ("en", "Making sure you're not a bot!", "<h1>Making sure you're not a bot!</h1><p>Calculating. Difficulty 4, speed 12 kH/s.</p><details><summary>Why am I seeing this?</summary><p>You see this because the keeper of this site has set it up to hold off the companies that fetch whole sites over and over. Your browser does a small sum, which costs you a second and costs them a fortune.</p></details>"),
    "wall-denied": ("en", "Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this server. Reference #18.9d2f</p>"),
    "wall-blocked": ("en", "Attention required", "<h1>Sorry, you have been blocked</h1><p>You are unable to access post.example. This website uses a security service to protect itself. The action you just performed set it off.</p>"),
    "wall-slider": ("en", "Verification", "<div class='box'><h2>Verify you are human</h2><p>Slide right to complete the picture.</p></div>"),
    "wall-script-and-cookies": ("en", "post.example", "<p>Please enable JavaScript and cookies to continue</p>"),
    "wall-de": ("de", "Einen Moment", "<h1>Sind Sie ein Mensch?</h1><p>Bitte bestätigen Sie, dass Sie kein Roboter sind, um fortzufahren.</p>"),
    "wall-fr": ("fr", "Vérification", "<h1>Vérification de sécurité</h1><p>Veuillez confirmer que vous n’êtes pas un robot pour continuer.</p>"),
    "wall-es": ("es", "Un momento", "<h1>Comprobando su navegador</h1><p>Confirme que no es un robot para continuar.</p>"),
}  # fmt: skip
for _name, (_lang, _title, _body) in WALLS.items():
    _add(_name, _bare(_title, f"<div class='main-wrapper'>{_body}</div>", lang=_lang))

_VIDEO = '<meta property="og:type" content="video.other">'
_add("video", page('<main><video src="v.mp4"></video><h1>The last pier</h1><p>12,034 views</p><p>Filmed in one day in May with the people who worked there.</p></main>', "The last pier", _VIDEO))  # fmt: skip
_add(
    "video-with-more-of-them",
    page(
        '<main><div class="player"></div><h1>Night on the lighthouse</h1><span>3.1K views · 2 days ago</span><h2>Up next</h2><ul>'
        + _list("Bridge to the island", "A day with the painters", "Herbs in winter", "The choir at low tide", "Young sailors", "Tram drivers", shape='<li><a href="/w/{n}">{text}</a> <span>{n}:12</span></li>')
        + "</ul></main>",
        "Night on the lighthouse",
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"VideoObject","name":"Night on the lighthouse"}</script>',
    ),
)  # fmt: skip
_add("song", page('<main><h1>Low tide</h1><p>The Sand Choir</p><p>3:41</p><button>Play</button></main>', "Low tide", '<meta property="og:type" content="music.song">'))  # fmt: skip

_ROWS = "".join(f"<tr><td>{hour}:05</td><td>{hour}:21</td><td>{hour}:48</td><td>{hour + 1}:02</td></tr>" for hour in range(5, 23))  # fmt: skip
_TABLE = f"<table><tr><th>Harbour</th><th>Market</th><th>School</th><th>Station</th></tr>{_ROWS}</table>"
_add("timetable", page(f"<main><h1>Tram 4, weekdays</h1>{_TABLE}</main>", "Tram 4"))
_add(
    "league-table",
    page(
        "<main><h1>Lake league</h1><table><tr><th>Team</th><th>Played</th><th>Won</th><th>Points</th></tr>"
        + "".join(f"<tr><td>{team}</td><td>22</td><td>{won}</td><td>{won * 3 + 2}</td></tr>" for won, team in enumerate("Vennes Orme Tarn Hessle Luz Marsk Fern Olde Brae Sund Kell Rova".split()))
        + "</table></main>",
        "Lake league",
    ),
)  # fmt: skip

_NAMES = tuple(f"{one} {two}" for one in ("Oak", "Pine", "Steel", "Linen") for two in ("kettle", "table", "lamp", "chair", "bowl", "rug"))  # fmt: skip
_GRID = _list(*_NAMES, shape='<div class="product-card"><a href="/p/{n}"><img src="{n}.jpg" alt=""><h3>{text}</h3></a><span class="price">€ {n}9.00</span><button>Add to cart</button></div>')  # fmt: skip
_add("grid", page(f"<main><h1>Kitchen and home</h1><p>24 items</p><div class='grid'>{_GRID}</div></main>", "Kitchen and home"))  # fmt: skip
_add("links", page(f"<main><h1>Links</h1><ul>{_list(*_NAMES)}</ul></main>", "Links"))
_add(
    "a-to-z",
    page(
        "<main><h1>All towns</h1>"
        + "".join(f"<h2>{letter}</h2><ul>{_list(*(letter + end for end in ('arnes', 'olde', 'undby', 'essle')))}</ul>" for letter in "ABDFHKLMNRST")
        + "</main>",
        "All towns",
    ),
)  # fmt: skip
_add(
    "headlines",
    page(
        "<main><h1>Archive, May</h1><ul>"
        + _list(
            "Bridge to the island opens a month early",
            "School kitchens to cook with local fish",
            "Museum finds a map thought lost in the fire",
            "Tram drivers call off the strike",
            "How to keep herbs through the winter",
            "The choir that sings only at low tide",
            "Timber prices fall for the third month",
            "A day with the lighthouse painters",
            "Library lends out tools and tents",
            "Young sailors win at the lake cup",
            "Sheep stop the morning train",
            "Two owls move into the town hall",
        )
        + "</ul></main>",
        "Archive",
    ),
)
_add("album", page("<main><h1>Album</h1>" + "".join(f'<figure><img src="{n}.jpg"><figcaption>Photo {n}</figcaption></figure>' for n in range(30)) + "</main>", "Album"))  # fmt: skip
_add("app-shell", _bare("App", '<div id="root"></div><script src="app.js"></script>'))
_add("app-shell-noscript", _bare("App", '<div id="app"></div><noscript>You need to enable JavaScript to run this app.</noscript>'))  # fmt: skip
_add("app-shell-loading", _bare("Board", '<div id="root"><div class="spinner">Loading…</div></div>'))
_add("app-shell-with-a-hidden-log-in", _bare("What is your range? - Forum", f'<header><a href="/">forum.example</a> <a href="/give">donate now</a></header><section id="main"></section><div style="display:none">{_form("Name", "Password", "Log in")}</div>'))  # fmt: skip
_add("cookie-wall", _bare("The Vennes Post", COOKIES))

_FREE = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Vennes closes its last coal pier","isAccessibleForFree":%s}</script>'
_HEADLINE = "Vennes closes its last coal pier"
STUBS = {
    "stub-declared": ("en", _FREE % "false", "", "Become a member to go on."),
    "stub-en": ("en", "", "paywall", "Subscribe to continue reading."),
    "stub-named": ("en", "", "offer", "This story is for subscribers only."),
    "stub-de": ("de", "", "offer", "Weiterlesen mit dem Abo: Dieser Artikel ist nur für Abonnenten."),
    "stub-fr": ("fr", "", "offre", "Cet article est réservé aux abonnés. Il vous reste 80 % à lire."),
    "stub-es": ("es", "", "oferta", "Este contenido es exclusivo para suscriptores."),
}
_LEADS = {
    "en": ARTICLE[0],
    "de": "Die Hafenstadt Vennes hat am Montag ihren letzten Kohlepier geschlossen und damit einen Handel beendet, von dem der Ort anderthalb Jahrhunderte lang gelebt hat.",
    "fr": "La ville portuaire de Vennes a fermé lundi sa dernière jetée à charbon, ce qui met fin à un commerce dont elle a vécu pendant un siècle et demi.",
    "es": "La ciudad portuaria de Vennes cerró el lunes su último muelle de carbón y puso fin a un comercio del que vivió durante siglo y medio.",
}
for _name, (_lang, _head, _class, _offer) in STUBS.items():
    _add(
        _name,
        page(
            f'<main><article><h1>{_HEADLINE}</h1><p>{_LEADS[_lang]}</p><div class="{_class}"><p>{_offer}</p><button>OK</button></div></article></main>',
            _HEADLINE,
            _head,
        ).replace('lang="en"', f'lang="{_lang}"'),
    )

GONE = {
    "gone-en": ("en", "Page not found", "The page may have moved. Try the search, or go back to the start page."),
    "gone-number": ("en", "404", "Oops! Nothing here. Perhaps you followed an old link, or a letter was lost on the way."),
    "gone-de": ("de", "Seite nicht gefunden", "Die gewünschte Seite gibt es nicht mehr. Gehen Sie zur Startseite oder nutzen Sie die Suche."),
    "gone-fr": ("fr", "Page introuvable", "La page que vous cherchez a été déplacée. Revenez à l’accueil ou lancez une recherche."),
    "gone-es": ("es", "Página no encontrada", "La página que busca ya no está aquí. Vuelva al inicio o use el buscador."),
    "gone-server": ("en", "500 Internal Server Error", "Something went wrong on our side. We have been told and are looking into it."),
}  # fmt: skip
for _name, (_lang, _title, _text) in GONE.items():
    _add(
        _name,
        page(f"<main><h1>{_title}</h1><p>{_text}</p></main>", _title).replace('lang="en"', f'lang="{_lang}"'),
        "lost",
    )
_add("contact", page("<main><h1>Contact us</h1><p>We are glad to hear from you.</p>" + "".join(f"<label>{name}<input name='{name}'></label>" for name in ("Name", "Address", "Town")) + "<button>Send</button></main>", "Contact"))  # fmt: skip

_add(
    "product-of-labels",
    page(
        "<main><video src='v.mp4'></video><h1>The Cream</h1><p>$195.00 or 4 payments of $48.75</p>"
        "<p>Choosing a colour may change the pictures that are shown above, to match what is selected</p>"
        + "".join(f"<li><input type='radio'> {text}</li>" for text in ("Size: 30 ml", "Standard size", "Mini size", "Save 5% on this item", "Pick up in a shop", "Same-day delivery", "See where it is in stock"))
        + "<p>Choosing a size may change the pictures that are shown above, to match what is selected</p><button>Add to basket</button></main>",
        "The Cream",
        '<script type="application/ld+json">[{"@type":"Product","name":"The Cream","offers":{"@type":"Offer","price":"195"}},{"@type":"VideoObject","name":"How to use The Cream"}]</script>',
    ),
)  # fmt: skip

# Those that only look so.

_BOX = f'<div class="login-box"><h3>Sign in</h3>{_form("E-mail", "Password", "Sign in", "Forgot your password?")}</div>'
_HELP = (
    "To sign in to your library account you need the number on the back of your card and the code that you chose when you joined.",
    "Open the start page, press the round button at the top, type both of them in, and press Enter.",
    "After three wrong tries the account is closed for an hour, so that nobody can guess the code.",
    "If you have lost your card, bring a letter with your address to any branch, and we will print a new one while you wait.",
    "Children have accounts of their own, which a parent opens for them with a signature.",
)
_add("article-with-a-log-in-box", article(before=_BOX))
_add(
    "help-on-signing-in",
    page(f"{_BOX}<main><h1>How to sign in to your account</h1>{paragraphs(_HELP)}</main>", "How to sign in"),
)
_add(
    "thread-with-a-log-in-box",
    page(
        f"{_BOX}<main><h1>Removing old varnish</h1>"
        + "".join(
            f'<div class="post"><b class="author">user{n}</b><div class="body">{text}</div></div>'
            for n, text in enumerate(
                (
                    "Has anyone tried to sand the old varnish off with a belt sander? I tried it on a test piece and it went straight through.",
                    "I would use a scraper instead. It takes longer but you can stop in time, and you do not breathe all that dust.",
                    "Thanks, it was shellac after all! It came off in an hour with a rag and some spirit.",
                )
            )
        )
        + "</main>",
        "Removing old varnish - Forum",
    ),
)
_add(
    "about-robots",
    page(
        "<main><article><h1>Are you a robot? How the test works</h1>"
        + paragraphs(
            (
                "Every few pages the web asks whether you are a human, and shows nine squares in which you must find the buses.",
                "The first such test was made at a university in the year 2000, and it was called a captcha by the students who wrote it.",
                "Today the squares matter less than the way your hand moves: a program goes straight to its aim, and people never do.",
                "Blind readers are given a sound instead, which half of them cannot make out, as a trial in Orme found.",
            )
        )
        + "</article></main>",
        "Are you a robot? How the test works",
    ),
)
_add(
    "about-404",
    page(
        "<main><article><h1>404: what a page should say when it is gone</h1>"
        + paragraphs(
            (
                "A reader who follows an old link meets the number 404, which says to a browser that nothing is kept at this address.",
                "A good page says so in one sentence, in the reader’s language, and offers a way on: the search, and what is nearest.",
                "It does not blame the reader. Most such links were broken by the site itself, when somebody tidied its folders.",
                "And it answers with the right number, since a page that says sorry with the number 200 is kept by every search engine.",
            )
        )
        + "</article></main>",
        "404: what a page should say when it is gone",
    ),
)
_add("article-with-an-offer", article('<div class="paywall"><p>Subscribe to keep reading all stories.</p></div>'))
_add("article-for-subscribers-in-full", article(head=_FREE % "false"))
_add("short-article-with-a-video", page(f'<main><h1>{_HEADLINE}</h1><video src="v.mp4"></video>{paragraphs(ARTICLE[:4])}</main>', _HEADLINE, _VIDEO))  # fmt: skip
_add("video-with-its-words", page(f'<main><video src="v.mp4"></video><h1>The last pier</h1><h2>Transcript</h2>{paragraphs()}</main>', "The last pier", _VIDEO))  # fmt: skip
_add(
    "grid-with-a-guide",
    page(
        f"<main><h1>Kettles</h1><div class='grid'>{_GRID}</div><section><h2>Which kettle is right?</h2>"
        + paragraphs(
            (
                "A kettle of steel boils fastest and lasts longest, but it is hot to the touch and should not stand where children reach it.",
                "One of glass shows how much water is in it, and when the scale has to be taken out, which in our town is every month.",
                "If you make tea for two, one litre is enough. Whatever is boiled and not poured is paid for and lost.",
                "Look at the lid before you buy: one that opens wide lets you clean it by hand.",
            )
        )
        + "</section></main>",
        "Kettles",
    ),
)
_add(
    "grid-under-a-paragraph",
    page(
        f"<main><h1>Oak</h1><p>All our oak comes from three woods on the coast, where a tree is felled only when two young ones stand beside it. "
        "The boards lie under a roof for two years before they are sawn, and so the tables do not warp when the heating comes on.</p>"
        "<p>Each piece is oiled by hand and can be mended in spots, which is what you want with children. We take every piece back after ten years.</p>"
        f"<div class='grid'>{_GRID}</div></main>",
        "Oak",
    ),
)
_add(
    "links-with-a-word-on-each",
    page(
        "<main><h1>What we read this week</h1><ul>"
        + "".join(
            f'<li><a href="/{n}">{title}</a>: {text}</li>'
            for n, (title, text) in enumerate(
                (
                    ("The bridge", "workers finished the last span in August, well before the storms that usually stop building in autumn."),
                    ("The map", "the sheet lay behind a cupboard for eighty years and shows the town as it was before the sea wall was built."),
                    ("The strike", "both sides agreed on a new roster late on Friday, and will meet again in the new year to talk about pay."),
                    ("The choir", "its members walk out on the sand at dawn, sing for an hour, and are back before the water is."),
                    ("The owls", "two of them have moved into the tower of the town hall, and the bells are silent until the young have flown."),
                )
            )
        )
        + "</ul></main>",
        "What we read this week",
    ),
)  # fmt: skip
_add(
    "table-with-its-meaning",
    page(
        f"<main><h1>Tram 4</h1>{paragraphs(('From Monday the tram to the station runs every twenty minutes instead of every half hour, as the council decided in March.', 'The first one leaves the harbour at five past five, so that the early shift at the timber yard can take it. The last one waits for the night train.', 'On Sundays nothing changes. Whoever has a yearly ticket need not do anything.'))}{_TABLE}</main>",
        "Tram 4",
    ),
)
_add("article-behind-a-cookie-dialog", page(f"<main><h1>{_HEADLINE}</h1>{paragraphs()}</main>").replace("<body>", f'<body class="no-scroll">{COOKIES * 2}'))  # fmt: skip
_add(
    "reference-of-short-sentences",
    page(
        "<main><h1>Options</h1><dl>"
        + "".join(
            f"<dt><code>--{name}</code></dt><dd>{text}</dd>"
            for name, text in (
                ("quiet", "Prints nothing but errors."),
                ("depth", "How far links are followed. Zero reads the first page alone."),
                ("wait", "Seconds between two requests. The default is one."),
                ("output", "The folder that pages are written to. It is made if it is not there."),
                ("agent", "The name that is sent to servers. Choose one with an address in it."),
                ("resume", "Goes on where the last run ended. Files that are whole are not fetched again."),
            )
        )
        + "</dl></main>",
        "Options - fetcher manual",
    ),
)
_add(
    "press-release-with-a-member-area",
    page(
        f"<aside><h4>Members</h4>{_form('Number', 'Password', 'Log in')}</aside><main><h1>Press release</h1>{paragraphs(ARTICLE[:3])}</main>",
        "Press release - Harbour club",
    ),
)
_add("article-behind-an-early-end", article().replace("<main>", "</body></html><main>"))
_add(
    "teasers-in-links",
    page(
        "<main><h1>Rental cars</h1>"
        + "".join(
            f'<a href="/{n}"><div><h2>{title}</h2><p>{text}</p></div></a>'
            for n, (title, text) in enumerate(
                (
                    ("Rental cars leave the harbour", "The last firm that let cars at the harbour closed its counter on Friday, since most visitors now come by train."),
                    ("What the new rules mean", "From June whoever rents a car must show that it can be charged where they stay, as the council decided by one vote."),
                    ("A car comes back after a year", "It had stood in a barn with the key in the lock, and the farmer had taken it for a present from his daughter."),
                    ("Fewer scratches, more quarrels", "A camera now finds each scratch within a minute, and the number of complaints has doubled since it was put up."),
                )
            )
        )
        + "</main>",
        "Rental cars - The Vennes Post",
    ),
)  # fmt: skip

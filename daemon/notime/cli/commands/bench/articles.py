"""Pages to measure on: invented news of any length, the same on every machine.

Comes in: a number of words and a seed. Goes out: HTML. All of it is ours: sentences with gaps, filled with invented
names and numbers. Nothing here reads well for long; it has the length, the names, the numbers and the quotations of
news, which is what costs time.
"""
# ruff: noqa: E501 - a sentence is easier to read on one line

from __future__ import annotations

import html
import random
import re

TOWNS = (
    "Larkmouth",
    "Ostvik",
    "Vennes",
    "Saltby",
    "Harrowmere",
    "Tolbrück",
    "Quenby",
    "Aldenfoss",
    "Marrick",
    "Sollund",
)
PEOPLE = (
    "Maud Penhallick",
    "Jonas Feld",
    "Tamsin Oake",
    "Ivar Brandt",
    "Leonie Strand",
    "Joss Wyverne",
    "Odile Tarrant",
    "Brannoc Eddery",
    "Mira Solheim",
    "Anselm Kerr",
)
ROLES = (
    "mayor",
    "harbour master",
    "head of the works office",
    "union secretary",
    "chief engineer",
    "council treasurer",
)
BODIES = ("county board", "water authority", "port trust", "school council", "transport agency", "hospital foundation")
THINGS = ("bridge", "ferry line", "sea wall", "market hall", "tram depot", "reservoir", "lighthouse", "swimming baths")
MONTHS = ("January", "March", "April", "June", "September", "October", "November")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

LEADS = (
    "The {body} of {town} will close the old {thing} on {date} {month} and spend {money} million crowns on a new one, the {role}, {person}, said on {day}.",
    "{town} is to rebuild its {thing} for {money} million crowns after engineers found that it would not stand another winter, the {body} said on {day}.",
    "Work on the {thing} at {town} has stopped for the third time this year because the {body} has run out of money, according to a report that was published on {day}.",
)
SENTENCES = (
    "About {n} people came to the town hall to hear the plan, and most of them stayed until the vote shortly before midnight.",
    "“Nobody has asked us what we need, and nobody has told us what it will cost,” said {person}, who has worked at the {thing} for {years} years.",
    "The {body} paid {percent} percent of the cost and borrowed the rest over {years} years, a loan that it expects to cover with what it saves on repairs.",
    "{person}, the {role}, did not rule out higher fees, but said that they would not rise before {month} of next year.",
    "A study by the {body} found that {n} of the {town} workers who were asked would use the {thing} at least twice a week if it opened before six in the morning.",
    "The {thing} was built in {year}, when {town} had twice as many inhabitants as it has today and moved nearly all of its goods by water.",
    "Critics say that the estimate rests on a price for electricity that no supplier has guaranteed.",
    "Since {year} the number of travellers between {town} and {town2} has fallen by {percent} percent, while the cost of keeping the {thing} open has doubled.",
    "If the trial in {month} fails, the plan will be put off until a second site has been found near {town2}.",
    "The contract went to a firm from {town2} whose offer was {money} million crowns lower than the next one.",
    "{person} called the decision a mistake and announced that a group of {n} residents would go to court against it.",
    "The report does not say who knew of the damage, or why it took the {body} until {month} to tell the public.",
    "Shopkeepers along the quay fear for the summer trade, which brings in almost {percent} percent of what they earn in a year.",
    "According to the {role}, all {n} employees will keep their jobs, although {years} of them will have to move to the depot at {town2}.",
    "It was not the first warning: in {year} a storm had already torn {years} metres out of the eastern wall.",
    "The council will decide on {date} {month}, and until then the {thing} stays open on weekdays only.",
    "“We would rather lose a summer than build something that has to be built again,” {person} told the meeting.",
    "Experts of the {body} had advised against the site because the ground there sinks by {years} millimetres a year.",
    "Neighbouring {town2} chose another way: it sold its {thing} in {year} and has rented it back ever since.",
    "The {body} refused to publish the figures, saying that talks with two banks were still going on.",
    "Repairs after the flood of {year} took {years} months longer than planned and cost {money} million crowns in all.",
    "For the {n} families who live behind the {thing} little will change before the works begin in {month}.",
    "A spokeswoman said that the tests had shown no danger, but that {percent} percent of the bolts would be replaced all the same.",
    "{person} and {person2}, who rarely agree on anything, both voted for the smaller of the two plans.",
    "The money comes from a fund that was set up in {year} and that still holds about {money} million crowns.",
    "Whether the night service can be kept depends on how many of the {n} registered users are willing to pay for it.",
    "The first passengers are expected in {month}, although the {role} would not name a day.",
    "Until the {thing} was closed to lorries, more than {n} of them crossed the centre of {town} every day.",
)
HEADINGS = ("What it will cost", "The other side", "How it came to this", "What happens next", "A long quarrel")
SENTENCES_A_PARAGRAPH = 3
PARAGRAPHS_A_SECTION = 8

_MENU = ("Home", "Town", "Business", "Culture", "Sport", "Weather", "Opinion", "Contact")
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} – The Bench Courier</title>
<meta property="og:type" content="article">
<meta property="og:site_name" content="The Bench Courier">
<meta property="og:title" content="{title}">
<style>body {{ font: 1.1rem/1.6 Georgia, serif; }} nav li {{ display: inline; }}</style>
</head>
<body>
<header><a href="/">The Bench Courier</a><nav><ul>{menu}</ul></nav></header>
<main><article>
<h1>{title}</h1>
<p class="byline">By {author}</p>
{body}
</article></main>
<aside><h2>Most read</h2><ul>{teasers}</ul></aside>
<footer><p>© The Bench Courier. All rights reserved.</p><ul>{menu}</ul></footer>
</body>
</html>
"""


class _Story:
    """Fills gaps: one town and a few people to a section, so that names come back as they do in news."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._order: list[str] = []
        self._scene: dict[str, str] = {}
        self.turn()

    def turn(self) -> None:
        """Another place and another matter."""
        town, town2 = self._two(TOWNS)
        self._scene = {"town": town, "town2": town2, "thing": self._one(THINGS), "body": self._one(BODIES)}

    def fill(self, sentence: str) -> str:
        """The sentence, its gaps filled."""
        person, person2 = self._two(PEOPLE)
        return sentence.format(
            **self._scene,
            person=person,
            person2=person2,
            role=self._one(ROLES),
            month=self._one(MONTHS),
            day=self._one(DAYS),
            date=1 + self._below(28),
            n=40 + self._below(900),
            years=3 + self._below(30),
            percent=6 + self._below(70),
            money=f"{1 + self._below(400) / 10:.1f}",
            year=1890 + self._below(130),
        )

    def sentence(self) -> str:
        """The next: all of them come before one comes again."""
        if not self._order:
            self._order = sorted(SENTENCES, key=lambda _: self._random.random())
        return self.fill(self._order.pop())

    def _below(self, bound: int) -> int:
        return int(self._random.random() * bound)

    def _one(self, values: tuple[str, ...]) -> str:
        return values[self._below(len(values))]

    def _two(self, values: tuple[str, ...]) -> tuple[str, str]:
        first = self._below(len(values))
        return values[first], values[(first + 1 + self._below(len(values) - 1)) % len(values)]


def page(words: int, seed: int = 0) -> str:
    """A news page.

    Args:
        words: length of the article; it ends with the sentence that reaches it.
        seed: another one is another article.

    Returns:
        HTML, the article in a header, a menu, a list of other articles and a footer.
    """
    story = _Story(seed)
    lead = story.fill(LEADS[seed % len(LEADS)])
    title = " ".join(re.split(r"[, ]+", lead)[:9])
    blocks, written, paragraphs = [f"<p>{html.escape(lead)}</p>"], len(lead.split()), 0
    while written < words:
        paragraph: list[str] = []
        while written < words and len(paragraph) < SENTENCES_A_PARAGRAPH:
            paragraph.append(story.sentence())
            written += len(paragraph[-1].split())
        blocks.append(f"<p>{html.escape(' '.join(paragraph))}</p>")
        paragraphs += 1
        if paragraphs % PARAGRAPHS_A_SECTION == 0:
            story.turn()
            blocks.append(f"<h2>{HEADINGS[paragraphs // PARAGRAPHS_A_SECTION % len(HEADINGS)]}</h2>")
    return _PAGE.format(
        title=html.escape(title),
        author=PEOPLE[seed % len(PEOPLE)],
        body="\n".join(blocks),
        menu="".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in _MENU),
        teasers="".join(f'<li><a href="/{n}">{html.escape(story.fill(LEADS[n % 3]))}</a></li>' for n in range(6)),
    )

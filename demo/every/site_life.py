"""Life of the city's websites: articles that are drafted, corrected and withdrawn, and what visitors say to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from random import Random

from demo import days, life, texts
from demo.days import DAY, END
from demo.life import Life
from demo.people import Person
from demo.texts import Scene
from demo.world import Absence, Account, Entry, Wording

POOL = "The swimming pool at Riverside Park opens again on Saturday at ten. The filter pump is new."
POOL_DRAFTED, POOL_OPEN = days.local("2026-03-12 16:20"), days.local("2026-04-04 10:00")
"""When the article on the pool is written, and when it is published."""

WITHDRAWN = days.local("2026-03-24 11:30")
FORECAST = "The council has decided on a new fee for street parking downtown."
"""What was published too early in March and went into the trash."""


def news(seed: int, scale: float) -> Life:
    """Return the life of the city's news site, on which citizens comment."""
    account = Account(
        name="site-news", platform="website", department="Clerk-Treasurer", title="News of the City of Milbrook",
        handle="news.milbrook.example",
    )  # fmt: skip
    lived = Life(account, Random(f"{seed}/site-news"), seed, scale)
    for at in life.dates(lived.rng, lived.times(60)):
        scene = life.scene(lived.rng, "city", at)
        one = article(lived, scene, at)
        befall(lived, scene, one)
        for _ in range(int(lived.rng.random() * 4)):
            _comment(lived, scene, one)
    _pool(lived)
    account.entries.sort(key=lambda one: (one.at, one.id))
    return lived


def article(lived: Life, scene: Scene, at: datetime, number: int = 0) -> Entry:
    """Write an article; its id is the site's next number."""
    rng, topic = lived.rng, scene.topic
    at = lived.at_its_own_second(at)
    text = scene.say(rng, texts.one_of(rng, topic.posts)).text
    further = f"\n\n{scene.say(rng, texts.one_of(rng, topic.more)).text}" if topic.more else ""
    media = (life.media(rng, f"site-{at:%Y%m%d%H%M%S}", topic.motif),) if rng.random() < 0.25 else ()
    return add(lived, text + further, at, media=media, language=topic.language)


def add(lived: Life, text: str, at: datetime, **facts: object) -> Entry:
    """Add an article of these words."""
    number = 10 + 3 * len(lived.account.entries)
    made = Entry(id=str(number), kind="article", wordings=(Wording(at, text),), title=_title(text), **facts)  # type: ignore[arg-type]  # as the caller has them
    lived.account.entries.append(made)
    return made


def _title(text: str) -> str:
    """Return an article's title: how its first sentence begins."""
    first = text.splitlines()[0].split(". ")[0]
    return " ".join(first.split(" ")[:9]).rstrip(".,:;")


def paragraphs(text: str) -> str:
    """Return words as the paragraphs of a page (HTML)."""
    return "\n".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))


def befall(lived: Life, scene: Scene, one: Entry) -> None:
    """Correct an article, throw it away, or leave it."""
    rng, chance = lived.rng, lived.rng.random()
    if chance < 0.3:
        at = life.fate(rng, one.at)
        if at is not None:
            text = f"{one.wordings[0].text} {scene.addition(rng)}"
            one.wordings = (*one.wordings, Wording(at, text))
    elif chance < 0.45:
        one.absences = life.absence(rng, one.at, "city", "deleted", trashed=0.7, back=0.3)


def _pool(lived: Life) -> None:
    """The pool's article waits as a draft; another one was published too early."""
    draft = add(lived, POOL, POOL_DRAFTED)
    draft.absences = (Absence(POOL_DRAFTED, POOL_OPEN, "city", "hidden"),)
    early = add(lived, FORECAST, days.local("2026-02-26 09:10"))
    early.absences = (Absence(WITHDRAWN, None, "city", "deleted", trashed=True),)
    late = add(lived, "Test, please ignore", days.local("2026-04-20 13:00"))
    late.absences = (Absence(late.at + timedelta(minutes=9), None, "city", "deleted", trashed=True),)


# -- comments


def _comment(lived: Life, scene: Scene, of: Entry) -> None:
    """A citizen remarks or asks; the city holds some back, and takes private data out of some."""
    rng, citizen = lived.rng, lived.somebody()
    asks = rng.random() < 0.4
    exchange = rng.choice(scene.topic.exchanges)
    template = exchange.ask if asks else texts.one_of(rng, scene.topic.remarks)
    said = scene.of(citizen).say(rng, template, citizen)
    at = lived.at_its_own_second(days.awake(rng, of.at + DAY * rng.randint(1, 5)))
    if at >= END:
        return
    made = _said(lived, of, at, said.text, citizen)
    lived.note_private("comment", made.id, said.private)
    if asks:
        _answer(lived, scene, exchange.answer, made, of)
    _moderate(rng, made)


def _said(lived: Life, of: Entry, at: datetime, text: str, author: Person | None, parent: str = "") -> Entry:
    made = Entry(
        id=str(7001 + len(lived.account.entries)), kind="comment", wordings=(Wording(at, text),), author=author,
        parent=parent or of.id, thread=of.id,
    )  # fmt: skip
    lived.account.entries.append(made)
    return made


def _answer(lived: Life, scene: Scene, template: str, asked: Entry, of: Entry) -> None:
    at, answer = lived.answered_at(asked.at), None
    if at is not None and at < END and asked.author is not None:
        text = scene.answer(lived.rng, template, asked.author)
        answer = _said(lived, of, lived.at_its_own_second(at), text, None, asked.id)
    lived.note_question("comment", (asked.id, asked.at), (answer.id, answer.at) if answer else None)


def _moderate(rng: Random, one: Entry) -> None:
    """Hold a comment for approval, take it for spam, throw it away, or take something out of it."""
    chance = rng.random()
    if chance < 0.12:
        approved = days.at_work(rng, one.at + DAY * rng.randint(1, 30))
        one.absences = (Absence(one.at, approved, "city", "hidden"),)
    elif chance < 0.16:
        one.absences = (Absence(one.at, None, "platform", "hidden"),)
    elif chance < 0.24:
        one.absences = life.absence(rng, one.at, "city", "deleted", trashed=0.6, back=0.3)
    elif chance < 0.3:
        at = life.fate(rng, one.at)
        if at is not None:
            one.wordings = (*one.wordings, Wording(at, f"{one.wordings[0].text} [a number was taken out by the city]"))

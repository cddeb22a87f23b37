"""Life on X: posts, threads, answers to citizens, edits within the hour, deletions, followers, messages.

The accounts' ids have twelve digits, like those of ``demo.people``: nobody's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from demo import days, life, lists_life, story, talks, texts
from demo.days import BEGINNING, DAY
from demo.life import Life
from demo.people import Person
from demo.texts import Scene
from demo.world import Account, Entry, Wording
from demo.x_archive import snowflake

BIOGRAPHY = {
    "city": "The official account of the City of Milbrook, Wisconsin. All content is public record.",
    "police": "Milbrook Police Department, Wisconsin. Not for emergencies: call 911.",
}


def city(seed: int, scale: float) -> Life:
    """Return the life of the city's account."""
    account = Account(
        name="x-city", platform="x", department="Clerk-Treasurer", title="City of Milbrook",
        handle="CityOfMilbrook", native_id="204800000017",
    )  # fmt: skip
    return _live(account, "city", seed, scale, posts=210, followers=420, conversations=14)


def police(seed: int, scale: float) -> Life:
    """Return the life of the police department's account."""
    account = Account(
        name="x-police", platform="x", department="Police", title="Milbrook Police",
        handle="MilbrookPolice", native_id="204800000025",
    )  # fmt: skip
    return _live(account, "police", seed, scale, posts=90, followers=180, conversations=5)


def _live(
    account: Account, voice: str, seed: int, scale: float, posts: int, followers: int, conversations: int
) -> Life:
    lived = Life(account, Random(f"{seed}/{account.name}"), seed, scale)
    account.biography = (
        Wording(BEGINNING, BIOGRAPHY[voice]),
        Wording(days.local("2026-03-12 09:00"), f"Terms of use apply. {BIOGRAPHY[voice]}"),
    )
    for at in life.dates(lived.rng, lived.times(posts)):
        _post(lived, voice, at)
    story.tell(lived, _native_id)
    account.entries.sort(key=lambda one: (one.at, one.id))
    account.subscriptions = lists_life.followers(lived, lived.times(followers))
    account.conversations = talks.conversations(
        lived, lived.times(conversations), lambda at, n: str(snowflake(at, n)), f"-{account.native_id}"
    )
    return lived


def _native_id(lived: Life, at: datetime) -> str:
    return str(snowflake(at, len(lived.account.entries)))


def _add(lived: Life, at: datetime, text: str, scene: Scene, author: Person | None = None, parent: str = "") -> Entry:
    """Add a post of the city or, with an author, of a citizen, which no archive of the city will hold."""
    at = lived.at_its_own_second(at)
    likes = int(lived.rng.random() * 200)
    made = Entry(
        id=_native_id(lived, at), kind="post", wordings=(Wording(at, text),), author=author, parent=parent,
        language=scene.topic.language, likes=likes,
    )  # fmt: skip
    lived.account.entries.append(made)
    return made


def _post(lived: Life, voice: str, at: datetime) -> None:
    rng = lived.rng
    scene = life.scene(rng, voice, at)
    chance = rng.random()
    if chance < 0.03:
        essay = texts.one_of(rng, [one.text for one in texts.book().essays])
        plain = texts.plain_scene(rng)
        _add(lived, at, plain.say(rng, essay).text, plain)
        return
    template = texts.one_of(rng, scene.topic.posts)
    post = _add(lived, at, scene.say(rng, template).text, scene)
    if chance < 0.17:
        post.media = (life.media(rng, f"P{len(lived.account.entries):06}", scene.topic.motif),)
    elif chance < 0.23:
        post.wordings = _edits(rng, scene, template, post)
    elif chance < 0.30:
        post.absences = life.absence(rng, post.at, "city", "deleted")
    elif chance < 0.50:
        update = texts.one_of(rng, scene.topic.updates)
        _add(lived, days.at_work(rng, post.at + DAY), scene.say(rng, update).text, scene, parent=post.id)
    elif chance < 0.75:
        _question(lived, scene, post)


def _edits(rng: Random, scene: Scene, template: str, post: Entry) -> tuple[Wording, ...]:
    """A post edited within its hour, once or twice."""
    found = list(post.wordings)
    for minutes in sorted(rng.sample(range(4, 55), rng.randint(1, 2))):
        found.append(life.reworded(rng, scene, template, tuple(found), post.at + timedelta(minutes=minutes)))
    return tuple(found)


def _question(lived: Life, scene: Scene, post: Entry) -> None:
    """A citizen asks under a post; the question is in no archive of the city, its answer is."""
    rng, citizen = lived.rng, lived.somebody()
    exchange = rng.choice(scene.topic.exchanges)
    said = scene.of(citizen).say(rng, exchange.ask, citizen)
    at = days.awake(rng, post.at + DAY * rng.random())
    asked = _add(lived, max(at, post.at + timedelta(minutes=7)), said.text, scene, citizen, post.id)
    lived.note_private("post", asked.id, said.private)
    answered_at = lived.answered_at(asked.at)
    answer = None
    if answered_at is not None and answered_at < days.END:
        text = f"@{citizen.handle} {scene.say(rng, exchange.answer, citizen).text}"
        answer = _add(lived, answered_at, text, scene, parent=asked.id)
    lived.note_question("post", (asked.id, asked.at), (answer.id, answer.at) if answer else None)

"""Life on a Facebook Page: posts, long threads of comments on several levels, moderation, messages, followers."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from demo import days, life, lists_life, story, talks, texts
from demo.days import BEGINNING, DAY, END
from demo.life import Life
from demo.people import Person
from demo.texts import Scene
from demo.world import Account, Entry, Wording

DEEPEST = 3
"""Levels of replies below a comment."""


def city(seed: int, scale: float) -> Life:
    """Return the life of the city's Page."""
    account = Account(
        name="fb-city", platform="facebook", department="Clerk-Treasurer", title="City of Milbrook",
        handle="CityOfMilbrook", native_id="100000000000101",
    )  # fmt: skip
    return _live(account, "city", seed, scale, posts=110, followers=320, busy=("c4", 240))


def parks(seed: int, scale: float) -> Life:
    """Return the life of the Parks department's Page."""
    account = Account(
        name="fb-parks", platform="facebook", department="Parks", title="Milbrook Parks and Recreation",
        handle="MilbrookParks", native_id="100000000000102",
    )  # fmt: skip
    return _live(account, "parks", seed, scale, posts=60, followers=210, busy=("f2", 110))


class _Page:
    """What is needed while a Page's life is made: the life, and the numbers that Facebook gives next."""

    def __init__(self, lived: Life, voice: str) -> None:
        self.lived = lived
        self.voice = voice
        self.number = count(122_100_000_000_000 + (0 if voice == "city" else 500_000_000))

    def post_id(self) -> str:
        """Return the id of a new post: the Page's and a number."""
        return f"{self.lived.account.native_id}_{next(self.number)}"

    def comment_id(self, thread: str) -> str:
        """Return the id of a new comment: the post's number and another."""
        return f"{thread.rpartition('_')[2]}_{next(self.number)}"


def _live(
    account: Account, voice: str, seed: int, scale: float, posts: int, followers: int, busy: tuple[str, int]
) -> Life:
    lived = Life(account, Random(f"{seed}/{account.name}"), seed, scale)
    page = _Page(lived, voice)
    about = f"{account.title}, Wisconsin. Comments are public records."
    account.biography = (Wording(BEGINNING, about), Wording(days.local("2026-03-12 09:00"), f"{about} See our terms."))
    told = _tell(page)
    pool = texts.scene_of(lived.rng, next(one for one in texts.book().topics if one.key == "contractor"))
    _comments(page, pool, told[busy[0]], lived.times(busy[1]))
    _burst(page)
    for at in life.dates(lived.rng, lived.times(posts)):
        _post(page, at)
    account.entries.sort(key=lambda one: (one.at, one.id))
    account.subscriptions = lists_life.followers(lived, lived.times(followers))
    account.conversations = talks.conversations(lived, lived.times(10), lambda at, n: f"m_{at:%Y%m%d%H%M%S}{n}")
    return lived


def _tell(page: _Page) -> dict[str, Entry]:
    threads: dict[str, str] = {}
    said = {one.key: one for one in story.story().said if one.on == page.lived.account.name}
    order = iter(said.values())

    def native_id(_: Life, __: datetime) -> str:
        one = next(order)
        threads[one.key] = threads[one.to] if one.to else page.post_id()
        return page.comment_id(threads[one.key]) if one.to else threads[one.key]

    return story.tell(page.lived, native_id)


# -- posts


def _burst(page: _Page) -> None:
    """Three posts that were scheduled for the same second: their time alone tells nobody which is which."""
    at = page.lived.at_its_own_second(days.local("2025-10-06 12:00"))
    for number in range(3):
        scene = life.scene(page.lived.rng, page.voice, at)
        said = scene.say(page.lived.rng, texts.one_of(page.lived.rng, scene.topic.posts))
        text = f"{said.text} ({number + 1} of 3)"
        page.lived.account.entries.append(
            Entry(id=page.post_id(), kind="post", wordings=(Wording(at, text),), language=scene.topic.language)
        )


def _post(page: _Page, at: datetime) -> None:
    lived, rng = page.lived, page.lived.rng
    scene = life.scene(rng, page.voice, at)
    at = lived.at_its_own_second(at)
    template = texts.one_of(rng, scene.topic.posts)
    if rng.random() < 0.5:
        template = f"{template}\n\n{texts.one_of(rng, scene.topic.more)}"
    post = Entry(
        id=page.post_id(), kind="post", wordings=(Wording(at, scene.say(rng, template).text),),
        language=scene.topic.language, likes=int(rng.random() * 300),
    )  # fmt: skip
    lived.account.entries.append(post)
    _befall(page, scene, template, post)
    comments = min(int(rng.expovariate(1 / 9)), 60)
    made = _comments(page, scene, post, comments)
    life.carry_off(post, made)


def _befall(page: _Page, scene: Scene, template: str, post: Entry) -> None:
    """Give a post its pictures, its edits or its end."""
    rng = page.lived.rng
    chance = rng.random()
    if chance < 0.24:
        name = post.id.rpartition("_")[2]
        post.media = (life.media(rng, name, scene.topic.motif, video=chance < 0.03),)
        if chance > 0.21:
            post.wordings = (replace(post.wordings[0], text=""),)
    elif chance < 0.33:
        edited_at = life.fate(rng, post.at)
        if edited_at is not None:
            told = rng.random() < 0.6
            post.wordings += (life.reworded(rng, scene, template, post.wordings, edited_at, told),)
    elif chance < 0.40:
        post.absences = life.absence(rng, post.at, "city", "deleted", trashed=0.7, back=0.4)


# -- comments


class _Turn(Struct, frozen=True):
    """What somebody says under a post: where, when, in what words, and the answer that is due to it."""

    parent: Entry
    depth: int
    at: datetime
    author: Person
    template: str
    answer: str = ""


class _Repertoire:
    """What can be said under one post; nothing is said again before all of its sort has been."""

    def __init__(self, rng: Random, scene: Scene) -> None:
        topic = scene.topic
        self._rng = rng
        self._sorts: dict[str, list[str]] = {
            "remark": topic.remarks, "nod": texts.book().nods, "retort": topic.retorts or texts.book().retorts,
        }  # fmt: skip
        self._left: dict[str, list[str]] = {sort: [] for sort in self._sorts}
        self._questions = rng.sample(topic.exchanges, len(topic.exchanges))

    def question(self) -> texts.Exchange | None:
        """Return a question that nobody has asked here yet, None when all have been asked."""
        return self._questions.pop() if self._questions else None

    def another(self, sort: str) -> str:
        """Return another remark, nod or retort."""
        if not self._left[sort]:
            self._left[sort] = self._rng.sample(self._sorts[sort], len(self._sorts[sort]))
        return self._left[sort].pop()


def _comments(page: _Page, scene: Scene, post: Entry, number: int) -> list[Entry]:
    """Add a thread to a post and return it."""
    lived, rng = page.lived, page.lived.rng
    said = _Repertoire(rng, scene)
    found: list[tuple[Entry, int]] = []
    made: list[Entry] = []
    at = post.at
    for _ in range(number):
        at = _next(rng, at)
        if at >= END - DAY:
            break
        turn = _turn(page, said, post, found, at)
        one = _comment(page, scene, post, turn)
        found.append((one, turn.depth))
        made.append(one)
        if turn.answer:
            made.extend(_answer(page, scene, post, turn, one))
    answered = {one.parent for one in made}
    for one in made:
        _moderate(rng, scene, one, one.id in answered)
    lived.account.entries.extend(made)
    return made


def _next(rng: Random, at: datetime) -> datetime:
    later = at + timedelta(seconds=30 + int(rng.expovariate(1 / 2600)))
    local = later.astimezone(days.ZONE)
    return later if 6 <= local.hour < 21 else days.awake(rng, later + timedelta(hours=9))


def _turn(page: _Page, said: _Repertoire, post: Entry, found: list[tuple[Entry, int]], at: datetime) -> _Turn:
    rng = page.lived.rng
    author, chance = page.lived.somebody(), rng.random()
    if chance < 0.3 and (exchange := said.question()):
        return _Turn(post, 0, at, author, exchange.ask, exchange.answer)
    if chance < 0.55 and found:
        before, depth = found[-1 - int(rng.random() * min(len(found), 6))]
        if depth < DEEPEST and before.author != author:
            return _Turn(before, depth + 1, at, author, said.another("retort"))
    return _Turn(post, 0, at, author, said.another("remark" if rng.random() < 0.6 else "nod"))


def _comment(page: _Page, scene: Scene, post: Entry, turn: _Turn) -> Entry:
    rng, spoken_to = page.lived.rng, turn.parent.author
    said = scene.of(turn.author).say(rng, turn.template, spoken_to)
    one = Entry(
        id=page.comment_id(post.id), kind="comment", wordings=(Wording(turn.at, said.text),), author=turn.author,
        parent=turn.parent.id, thread=post.id, language=scene.topic.language, likes=int(rng.random() * 25),
    )  # fmt: skip
    page.lived.note_private("comment", one.id, said.private)
    return one


def _answer(page: _Page, scene: Scene, post: Entry, turn: _Turn, asked: Entry) -> list[Entry]:
    """The Page's answer to a question, in time, late or never; noted either way."""
    lived, citizen = page.lived, turn.author
    at = lived.answered_at(asked.at)
    if at is None or at >= END:
        lived.note_question("comment", (asked.id, asked.at), None)
        return []
    at = lived.at_its_own_second(at)
    text = scene.answer(lived.rng, turn.answer, citizen)
    answer = Entry(
        id=page.comment_id(post.id), kind="comment", wordings=(Wording(at, text),), parent=asked.id, thread=post.id,
        language=scene.topic.language,
    )  # fmt: skip
    lived.note_question("comment", (asked.id, asked.at), (answer.id, at))
    return [answer]


def _moderate(rng: Random, scene: Scene, one: Entry, is_answered: bool) -> None:
    """Let some comments be hidden, deleted or edited; whatever has replies is not deleted."""
    chance = rng.random()
    if chance < 0.025 and one.author is not None:
        one.absences = life.absence(rng, one.at, "city", "hidden", back=0.5)
    elif chance < 0.065 and not is_answered:
        by_author = one.author is not None and chance < 0.045
        one.absences = life.absence(rng, one.at, "author" if by_author else "city", "deleted")
    elif chance < 0.095:
        edited_at = life.fate(rng, one.at)
        if edited_at is not None:
            text = f"{one.wordings[0].text} {scene.addition(rng, one.author is None)}"
            one.wordings += (Wording(edited_at, text, told=one.author is None and rng.random() < 0.5),)

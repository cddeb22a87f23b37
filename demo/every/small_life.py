"""A small life on any platform: posts, what the public says about them, answers, and what becomes of each.

Fates are dealt in turn, not by chance alone, so that even the smallest city has one of every kind.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import cycle
from random import Random
from typing import Literal

from msgspec import Struct

from demo import days, life, lists_life, talks, texts
from demo.days import BEGINNING, DAY, END
from demo.life import Life
from demo.lives import Lives, alone
from demo.people import Person
from demo.story import LineId
from demo.texts import Scene
from demo.world import Absence, Account, By, Entry, Media, Wording

Fate = Literal["", "edited", "deleted", "hidden", "held"]
"""What becomes of something: ``held`` is out of sight from the beginning, mostly not for ever."""

PostId = Callable[[int, datetime], str]
"""Gives a post its id by its number in the account's life and its moment."""
CommentId = Callable[[int, datetime, Entry, Person | None], str]
"""Gives a comment its id, likewise, by what it answers and by whose it is."""

TITLE = 60
"""Characters that a title has at most, behind its number."""


class Presence(Struct, frozen=True, kw_only=True):
    """An account and how it lives: how much is written, and which fates its platform knows.

    ``posts``, ``followers`` and ``talks`` are how many at scale 1. ``answers`` is the kind of the account's own
    answers, which some platforms call posts. ``titled`` is how a post is titled, from its number and first words.
    Of ``every`` so many posts one has a picture or video. ``trashed`` is the chance that a platform keeps a deleted
    post for a while, out of which some come back.
    """

    name: str
    platform: str
    title: str
    handle: str
    about: str
    post_id: PostId
    comment_id: CommentId
    native_id: str = ""
    department: str = "Clerk-Treasurer"
    voice: str = "city"
    posts: int = 24
    followers: int = 0
    follower_id: Callable[[Person], str] = lambda one: one.x_id
    talks: int = 0
    line_id: LineId = lambda at, number: f"{at:%Y%m%d%H%M%S}{number}"
    answers: Literal["comment", "post"] = "comment"
    titled: str = ""
    media: Literal["", "picture", "video"] = ""
    every: int = 3
    trashed: float = 0
    post_fates: tuple[Fate, ...] = ("", "edited", "", "deleted")
    comment_fates: tuple[Fate, ...] = ("",)
    answer_fates: tuple[Fate, ...] = ("", "edited", "", "deleted")
    hidden_by: By = "city"


def living(presence: Presence) -> Lives:
    """Return the household of one such account."""
    return alone(partial(_live, presence))


def letters(seed: str, count: int) -> str:
    """Return letters, digits, dashes and underscores that mean nothing, the same for the same seed (at most 43)."""
    return urlsafe_b64encode(sha256(seed.encode()).digest()).decode()[:count]


def address_name(person: Person) -> str:
    """Return somebody's handle where no platform cuts it short: no two people have one."""
    return person.address.partition("@")[0]


def _live(presence: Presence, seed: int, scale: float) -> Life:
    account = Account(
        name=presence.name, platform=presence.platform, department=presence.department, title=presence.title,
        handle=presence.handle, native_id=presence.native_id,
    )  # fmt: skip
    account.biography = (
        Wording(BEGINNING, presence.about),
        Wording(days.local("2026-03-12 09:00"), f"{presence.about} See our terms."),
    )
    lived = Life(account, Random(f"{seed}/{presence.name}"), seed, scale)
    small = _Small(lived, presence)
    for at in life.dates(lived.rng, lived.times(presence.posts)):
        small.post(at)
    account.entries.sort(key=lambda one: (one.at, one.id))
    if presence.followers:
        account.subscriptions = lists_life.followers(lived, lived.times(presence.followers), presence.follower_id)
    if presence.talks:
        account.conversations = talks.conversations(lived, lived.times(presence.talks), presence.line_id)
    return lived


class _Small:
    """One such life while it is made."""

    def __init__(self, lived: Life, presence: Presence) -> None:
        self._lived = lived
        self._presence = presence
        self._posts = 0
        self._comments = 0
        self._fates = {
            "post": cycle(presence.post_fates), "comment": cycle(presence.comment_fates),
            "answer": cycle(presence.answer_fates),
        }  # fmt: skip
        self._takes_down = cycle(("author", "city"))

    def post(self, at: datetime) -> None:
        """Let the account post, and the public speak of it."""
        lived, presence = self._lived, self._presence
        rng = lived.rng
        scene = life.scene(rng, presence.voice, at)
        at = lived.at_its_own_second(at)
        self._posts += 1
        template = texts.one_of(rng, scene.topic.posts)
        text = scene.say(rng, template).text
        native_id = presence.post_id(self._posts, at)
        media: tuple[Media, ...] = ()
        if presence.media and self._posts % presence.every == 0:
            video = presence.media == "video"
            media = (life.media(rng, f"M{self._posts:04}", scene.topic.motif, video=video),)
        post = Entry(
            id=native_id, kind="post", wordings=(Wording(at, text),), language=scene.topic.language, media=media,
            title=presence.titled.format(number=self._posts, first=_first_words(text)),
            likes=int(rng.random() * 60),
        )  # fmt: skip
        lived.account.entries.append(post)
        fate = next(self._fates["post"])
        if fate == "edited":
            edited_at = life.fate(rng, post.at)
            if edited_at is not None:
                post.wordings += (life.reworded(rng, scene, template, post.wordings, edited_at),)
        else:
            self._take_away(post, fate)
        made = self._talk(scene, post)
        life.carry_off(post, made)

    def _talk(self, scene: Scene, post: Entry) -> list[Entry]:
        """Let some of the public speak under a post, and one of them ask."""
        rng = self._lived.rng
        said = [*rng.sample(scene.topic.remarks, min(2, len(scene.topic.remarks))), rng.choice(texts.book().nods)]
        made = [self._remark(scene, post, one) for one in said[: rng.randint(1, 3)]]
        return [one for one in made if one is not None] + self._exchange(scene, post)

    def _remark(self, scene: Scene, post: Entry, template: str) -> Entry | None:
        one = self._comment(scene, post, template)
        if one is not None:
            self._befall(scene, one, next(self._fates["comment"]))
        return one

    def _exchange(self, scene: Scene, post: Entry) -> list[Entry]:
        """A question and the account's answer: in time, late, or never."""
        lived, rng = self._lived, self._lived.rng
        exchange = rng.choice(scene.topic.exchanges)
        asked = self._comment(scene, post, exchange.ask)
        if asked is None or asked.author is None:
            return []
        at = lived.answered_at(asked.at)
        if at is None or at >= END - DAY:
            lived.note_question("comment", (asked.id, asked.at), None)
            return [asked]
        at = lived.at_its_own_second(at)
        text = scene.answer(rng, exchange.answer, asked.author)
        answer = self._add(scene, post, asked, at, text, None)
        lived.note_question("comment", (asked.id, asked.at), (answer.id, at))
        self._befall(scene, answer, next(self._fates["answer"]))
        return [asked, answer]

    def _comment(self, scene: Scene, post: Entry, template: str) -> Entry | None:
        lived = self._lived
        at = days.awake(lived.rng, post.at + DAY * 3 * lived.rng.random())
        at = lived.at_its_own_second(max(at, post.at + timedelta(minutes=5)))
        if at >= END - DAY:
            return None
        author = lived.somebody()
        said = scene.of(author).say(lived.rng, template)
        one = self._add(scene, post, post, at, said.text, author)
        lived.note_private("comment", one.id, said.private)
        return one

    def _add(self, scene: Scene, post: Entry, parent: Entry, at: datetime, text: str, author: Person | None) -> Entry:
        self._comments += 1
        one = Entry(
            id=self._presence.comment_id(self._comments, at, parent, author),
            kind="comment" if author is not None else self._presence.answers, wordings=(Wording(at, text),),
            author=author, parent=parent.id, thread=post.id, language=scene.topic.language,
            likes=int(self._lived.rng.random() * 9),
        )  # fmt: skip
        self._lived.account.entries.append(one)
        return one

    def _befall(self, scene: Scene, one: Entry, fate: Fate) -> None:
        """Let a comment or an answer be edited or taken away."""
        rng = self._lived.rng
        if fate != "edited":
            self._take_away(one, fate)
        elif (edited_at := life.fate(rng, one.at)) is not None:
            text = f"{one.wordings[0].text} {scene.addition(rng, one.author is None)}"
            one.wordings += (Wording(edited_at, text),)

    def _take_away(self, one: Entry, fate: Fate) -> None:
        """Delete or hide something for a while or for good, or hold it from the beginning."""
        rng = self._lived.rng
        if fate == "deleted":
            by: Literal["city", "author"] = "author" if one.author and next(self._takes_down) == "author" else "city"
            trashed = self._presence.trashed if one.kind == "post" else 0
            one.absences = life.absence(rng, one.at, by, "deleted", trashed=trashed, back=trashed / 2)
        elif fate == "hidden":
            one.absences = life.absence(rng, one.at, self._presence.hidden_by, "hidden", back=0.5)
        elif fate == "held":
            one.absences = (Absence(one.at, life.fate(rng, one.at), "platform", "hidden"),)


def _first_words(text: str) -> str:
    """Return a text's first sentence, cut short between two words."""
    first = re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0].rstrip(".")
    return first if len(first) <= TITLE else f"{first[:TITLE].rpartition(' ')[0]} …"


def newest(entries: Sequence[Entry], kind: str) -> list[Entry]:
    """Return the posts or the comments among some entries, newest first."""
    return sorted((one for one in entries if one.kind == kind), key=lambda one: (one.at, one.id), reverse=True)

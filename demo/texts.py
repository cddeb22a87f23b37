"""Texts of the fictional city, filled in by chance from templates that are data (``texts.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from random import Random
from string import Formatter
from typing import Literal

import msgspec
from msgspec import Struct

from demo.people import Person, private


class Exchange(Struct, frozen=True):
    """A question and the answer that fits it."""

    ask: str
    answer: str


class Letters(Struct, frozen=True):
    """A conversation by mail: a citizen and an office in turn."""

    subject: str
    mail: str
    answer: str
    followup: str
    closing: str


class Topic(Struct, frozen=True, kw_only=True):
    """One matter that moves the city, in one language: as X names it ("und" for Hmong, which it does not know).

    ``posts``, ``more`` (a further paragraph where there is room) and ``updates`` are the city's own words;
    ``remarks`` and ``retorts`` a citizen's. ``on`` names the voices that speak of it (city, parks, police),
    ``months`` when (1 to 12; none: always) and ``often`` how often, ``motif`` what its pictures show.
    """

    key: str
    language: str
    on: list[str]
    motif: str
    posts: list[str]
    more: list[str]
    updates: list[str]
    remarks: list[str]
    exchanges: list[Exchange]
    months: list[int] = []
    often: int = 1
    retorts: list[str] = []
    letters: list[Letters] = []


class Talk(Struct, frozen=True):
    """A conversation by private message: a citizen and the city in turn."""

    lines: list[str]
    language: str = "en"


class Motif(Struct, frozen=True):
    """What a picture or video shows, how it is described, what is spoken in it."""

    name: Literal["pool", "plow", "map", "gate", "park"]
    alts: list[str]
    spoken: list[str]


class Essay(Struct, frozen=True):
    """A post longer than X shows at once."""

    key: str
    text: str


class Stationery(Struct, frozen=True):
    """What is mailed beside the topics: counsel's advice, forwarded conversations, newsletters by list."""

    counsel: list[str]
    handovers: list[str]
    newsletters: list[str]
    pool_news: list[str]


class Book(Struct, frozen=True):
    """All templates. ``days``, ``additions``, ``afterthoughts`` and ``greetings`` are by language."""

    places: list[str]
    streets: list[str]
    days: dict[str, list[str]]
    additions: dict[str, list[str]]
    afterthoughts: dict[str, list[str]]
    greetings: dict[str, list[str]]
    nods: list[str]
    retorts: list[str]
    motifs: list[Motif]
    topics: list[Topic]
    talks: list[Talk]
    essays: list[Essay]
    letters: Stationery


@cache
def book() -> Book:
    """Return the templates."""
    return msgspec.convert(tomllib.loads((files("demo") / "texts.toml").read_text(encoding="utf-8")), Book)


class Said(Struct, frozen=True):
    """A text, and the private data in it: pairs of what sort it is and its exact words."""

    text: str
    private: tuple[tuple[str, str], ...] = ()


class Scene(Struct, frozen=True):
    """One topic at one place and day: whatever is said in it speaks of the same.

    ``own`` holds the private data of whoever writes here, once they have been told.
    """

    topic: Topic
    values: dict[str, str]
    own: dict[str, str]

    def say(self, rng: Random, template: str, person: Person | None = None) -> Said:
        """Return a template, filled in; ``person`` is whoever signs or is spoken to."""
        sorts = _private_in(template)
        for sort in sorts:
            if sort not in self.own:
                self.own[sort] = private(rng, sort, self.values.get("name", "").rpartition(" ")[2])
        values = self.values if person is None else {**self.values, "name": person.name, "first": person.first}
        if not sorts:
            return Said(template.format_map(values))
        return Said(template.format_map({**values, **self.own}), tuple((sort, self.own[sort]) for sort in sorts))

    def of(self, person: Person) -> Scene:
        """Return the same scene for another writer, whose private data are others."""
        return Scene(self.topic, {**self.values, "name": person.name, "first": person.first}, {})

    def later(self, rng: Random) -> Scene:
        """Return the same scene with another day and time, as a correction has them."""
        fresh = _moment(rng, self.topic.language)
        return Scene(self.topic, {**self.values, **fresh}, self.own)

    def answer(self, rng: Random, template: str, person: Person) -> str:
        """Return the city's answer where it has no handle to name: it begins with a greeting."""
        greetings = book().greetings
        greeting = rng.choice(greetings[self.topic.language])
        said = self.say(rng, template, person).text
        return greeting.format(first=person.first, answer=said)

    def addition(self, rng: Random, by_city: bool = True) -> str:
        """Return what the city or a citizen appends to a text when they edit it."""
        templates = book().additions if by_city else book().afterthoughts
        return one_of(rng, templates[self.topic.language])


@lru_cache(maxsize=10_000)
def _private_in(template: str) -> tuple[str, ...]:
    fields = [name for _, name, _, _ in Formatter().parse(template) if name]
    return tuple(dict.fromkeys(name for name in fields if name in PRIVATE))


PRIVATE = frozenset({"phone", "address", "born", "card", "ssn", "licence", "child"})
"""Placeholders for private data of whoever writes."""


@lru_cache(maxsize=200)
def _topics(voice: str, month: int, pool: bool = True) -> tuple[Topic, ...]:
    fitting = (one for one in book().topics if voice in one.on and (not one.months or month in one.months))
    return tuple(one for one in fitting if pool or one.motif != "pool" for _ in range(one.often))


def scene(rng: Random, voice: str, month: int, pool: bool = True) -> Scene:
    """Return any topic that a voice of the city speaks of in a month (1 to 12), with or without the pool."""
    return scene_of(rng, rng.choice(_topics(voice, month, pool)))


def plain_scene(rng: Random, language: str = "en") -> Scene:
    """Return a scene for what belongs to no topic, in a language."""
    return scene_of(rng, next(one for one in book().topics if one.language == language))


@lru_cache(maxsize=200)
def _letters(voice: str, month: int) -> tuple[Topic, ...]:
    return tuple(one for one in _topics(voice, month) if one.letters)


def mail_scene(rng: Random, voice: str, month: int) -> Scene:
    """Return a topic that people write mails about to an office in a month."""
    return scene_of(rng, rng.choice(_letters(voice, month)))


def scene_of(rng: Random, topic: Topic) -> Scene:
    """Return a topic somewhere."""
    values = {"place": rng.choice(book().places), "street": rng.choice(book().streets)}
    return Scene(topic, {**values, **_moment(rng, topic.language)}, {})


def _moment(rng: Random, language: str) -> dict[str, str]:
    hour = rng.randint(16, 20)
    return {
        "day": rng.choice(book().days[language]),
        "hour": str(hour),
        "time": f"{hour - 12} pm",
        "number": str(rng.randint(12, 60)),
    }


@cache
def motif(name: str) -> Motif:
    """Return a motif by its name."""
    return next(one for one in book().motifs if one.name == name)


def one_of(rng: Random, templates: Sequence[str]) -> str:
    """Return one of the templates."""
    return templates[int(rng.random() * len(templates))]

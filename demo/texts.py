"""Texts of the fictional city, filled in by chance from templates that are data (``texts.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random

import msgspec
from msgspec import Struct


class Topic(Struct, frozen=True):
    """One matter that moves the city, in one language: as X names it ("und" for Hmong, which it does not know).

    ``posts`` and ``replies`` are the city's own; ``mails`` and ``followups`` are a citizen's, ``answers`` the
    clerk's. Without ``subjects`` nobody writes a mail about it.
    """

    language: str
    posts: list[str]
    replies: list[str]
    subjects: list[str] = []
    mails: list[str] = []
    answers: list[str] = []
    followups: list[str] = []


class Talk(Struct, frozen=True):
    """A conversation by direct message: a citizen and the city in turn."""

    lines: list[str]


class Book(Struct, frozen=True):
    """All templates. ``days`` holds the days of the week by language."""

    places: list[str]
    days: dict[str, list[str]]
    topics: list[Topic]
    talks: list[Talk]
    long_posts: list[str]
    counsel: list[str]
    newsletters: list[str]
    alts: list[str]


@cache
def book() -> Book:
    """Return the templates."""
    return msgspec.convert(tomllib.loads((files("demo") / "texts.toml").read_text(encoding="utf-8")), Book)


class Scene(Struct, frozen=True):
    """One topic at one place and day: whatever is said in it speaks of the same."""

    topic: Topic
    values: dict[str, str]

    def say(self, rng: Random, templates: Sequence[str], name: str = "neighbor") -> str:
        """Return one of the templates, filled in; ``name`` is whoever signs or is spoken to."""
        return rng.choice(templates).format_map({**self.values, "name": name})


def scene(rng: Random) -> Scene:
    """Return any topic somewhere."""
    return _scene(rng, rng.choice(book().topics))


def mail_scene(rng: Random) -> Scene:
    """Return a topic that people write mails about."""
    return _scene(rng, rng.choice([one for one in book().topics if one.subjects]))


def _scene(rng: Random, topic: Topic) -> Scene:
    days = book().days
    values = {
        "place": rng.choice(book().places),
        "day": rng.choice(days.get(topic.language, days["en"])),
        "hour": str(rng.randint(7, 19)),
        "number": str(rng.randint(10, 99)),
        "phone": f"555-01{rng.randint(0, 99):02}",
    }
    return Scene(topic, values)

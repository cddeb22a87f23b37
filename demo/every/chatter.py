"""Life in channels, chats and on telephones: crews among themselves, residents and the city, news for everybody."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from demo import days, life, texts
from demo.days import DAY, END
from demo.every.plans import Habits, Naming, Plan, chance
from demo.life import Life
from demo.people import Person
from demo.texts import Said, Scene
from demo.world import Absence, Account, Entry, Event, Wording

EVE = "21:00"
"""When a talk begins that a backup of the same evening finds fresh."""


CALLS: tuple[Event, ...] = ("placed", "received", "missed")


class Book(Struct, frozen=True):
    """Templates: talks by voice, each a list of lines, and what is appended in an edit."""

    additions: list[str]
    crew: list[list[str]]
    citizen: list[list[str]]
    news: list[list[str]]


@cache
def book() -> Book:
    """Return the templates."""
    said = files(__package__).joinpath("chatter.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(said), Book)


def inhabit(account: Account, seed: int, scale: float, plans: Sequence[Plan], habits: Habits, naming: Naming) -> Life:
    """Return the life of an account whose channels are filled as planned."""
    return fill(Life(account, chance(seed, account.name), seed, scale), plans, habits, naming)


def fill(lived: Life, plans: Sequence[Plan], habits: Habits, naming: Naming) -> Life:
    """Fill the channels of a life as planned, and return it."""
    for plan in plans:
        talker = _Talker(lived, plan, habits)
        talker.live()
        plan.channel.entries.extend(talker.named(naming))
        lived.account.channels.append(plan.channel)
    return lived


class _Line(Struct):
    """A message that has no id yet, what it says that is private, and what it answers."""

    entry: Entry
    private: tuple[tuple[str, str], ...] = ()
    opening: _Line | None = None
    asks: bool = False


class _Talker:
    def __init__(self, lived: Life, plan: Plan, habits: Habits) -> None:
        self.lived, self.rng = lived, lived.rng
        self.plan, self.habits = plan, habits
        self.lines: list[_Line] = []

    def live(self) -> None:
        """Say all that is ever said in the channel."""
        if self.habits.arrivals and self.plan.channel.sort != "direct":
            for number, who in enumerate(self.plan.channel.members):
                self._event("joined", days.BEGINNING + timedelta(minutes=3 * number + 1), who)
        for at in life.dates(self.rng, self.lived.times(self.plan.talks)):
            if self.rng.random() < self.habits.calls:
                who = self.rng.choice(self.plan.channel.members)
                how = self.rng.choice(CALLS)
                self._event(how, at, None if how == "placed" else who)
            else:
                self._talk(at)
        for day in self.habits.eves:
            self._talk(days.local(f"{day} {EVE}"))

    def _event(self, how: Event, at: datetime, who: Person | None) -> None:
        self._add(at, who, Said(""), how)

    def _add(self, at: datetime, who: Person | None, said: Said, event: Event) -> _Line:
        at = self.lived.at_its_own_second(at)
        line = _Line(Entry(id="", kind="message", wordings=(Wording(at, said.text),), author=who, event=event))
        line.private = said.private
        self.lines.append(line)
        return line

    def _talk(self, at: datetime) -> None:
        rng = self.rng
        templates = rng.choice({"crew": book().crew, "citizen": book().citizen, "news": book().news}[self.plan.voice])
        speakers = self._speakers()
        scene = texts.plain_scene(rng)
        first = next((one for one in speakers if one is not None), None)
        scene = scene.of(first) if first else scene
        opening: _Line | None = None
        gone: tuple[Absence, ...] | None = None
        for number, template in enumerate(templates):
            who = speakers[number % len(speakers)]
            line = self._add(at, who, scene.say(rng, template), "")
            line.opening, line.asks = opening, opening is None and self.plan.voice == "citizen"
            gone = self._befall(line, scene, template, gone)
            opening = opening or line
            following = self._answered_at(at) if line.asks else at + timedelta(minutes=rng.randint(2, 9))
            if following is None or following >= END or (self.habits.whole and gone and gone[0].since <= following):
                return
            at = following + timedelta(seconds=rng.randint(0, 59))

    def _answered_at(self, asked: datetime) -> datetime | None:
        soon = asked + timedelta(minutes=self.rng.randint(2, 40))
        return soon if self.rng.random() < 0.6 else self.lived.answered_at(asked)

    def _speakers(self) -> list[Person | None]:
        members: list[Person | None] = list(self.plan.channel.members)
        if self.plan.voice == "news":
            return [None]
        if self.plan.voice == "citizen":
            return [self.rng.choice(members), None]
        return self.rng.sample([*members, None] if self.plan.with_account else members, 2)

    # -- fates

    def _befall(
        self, line: _Line, scene: Scene, template: str, before: tuple[Absence, ...] | None
    ) -> tuple[Absence, ...]:
        """Let a message be edited, deleted, or sent with a photograph; return how it is deleted."""
        chance, entry = self.rng.random(), line.entry
        if self.habits.whole and before is not None:
            entry.absences = before
        elif chance < self.habits.deleted:
            entry.absences = self._absence(entry)
            if self.habits.edited and self.rng.random() < 0.3:
                self._edit(entry, scene, template, soon=True)
        elif chance < self.habits.deleted + self.habits.edited:
            self._edit(entry, scene, template)
        elif chance < self.habits.deleted + self.habits.edited + self.habits.pictures:
            motif = self.rng.choice(("plow", "gate", "park", "map"))
            entry.media = (life.media(self.rng, f"IMG{len(self.lines):05}", motif),)
        return entry.absences

    def _absence(self, entry: Entry) -> tuple[Absence, ...]:
        by: Literal["city", "author"] = "city" if entry.author is None or self.habits.by_holder else "author"
        if self.habits.delete_within is None:
            return life.absence(self.rng, entry.at, by, "deleted", self.habits.trashed, self.habits.back)
        since = days.awake(self.rng, entry.at + DAY)
        return (Absence(since, None, by, "deleted"),) if since - entry.at <= self.habits.delete_within else ()

    def _edit(self, entry: Entry, scene: Scene, template: str, soon: bool = False) -> None:
        at: datetime | None = entry.at + timedelta(minutes=self.rng.randint(1, 14))
        if not soon and self.habits.edit_within is None and self.rng.random() < 0.7:
            at = life.fate(self.rng, entry.at)
        if at is not None and entry.at < at < END:
            text = scene.later(self.rng).say(self.rng, template).text
            if text == entry.wordings[0].text:
                text = f"{text} {scene.say(self.rng, self.rng.choice(book().additions)).text}"
            entry.wordings = (*entry.wordings, Wording(at, text))

    # -- ids

    def named(self, naming: Naming) -> Iterator[Entry]:
        """Yield the messages by time, each with its id, and note what the truth has to tell of them."""
        self.lines.sort(key=lambda line: line.entry.at)
        for number, line in enumerate(self.lines, 1):
            entry = line.entry
            if line.opening is not None:
                entry.parent = entry.thread = line.opening.entry.id
            entry.id = naming(self.plan.channel, entry, number)
            self.lived.note_private("message", entry.id, line.private)
            yield entry
        for line in self.lines:
            if line.asks:
                answers = (one.entry for one in self.lines if one.opening is line and one.entry.author is None)
                answer = next(((one.id, one.at) for one in answers), None)
                self.lived.note_question("message", (line.entry.id, line.entry.at), answer)

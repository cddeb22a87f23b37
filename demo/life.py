"""What the lives of all accounts have in common: residents, dates, fates, and notes on what happens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Literal

from demo import days, texts
from demo.days import BEGINNING, DAY, END, stored
from demo.people import Person, person
from demo.texts import Scene
from demo.truth import Question, Spot
from demo.world import Absence, Account, By, Entry, Media, Wording

FATES = (days.local("2026-02-05 08:00"), days.local("2026-04-28 18:00"))
"""What is deleted, hidden or taken back is so between these moments, which the backups surround."""
QUIET_UNTIL = date(2026, 2, 9)
"""The weeks without posts lie before the pool is closed."""


class Life:
    """One account's life as it is made: the account, and notes for the truth."""

    def __init__(self, account: Account, rng: Random, seed: int, scale: float) -> None:
        self.account = account
        self.rng = rng
        self.scale = scale
        self.people = residents(seed, scale)
        self.questions: list[Question] = []
        self.spots: list[Spot] = []
        self._seconds: set[datetime] = set()

    def times(self, count: float) -> int:
        """Return how many there are of something at this scale, at least one."""
        return max(1, round(count * self.scale))

    def somebody(self) -> Person:
        """Return a resident."""
        return self.people[int(self.rng.random() * len(self.people))]

    def at_its_own_second(self, at: datetime) -> datetime:
        """Return the moment, or one soon after at which the account has written nothing yet."""
        while at in self._seconds:
            at += timedelta(seconds=1)
        self._seconds.add(at)
        return at

    def note_private(self, kind: str, native_id: str, private: Iterable[tuple[str, str]]) -> None:
        """Note the private data in something that a citizen has written."""
        self.spots.extend(Spot(self.account.name, kind, native_id, sort, words) for sort, words in private)

    def note_question(self, kind: str, asked: tuple[str, datetime], answered: tuple[str, datetime] | None) -> None:
        """Note a question and its answer: pairs of an id and a moment."""
        verdict: Literal["in time", "late", "never"] = "never"
        if answered is not None:
            on_time = days.working_hours(asked[1], answered[1]) <= days.WORKING_HOURS_TO_ANSWER
            verdict = "in time" if on_time else "late"
        answer = answered or ("", None)
        at = stored(answer[1]) if answer[1] is not None else None
        self.questions.append(Question(self.account.name, kind, asked[0], stored(asked[1]), at, answer[0], verdict))

    def answered_at(self, asked: datetime) -> datetime | None:
        """Return when a question is answered: mostly in time, sometimes late, sometimes never."""
        chance = self.rng.random()
        if chance < 0.7:
            return days.promptly(self.rng, asked)
        return days.late(self.rng, asked) if chance < 0.82 else None


@lru_cache(maxsize=4)
def residents(seed: int, scale: float) -> tuple[Person, ...]:
    """Return the people of the city, the same for all its accounts; no two have a number or address in common."""
    rng = Random(f"{seed}/residents")
    found = {one.x_id: one for one in (person(rng) for _ in range(max(60, round(900 * scale))))}
    return tuple({one.address: one for one in found.values()}.values())


def dates(rng: Random, count: int) -> list[datetime]:
    """Return moments of office hours at which the city posts, in order, with some weeks left out."""
    first, last = BEGINNING.date(), END.date()
    mondays = [first + DAY * n for n in range(0, (QUIET_UNTIL - first).days, 7)]
    quiet = set(rng.sample(mondays, 4))
    everyday = (BEGINNING + DAY * n for n in range((last - first).days))
    open_days = [one for one in everyday if one.date() - DAY * one.weekday() not in quiet]
    return sorted(days.at_work(rng, rng.choice(open_days)) for _ in range(count))


def quiet_weeks(account: Account) -> list[str]:
    """Return the Mondays of the weeks in which an account has posted nothing, between its first and last post."""
    own = [one.at.astimezone(days.ZONE).date() for one in account.entries if one.author is None and not one.parent]
    weeks = {day - DAY * day.weekday() for day in own}
    if not weeks:
        return []
    first, last = min(weeks), max(weeks)
    every = (first + DAY * n for n in range(0, (last - first).days, 7))
    return [one.isoformat() for one in every if one not in weeks]


def scene(rng: Random, voice: str, at: datetime) -> Scene:
    """Return what a voice of the city speaks of at a moment: of the pool only the story, while it is closed."""
    return texts.scene(rng, voice, at.month, pool=not days.POOL_CLOSED[0] <= at < days.POOL_CLOSED[1])


# -- fates


def fate(rng: Random, after: datetime) -> datetime | None:
    """Return a moment at which something befalls what was written before, None if it is too new for that."""
    first = max(FATES[0], after + DAY / 24)
    if first >= FATES[1]:
        return None
    return days.awake(rng, first + (FATES[1] - first) * rng.random()) if first.date() < FATES[1].date() else None


def absence(
    rng: Random, after: datetime, by: By, how: Literal["deleted", "hidden"], trashed: float = 0, back: float = 0
) -> tuple[Absence, ...]:
    """Return a span in which something is gone; ``trashed`` and ``back`` are chances, back only out of the trash."""
    since = fate(rng, after)
    if since is None or since <= after:
        return ()
    in_trash = rng.random() < trashed
    returns = rng.random() < back and (in_trash or how == "hidden")
    until = days.awake(rng, since + DAY * rng.randint(4, 25)) if returns else None
    return (Absence(since.replace(microsecond=0), until, by, how, in_trash),)


def reworded(
    rng: Random, scene: Scene, template: str, before: tuple[Wording, ...], at: datetime, told: bool = False
) -> Wording:
    """Return a wording that has not been before: the same with another day or time, or something appended."""
    text = scene.later(rng).say(rng, template).text
    if "{day}" not in template or text in [one.text for one in before]:
        text = f"{before[-1].text} {scene.addition(rng)}".strip()
    return Wording(at, text, told)


def carry_off(post: Entry, comments: list[Entry]) -> None:
    """When a post is deleted, all under it go with it, and come back with it."""
    for gone in (one for one in post.absences if one.how == "deleted"):
        for one in comments:
            if one.at < gone.since:
                one.absences = (Absence(gone.since, gone.until, "city", "deleted"),)
                one.wordings = tuple(each for each in one.wordings if each.at < gone.since)
    if post.absences and post.absences[0].how == "deleted":
        since = post.absences[0].since
        for one in comments:
            if one.at >= since:
                one.absences = (Absence(one.at, None, "city", "deleted"),)


# -- pictures


def media(rng: Random, name: str, motif: str, with_alt: float = 0.65, video: bool = False) -> Media:
    """Return a picture or video of a motif, described or not."""
    alt = texts.one_of(rng, texts.motif(motif).alts) if rng.random() < with_alt else ""
    return described(name, motif, alt, video, rng.randrange(48))


def described(name: str, motif: str, alt: str, video: bool = False, seed: int = 7) -> Media:
    """Return a picture with a description, or a video with what is spoken in it."""
    shown = texts.motif(motif)
    if video:
        return Media(
            name=f"{name}.webm", seed=seed, video=True, alt=alt, captions=tuple(shown.spoken), motif=shown.name
        )
    return Media(name=f"{name}.jpg", seed=seed, alt=alt, motif=shown.name)

"""How the swimming pool was closed for six weeks: what ``story.toml`` tells, put into the accounts' lives."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from random import Random
from typing import Literal

import msgspec
from msgspec import Struct

from demo import days, life
from demo.life import Life
from demo.people import Person, named
from demo.world import Absence, By, Conversation, Enclosure, Entry, Letter, Line, Newsletter, Wording

Pairs = tuple[tuple[str, str], ...]
EntryId = Callable[[Life, datetime], str]
"""Gives a new post or comment its id; ``LineId`` does so for a message, by time and place in its conversation."""
LineId = Callable[[datetime, int], str]


class Edit(Struct, frozen=True):
    """A later wording."""

    at: str
    text: str
    told: bool


class Gone(Struct, frozen=True):
    """What became of it."""

    since: str
    by: By
    how: Literal["deleted", "hidden"]
    until: str = ""
    trashed: bool = False


class Part(Struct, frozen=True):
    """Somebody of the cast."""

    key: str
    name: str
    address: str = ""


class Saying(Struct, frozen=True, kw_only=True):
    """A post, or an answer to one."""

    key: str
    on: str
    at: str
    text: str
    by: str = ""
    to: str = ""
    language: str = "en"
    edits: tuple[Edit, ...] = ()
    gone: Gone | None = None
    asks: bool = False
    motif: str = ""
    video: bool = False
    alt: str = ""
    spots: Pairs = ()


class Talked(Struct, frozen=True):
    """One private message."""

    at: str
    text: str
    by: str = ""
    spots: Pairs = ()


class Talking(Struct, frozen=True, rename={"with_": "with"}):
    """A conversation by private message."""

    on: str
    with_: str
    lines: tuple[Talked, ...]


class Mailing(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A mail; ``re`` is what it answers, ``quotes`` and ``forwards`` whose text it repeats."""

    key: str
    from_: str
    to: tuple[str, ...]
    at: str
    text: str
    subject: str = ""
    re: str = ""
    quotes: str = ""
    forwards: str = ""
    attached: Literal["", "document"] = ""
    asks: bool = False
    privileged: bool = False
    gone: str = ""
    spots: Pairs = ()


class Issue(Struct, frozen=True):
    """A newsletter."""

    list: str
    at: str
    subject: str
    text: str


class Story(Struct, frozen=True):
    """All of it."""

    cast: tuple[Part, ...]
    said: tuple[Saying, ...]
    talked: tuple[Talking, ...]
    mailed: tuple[Mailing, ...]
    issues: tuple[Issue, ...]


@cache
def story() -> Story:
    """Return what ``story.toml`` tells."""
    return msgspec.convert(tomllib.loads((files("demo") / "story.toml").read_text(encoding="utf-8")), Story)


@cache
def cast() -> dict[str, Person]:
    """Return the people of the story, the same in every city."""
    return {one.key: named(Random(one.key), one.name, one.address) for one in story().cast}


def tell(lived: Life, native_id: EntryId) -> dict[str, Entry]:
    """Add what is said on an account to its life; return it by the story's keys."""
    said = [one for one in story().said if one.on == lived.account.name]
    made: dict[str, Entry] = {}
    for one in said:
        made[one.key] = _entry(lived, one, made, native_id)
        lived.account.entries.append(made[one.key])
        lived.note_private(made[one.key].kind, made[one.key].id, one.spots)
    for one in said:
        if one.asks:
            answer = next((made[other.key] for other in said if other.to == one.key and not other.by), None)
            asked = made[one.key]
            lived.note_question(asked.kind, (asked.id, asked.at), (answer.id, answer.at) if answer else None)
    return made


def _entry(lived: Life, one: Saying, made: dict[str, Entry], native_id: EntryId) -> Entry:
    at = lived.at_its_own_second(days.local(one.at))
    parent = made.get(one.to)
    on_x = lived.account.platform == "x"
    wordings = [Wording(at, _addressed(one, parent))]
    wordings += [Wording(days.local(edit.at), edit.text, edit.told) for edit in one.edits]
    media = (life.described(one.key, one.motif, one.alt, one.video),) if one.motif else ()
    return Entry(
        id=native_id(lived, at), kind="comment" if parent and not on_x else "post", wordings=tuple(wordings),
        author=cast()[one.by] if one.by else None, parent=parent.id if parent else "",
        thread="" if not parent or on_x else parent.thread or parent.id, language=one.language, media=media,
        absences=(_absence(one.gone),) if one.gone else (), likes=len(one.text) % 90,
    )  # fmt: skip


def _addressed(one: Saying, parent: Entry | None) -> str:
    handle = parent.author.handle if parent and parent.author else ""
    return one.text.replace("{handle}", handle)


def _absence(gone: Gone) -> Absence:
    until = days.local(gone.until) if gone.until else None
    return Absence(days.local(gone.since), until, gone.by, gone.how, gone.trashed)


def talks(lived: Life, line_id: LineId, ending: str) -> Iterator[Conversation]:
    """Yield the story's private messages on an account."""
    for one in story().talked:
        if one.on == lived.account.name:
            person = cast()[one.with_]
            lines = []
            for number, line in enumerate(one.lines):
                at = days.local(line.at)
                lines.append(Line(line_id(at, number), at, line.text, cast()[line.by] if line.by else None))
                lived.note_private("message", lines[-1].id, line.spots)
            yield Conversation(id=f"{person.x_id}{ending}", person=person, lines=tuple(lines))


def letters(mail_id: Callable[[str], str]) -> Iterator[tuple[Mailing, Letter]]:
    """Yield the story's mails by time, each with what the story says of it."""
    made: dict[str, Letter] = {}
    for one in story().mailed:
        before = made.get(one.re)
        again = made.get(one.quotes or one.forwards)
        text = one.text if again is None else f"{one.text}\n\n{quoted(again) if one.quotes else forwarded(again)}"
        subject = one.subject or f"Re: {before.subject.removeprefix('Re: ') if before else ''}"
        made[one.key] = Letter(
            id=mail_id(one.key), at=days.local(one.at), sender=cast()[one.from_],
            to=tuple(cast()[key] for key in one.to), subject=subject, text=text,
            answers=(*before.answers, before.id) if before else (),
            enclosures=(Enclosure(f"{one.key}.pdf", "document", 1187),) if one.attached else (),
            privileged=one.privileged, deleted_at=days.local(one.gone) if one.gone else None,
        )  # fmt: skip
        yield one, made[one.key]


def quoted(letter: Letter) -> str:
    """Return a letter as a reply repeats it."""
    stamp = letter.at.astimezone(days.ZONE).strftime("%a, %d %b %Y at %H:%M")
    body = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    return f"On {stamp}, {letter.sender.name} wrote:\n{body}"


def forwarded(letter: Letter) -> str:
    """Return a letter as it is forwarded."""
    stamp = letter.at.astimezone(days.ZONE).strftime("%a, %d %b %Y %H:%M")
    head = f"From: {letter.sender.name} <{letter.sender.address}>\nDate: {stamp}\nSubject: {letter.subject}"
    return f"---------- Forwarded message ----------\n{head}\n\n{letter.text}"


def issues() -> list[Newsletter]:
    """Return the story's newsletters."""
    return [
        Newsletter(id=f"{days.local(one.at):%Y%m%d}{one.list[0].lower()}", list_name=one.list, at=days.local(one.at),
                   subject=one.subject, text=one.text)
        for one in story().issues
    ]  # fmt: skip

"""The library's account on Instagram, as an archiving vendor exports it: a table that keeps what was deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from demo import days, life, tables, texts
from demo.days import DAY
from demo.life import Life
from demo.lives import Lives, alone
from demo.schedule import Format, Planned, evenings
from demo.shown import Item
from demo.texts import Scene
from demo.world import Absence, Account, Entry, Wording

COLUMNS = (
    "Network", "Record Type", "Record ID", "Date Created", "Date Modified", "Date Deleted", "Author", "Username",
    "Content", "Parent ID", "Permalink", "Record Tags", "Media", "Likes",
)  # fmt: skip
HOST = "https://photos.example"
STORED_AFTER = timedelta(hours=6)
"""The vendor looks four times a day: what goes sooner it has never seen."""


# -- life


def library(seed: int, scale: float) -> Life:
    """Return the life of the library's account: posts with pictures, and the public's comments."""
    account = Account(
        name="photos-library", platform="instagram", department="Library", title="Milbrook Public Library",
        handle="milbrook.library",
    )  # fmt: skip
    lived = Life(account, Random(f"{seed}/photos-library"), seed, scale)
    for at in life.dates(lived.rng, lived.times(50)):
        scene = life.scene(lived.rng, "parks", at)
        post = _post(lived, scene, at)
        for _ in range(int(lived.rng.random() * 4)):
            _comment(lived, scene, post)
    account.entries.sort(key=lambda one: (one.at, one.id))
    return lived


def _add(lived: Life, one: Entry) -> Entry:
    """Add an entry and its fate: edited, deleted or hidden, or none of them."""
    chance, at = lived.rng.random(), life.fate(lived.rng, one.at + STORED_AFTER)
    if at is not None and chance < 0.12:
        one.wordings = (*one.wordings, Wording(at, f"{one.wordings[0].text} 🙂"))
    elif at is not None and chance < 0.24:
        one.absences = (Absence(at, None, "author" if one.author else "city", "deleted"),)
    elif at is not None and chance < 0.3 and one.author:
        one.absences = (Absence(at, None, "city", "hidden"),)
    lived.account.entries.append(one)
    return one


def _post(lived: Life, scene: Scene, at: datetime) -> Entry:
    at = lived.at_its_own_second(at)
    text = scene.say(lived.rng, texts.one_of(lived.rng, scene.topic.posts)).text
    media = (life.media(lived.rng, f"{at:%Y%m%d%H%M%S}", scene.topic.motif),)
    made = Entry(id=_id(lived), kind="post", wordings=(Wording(at, text),), media=media, likes=len(text) % 60)
    return _add(lived, made)


def _comment(lived: Life, scene: Scene, post: Entry) -> None:
    citizen = lived.somebody()
    said = scene.of(citizen).say(lived.rng, texts.one_of(lived.rng, scene.topic.remarks), citizen)
    at = lived.at_its_own_second(days.awake(lived.rng, post.at + DAY * lived.rng.randint(1, 4)))
    made = Entry(
        id=_id(lived), kind="comment", wordings=(Wording(at, said.text),), author=citizen, parent=post.id,
        thread=post.id,
    )  # fmt: skip
    lived.note_private("comment", made.id, said.private)
    _add(lived, made)


def _id(lived: Life) -> str:
    return f"M{17_900_000_000_000 + 7 * len(lived.account.entries)}"


# -- the table


def write(path: Path, account: Account, at: datetime) -> None:
    """Write everything that the vendor has stored by a moment; what was deleted stays, with its tag."""
    rows = (_row(account, one, at) for one in account.entries if one.at <= at)
    with path.open("wb") as file:
        file.writelines(tables.lines(COLUMNS, rows))


def _row(account: Account, one: Entry, at: datetime) -> Sequence[str]:
    who, wording, gone = one.author, one.wording(at), one.absence(at)
    modified, deleted = _modified(one, at), _deleted(one, at)
    tags = ["Edited"] if wording is not one.wordings[0] else []
    tags += ["Deleted" if gone.how == "deleted" else "Hidden"] if gone else []
    return (
        "Instagram", one.kind.title(), one.id, _time(one.at), _time(modified), _time(deleted),
        who.name if who else account.title, who.handle if who else account.handle, wording.text, one.parent,
        f"{HOST}/p/{one.id}", "; ".join(reversed(tags)), "; ".join(f"{HOST}/{each.name}" for each in one.media),
        str(one.likes),
    )  # fmt: skip


def _modified(one: Entry, at: datetime) -> datetime | None:
    """Return when an entry was edited, where the vendor knows the moment."""
    wording = one.wording(at)
    return wording.at if wording is not one.wordings[0] and _is_watched(wording.at) else None


def _deleted(one: Entry, at: datetime) -> datetime | None:
    """Return when an entry was found deleted, where the vendor knows that."""
    gone = one.absence(at)
    return gone.since if gone and gone.how == "deleted" and _is_watched(gone.since) else None


def _is_watched(at: datetime) -> bool:
    """Say whether the vendor notes the moment of a change: what it finds on a Monday has none."""
    return at.astimezone(days.ZONE).weekday() < 5


def _time(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


# -- what it shows


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Every post and comment that ever was, with its tag; who deleted something no tag tells."""
    for one in account.entries:
        if one.at > at:
            continue
        gone = one.absence(at)
        is_removed = gone is not None and gone.how == "deleted"
        yield Item(
            kind=one.kind, id=one.id, says=one.wording(at).text,
            audience="there" if gone is None else "removed" if is_removed else "hidden",
            changed_at=_modified(one, at), removed_at=_deleted(one, at),
            by="unknown" if is_removed else "author" if one.author else "city",
        )  # fmt: skip


ARCHIVESOCIAL = Format("archivesocial", lambda path, account, at, _: write(path, account, at), show, frozenset())

HOUSEHOLDS: dict[str, Lives] = {"photos-library": alone(library)}

PLANNED: tuple[Planned, ...] = tuple(
    evenings("photos-library", ARCHIVESOCIAL, "photos", "csv", "2026-03-01", "2026-04-01", "2026-05-01")
)

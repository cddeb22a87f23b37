"""The library's feed (Atom): the latest articles, and notices of what was withdrawn (RFC 6721)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from lxml import etree

from demo import life
from demo.days import local
from demo.every import site_life
from demo.life import Life
from demo.shown import Item
from demo.world import Absence, Account, Entry, Wording

WINDOW = 12
"""How many articles and notices the feed shows."""

HOST = "https://library.milbrook.example"
ABOUT = "What is new at Milbrook Public Library."
_ATOM = "http://www.w3.org/2005/Atom"

HOURS = "The library closes at five on the Friday before Easter. Books may be returned through the slot at any time."
LECTURE = "Saturday's lecture on the history of the Mill Pond is moved to the council chamber. Doors open at one."
TOLD = (
    (HOURS, "2026-03-13 15:00", "edited", "2026-03-18 10:30"),
    (LECTURE, "2026-03-26 11:00", "withdrawn", "2026-03-30 09:20"),
)
"""What happens in every city: an article is corrected, another withdrawn, both soon after they are published."""


def library(seed: int, scale: float) -> Life:
    """Return the life of the library's site, which shows itself as a feed."""
    account = Account(
        name="site-library", platform="website", department="Library", title="Milbrook Public Library",
        handle="library.milbrook.example",
    )  # fmt: skip
    lived = Life(account, Random(f"{seed}/site-library"), seed, scale)
    for at in life.dates(lived.rng, lived.times(50)):
        scene = life.scene(lived.rng, "city", at)
        site_life.befall(lived, scene, site_life.article(lived, scene, at))
    for text, written, what, then in TOLD:
        one = site_life.add(lived, text, local(written))
        if what == "edited":
            one.wordings = (*one.wordings, Wording(local(then), f"{text} (The slot is on Elm Street.)"))
        else:
            one.absences = (Absence(local(then), None, "city", "deleted"),)
    for one in account.entries:
        one.id = f"{HOST}/?p={one.id}"
    account.entries.sort(key=lambda one: (one.at, one.id))
    return lived


def window(account: Account, at: datetime) -> list[Entry]:
    """Return the articles that the feed shows at a moment, and those of which it tells that they are withdrawn."""
    return sorted((one for one in account.entries if one.at <= at), key=lambda one: one.at)[: -WINDOW - 1 : -1]


# -- the file


def write(path: Path, account: Account, at: datetime) -> None:
    """Write the feed as it is at a moment."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM, "at": "http://purl.org/atompub/tombstones/1.0"})
    _add(feed, "id", f"{HOST}/feed")
    _add(feed, "title", account.title)
    _add(feed, "subtitle", ABOUT)
    _add(feed, "updated", _time(at))
    _add(feed, "link", href=f"{HOST}/", rel="alternate")
    for one in window(account, at):
        gone = one.absence(at)
        if gone is None:
            _entry(feed, one, at)
        else:
            name = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
            etree.SubElement(feed, name, ref=one.id, when=_time(gone.since))
    path.write_bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _entry(feed: etree._Element, one: Entry, at: datetime) -> None:
    entry = _add(feed, "entry")
    wording = one.wording(at)
    _add(entry, "id", one.id)
    _add(entry, "title", one.title)
    _add(entry, "published", _time(one.at))
    _add(entry, "updated", _time(wording.at))
    _add(entry, "link", href=one.id, rel="alternate")
    for media in one.media:
        _add(entry, "link", href=f"{HOST}/files/{media.name}", rel="enclosure", type="image/jpeg", title=media.alt)
    _add(_add(entry, "author"), "name", "Milbrook Public Library")
    _add(entry, "content", site_life.paragraphs(wording.text), type="html")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = text or None
    return made


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# -- what it shows


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The feed itself; its articles with the moment of their last change; withdrawals with theirs, by nobody's name."""
    yield Item(kind="profile", id=f"{HOST}/feed", says=ABOUT)
    for one in window(account, at):
        gone = one.absence(at)
        if gone is None:
            wording = one.wording(at)
            yield Item(kind="article", id=one.id, says=wording.text, changed_at=wording.at)
        else:
            yield Item(kind="article", id=one.id, says="", audience="removed", removed_at=gone.since, by="unknown")

"""Captures of the city's pages (WARC 1.1), as a crawler makes them of the whole site."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from random import Random
from uuid import NAMESPACE_URL, uuid5

from demo import days, life, pictures
from demo.days import BEGINNING, local
from demo.every import site_life
from demo.life import Life
from demo.shown import Item
from demo.world import Absence, Account, Entry, Wording

HOST = "https://www.milbrook.example"
NEWS = f"{HOST}/news/"
"""Pages below here tell when they were published and last changed; the others do not."""

AGENDA = f"{HOST}/files/agenda.pdf"
OPEN = "The pool at Riverside Park is open daily from noon to six. Lap swimming is from six to eight in the morning."
CLOSED = "The pool at Riverside Park is closed until further notice. The filter pump is being replaced."
STANDING: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("/", (("", "Welcome to Milbrook. City Hall is open on weekdays from eight to five."),)),
    ("/pool", (("", OPEN), ("2026-02-19 12:00", CLOSED), ("2026-04-04 10:00", OPEN))),
    ("/fees", (("", "A dog licence is 12 dollars."), ("2026-03-24 08:15", "A dog licence is 15 dollars."))),
    ("/council", (("", "The Common Council meets on the first and third Tuesday of a month at seven."),)),
    ("/parking", (("", "Parking on Elm Street is free for two hours."),)),
)
"""The pages that every city has, and what they say from when on; what a page says again it has said before."""

AWAY = (local("2026-03-09 09:00"), local("2026-04-10 16:00"))
"""Between these the page on parking was gone."""


def pages(seed: int, scale: float) -> Life:
    """Return the life of the city's main site."""
    account = Account(
        name="site-pages", platform="website", department="Clerk-Treasurer", title="City of Milbrook",
        handle="www.milbrook.example",
    )  # fmt: skip
    lived = Life(account, Random(f"{seed}/site-pages"), seed, scale)
    for at in life.dates(lived.rng, lived.times(40)):
        scene = life.scene(lived.rng, "city", at)
        one = site_life.article(lived, scene, at)
        site_life.befall(lived, scene, one)
        one.kind, one.id = "page", f"{NEWS}{one.id}"
        one.absences = tuple(Absence(gone.since, None, "city", "deleted") for gone in one.absences)
    for path, said in STANDING:
        wordings = tuple(Wording(local(since) if since else BEGINNING, text) for since, text in said)
        away = (Absence(*AWAY, "city", "deleted"),) if path == "/parking" else ()
        title = f"{path.strip('/').title() or 'Home'} | City of Milbrook"
        account.entries.append(Entry(id=HOST + path, kind="page", wordings=wordings, title=title, absences=away))
    account.entries.sort(key=lambda one: (one.at, one.id))
    return lived


def _written(account: Account, at: datetime) -> list[Entry]:
    return [one for one in account.entries if one.at <= at]


# -- the file


def write(path: Path, account: Account, at: datetime) -> None:
    """Write what a crawler finds from a moment on; what is gone answers that it is."""
    with path.open("wb") as file:
        for record in _records(account, at):
            file.write(gzip.compress(record, 6, mtime=0))


def _records(account: Account, at: datetime) -> Iterator[bytes]:
    yield _record("warcinfo", at, b"software: a crawler of Milbrook's\r\n", "application/warc-fields")
    moment = at
    for one in _written(account, at):
        moment += timedelta(seconds=2)
        if one.is_there(at):
            page = _page(one, at).encode()
            yield _answer(one.id, moment, page, "text/html; charset=utf-8")
            if one.id == f"{HOST}/":
                yield _record("revisit", moment, _http(b"", "text/html"), "application/http; msgtype=response", one.id)
        else:
            yield _answer(one.id, moment, b"<title>Not found</title>", "text/html", "404 Not Found")
        for media in one.media:
            yield _answer(f"{HOST}/files/{media.name}", moment, pictures.of(media), "image/jpeg")
    yield _answer(AGENDA, moment, pictures.document("Agenda of the Common Council"), "application/pdf")
    yield _answer(f"{HOST}/style.css", moment, b"p { margin: 1em }", "text/css")


def _page(one: Entry, at: datetime) -> str:
    wording = one.wording(at)
    dates = ""
    if one.id.startswith(NEWS):
        dates = (
            f'<meta property="article:published_time" content="{_local(one.at)}">'
            f'<meta property="article:modified_time" content="{_local(wording.at)}">'
        )
    pictured = "".join(f'<img src="/files/{each.name}" alt="{escape(each.alt)}">' for each in one.media)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(one.title)}</title>{dates}</head>'
        f'<body><nav><a href="/">Home</a> <a href="/council">Council</a></nav>\n'
        f"<main>{site_life.paragraphs(wording.text)}{pictured}</main></body></html>\n"
    )


def _local(at: datetime) -> str:
    return at.astimezone(days.ZONE).isoformat()


def _answer(address: str, at: datetime, body: bytes, sort: str, status: str = "200 OK") -> bytes:
    return _record("response", at, _http(body, sort, status), "application/http; msgtype=response", address)


def _http(body: bytes, sort: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {sort}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _record(sort: str, at: datetime, block: bytes, block_type: str, address: str = "") -> bytes:
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    head = {
        "WARC-Type": sort,
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{sort} {address} {moment}')}>",
        "WARC-Date": moment,
        "WARC-Target-URI": address,
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest" if sort == "revisit" else "",
        "WARC-Block-Digest": f"sha1:{digest}",
        "Content-Type": block_type,
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


# -- what it shows


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Every page that answers, and the agenda; pictures and styles are parts of pages."""
    for one in _written(account, at):
        if one.is_there(at):
            wording = one.wording(at)
            tells = one.id.startswith(NEWS) and wording.at != one.at
            yield Item(kind="page", id=one.id, says=wording.text, changed_at=wording.at if tells else None)
    yield Item(kind="page", id=AGENDA, says="")

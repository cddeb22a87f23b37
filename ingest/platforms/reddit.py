"""What Reddit gives an account that asks for its data: posts, comments, messages and chats, as tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from archive.records import Author, Recipient, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists.reading import read_rows
from ingest.tables import Row, Table, find_table
from ingest.timestamps import from_iso

GAPS = (
    "what others answered: Reddit gives an account its own words only",
    "who voted, and how",
    "what the account deleted, and what a text said before it was edited",
    "not read, on purpose: votes, what was saved or hidden, subscriptions, purchases",
)
SITE = "https://www.reddit.com"
_POST = re.compile(r"/comments/([a-z0-9]+)")


class _Sort(Struct, frozen=True):
    """One sort of table: the columns that tell it, and its reader."""

    columns: frozenset[str]
    read: Callable[[Author, Row, str], Reading]


class RedditIngestor(Ingestor):
    """Reads the zip of tables that Reddit sends an account that asks for its data."""

    name = "reddit"
    platform = "reddit"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the headings of the tables that are read."""
        return Confidence.CONTENT if any(_table(one) for one in backup.members()) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """The statistics say when the export was made, and of whom."""
        facts = _statistics(backup)
        made = from_iso(facts.get("export time", "")).at
        return Coverage(exported_at=made, account_handle=facts.get("account name", ""))

    def read(self, backup: Backup) -> Reading:
        """Yield what each table holds."""
        yield from (Gap(what) for what in GAPS)
        author = Author(handle=_statistics(backup).get("account name", ""), is_account=True)
        for member in backup.members():
            if found := _table(member):
                table, sort = found
                yield from read_rows(member.path, table.rows(), partial(sort.read, author))


def _table(member: Member) -> tuple[Table, _Sort] | None:
    if not member.path.lower().endswith(".csv"):
        return None
    table = find_table(member, lambda cells: _sort(cells) is not None)
    sort = _sort(table.columns) if table is not None else None
    return (table, sort) if table is not None and sort is not None else None


def _sort(columns: Sequence[str]) -> _Sort | None:
    names = set(columns)
    return next((one for one in SORTS if one.columns <= names), None)


def _statistics(backup: Backup) -> dict[str, str]:
    """Return the facts of ``statistics.csv``, empty where there is none."""
    for member in backup.matching("statistics.csv"):
        table = find_table(member, lambda cells: list(cells) == ["statistic", "value"])
        rows = (row for row in table.rows() if isinstance(row, Row)) if table is not None else ()
        return {row.cells["statistic"]: row.cells["value"] for row in rows}
    return {}


# -- rows


def _native(row: Row) -> bytes:
    """Return a row's bytes; of one with the address that it was written from, its other cells."""
    if not row.cells.get("ip"):
        return row.native
    kept = {name: one for name, one in row.cells.items() if name != "ip"}
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogateescape")


def _post(author: Author, row: Row, place: str) -> Reading:
    url = row.cells.get("url", "").strip()
    yield _written("post", "t3_", author, row, place, title=row.cells["title"], links=(url,) if "//" in url else ())


def _comment(author: Author, row: Row, place: str) -> Reading:
    found = _POST.search(row.cells["link"]) or _POST.search(row.cells["permalink"])
    thread = f"t3_{found[1]}" if found else ""
    above = row.cells["parent"].strip()
    parent = (above if "_" in above else f"t1_{above}") if above else thread
    media = row.cells.get("media", "").strip()
    links = (media,) if media.startswith("http") else ()
    yield _written("comment", "t1_", author, row, place, parent=parent, thread=thread, links=links)


def _written(kind: str, prefix: str, author: Author, row: Row, place: str, **more: object) -> Draft:
    """Return what a post and a comment have in common."""
    cells = row.cells
    if not cells["id"]:
        raise ValueError(f"a {kind} without an id")
    body = cells["body"]
    removed = body.strip() == "[removed]"
    draft: Callable[..., Draft] = Draft
    return draft(
        kind=kind,
        place=place,
        native=_native(row),
        native_id=prefix + cells["id"],
        created=_moment(cells["date"]),
        author=author,
        text=body,
        url=_address(cells["permalink"]),
        audience="removed" if removed else "public",
        removed_by="platform" if removed else "",
        details={"subreddit": cells["subreddit"]} if cells["subreddit"] else {},
        **more,
    )


def _message(author: Author, row: Row, place: str) -> Reading:
    cells = row.cells
    sender, to = cells["from"].strip(), cells["to"].strip()
    yield Draft(
        kind="message",
        place=place,
        native=_native(row),
        native_id=f"t4_{cells['id']}" if cells["id"] else None,
        created=_moment(cells["date"]),
        author=_person(sender, author),
        title=cells.get("subject", ""),
        text=cells["body"],
        thread=cells["thread_id"],
        url=_address(cells["permalink"]),
        audience="private",
        recipients=(Recipient("to", address=to),) if to else (),
    )


def _chat(author: Author, row: Row, place: str) -> Reading:
    cells = row.cells
    updated = cells.get("updated_at", "")
    yield Draft(
        kind="message",
        place=place,
        native=_native(row),
        native_id=cells["message_id"] or None,
        created=_moment(cells["created_at"]),
        edited=_moment(updated) if updated not in ("", cells["created_at"]) else None,
        author=_person(cells["username"].strip(), author),
        text=cells["message"],
        parent=cells.get("thread_parent_message_id", ""),
        thread=cells["channel_url"],
        audience="private",
        details=_kept(cells, ("subreddit", "channel_name", "conversation_type")),
    )


SORTS = (
    _Sort(frozenset({"id", "permalink", "date", "subreddit", "title", "body"}), _post),
    _Sort(frozenset({"id", "permalink", "date", "subreddit", "link", "parent", "body"}), _comment),
    _Sort(frozenset({"id", "permalink", "thread_id", "date", "from", "to", "body"}), _message),
    _Sort(frozenset({"message_id", "created_at", "username", "message", "channel_url"}), _chat),
)


def _person(handle: str, author: Author) -> Author:
    return author if handle and handle == author.handle else Author(handle=handle)


def _kept(cells: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    return {name: cells[name] for name in names if cells.get(name)}


def _moment(raw: str) -> Timestamp | None:
    return from_iso(raw) if raw.strip() else None


def _address(permalink: str) -> str:
    return SITE + permalink if permalink.startswith("/") else permalink

"""Nextdoor for public agencies: answers of its developer interface, and tables that an agency was given.

Nextdoor offers agencies no export. What its notifications say by e-mail is read as mail.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

from archive.records import Audience, Author, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, without
from ingest.lists.reading import read_dated_rows
from ingest.platforms.answers import Piece, answers, decoded, elements, first_answers, first_bytes, parts, read_pieces
from ingest.tables import Row, Table, find_table
from ingest.text import html_to_text
from ingest.timestamps import from_iso, from_unix
from ingest.written_dates import DateReader

GAPS = (
    "members and how many an agency reaches by name: Nextdoor gives numbers at most",
    "private messages",
    "who reacted; polls' votes; pictures of comments",
    "what was deleted or reported, and what a text said before it was edited",
)
INSIDE = ("posts", "results", "items", "data")
MARKS = re.compile(rb'"(agency_info|neighborhood_(?:name|id|city)|author_neighborhood)"|https?:\\?/\\?/nextdoor\.com/')
_POST = re.compile(r"nextdoor\.com/(?:p|news_feed|embed|post)/[^?#\s]*?([\w-]{6,})/?(?:[?#]|$)")
BODY = re.compile(rb'"body"\s*:')
VOLATILE = ("like_count", "comments", "reactions", "reaction_count", "comment_count", "view_count", "metrics")
HIDDEN: dict[str, Audience] = {"hidden": "hidden", "closed": "public", "deleted": "removed", "removed": "removed",
                               "draft": "draft", "scheduled": "draft"}  # fmt: skip


class NextdoorIngestor(Ingestor):
    """Reads an agency's posts and the comments on them, out of answers of the interface or tables."""

    name = "nextdoor"
    platform = "nextdoor"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise bodies beside neighbourhoods or Nextdoor's addresses, in answers or in a table."""
        if any(_is_answer(first_bytes(one)) for one in first_answers(backup)):
            return Confidence.CONTENT
        return Confidence.CONTENT if any(_table(one) for one in backup.members()) else Confidence.NONE

    def material(self, native: bytes) -> bytes:
        """Leave counts out."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield posts with their comments, file by file."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            if table := _table(member):
                yield from _rows(table)
        for member in answers(backup):
            if _is_answer(first_bytes(member)):
                yield from read_pieces(member, INSIDE, _post, mark="body")
            else:
                yield Defect(member.path, "neither posts nor comments of Nextdoor are in this file", quarantined=False)


# -- answers


def _is_answer(head: bytes) -> bool:
    return bool(MARKS.search(head) and BODY.search(head))


def _post(piece: Piece) -> Reading:
    """Yield a post and the comments nested in it, each with its own bytes."""
    item, fields = piece.value, parts(piece.native)
    text = item["body"]
    native_id = _id(item, "id", "post_id") or _in_address(item)
    inside = fields.pop("comments", b"[]")
    author = item.get("author") or {}
    agency = str(author.get("type") or "").casefold() == "agency" or bool(author.get("agency_info"))
    yield Draft(
        kind="post",
        place=piece.place,
        native=_joined(fields),
        native_id=native_id or None,
        created=_moment(item),
        author=Author(_author_name(author), "", _id(author, "id"), is_account=agency),
        title=str(item.get("title") or item.get("subject") or ""),
        text=_plain(str(text)),
        url=str(item.get("url") or item.get("embed_url") or ""),
        links=tuple(str(one) for one in item.get("media_attachments") or () if str(one).startswith("http")),
        audience=HIDDEN.get(str(item.get("status") or "").casefold(), "public"),
        details=_details(item, author),
        metrics=_counts(item),
    )
    yield from _comments(inside, piece.place, native_id, _author_name(author) if agency else "")


def _comments(native: bytes, place: str, thread: str, agency: str) -> Reading:
    """Yield the comments of a list, and those under them: each in turn, so that no depth is too deep."""
    waiting = [(one, f"{place}, comment {number}", thread) for number, one in enumerate(elements(native), 1)]
    while waiting:
        own, where, above = waiting.pop(0)
        try:
            fields = parts(own)
            inside = fields.pop("comments", b"[]")
            draft = _comment(_joined(fields), where, above, thread, agency)
            under = elements(inside)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            yield Defect(where, f"this comment is not what Nextdoor gives ({error})", native=own)
            continue
        yield draft
        waiting = [
            (one, f"{where}.{number}", draft.native_id or above) for number, one in enumerate(under, 1)
        ] + waiting


def _comment(native: bytes, place: str, parent: str, thread: str, agency: str) -> Draft:
    item = decoded(native)
    name = str(item.get("author_name") or "")
    return Draft(
        kind="comment",
        place=place,
        native=native,
        native_id=_id(item, "id", "comment_id") or None,
        created=_moment(item),
        author=Author(name, "", _id(item, "author_id", "user_id"), is_account=bool(name) and name == agency),
        text=_plain(str(item["body"])),
        parent=_id(item, "parent_comment_id") or parent,
        thread=thread,
        metrics=_counts(item),
    )


def _joined(fields: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(b'"' + key.encode() + b'":' + value for key, value in fields.items()) + b"}"


def _id(item: Mapping[str, Any], *names: str) -> str:
    value = next((item[name] for name in names if item.get(name) not in (None, "")), "")
    if isinstance(value, float):
        raise ValueError(f"the id {value} was rounded by some program")
    return str(value)


def _in_address(item: Mapping[str, Any]) -> str:
    """Return the id that an address of a post ends with, empty if there is none."""
    found = _POST.search(str(item.get("url") or ""))
    return found[1] if found else ""


def _author_name(author: Mapping[str, Any]) -> str:
    agency = author.get("agency_info")
    named = agency.get("name") if isinstance(agency, dict) else ""
    return str(author.get("name") or named or "")


def _details(item: Mapping[str, Any], author: Mapping[str, Any]) -> dict[str, str]:
    found = {"category": item.get("category"), "author type": author.get("type")}
    found["neighborhood"] = author.get("neighborhood_name") or author.get("neighborhood")
    return {name: str(one) for name, one in found.items() if one}


def _moment(item: Mapping[str, Any]) -> Timestamp | None:
    raw = next((item[name] for name in ("creation_date", "created_at", "creation_time") if item.get(name)), None)
    if raw is None:
        return None
    if isinstance(raw, int) or str(raw).isdigit():
        return from_unix(raw)
    return from_iso(str(raw), "unknown")


def _plain(text: str) -> str:
    return html_to_text(text) if re.search(r"<(br|p|a|div|b|i)\b", text) else text


def _counts(item: Mapping[str, Any]) -> dict[str, int]:
    return {name: one for name, one in item.items() if name in VOLATILE and isinstance(one, int)}


# -- tables


@cache
def _known() -> dict[str, str]:
    stored = tomllib.loads(files(__package__).joinpath("nextdoor_columns.toml").read_text(encoding="utf-8"))
    return {name: meaning for meaning, names in stored["columns"].items() for name in names}


def _by_name(columns: Sequence[str]) -> dict[str, str]:
    """Return the columns by what they mean; of two with one meaning the first."""
    found: dict[str, str] = {}
    for name in columns:
        if meaning := _known().get(name.casefold()):
            found.setdefault(meaning, name)
    return found


def _table(member: Member) -> Table | None:
    """Return an agency's table: it has words and times, and neighbourhoods or Nextdoor's addresses tell whose it is."""
    if not member.path.lower().endswith((".csv", ".tsv", ".txt")):
        return None
    table = find_table(member, lambda cells: {"created", "text"} <= set(_by_name(cells)))
    if table is None:
        return None
    first = next((row for row in table.rows() if isinstance(row, Row)), None)
    address = first.cells.get(_by_name(table.columns).get("url", ""), "") if first is not None else ""
    return table if "nextdoor.com" in address or "neighborhoods" in map(str.casefold, table.columns) else None


def _rows(table: Table) -> Reading:
    """Yield what the rows of a table say; whether day or month comes first the whole table tells."""
    columns = _by_name(table.columns)
    yield from read_dated_rows(table.member.path, table.rows, [columns["created"]], partial(_row, columns))


def _row(columns: Mapping[str, str], dates: DateReader, row: Row, place: str) -> Reading:
    cells = {meaning: row.cells[name].strip() for meaning, name in columns.items()}
    if not (cells["text"] or cells.get("title")):
        raise ValueError("a row without words")
    is_comment = bool(cells.get("comment"))
    thread = cells.get("post", "")
    taken = set(columns.values()) - {columns.get(one) for one in ("area", "sort", "status")}
    rest = {name: one for name, one in row.cells.items() if one and name not in taken}
    yield Draft(
        kind="comment" if is_comment else "post",
        place=place,
        native=row.native,
        native_id=(cells["comment"] if is_comment else thread or _in_address({"url": cells.get("url", "")})) or None,
        created=dates.read(cells["created"]) if cells["created"] else None,
        author=Author(cells.get("author", ""), is_account=not is_comment),
        title=cells.get("title", ""),
        text=_plain(cells["text"]),
        parent=(cells.get("parent") or thread) if is_comment else "",
        thread=thread if is_comment else "",
        url=cells.get("url", ""),
        audience=HIDDEN.get(cells.get("status", "").casefold(), "public"),
        details={name: one for name, one in rest.items() if not one.isdigit()},
        metrics={name: int(one) for name, one in rest.items() if one.isdigit() and len(one) < 15},
    )

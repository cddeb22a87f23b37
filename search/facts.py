"""Facts about versions that the archive answers itself: account, kind, state, dates and the like.

Each fact has one meaning, said twice: as SQL over everything, and over one document in plain Python. The
second answers for what the index has not reached, and is what engines that know facts are tested against.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from whoosh import query

from archive.clock import read_stored
from archive.version_digest import stored_time
from search.documents import Document, Facts

_WHERE = {
    "account": "r.account = :value{n} COLLATE NOCASE",
    "platform": "r.platform = :value{n} COLLATE NOCASE",
    "kind": "r.kind = :value{n}",
    "state": "r.state = :value{n}",
    "list": "r.list_name = :value{n} COLLATE NOCASE",
    "in": "r.thread = :value{n} COLLATE NOCASE",
    "tag": "r.tags IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(r.tags) t WHERE t.value = :value{n} COLLATE NOCASE)",
    "from": "r.created_at >= :first{n}",
    "to": "r.created_at < :after{n}",
    "on": "r.created_at >= :first{n} AND r.created_at < :after{n}",
}
_BY = {"city": "r.by_account = 1", "public": "r.by_account = 0"}
_TYPED = "EXISTS (SELECT 1 FROM attachment a WHERE a.version = v.id AND a.media_type LIKE '{}')"
_HAS = {
    "attachment": _TYPED.format("%"),
    "image": _TYPED.format("image/%"),
    "video": _TYPED.format("video/%"),
    "link": "EXISTS (SELECT 1 FROM content c WHERE c.id = v.id AND c.links IS NOT NULL)",
}
OF_DOCUMENTS = frozenset((*_WHERE, "by", "has"))
"""Facts that a document carries; the others are asked of the archive alone (:mod:`search.archive_facts`)."""

JOINED = OF_DOCUMENTS - {"has"}
"""Facts of which several can be asked at once."""

PERIODS = ("from", "to", "on")

SEVERAL = query.Term("is", "several")
"""The fact, for engines that keep facts, that a version's record has other versions too."""

BLANK = chr(0xE000)
"""Stands for blanks in a fact that an engine keeps: a character that no text has."""


_SMALL = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}


def lowered(text: str) -> str:
    """Return a text as SQLite's NOCASE compares it: in the small letters of ASCII."""
    return text.lower() if text.isascii() else text.translate(_SMALL)


def bounds(value: str, zone: ZoneInfo) -> tuple[str, str]:
    """Return the stored times at which ``2026-03-01`` or ``2026-03-01..2026-03-31`` begins and has passed."""
    first, _, last = value.partition("..")
    begin = datetime.combine(date.fromisoformat(first), time(), zone)
    after = datetime.combine(date.fromisoformat(last or first) + timedelta(days=1), time(), zone)
    return stored_time(begin.astimezone(UTC)), stored_time(after.astimezone(UTC))


def where(leaf: query.Term, zone: ZoneInfo, number: int) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition (on ``version v`` and ``record r``) and parameters of a query's n-th fact."""
    name, value = leaf.fieldname, str(leaf.text)
    if name == "by":
        return _BY[value], {}
    if name == "has":
        return _HAS[value], {}
    if name in PERIODS:
        first, after = bounds(value, zone)
        return _WHERE[name].format(n=number), {f"first{number}": first, f"after{number}": after}
    return _WHERE[name].format(n=number), {f"value{number}": value}


def holds(leaf: query.Term, document: Document, zone: ZoneInfo) -> bool:
    """Say whether a fact is true of a document."""
    name, value, facts = leaf.fieldname, str(leaf.text), document.facts
    if name == "by":
        return facts.by_account == (value == "city")
    if name == "has":
        return value in facts.has
    if name in PERIODS:
        first, after = bounds(value, zone)
        early = name != "to" and facts.created_at < first
        late = name != "from" and facts.created_at >= after
        return bool(facts.created_at) and not early and not late
    return lowered(value) in _named(facts, name)


def _named(facts: Facts, name: str) -> Iterator[str]:
    if name == "tag":
        yield from map(lowered, facts.tags)
    else:
        attribute = {"list": "list_name", "in": "thread"}.get(name, name)
        yield lowered(getattr(facts, attribute))


def tokens(facts: Facts) -> str:
    """Return the facts of a document, dates apart, as an engine keeps them: ``kind=post``, a blank between two."""
    common = _common(
        facts.by_account, facts.account, facts.platform, facts.kind, facts.state, facts.list_name, facts.has
    )
    own = [token("tag", one) for one in facts.tags]
    if facts.several:
        own.append(token(SEVERAL.fieldname, str(SEVERAL.text)))
    return " ".join([common, token("in", facts.thread), *own] if facts.thread else [common, *own])


@lru_cache(maxsize=10_000)
def _common(
    by_account: bool, account: str, platform: str, kind: str, state: str, list_name: str, has: frozenset[str]
) -> str:
    named = {"account": account, "platform": platform, "kind": kind, "state": state, "list": list_name}
    found = ["by=city" if by_account else "by=public", *(token(name, value) for name, value in named.items() if value)]
    return " ".join([*found, *(token("has", one) for one in sorted(has))])


def token(name: str, value: str) -> str:
    """Return one fact as an engine keeps it, without blanks."""
    return f"{name}={BLANK.join(lowered(value).split())}"


@lru_cache(maxsize=200_000)
def month(hour: str, zone: ZoneInfo) -> str:
    """Return the local month, ``2026-03``, of the beginning of a stored time up to its hour; empty for no time."""
    return read_stored(f"{hour}:00:00.000Z").astimezone(zone).strftime("%Y-%m") if hour else ""


def ids(
    connection: sqlite3.Connection, leaves: Sequence[query.Term], zone: ZoneInfo, upto: int, told: Mapping[int, int]
) -> set[int]:
    """Return the versions for which facts of documents hold, of those vouched for up to a ledger row.

    ``told`` are the versions that tell again what a standing one tells (:func:`search.gathering.pairs`); what
    a version has (``has``) may be told by them alone, so that such a fact is asked by itself.
    """
    conditions = ["v.seq <= :upto"]
    values: dict[str, Any] = {"upto": upto}
    for number, leaf in enumerate(leaves):
        condition, asked = where(leaf, zone, number)
        conditions.append(f"({condition})")
        values |= asked
    rows = connection.execute(
        f"SELECT v.id FROM version v JOIN record r ON r.id = v.record WHERE {' AND '.join(conditions)}", values
    )
    found = {row[0] for row in rows}
    return {told.get(one, one) for one in found} if leaves[0].fieldname == "has" else found - told.keys()


def all_ids(connection: sqlite3.Connection, upto: int, told: Mapping[int, int]) -> set[int]:
    """Return every version that is a document of its own, of those vouched for up to a ledger row."""
    rows = connection.execute("SELECT v.id FROM version v JOIN record r ON r.id = v.record WHERE v.seq <= ?", (upto,))
    return {row[0] for row in rows} - told.keys()


def disposed_since(connection: sqlite3.Connection, position: int) -> int:
    """Return how many versions that were held at a ledger position have been disposed of since."""
    count: int = connection.execute(
        "SELECT count(*) FROM disposed d JOIN version v ON v.id = d.row_id"
        " WHERE d.tbl = 'content' AND v.seq <= ?1 AND d.seq > ?1",
        (position,),
    ).fetchone()[0]
    return count


_NEWEST = "coalesce(substr(r.created_at, 1, 19), '') DESC, v.id DESC"
_OLDEST = "r.created_at IS NULL, substr(r.created_at, 1, 19), v.id"


def by_time(connection: sqlite3.Connection, found: Collection[int], limit: int, oldest: bool = False) -> list[int]:
    """Return the newest versions, or the oldest, by the second of their records; without a date they come last."""
    rows = connection.execute(
        "SELECT v.id FROM version v JOIN record r ON r.id = v.record WHERE v.id IN (SELECT value FROM json_each(?))"
        f" ORDER BY {_OLDEST if oldest else _NEWEST} LIMIT ?",
        (json.dumps(list(found)), limit),
    )
    return [row[0] for row in rows]

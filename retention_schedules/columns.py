"""What is asked of every record to date it, as SQL of ``record r``; nearly all of it is told by that table alone."""

from __future__ import annotations

from collections.abc import Collection

SEPARATOR = "\x1f"
"""Stands between values; no account's name and no JSON has it, and a person's names come last."""

TRAITS = {
    "account": "r.account", "platform": "r.platform", "kind": "r.kind", "audience": "r.audience",
    "tag": "coalesce(r.tags, '')",
    "author": "coalesce(r.author_name, '') || char(31) || coalesce(r.author_handle, '')",
}  # fmt: skip
"""What rules look at, by the rule's key."""

MOMENT = "coalesce(r.created_at, r.captured_at)"
"""The moment that counts: when the record was taken in, where its creation is not known."""

VAGUE = """LEFT JOIN content c INDEXED BY content_vague
    ON c.id = r.version AND (c.created_precision IN ('day', 'month') OR c.created_zone = 'unknown')"""
"""The contents whose creation is not known to the second, out of an index that holds these alone."""

_ABSENT = """CASE WHEN r.missing THEN (
    SELECT f.by_at FROM finding f WHERE f.record = r.id AND f.kind = 'missing' ORDER BY f.id DESC LIMIT 1) END"""


def traits(asked: Collection[str] = tuple(TRAITS)) -> str:
    """Return the traits that are asked for as one text, with separators between them; the others are empty."""
    return f" || '{SEPARATOR}' || ".join(sql if name in asked else "''" for name, sql in TRAITS.items())


def odd(absent: bool = True) -> str:
    """Return what is odd about a record's days: NULL for nearly all of them.

    Else precision and zone source of the moment, and since when a newer backup or list lacks the record if
    ``absent`` is asked for; each may be empty.
    """
    since, is_absent = (_ABSENT, "r.missing") if absent else ("NULL", "0")
    known = "r.created_at IS NOT NULL"
    return f"""CASE WHEN (c.id IS NOT NULL AND {known}) OR {is_absent} THEN
        iif({known}, coalesce(c.created_precision, ''), '') || '{SEPARATOR}'
        || iif({known}, coalesce(c.created_zone, ''), '') || '{SEPARATOR}' || coalesce({since}, '') END"""

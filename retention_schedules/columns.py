"""What is asked of every record to date it, as SQL of ``record r``; nearly all of it is told by that table alone."""

from __future__ import annotations

SEPARATOR = "\x1f"
"""Stands between values; no account's name and no JSON has it, and a person's names come last."""

TRAITS = """
r.account || char(31) || r.platform || char(31) || r.kind || char(31) || r.audience || char(31)
|| CASE WHEN :tags THEN coalesce(r.tags, '') ELSE '' END || char(31)
|| CASE WHEN :authors THEN coalesce(r.author_name, '') || char(31) || coalesce(r.author_handle, '') ELSE '' END"""
"""What rules look at, as one text: account, platform, kind, audience, tags, author."""

MOMENT = "coalesce(r.created_at, r.captured_at)"
"""The moment that counts: when the record was taken in, where its creation is not known."""

VAGUE = """LEFT JOIN content c INDEXED BY content_vague
    ON c.id = r.version AND (c.created_precision IN ('day', 'month') OR c.created_zone = 'unknown')"""
"""The contents whose creation is not known to the second, out of an index that holds these alone."""

ABSENT = """CASE WHEN :absent AND r.missing THEN (
    SELECT f.by_at FROM finding f WHERE f.record = r.id AND f.kind = 'missing' ORDER BY f.id DESC LIMIT 1) END"""
"""Since when a newer backup or list lacks the record."""

ODD = f"""CASE WHEN (c.id IS NOT NULL AND r.created_at IS NOT NULL) OR (:absent AND r.missing) THEN
    iif(r.created_at IS NULL, '', coalesce(c.created_precision, '')) || char(31)
    || iif(r.created_at IS NULL, '', coalesce(c.created_zone, '')) || char(31) || coalesce({ABSENT}, '') END"""
"""NULL for nearly all; else precision and zone source of the moment, and since when it is absent, each may be empty."""

EVERYTHING = {"tags": True, "authors": True, "absent": True}
"""Parameters that leave nothing out."""

"""Somebody in a conversation who is called otherwise since: the same person, if times and words say so throughout.

Chats that a telephone exports name people as its address book does, and have no ids. When a contact is renamed, a later
export of the chat tells the same messages of somebody else, often in a chat of another name. It is a renaming if, where
the two exports overlap, every message of the one name has one of the other at the same moment and the other way round,
most of them in the same words, and if nothing in the later backup is by the old name.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from msgspec import Struct

FEWEST = 3
"""Moments with the same words from which on they are evidence: two people may well answer “ok” in one minute."""

TABLES = """
CREATE TEMP TABLE called (number INTEGER, thread TEXT, author TEXT);
CREATE TEMP TABLE called_now (number INTEGER, thread TEXT, author TEXT);
"""

_IS_LEFT = "kind = 'message' AND NOT done AND created_at <> '' AND thread <> '' AND author <> ''"

_ALIKE = f"""
SELECT h.thread, h.author, s.thread, s.author, count(DISTINCT s.created_at) FROM
  (SELECT * FROM staged WHERE lane = 'no id' AND {_IS_LEFT}) s CROSS JOIN unmatched h
  ON h.created_at = s.created_at AND h.kind = s.kind AND h.content_hash = s.content_hash AND h.author <> s.author
    AND NOT h.done AND h.thread <> '' AND h.author <> ''
WHERE h.author NOT IN (SELECT author FROM staged WHERE lane = 'no id' AND kind = 'message')
  AND (h.thread = s.thread OR h.thread NOT IN (SELECT thread FROM staged WHERE lane = 'no id' AND kind = 'message'))
GROUP BY 1, 2, 3, 4 ORDER BY 3, 4, 1, 2
"""

_SPAN = "SELECT min(created_at), max(created_at) FROM {} WHERE kind = 'message' AND created_at <> '' AND thread = ?"
_BY = f"{_IS_LEFT} AND thread = ? AND author = ? AND created_at BETWEEN ? AND ?"
_HELD = f"SELECT created_at FROM unmatched WHERE {_BY}"
_TOLD = f"SELECT created_at FROM staged WHERE {_BY} AND before IS NULL"
_STAGED = f"SELECT id, prepared FROM staged WHERE lane = 'no id' AND {_IS_LEFT} AND thread = ? AND author = ?"
_STUBS = "SELECT v.identity FROM main.disposed d JOIN main.version v ON v.id = d.row_id WHERE d.tbl = 'content'"
_TAKE_FORMER_IDENTITY = (
    "UPDATE staged SET identity = before WHERE before IS NOT NULL AND NOT done AND thread = ? AND author = ?"
)
TAKE_FORMER_THREAD = """
UPDATE staged SET thread = c.thread FROM called_now n JOIN called c ON c.number = n.number
WHERE staged.thread = n.thread AND NOT staged.done
"""
_AUTHORS = "SELECT count(DISTINCT author) FROM staged WHERE kind = 'message' AND thread = ? AND author <> ''"

_OF = """
  (SELECT s.id, c.number, s.created_at, s.content_hash FROM staged s JOIN called_now c
     ON c.thread = s.thread AND c.author = s.author
   WHERE s.lane = 'no id' AND s.kind = 'message' AND NOT s.done AND s.before IS NULL)
"""
_WAS = """
  (SELECT u.*, c.number FROM unmatched u JOIN called c ON c.thread = u.thread AND c.author = u.author
   WHERE u.kind = 'message' AND NOT u.done)
"""
SAME_WORDS = f"""
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT *, row_number() OVER (PARTITION BY number, created_at, content_hash ORDER BY id) AS n FROM {_OF}) s JOIN
  (SELECT *, row_number() OVER (PARTITION BY number, created_at, content_hash ORDER BY record) AS n FROM {_WAS}) h
  ON h.number = s.number AND h.created_at = s.created_at AND h.content_hash = s.content_hash AND h.n = s.n
ORDER BY s.id
"""
SAME_MOMENT = f"""
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT *, row_number() OVER (w ORDER BY id) AS n, count(*) OVER w AS total FROM {_OF}
   WINDOW w AS (PARTITION BY number, created_at)) s JOIN
  (SELECT *, row_number() OVER (w ORDER BY record) AS n, count(*) OVER w AS total FROM {_WAS}
   WINDOW w AS (PARTITION BY number, created_at)) h
  ON h.number = s.number AND h.created_at = s.created_at AND h.n = s.n AND h.total = s.total
ORDER BY s.id
"""


IdentityAs = Callable[[bytes, str], bytes]
"""Gives the identity that a staged item, as it is stored, would have by another author."""

_Alike = tuple[str, str, int]
"""A conversation, one of its authors, and how many moments with the same words."""


class Renaming(Struct, frozen=True):
    """Who was called ``were`` in the conversation ``thread`` is ``name`` in ``thread_now`` of this backup."""

    thread: str
    were: tuple[str, ...]
    thread_now: str
    name: str

    def reason(self) -> str:
        """Return a sentence for a person."""
        before = " and ".join(f"“{one}”" for one in self.were)
        moved = f" The conversation stays “{self.thread}”." if self.thread != self.thread_now else ""
        return (
            f"{before} is now called “{self.name}”: all messages where this export and an earlier one overlap have the "
            f"same times and words, so it is one person, and the messages are the records held already.{moved}"
        )


def renamings(connection: sqlite3.Connection, identity_as: IdentityAs) -> Sequence[Renaming]:
    """Find who was renamed among what is staged and held and not matched yet, and note it for the two queries.

    Who was certainly renamed in one conversation is known again in another by a single message.
    What they said under a former name and was disposed of is from then on staged under the identity that its stub has.
    """
    by_name: dict[tuple[str, str], list[_Alike]] = defaultdict(list)
    for thread, author, thread_now, name, moments in connection.execute(_ALIKE).fetchall():
        by_name[thread_now, name].append((thread, author, moments))
    found: list[Renaming] = []
    for now, alike in sorted(by_name.items(), key=lambda each: -_moments(each[1])):
        is_known = any((one.were, one.name) == (tuple(author for _, author, _ in alike), now[1]) for one in found)
        if (is_known or _moments(alike) >= FEWEST) and (one := _renaming(connection, identity_as, *now, alike)):
            found.append(one)
    certain = [one for one in found if sum(one.thread in (each.thread, each.thread_now) for each in found) == 1]
    for number, one in enumerate(certain):
        connection.executemany("INSERT INTO called VALUES (?, ?, ?)", [(number, one.thread, who) for who in one.were])
        connection.execute("INSERT INTO called_now VALUES (?, ?, ?)", (number, one.thread_now, one.name))
        connection.execute(_TAKE_FORMER_IDENTITY, (one.thread_now, one.name))
    return certain


def _renaming(
    connection: sqlite3.Connection, identity_as: IdentityAs, thread_now: str, name: str, alike: Sequence[_Alike]
) -> Renaming | None:
    """Return the renaming if there is no doubt: one conversation, one former name, several of the only other person.

    An export may begin or end in the midst of a minute, so that more may have been said in it.
    """
    threads = {thread for thread, _, _ in alike}
    (authors,) = connection.execute(_AUTHORS, (thread_now,)).fetchone()
    if len(threads) > 1 or (len(alike) > 1 and authors > 2):
        return None
    one = Renaming(threads.pop(), tuple(author for _, author, _ in alike), thread_now, name)
    _note_former_identities(connection, identity_as, one)
    now = connection.execute(_SPAN.format("staged"), (thread_now,)).fetchone()
    before = connection.execute(_SPAN.format("unmatched"), (one.thread,)).fetchone()
    overlap = (max(now[0], before[0]), min(now[1], before[1]))
    held = Counter(at for who in one.were for (at,) in connection.execute(_HELD, (one.thread, who, *overlap)))
    told = Counter(at for (at,) in connection.execute(_TOLD, (thread_now, name, *overlap)))
    is_throughout = (held - told).keys() <= set(now) and (told - held).keys() <= set(before)
    return one if is_throughout and 2 * _moments(alike) > len(told) else None


def _moments(alike: Sequence[_Alike]) -> int:
    return sum(moments for _, _, moments in alike)


def _note_former_identities(connection: sqlite3.Connection, identity_as: IdentityAs, one: Renaming) -> None:
    staged = connection.execute(_STAGED, (one.thread_now, one.name)).fetchall()
    stubs = {identity for (identity,) in connection.execute(_STUBS)}
    for number, packed in staged if stubs else ():
        identity = next((found for who in one.were if (found := identity_as(packed, who)) in stubs), None)
        if identity is not None:
            connection.execute("UPDATE staged SET before = ? WHERE id = ?", (identity, number))

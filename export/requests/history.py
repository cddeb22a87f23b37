"""What was done about a request, act by act: the ledger's rows with the free text that belongs to each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct

from archive import clock
from archive.archive import Archive

_ACTS = """
SELECT seq, at, actor, event, CAST(substr(subject, 9) AS INTEGER), body FROM ledger
WHERE event >= 'request.' AND event < 'request/' AND (:subject = '' OR subject = :subject) ORDER BY seq
"""
_TEXTS = """
SELECT seq, name, text FROM statement
WHERE subject >= 'request:' AND subject < 'request;' AND (:subject = '' OR subject = :subject) ORDER BY id
"""


class RequestAct(Struct, frozen=True):
    """One act about one request. ``at`` is the stored time, ``on`` its local date.

    ``facts`` are what the ledger holds, ``texts`` the statements by name, empty once they were disposed of.
    """

    seq: int
    at: str
    on: date
    actor: str
    event: str
    request: int
    facts: dict[str, Any]
    texts: dict[str, str]

    def text(self, name: str) -> str:
        """Return a statement by its name, empty if there is none."""
        return self.texts.get(name, "")


Acts = tuple[RequestAct, ...]


def acts(archive: Archive, number: int) -> Acts:
    """Return all acts about one request, in order."""
    return tuple(_read(archive, f"request:{number}"))


def all_acts(archive: Archive) -> dict[int, Acts]:
    """Return the acts about every request, by its number."""
    found: dict[int, list[RequestAct]] = defaultdict(list)
    for one in _read(archive, ""):
        found[one.request].append(one)
    return {number: tuple(those) for number, those in found.items()}


def _read(archive: Archive, subject: str) -> Iterator[RequestAct]:
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    for seq, name, text in archive.connection.execute(_TEXTS, {"subject": subject}):
        texts[seq][name] = text
    zone = archive.timezone
    for seq, at, actor, event, request, body in archive.connection.execute(_ACTS, {"subject": subject}):
        on = clock.local_date(clock.read_stored(at), zone)
        yield RequestAct(seq, at, on, actor, event, request, json.loads(body), texts.get(seq, {}))


def today(archive: Archive) -> date:
    """Return the present date in the archive's time zone."""
    return archive.now_local().date()

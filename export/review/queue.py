"""The queue of a review: what is collected, what was decided on it, what is pointed out in it; filtered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from archive import clock
from archive.archive import Archive
from archive.records import Version
from export.requests import collection, register
from export.requests.order import Order
from export.review import decisions
from export.review.decisions import Outcome
from export.review.pointed_out import PointedOut

EXCERPT = 60


class Row(Struct, frozen=True, kw_only=True):
    """One record in the queue: its version that is asked about last, and how many of its versions are collected."""

    record: int
    versions: int
    account: str
    kind: str
    date: str
    author: str
    text: str
    outcome: Outcome
    exemption: str
    conversation: int
    flags: tuple[str, ...]


class Filter(Struct, frozen=True, kw_only=True):
    """Which records are wanted; what is None or empty asks for nothing."""

    outcome: Outcome | None = None
    flagged: bool = False
    account: str = ""
    kind: str = ""
    by_city: bool | None = None
    records: Collection[int] | None = None
    conversation: int = 0

    def takes(self, one: Row, version: Version) -> bool:
        """Say whether a row is wanted."""
        return all(
            (
                self.outcome is None or one.outcome == self.outcome,
                not self.flagged or bool(one.flags),
                not self.account or one.account == self.account,
                not self.kind or one.kind == self.kind,
                self.by_city is None or version.content.author.is_account == self.by_city,
                self.records is None or one.record in self.records,
                not self.conversation or one.conversation == self.conversation,
            )
        )


def rows(archive: Archive, number: int, wanted: Filter) -> Iterator[Row]:
    """Yield the records of a request in the order of their creation.

    Raises ``register.UnknownRequest``, ``collection.NothingCollected``.
    """
    if not collection.collections(archive, number):
        register.get(archive, number)
        raise collection.NothingCollected(number)
    order = _order(archive, number)
    decided = decisions.standing(archive, number)
    look = PointedOut(archive, number)
    count: dict[int, int] = {}
    for record in order.record_of.values():
        count[record] = count.get(record, 0) + 1
    last = {order.record_of[version]: version for version in order.given}
    for version in archive.version(one for one in order.given if last[order.record_of[one]] == one):
        one = _row(archive, version, count[version.record], order, decided.get(version.id), look)
        if wanted.takes(one, version):
            yield one


def _order(archive: Archive, number: int) -> Order:
    return Order(archive, collection.collected_versions(archive, number), lambda version: version)


def _row(
    archive: Archive,
    version: Version,
    count: int,
    order: Order,
    decided: decisions.Decision | None,
    look: PointedOut,
) -> Row:
    content = version.content
    said = " ".join((content.title or content.text).split())
    at = content.created.at if content.created is not None else None
    return Row(
        record=version.record,
        versions=count,
        account=version.account,
        kind=version.kind,
        date=clock.in_words(at, archive.timezone)[:16] if at is not None else "",
        author=content.author.name or content.author.handle,
        text=said[:EXCERPT] + ("…" if len(said) > EXCERPT else ""),
        outcome=decided.outcome if decided is not None else "undecided",
        exemption=decided.exemption if decided is not None else "",
        conversation=order.record_of[order.conversation(version.id)],
        flags=tuple(dict.fromkeys(one.sort for one in look.of(version))),
    )


Reach = str
"""How much of a conversation is decided along with a record: "all", "ancestors" or "none"."""


def reached(archive: Archive, number: int, records: Sequence[int], reach: Reach, spared: Collection[int]) -> list[int]:
    """Return records and what of their conversations goes with them; ``spared`` are exceptions."""
    if reach == "none":
        return [one for one in dict.fromkeys(records) if one not in spared]
    order = _order(archive, number)
    wanted = dict.fromkeys(records)
    for version in [one for one in order.given if order.record_of[one] in wanted]:
        found = _ancestors(archive, order, version) if reach == "ancestors" else _mates(order, version)
        wanted |= dict.fromkeys(order.record_of[one] for one in found)
    return [one for one in wanted if one not in spared]


def _mates(order: Order, version: int) -> list[int]:
    return [one for one in order.given if order.conversation(one) == order.conversation(version)]


def _ancestors(archive: Archive, order: Order, version: int) -> list[int]:
    found: list[int] = []
    at: int | None = version
    while at is not None and at not in found:
        found.append(at)
        row = archive.connection.execute("SELECT coalesce(parent, '') FROM content WHERE id = ?", (at,)).fetchone()
        at = order.version_of(order.account_of[at], row[0])
    return found

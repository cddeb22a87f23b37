"""What a hold covers, as a value."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Terms(Struct, frozen=True):
    """What a hold covers: words, other names for them, accounts, days; ``media`` takes files without words too.

    ``since`` and ``until`` are local days of creation; a record without a date is never left out for its date.
    """

    query: str = ""
    aliases: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    media: bool = False
    records: tuple[int, ...] = ()

    @property
    def follows(self) -> bool:
        """Whether it catches what arrives later: all but a hold of named records alone."""
        return bool(self.query or self.aliases or self.accounts or self.since or self.until)

    @property
    def words(self) -> str:
        """The query that is asked: the words, or any of the other names."""
        named = ['"' + one.replace('"', " ").strip() + '"' for one in self.aliases]
        asked = [f"({self.query})"] if self.query and named else [self.query] if self.query else []
        return " OR ".join((*asked, *named))

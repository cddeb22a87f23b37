"""What is pointed out to reviewers in a request: personal data, names, counsel's mail and where it is quoted.

Nothing here decides. A person accepts a suggestion, which is then a redaction like any other, or dismisses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.records import Version
from export.flagged import flagged_header
from export.requests import collection
from export.review import notes
from export.review.counsel import is_counsel, quoted_counsel
from export.review.fields import AUTHOR, texts
from export.review.in_files import in_files
from export.review.names import People
from export.review.personal import apart, suggestions
from export.review.quoting import quotes

COUNSEL = "counsel"
COUNSEL_SORT = "to or from counsel"
QUOTES_SORT = "quotes counsel"
HEADER_SORT = "computer in a message’s headers"
PRIVILEGE = "905.03"
_PUBLIC_AUTHORS = """
SELECT DISTINCT c.author_name, c.author_handle FROM member m JOIN selection s ON s.id = m.selection
JOIN content c ON c.id = m.version WHERE s.subject = ? AND coalesce(c.by_account, 0) = 0
"""
_SHOWN_NAME = {"author.name": "author", "author.handle": "handle", "author.native_id": "author_id"}


class Suggested(Struct, frozen=True):
    """Something to look at. ``start`` equals ``stop`` where the whole record or file is meant; ``key`` is its name."""

    record: int
    version: int
    field: str
    start: int
    stop: int
    sort: str
    why: str
    exemption: str
    words: str

    @property
    def key(self) -> str:
        """What it is dismissed by: it holds no words."""
        return f"{self.version} {self.field} {self.start} {self.stop} {self.sort}"


class NotOfCounsel(MunimentError):
    """Somebody to be taken off the list of counsel is not on it, or nobody is named."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, one: str) -> None:
        super().__init__(
            f"“{one}” is not on the list of counsel, or is no name, address or @domain. `muniment review counsel` "
            "shows the list. Nothing was changed."
        )


def counsel(archive: Archive) -> list[str]:
    """Return the names, addresses and domains of the city's lawyers."""
    found: dict[str, None] = {}
    rows = archive.connection.execute("SELECT name, text FROM statement WHERE subject = ? ORDER BY id", (COUNSEL,))
    for name, text in rows:
        if name == "added":
            found[text] = None
        else:
            found.pop(text, None)
    return list(found)


def change_counsel(archive: Archive, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
    """Add lawyers to the list, and take some off it; raises :class:`NotOfCounsel`."""
    known = counsel(archive)
    for one in remove:
        if one.strip() not in known:
            raise NotOfCounsel(one)
    for one in add:
        if not one.strip("@ "):
            raise NotOfCounsel(one)
    with archive.act("counsel.changed", COUNSEL, {"added": len(add), "removed": len(remove)}) as act:
        for one in add:
            act.state(COUNSEL, "added", one.strip())
        for one in remove:
            act.state(COUNSEL, "removed", one.strip())


class PointedOut:
    """Finds what is to be looked at in versions of one request; dismissed suggestions are not shown again."""

    def __init__(self, archive: Archive, number: int, asked: Sequence[str] = ()) -> None:
        self._asked = frozenset(asked)
        self._counsel = counsel(archive)
        self._dismissed = notes.dismissed(archive, number)
        rows = archive.connection.execute(_PUBLIC_AUTHORS, (f"request:{number}",)).fetchall()
        self._people = People(name for row in rows for name in row if name)
        self._published = _published(archive)

    def of(self, version: Version) -> list[Suggested]:
        """Return what is pointed out in a version."""
        found = [*self._of_counsel(version), *self._personal(version), *self._in_files(version), *_in_headers(version)]
        return [one for one in found if one.key not in self._dismissed]

    def _personal(self, version: Version) -> Iterator[Suggested]:
        content = version.content
        for field, text in texts(content):
            if field in AUTHOR or field.startswith(("recipients.", "mentions.", "attachments.")):
                continue
            there = suggestions(
                text, field=_SHOWN_NAME.get(field, field), by_city=content.author.is_account, kind=version.kind,
                published=self._published, asked=self._asked,
            )  # fmt: skip
            if field == "text" and version.kind in ("comment", "review") and not content.author.is_account:
                there = apart([*there, *self._people.suggestions(text, content.author.name)])
            for one in there:
                words = text[one.start : one.stop]
                yield Suggested(
                    version.record, version.id, field, one.start, one.stop, one.sort, one.why, one.exemption, words
                )

    def _in_files(self, version: Version) -> Iterator[Suggested]:
        for one in in_files(version, self._published, self._asked):
            field = f"attachments.{one.position}"
            yield Suggested(version.record, version.id, field, 0, 0, one.sort, one.why, one.exemption, "")

    def _of_counsel(self, version: Version) -> Iterator[Suggested]:
        if not self._counsel:
            return
        content = version.content
        wrote = self._any_counsel(content.author.name, content.author.handle)
        if wrote or any(self._any_counsel(one.name, one.address) for one in content.recipients):
            why = "A lawyer of the city wrote it or received it: read it before it goes out."
            yield Suggested(version.record, version.id, "text", 0, 0, COUNSEL_SORT, why, PRIVILEGE, "")
        for span in () if wrote else quoted_counsel(content.text, self._counsel):
            why = "It quotes or forwards what a lawyer of the city wrote."
            words = content.text[span.start : span.stop]
            yield Suggested(
                version.record, version.id, "text", span.start, span.stop, QUOTES_SORT, why, PRIVILEGE, words
            )

    def _any_counsel(self, *names: str) -> bool:
        return any(is_counsel(one, self._counsel) for one in names if one)


def quoting(archive: Archive, number: int, withheld: Sequence[int]) -> list[Suggested]:
    """Return where collected records quote or forward what is withheld: versions given, places returned."""
    own = [(one.record, one.content.text) for one in archive.version(withheld) if one.content.text]
    records = {record for record, _ in own}
    found: dict[tuple[int, int, int], Suggested] = {}
    for version in archive.version(collection.collected_versions(archive, number)):
        if version.record in records:
            continue
        for record, text in own:
            span = quotes(text, version.content.text)
            if span is not None:
                why = f"It quotes record {record}, which is withheld."
                words = version.content.text[span.start : span.stop]
                one = Suggested(version.record, version.id, "text", span.start, span.stop, "quotation", why, "", words)
                found.setdefault((version.id, span.start, span.stop), one)
    return list(found.values())


def _published(archive: Archive) -> frozenset[str]:
    """Return the addresses that the city's own accounts are known by."""
    return frozenset(row[0] for row in archive.connection.execute("SELECT handle FROM account WHERE handle <> ''"))


def _in_headers(version: Version) -> Iterator[Suggested]:
    """Yield a header of a message that tells from which computer it was written."""
    if version.kind == "email" and (header := flagged_header(version.content.native)):
        why = f"The message’s header {header} tells it, and goes out with the message unless something in it is black."
        yield Suggested(version.record, version.id, "text", 0, 0, HEADER_SORT, why, "", "")

"""What is pointed out in the files of a record: personal data among their words, and what their metadata tell.

A file is blacked out as a whole or by boxes and pages, so a suggestion means the file and says what to look for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from archive.records import Version
from export.review.personal import suggestions
from export.review.sorts import Suggestion

READ = 50_000
"""Characters of one file that are looked through, about 20 pages: more would keep a reviewer waiting."""

TELLS = {
    "place": ("place in a file’s metadata", "The file’s metadata tell where it was made; they go out with the file."),
    "address": (
        "computer in a file’s metadata",
        "The file tells from which computer it was sent; that goes out with it.",
    ),
}


class InFile(Struct, frozen=True):
    """Something to look for in a file: which of the record's, what sort, why, and a code of ``exemptions.toml``."""

    position: int
    sort: str
    why: str
    exemption: str


def in_files(version: Version, published: frozenset[str], asked: frozenset[str]) -> Iterator[InFile]:
    """Yield what is pointed out in a version's files, once for each sort in a file."""
    for position, one in enumerate(version.content.attachments):
        for told in one.tells.split():
            yield InFile(position, *TELLS[told], "")
        if not one.words:
            continue
        there = suggestions(
            one.words[:READ], field="text", by_city=version.content.author.is_account, kind=version.kind,
            published=published, asked=asked,
        )  # fmt: skip
        yield from _by_sort(position, there)
        if len(one.words) > READ:
            why = (
                f"Only the first {READ:,} characters of the file were looked through: read the rest before it goes out."
            )
            yield InFile(position, "long file", why, "")


def _by_sort(position: int, there: list[Suggestion]) -> Iterator[InFile]:
    count = Counter(one.sort for one in there)
    for one in {one.sort: one for one in reversed(there)}.values():
        places = "one place" if count[one.sort] == 1 else f"{count[one.sort]} places"
        yield InFile(position, f"{one.sort} in a file", f"In the file, {places}: {one.why}", one.exemption)

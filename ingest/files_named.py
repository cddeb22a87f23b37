"""The files of a backup that rows name: by path, by the end of a path, by name alone if that is unique."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.backup import Member
from ingest.ingestor import Defect, SourceAttachment


class FilesNamed:
    """Finds files by what a cell says, and knows in the end which of them no cell named."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._by_name: dict[str, list[Member]] = {}
        for member in members:
            self._by_name.setdefault(_last(member.path), []).append(member)
        self._named: set[tuple[str, int]] = set()

    def attachment(self, cell: str, alt: str = "") -> SourceAttachment | None:
        """Return the attachment that a cell names; None for an address whose file is not here."""
        is_address = cell.lower().startswith(("http://", "https://"))
        path = path_of(cell) if is_address else cell.replace("\\", "/")
        member = self._find(path)
        if member is None:
            return None if is_address else SourceAttachment(PurePosixPath(path).name or cell, alt=alt)
        self._named.add((member.path, member.part))
        return SourceAttachment(PurePosixPath(member.path).name, member, alt=alt)

    def unnamed(self) -> Iterator[Defect]:
        """Remark, once, how many files no row named."""
        left = [
            one
            for same in self._by_name.values()
            for one in same
            if one.size and (one.path, one.part) not in self._named
        ]
        if left:
            first = min(one.path for one in left)
            others = f" (with {len(left) - 1:,} others)" if len(left) > 1 else ""
            reason = f"this file{others} is named by no row of a table that was read; it was not taken in"
            yield Defect(first, reason, quarantined=False)

    def _find(self, path: str) -> Member | None:
        same = self._by_name.get(_last(path), [])
        wanted = path.casefold().lstrip("./")
        for one in same:
            if one.path.casefold() == wanted or one.path.casefold().endswith("/" + wanted):
                return one
        return same[0] if len(same) == 1 else None


def _last(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].casefold()


def path_of(address: str) -> str:
    """Return the path in an address; the whole, if it is no sound address."""
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return address

"""The pictures, videos and files of a Facebook export, found by what its records call them."""

from __future__ import annotations

from ingest.backup import Backup, Member
from ingest.ingestor import SourceAttachment


class Media:
    """The files that records name: found by path, by path in other letters, or by a name that is one file's alone.

    ``shown`` holds marks of the files that a record has shown, so that a picture in an album and in a post is
    one record.
    """

    def __init__(self, backup: Backup) -> None:
        self._by_name: dict[str, list[Member]] = {}
        for member in backup.members():
            if not member.path.endswith((".json", ".html")) and "__MACOSX/" not in member.path:
                self._by_name.setdefault(_name(member.path), []).append(member)
        self._shown: set[int] = set()

    def find(self, uri: str) -> Member | None:
        """Return the file that a record means."""
        named = self._by_name.get(_name(uri), [])
        wanted = uri.casefold()
        for member in named:
            path = member.path.casefold()
            if path == wanted or path.endswith("/" + wanted):
                return member
        near = [one for one in named if _folder(one.path) == _folder(uri)] or named
        return near[0] if len(near) == 1 else None

    def attachment(self, uri: str, alt: str = "") -> SourceAttachment:
        """Return what a record names as an attachment, with or without its bytes, and note that it was shown."""
        self.note(uri)
        return SourceAttachment(uri.rsplit("/", 1)[-1], member=self.find(uri), alt=alt)

    def note(self, mark: str) -> None:
        """Remember a file, or a file under certain words, as shown."""
        self._shown.add(hash(mark.casefold()))

    def was_shown(self, mark: str) -> bool:
        """Say whether a record has shown this file, or this file under these words."""
        return hash(mark.casefold()) in self._shown


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1].casefold()


def _folder(path: str) -> str:
    parts = path.casefold().split("/")
    return parts[-2] if len(parts) > 1 else ""

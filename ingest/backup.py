"""One read-only view over what a platform gave us: zip, tar, folder, single file, or several parts.

A backup is never unpacked. Members are listed in a fixed order (path, then part). Names that climb out,
links and devices are refused one by one as faults; a member never yields more bytes than it declares.
"""

from __future__ import annotations

import copy
import fnmatch
import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from archive.errors import ExitCode, MunimentError
from ingest.heads import Heads

BLOCK = 1 << 20
"""Bytes read at a time."""


class NoBackup(MunimentError):
    """The path does not exist or may not be read."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}. Check the name and who may read it.")


class EmptyBackup(MunimentError):
    """The file or folder holds nothing."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is empty. Download the backup again; nothing was taken in.")


class EncryptedBackup(MunimentError):
    """The zip asks for a password."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} asks for a password. Unpack it into a folder with that password and name the folder "
            "instead; nothing was taken in."
        )


class UnreadableBackup(MunimentError):
    """The container cannot be read at all."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is damaged: {reason}. Download the backup again; nothing was taken in.")


class OversizedBackup(MunimentError):
    """The container claims more members or bytes than any real backup has."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} looks like a decompression bomb: {reason}. Nothing was taken in; ask the platform again."
        )


class DamagedMember(OSError):
    """A member's bytes are not what its container declares."""


class Limits(Struct, frozen=True):
    """What a backup may claim: bytes a member, bytes in all, members, and bytes out per byte in."""

    member: int = 64 << 30
    total: int = 4 << 40
    members: int = 20_000_000
    ratio: int = 400


class Fault(Struct, frozen=True):
    """A member that was refused or cannot be read, and why."""

    place: str
    reason: str


class PartDigest(Struct, frozen=True):
    """One file of the backup as it was brought: its name, size in bytes and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class BackupDigest(Struct, frozen=True):
    """The backup's own digest.

    For a single file it is the file's SHA-256, what ``sha256sum`` prints. For a folder or several parts it
    is the SHA-256 over the lines ``sha256  path`` of all files, sorted by path.
    """

    sha256: str
    size: int
    parts: tuple[PartDigest, ...]


class Member:
    """One file inside a backup. ``path`` is relative, with ``/``; ``size`` is in bytes as declared."""

    __slots__ = ("heads", "opener", "part", "path", "size")

    def __init__(self, path: str, size: int, part: int, opener: Callable[[], BinaryIO]) -> None:
        self.path = path
        self.size = size
        self.part = part
        self.opener = opener
        self.heads: Heads | None = None

    def open(self, block: int = BLOCK) -> BinaryIO:
        """Open the member for a reader of formats, ``block`` bytes at a time."""
        return self.open_as_found(block)

    def open_as_found(self, block: int = BLOCK) -> BinaryIO:
        """Open the member's own bytes; it never yields more than ``size`` of them."""
        return io.BufferedReader(_Bounded(self.opener, self), block)

    def unchecked(self) -> Member:
        """Return this member without a zip's check of its bytes, for a format that checks its own."""
        twin = copy.copy(self)
        twin.opener = getattr(self.opener, "unchecked", self.opener)
        return twin

    def renamed(self, path: str) -> Member:
        """Return this member under another path."""
        twin = copy.copy(self)
        twin.path = path
        return twin

    def read(self, limit: int | None = None) -> bytes:
        """Return the member's bytes, or its first ``limit``."""
        if limit is None:
            with self.open(min(max(self.size, 1), BLOCK)) as stream:
                return stream.read()
        if self.heads is None:
            return self._head(limit)
        return self.heads.of(self, limit, self._head)

    def _head(self, limit: int) -> bytes:
        limit = min(limit, self.size + 1)  # asked for more, Python would set aside room for all of it
        with self.open(min(max(limit, 1), BLOCK)) as stream:
            return stream.read(limit)

    def open_anywhere(self) -> BinaryIO:
        """Open the member for reading at any place in it.

        What cannot be read so (it is compressed) is copied aside into a file without a name, which goes when it is
        closed.
        """
        with self.open() as stream:
            source = self.opener()
            if isinstance(source, io.BufferedReader) and isinstance(source.raw, io.FileIO):
                return source
            source.close()
            aside = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
            shutil.copyfileobj(stream, aside, BLOCK)
        aside.seek(0)
        return aside

    def __repr__(self) -> str:
        return f"Member({self.path!r}, {self.size})"


class _Bounded(io.RawIOBase):
    """A member's stream: what comes after the declared size, or is cut short of it, is an error.

    It is opened at the first read, so that whatever is wrong with a member is told in one way.
    """

    def __init__(self, opener: Callable[[], BinaryIO], member: Member) -> None:
        self._opener = opener
        self._source: BinaryIO | None = None
        self._left = member.size
        self._member = member

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = memoryview(buffer)[: min(max(self._left, 1), BLOCK)]
        try:
            if self._source is None:
                self._source = self._opener()
            read = self._source.read(len(wanted))
        except Exception as error:  # zipfile, zlib, CRC, lzma and tar errors have no common root
            raise DamagedMember(f"{self._member.path} cannot be read: {error}") from error
        if not read and self._left:
            raise DamagedMember(f"{self._member.path} ends {self._left} bytes too early")
        if len(read) > self._left:
            raise DamagedMember(f"{self._member.path} holds more than the {self._member.size} bytes it declares")
        self._left -= len(read)
        wanted[: len(read)] = read
        return len(read)

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
        super().close()


class Backup:
    """One export of one account, in one or several parts.

    ``list_name`` is the subscriber list it is of, where whoever brought it said so; empty otherwise.
    """

    def __init__(
        self, parts: Sequence[Path], members: Sequence[Member], faults: Sequence[Fault], list_name: str = ""
    ) -> None:
        self.parts = tuple(parts)
        self.list_name = list_name
        self.faults = tuple(faults)
        self._members = tuple(sorted(members, key=lambda one: (one.path, one.part)))

    @classmethod
    def open(cls, paths: Sequence[Path], limits: Limits | None = None, list_name: str = "") -> Backup:
        """Open one export; the same file in two parts counts once, different files of one name both."""
        from ingest.containers import listing, parts
        from ingest.hand_edited import as_json, named_as_json

        limits = limits or Limits()
        paths = [part for path in paths for part in parts(path)]
        members: list[Member] = []
        faults: list[Fault] = []
        for part, path in enumerate(paths):
            found, refused = listing(path, part, limits)
            members.extend(found)
            faults.extend(refused)
        kept = named_as_json(_without_repeats(members))
        return cls(paths, [as_json(one) for one in kept], faults, list_name)

    def members(self) -> Sequence[Member]:
        """Return all members by path, then part."""
        return self._members

    def likely(self, most: int, *endings: str) -> Iterator[Member]:
        """Yield members to tell a format by: those with one of the endings, then others; ``most`` of them at most.

        So that what lies beside (a site's pictures, the rest of a Takeout) hides nothing, however many files it is.
        """
        named = (one for one in self._members if one.path.lower().endswith(endings))
        others = (one for one in self._members if not one.path.lower().endswith(endings))
        return islice(chain(named, others), most)

    def find(self, suffix: str) -> Member | None:
        """Return the first member whose path is ``suffix`` or ends with ``/suffix``; case is ignored."""
        wanted = suffix.casefold()
        for member in self._members:
            path = member.path.casefold()
            if path == wanted or path.endswith("/" + wanted):
                return member
        return None

    def matching(self, pattern: str) -> Iterator[Member]:
        """Yield members whose path, or its end after a ``/``, matches a shell pattern; case is ignored."""
        wanted = pattern.casefold()
        for member in self._members:
            path = member.path.casefold()
            if fnmatch.fnmatchcase(path, wanted) or fnmatch.fnmatchcase(path, "*/" + wanted):
                yield member

    @contextmanager
    def heads_kept(self) -> Iterator[None]:
        """Keep the beginnings of files during the block, in which every format asks for them."""
        heads = Heads()
        for member in self._members:
            member.heads = heads
        try:
            yield
        finally:
            for member in self._members:
                member.heads = None

    def digest(self) -> BackupDigest:
        """Hash the backup as it was brought, reading every file once."""
        files = [(name, path) for part in self.parts for name, path in _files(part)]
        parts = tuple(_part_digest(name, path) for name, path in sorted(files))
        size = sum(one.size for one in parts)
        if len(parts) == 1 and self.parts[0].is_file():
            return BackupDigest(parts[0].sha256, size, parts)
        lines = "".join(f"{one.sha256}  {one.name}\n" for one in parts)
        return BackupDigest(hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest(), size, parts)


def is_residue(path: str) -> bool:
    """Say whether a file is what macOS adds to a zip."""
    return "__macosx/" in path.lower() or path.rsplit("/", 1)[-1].startswith("._")


def _without_repeats(members: Sequence[Member]) -> list[Member]:
    """Drop members that another part holds under the same path with the same bytes."""
    by_path: dict[str, list[Member]] = {}
    for member in members:
        by_path.setdefault(member.path, []).append(member)
    kept: list[Member] = []
    for same in by_path.values():
        met: set[tuple[int, str]] = set()
        for member in same:
            mark = (member.size, _quiet_digest(member)) if len(same) > 1 else (0, "")
            if mark not in met:
                met.add(mark)
                kept.append(member)
    return kept


def _quiet_digest(member: Member) -> str:
    """Hash a member; one that cannot be read equals nothing but itself."""
    hashed = hashlib.sha256()
    try:
        with member.open() as stream:
            for block in iter(lambda: stream.read(BLOCK), b""):
                hashed.update(block)
    except OSError:
        return f"unreadable in part {member.part}"
    return hashed.hexdigest()


def _files(part: Path) -> list[tuple[str, Path]]:
    if part.is_dir():
        found = (path for path in part.rglob("*") if path.is_file() and not path.is_symlink())
        return [(path.relative_to(part.parent).as_posix(), path) for path in found]
    return [(part.name, part)]


def _part_digest(name: str, path: Path) -> PartDigest:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return PartDigest(name, path.stat().st_size, sha256)

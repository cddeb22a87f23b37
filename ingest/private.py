"""What is private in an export and no business of the city's: left out, counted, taken in only if asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct

from archive.canonical import canonical
from archive.counting import counted
from archive.errors import ExitCode, MunimentError
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor, SourceAttachment


class Sort(Struct, frozen=True):
    """One sort of private files: what they tell, and the ends of their paths."""

    title: str
    files: tuple[str, ...]


class UnknownSort(MunimentError):
    """No sort of private files has this name."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is no sort of private files. Known are {', '.join(sorts())}.")


@cache
def sorts() -> Mapping[str, Sort]:
    """Return the sorts of private files by name (private.toml)."""
    text = files(__package__).joinpath("private.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Sort])


def members(backup: Backup) -> Iterator[tuple[str, Member]]:
    """Yield the private files of a backup, each with its sort."""
    for member in backup.members():
        name = _sort_of(member.path.lower())
        if name:
            yield name, member


def _sort_of(path: str) -> str:
    return next((name for name, word, pattern in _patterns() if word in path and pattern.search(path)), "")


@cache
def _patterns() -> Sequence[tuple[str, str, re.Pattern[str]]]:
    """Return (sort, the longest word of an ending, the expression that finds the ending) for each ending."""
    endings = [(name, ending) for name, one in sorts().items() for ending in one.files]
    return [(name, max(ending.split("*"), key=len), re.compile(_pattern(ending))) for name, ending in endings]


def _pattern(ending: str) -> str:
    """Return the expression that finds a path by its end, where ``*`` stands for anything."""
    parts = ending.split("*")
    inside = ".*".join(re.escape(part) for part in parts if part)
    return f"{r'(?:^|/)' if parts[0] else ''}{inside}{'$' if parts[-1] else ''}"


def left_out(backup: Backup, ingestor: Ingestor) -> dict[str, int]:
    """Return how many private files of each sort a reader leaves out, of those that its platform writes."""
    included = ingestor.included if isinstance(ingestor, Including) else ()
    found: dict[str, int] = {}
    for name, _ in members(backup) if ingestor.platform not in UNTOUCHED else ():
        if name not in included:
            found[name] = found.get(name, 0) + 1
    return found


UNTOUCHED = ("", "email", "web")
"""Platforms of whose backups nothing is left out: what is in a mailbox, on a page or in a folder is what it is."""


def told(counts: Mapping[str, int]) -> Sequence[str]:
    """Return sentences about what was left out."""
    return [
        f"{counted(count, 'file')}: {sorts()[name].title} (--include {name} takes them in)"
        for name, count in counts.items()
    ]


class Including(Ingestor):
    """Another reader, and private files that a person asked for, each a private record with the file attached."""

    def __init__(self, reader: Ingestor, included: Collection[str]) -> None:
        for name in included:
            if name not in sorts():
                raise UnknownSort(name)
        self._reader = reader
        self.included = tuple(dict.fromkeys(included))
        self.name, self.platform, self.version = reader.name, reader.platform, reader.version
        self.also_of = reader.also_of
        self.recipe = "\n".join([*([reader.recipe] if reader.recipe else []), f"include {', '.join(self.included)}"])

    def identify(self, backup: Backup) -> Confidence:
        """Say what the reader says."""
        return self._reader.identify(backup)

    def coverage(self, backup: Backup) -> Coverage:
        """Say what the reader says."""
        return self._reader.coverage(backup)

    def material(self, native: bytes) -> bytes:
        """Say what the reader says."""
        return self._reader.material(native)

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        """Yield what the reader yields, then the files that were asked for."""
        yield from self._reader.read(backup)
        for name, member in members(backup):
            if name in self.included:
                yield _draft(name, member)


def _draft(name: str, member: Member) -> Draft:
    file = PurePosixPath(member.path).name
    return Draft(
        kind="profile", place=member.path, native=canonical({"file": member.path, "sort": name}),
        native_id=f"{name}: {member.path}", title=file, audience="private",
        attachments=(SourceAttachment(file, member),), details={"private": sorts()[name].title},
    )  # fmt: skip

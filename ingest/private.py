"""What is private in an export and no business of the city's: left out, counted, taken in only if asked for.

Whole files by the ends of their paths (private.toml), parts of a file by the keys over them (private_sections.toml).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct

from archive.canonical import canonical
from archive.counting import counted
from archive.errors import ExitCode, MunimentError
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.private_sections import Section, counts, private_sections


class Sort(Struct, frozen=True):
    """One sort of private files: what they tell, and the ends of their paths."""

    title: str
    files: tuple[str, ...]


class UnknownSort(MunimentError):
    """No sort of what is private has this name."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is no sort of what is private. Known are {', '.join(sorts())}.")


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


class LeftOut(Struct, frozen=True):
    """What a reader leaves out: how many files of each sort, and of files that it reads the entries of each section."""

    files: Mapping[str, int] = {}
    sections: Mapping[str, Mapping[str, int]] = {}

    def facts(self) -> dict[str, Any]:
        """Return both as an accession's facts."""
        return {"left_out": self.files, "left_out_sections": self.sections}


UNTOUCHED = ("", "email", "web")
"""Platforms of whose backups nothing is left out: what is in a mailbox, on a page or in a folder is what it is."""


def left_out(backup: Backup, ingestor: Ingestor) -> LeftOut:
    """Return what a reader leaves out of a backup as private, of what its platform writes."""
    included = ingestor.included if isinstance(ingestor, Including) else ()
    if ingestor.platform in UNTOUCHED:
        return LeftOut()
    found = Counter(name for name, _ in members(backup) if name not in included)
    inside = {sort: named for sort, named in counts(backup, ingestor.name).items() if sort not in included}
    return LeftOut(dict(found), inside)


def told(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield sentences about what an accession left out, by its facts."""
    for name, count in facts.get("left_out", {}).items():
        yield f"{counted(count, 'file')}: {_what(name)}"
    for name, inside in facts.get("left_out_sections", {}).items():
        named = ", ".join(f"{counted(count, 'entry', 'entries')} of {section}" for section, count in inside.items())
        yield f"{named}: {_what(name)}"


def _what(name: str) -> str:
    return f"{sorts()[name].title} (--include {name} takes them in)"


class Including(Ingestor):
    """Another reader, and what is private that a person asked for: a private record each, with the file attached."""

    def __init__(self, reader: Ingestor, included: Collection[str]) -> None:
        for name in included:
            if name not in sorts():
                raise UnknownSort(name)
        self._reader = reader
        self.included = tuple(dict.fromkeys(included))
        self.name, self.platform, self.version = reader.name, reader.platform, reader.version
        self.also_of, self.zone_advice, self.names_files = reader.also_of, reader.zone_advice, reader.names_files
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
        """Yield what the reader yields, then the files and sections that were asked for."""
        yield from self._reader.read(backup)
        for name, member in members(backup):
            if name in self.included:
                yield _draft(name, member)
        if self.platform not in UNTOUCHED:
            yield from map(_section, private_sections(backup, self.name, self.included))


def _section(one: Section) -> Draft:
    keys = one.keys if one.part == 1 else f"{one.keys} (part {one.part})"
    return Draft(
        kind="profile", place=f"{one.member.path}, {keys}",
        native=canonical({"file": one.member.path, "section": keys, "sort": one.sort}),
        native_id=f"{one.sort}: {one.member.path}, {keys}", title=keys, audience="private",
        attachments=(SourceAttachment(f"{keys}.json", payload=one.as_json()),),
        details={"private": sorts()[one.sort].title},
    )  # fmt: skip


def _draft(name: str, member: Member) -> Draft:
    file = PurePosixPath(member.path).name
    return Draft(
        kind="profile", place=member.path, native=canonical({"file": member.path, "sort": name}),
        native_id=f"{name}: {member.path}", title=file, audience="private",
        attachments=(SourceAttachment(file, member),), details={"private": sorts()[name].title},
    )  # fmt: skip

"""A mapping file: which column of a table is what, as TOML that a person can read and correct."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from archive.errors import ExitCode, MunimentError
from archive.records import Audience, Kind
from ingest.written_dates import DateForm

TABLES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm")
"""Endings of the names of tables; a JSON file with a heading in its first line is none."""

Names = str | tuple[str, ...]
"""A column's name, or several of which the first that the table has counts."""


class BadMapping(MunimentError):
    """A mapping file cannot be read or contradicts itself."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"The mapping {name} cannot be used: {reason}. `muniment identify FILE` proposes one to start from; "
            "nothing was taken in."
        )


class NoMapping(MunimentError):
    """The mapping file does not exist or may not be read."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The mapping {path} cannot be read or written: {reason}. Check its name; nothing was taken in."
        )


class MappingThere(MunimentError):
    """A proposal would overwrite a file."""

    exit_code = ExitCode.REFUSED

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already, perhaps corrected by somebody. Name another file with --to.")


class Columns(Struct, frozen=True, forbid_unknown_fields=True):
    """Which column holds what; each may be left out. Columns that are named nowhere become details.

    ``tags``, ``mentions``, ``links``, ``attachments`` and the recipients may hold several values in a cell.
    ``status`` and ``kind`` hold words that the tables of the same name explain.
    """

    native_id: Names = ()
    revision: Names = ()
    created: Names = ()
    edited: Names = ()
    removed: Names = ()
    author_name: Names = ()
    author_handle: Names = ()
    author_id: Names = ()
    title: Names = ()
    text: Names = ()
    parent: Names = ()
    thread: Names = ()
    url: Names = ()
    list_name: Names = ()
    kind: Names = ()
    status: Names = ()
    to: Names = ()
    cc: Names = ()
    bcc: Names = ()
    members: Names = ()
    links: Names = ()
    tags: Names = ()
    mentions: Names = ()
    attachments: Names = ()
    alt: Names = ()


class TableMapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the tables of one sort are read.

    ``name`` is the format's name. ``audience`` is that of records whose status says nothing else: left empty,
    public, and private for messages, mails and subscribers. ``needs`` are headings that tell such a table from
    others. ``verified`` is false where nobody has seen a real export. ``zone`` is the tz database's name of the
    zone of times that name none, empty if it is not known. ``dates`` says how dates are written that can be read
    in two ways; left empty, the whole file is asked. ``kinds`` and ``status`` explain the words of those columns
    (case is ignored, ``*`` is every other word); ``removed_by`` says of a word of ``status`` who did it, where
    that is certain. ``ours`` are names under which the city writes. ``only`` takes the rows that have one of the
    values in that column. ``ignore`` names columns that are not taken in. ``separators`` are the characters
    between several values of a cell. ``html`` says that texts are HTML.
    """

    name: str
    title: str = ""
    source: str = ""
    verified: bool = True
    needs: tuple[str, ...] = ()
    platform: str = ""
    kind: Kind = "post"
    audience: Audience | Literal[""] = ""
    list_name: str = ""
    zone: str = ""
    dates: DateForm = ""
    html: bool = False
    separators: str = ";|\n"
    ours: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    columns: Columns
    kinds: Mapping[str, Kind] = {}
    status: Mapping[str, Audience] = {}
    removed_by: Mapping[str, Literal["city", "author", "platform"]] = {}
    only: Mapping[str, Names] = {}
    metrics: Mapping[str, Names] = {}

    def fields(self) -> dict[str, Names]:
        """Return what stands for each field, and for each metric under ``metrics.`` and its name."""
        return msgspec.structs.asdict(self.columns) | {f"metrics.{name}": one for name, one in self.metrics.items()}

    def named(self) -> Iterator[str]:
        """Yield every heading that stands for something."""
        for value in self.fields().values():
            yield from several(value)

    def is_heading(self, cells: Iterable[str]) -> bool:
        """Say whether a row is the heading: all that is needed is in it, or two of the headings named."""
        found = {plain(cell) for cell in cells}
        if self.needs:
            return all(plain(one) in found for one in self.needs)
        named = {plain(one) for one in self.named()}
        return len(named & found) >= min(2, len(named))


def several(names: Names) -> tuple[str, ...]:
    """Return the names of one column as a tuple."""
    return (names,) if isinstance(names, str) else names


def plain(heading: str) -> str:
    """Return a heading as it is compared: case and blanks do not count."""
    return " ".join(heading.split()).casefold()


def read_mapping(path: Path) -> tuple[TableMapping, str]:
    """Read a mapping file; return it with its text. Raises :class:`NoMapping` or :class:`BadMapping`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise NoMapping(path, error.strerror or str(error)) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadMapping(str(path), "it is not in UTF-8") from None
    return parse(text, str(path)), text


def write_mapping(path: Path, text: str) -> None:
    """Write a mapping file; one that is there is never overwritten. Raises :class:`MappingThere`."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise MappingThere(path) from None
    except OSError as error:
        raise NoMapping(path, error.strerror or str(error)) from None


def parse(text: str, name: str) -> TableMapping:
    """Return a mapping out of its text; ``name`` is for the error."""
    try:
        found = msgspec.convert(tomllib.loads(text.replace("\r\n", "\n")), TableMapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadMapping(name, str(error)) from None
    if not found.name.strip():
        raise BadMapping(name, "it has no name")
    if not any(found.named()):
        raise BadMapping(name, "no column is named under [columns]")
    try:
        zone(found)
    except (OSError, ValueError, KeyError):
        raise BadMapping(name, f"“{found.zone}” is not a time zone; write it as America/Chicago") from None
    return found


def zone(mapping: TableMapping) -> ZoneInfo | None:
    """Return the zone that a mapping names, None if it names none."""
    return ZoneInfo(mapping.zone) if mapping.zone else None


def presets() -> Iterator[TableMapping]:
    """Yield the mappings that come with Muniment, by name."""
    folder = resources.files(__package__) / "presets"
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            yield parse(entry.read_text(encoding="utf-8"), entry.name)

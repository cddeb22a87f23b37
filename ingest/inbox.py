"""The inbox: a folder that backups are dropped into, taken in by whoever runs this, a timer for instance.

Each account has a folder of its own, by its id; whatever lies in it is a backup. What is still being copied
waits for the next run, what fails is told and stays, and what was taken in is moved to ``taken/`` beside.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from archive import accounts, clock
from archive.archive import AnotherIsRunning, Archive
from archive.errors import ExitCode, MunimentError
from archive.followers import Progress
from ingest.accession import Declaration, Report, check_platform, take_in, told_by
from ingest.backup import Backup
from ingest.containers import is_litter
from ingest.ingestor import Ingestor
from ingest.private import Including
from ingest.registry import others, reader_of
from ingest.series import absent, part_of

TAKEN = "taken"
RULE = "inbox.toml"
SETTLED = 60
"""Seconds for which nothing of a backup may have changed before it is taken in."""

UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", "~")
"""Endings of files that a browser or a copying program has not finished."""

Marks = tuple[tuple[str, int, int], ...]
"""A backup's files: name, size in bytes, time of the last change in nanoseconds."""

Ended = Literal["taken", "already", "ready", "waiting", "failed"]


class NoInbox(MunimentError):
    """There is no such inbox, or none is set."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, folder: str) -> None:
        said = f"The inbox {folder} is no folder." if folder else "No inbox is named."
        super().__init__(f"{said} Name one with --inbox FOLDER, or set `inbox` in the archive's muniment.toml.")


class BadRule(MunimentError):
    """The inbox.toml of an account cannot be read."""

    exit_code = ExitCode.USAGE

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be used: {reason}. Correct it; nothing of this account was taken in.")


class NoAccountFolder(MunimentError):
    """Something lies in the inbox itself, where nobody can tell of which account it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} lies outside of every account's folder. Move it into the folder of its account.")


class LinkInInbox(MunimentError):
    """A link lies where a backup should."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is a link or a device; it was not followed. Put the backup itself there.")


class ChangedMeanwhile(MunimentError):
    """A backup changed while it was taken in."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} changed while it was taken in, and stays where it is: the next run takes it again.")


class PartMissing(MunimentError):
    """A backup in numbered parts lacks one."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. It waits for it here; if it cannot be had, put the others into a folder of their own "
            "beside: then they are taken in without it."
        )


class NotMoved(MunimentError):
    """A backup was taken in and could not be moved away."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} was taken in and could not be moved to {TAKEN}/: {reason}. The next run knows it and tries again."
        )


class Rule(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What is true of every backup of an account, as its ``inbox.toml`` says; the options of ``muniment ingest``.

    ``mapping`` is a file's path, from the account's folder.
    """

    format: str = ""
    mapping: str = ""
    list: str = ""
    complete: bool | None = None
    include: tuple[str, ...] = ()
    exported_by: str = ""
    kept_at: str = ""


class Outcome(Struct, frozen=True):
    """What became of one backup: its report, or why it was not taken in."""

    account: str
    path: Path
    ended: Ended
    reason: str = ""
    report: Report | None = None

    @property
    def is_trouble(self) -> bool:
        """Whether somebody should look."""
        return (
            self.ended == "failed"
            or bool(self.reason and self.ended == "taken")
            or (self.report is not None and self.report.exit_code != ExitCode.DONE)
        )

    def as_row(self) -> dict[str, object]:
        """Return the outcome with the keys that scripts rely on."""
        told = self.report.as_row() if self.report is not None else {}
        return {"account": self.account, "path": str(self.path), "ended": self.ended, "reason": self.reason} | told


class _Ready(Struct):
    """A backup that lies still, recognised, and when it was made as far as anybody knows.

    ``paths`` are its parts, those that were taken in before among them.
    """

    paths: Sequence[Path]
    marks: Sequence[Marks]
    backup: Backup
    reader: Ingestor
    declaration: Declaration
    made: datetime


def run(
    archive: Archive, folder: Path, settled: float = SETTLED, dry_run: bool = False, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Take in what lies in an inbox, account by account, oldest backup first; yield what became of each.

    ``settled`` is in seconds. Raises :class:`NoInbox`, and :class:`AnotherIsRunning` if another run or ingest is at
    work; whatever is wrong with one backup is an outcome.
    """
    if not folder.is_dir():
        raise NoInbox(str(folder))
    with archive.alone("inbox"):
        known = {one.id for one in accounts.listed(archive)}
        for path in sorted(folder.iterdir()):
            if _is_passed_over(path):
                continue
            if path.is_symlink() or not path.is_dir():
                yield _failed("", path, NoAccountFolder(path))
            elif path.name not in known:
                yield _failed("", path, accounts.UnknownAccount(path.name, sorted(known)))
            else:
                yield from _Account(archive, path, settled, dry_run, progress).run()


def _is_passed_over(path: Path) -> bool:
    return path.name.startswith(".") or is_litter(path.name)


def _failed(account: str, path: Path, error: Exception) -> Outcome:
    told = isinstance(error, MunimentError)
    return Outcome(account, path, "failed", str(error) if told else f"{path} cannot be read: {error}")


class _Account:
    """The folder of one account."""

    def __init__(
        self, archive: Archive, folder: Path, settled: float, dry_run: bool, progress: Progress | None
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._account = accounts.get(archive, folder.name)
        self._settled = settled
        self._dry_run = dry_run
        self._progress = progress

    def run(self) -> Iterator[Outcome]:
        try:
            rule = _rule(self._folder / RULE)
        except BadRule as error:
            yield _failed(self._account.id, self._folder / RULE, error)
            return
        ready: list[_Ready] = []
        for paths in self._dropped():
            try:
                found = self._look(paths, rule)
            except Exception as error:  # whatever one backup does, the others are looked at
                yield _failed(self._account.id, paths[-1], error)
            else:
                if isinstance(found, Outcome):
                    yield found
                else:
                    ready.append(found)
        for one in sorted(ready, key=lambda each: (each.made, each.paths[-1].name)):
            yield self._take(one)

    def _dropped(self) -> Iterator[Sequence[Path]]:
        """Yield the backups that lie here: numbered parts of one export are one, with those that were taken before.

        Names without a date are those of the next export too: what has a number that was taken before is of another.
        """
        series: dict[str, dict[int, Path]] = {}
        for path in sorted(self._folder.iterdir()):
            if _is_passed_over(path) or path.name == TAKEN or path.suffix.lower() == ".toml":
                continue
            part = part_of(path.name)
            if part is None:
                yield [path]
            else:
                series.setdefault(part.series, {})[part.number] = path
        for name, parts in series.items():
            before = {
                part.number: one
                for one in (self._folder / TAKEN).glob("*")
                if (part := part_of(one.name)) and part.series == name
            }
            late = {} if before.keys() & parts.keys() else before
            yield [*sorted(late.values()), *parts.values()]

    def _look(self, paths: Sequence[Path], rule: Rule) -> _Ready | Outcome:
        """Say whether a backup lies still, and what it is."""
        for path in paths:
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise LinkInInbox(path)
        path = paths[-1]
        found = [_marks(one) for one in paths]
        marks = [one for one, _, _ in found]
        changed_at, written_at = max(one for _, one, _ in found), max(one for _, _, one in found)
        names = [one.name for one in paths] + [name for one in marks for name, _, _ in one]
        if any(name.lower().endswith(UNFINISHED) for name in names):
            return Outcome(self._account.id, path, "waiting", "a file in it has the name of an unfinished copy")
        if clock.now() - changed_at < timedelta(seconds=self._settled):
            return Outcome(self._account.id, path, "waiting", f"it changed within the last {self._settled:g} seconds")
        if lacking := absent(paths):
            raise PartMissing(path, lacking[0].reason)
        backup = Backup.open(paths, list_name=rule.list)
        mapping = self._folder / rule.mapping if rule.mapping else None
        reader = reader_of(backup, rule.format, mapping, self._account.platform)
        check_platform(self._account, reader)
        told = told_by(reader, backup).exported_at
        today = clock.local_date(clock.now(), self._archive.timezone)
        day = _day(path.name, today) if told is None else None
        reader = Including(reader, rule.include) if rule.include else reader
        also = () if rule.format or mapping else others(backup, reader, self._account.platform)
        declaration = Declaration(rule.complete, day, rule.exported_by, rule.kept_at, tuple(also))
        made = told or (clock.end_of_day(day, self._archive.timezone) if day else written_at)
        return _Ready(paths, marks, backup, reader, declaration, made)

    def _take(self, one: _Ready) -> Outcome:
        path = one.paths[-1]
        if self._dry_run:
            return Outcome(self._account.id, path, "ready", f"format {one.reader.name}")
        try:
            report = take_in(self._archive, one.backup, self._account, one.reader, one.declaration, self._progress)
        except (AnotherIsRunning, sqlite3.Error):
            raise
        except Exception as error:  # as above
            return _failed(self._account.id, path, error)
        ended: Ended = "already" if report.already else "taken"
        try:
            _move(one, self._folder / TAKEN)
        except MunimentError as error:
            return Outcome(self._account.id, path, ended, str(error), report)
        return Outcome(self._account.id, path, ended, "", report)


def _rule(path: Path) -> Rule:
    """Read an account's rule; without the file there is none."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Rule)
    except FileNotFoundError:
        return Rule()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadRule(path, str(error)) from None


def _marks(path: Path) -> tuple[Marks, datetime, datetime]:
    """Return a backup's files with sizes and times, when anything of it changed last, and when it was written.

    A copy may keep the time at which the original was written (mtime); its own last change (ctime) cannot be set.
    """
    found = [path, *(path.rglob("*") if path.is_dir() else ())]
    stats = [(one.relative_to(path.parent).as_posix(), one.lstat()) for one in sorted(found)]
    written = max(stat.st_mtime for _, stat in stats)
    changed = max(written, *(stat.st_ctime for _, stat in stats))
    marks = tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
    return marks, datetime.fromtimestamp(changed, UTC), datetime.fromtimestamp(written, UTC)


def _day(name: str, today: date) -> date | None:
    """Return the day with which a name begins: whoever named it said when it was made. Of today, now is more exact."""
    found = re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", name)
    try:
        day = date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
    return day if day is not None and day < today else None


def _move(one: _Ready, taken: Path) -> None:
    """Move a backup to ``taken/`` if it is what was taken in; nothing there is ever overwritten."""
    for path, marks in zip(one.paths, one.marks, strict=True):
        if path.parent == taken:
            continue
        try:
            if _marks(path)[0] != marks:
                raise ChangedMeanwhile(path)
            taken.mkdir(exist_ok=True)
            path.rename(_free(taken, path))
        except OSError as error:
            raise NotMoved(path, error.strerror or str(error)) from None


def _free(folder: Path, path: Path) -> Path:
    """Return a path in a folder that nothing has yet: the name, else the name with a number."""
    number, found = 1, folder / path.name
    while found.exists() or found.is_symlink():
        number += 1
        found = folder / f"{path.stem} ({number}){path.suffix}"
    return found

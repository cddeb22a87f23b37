"""``backup`` and ``restore``: verified copies of an archive, made while others write.

A live folder is never copied by hand. SQLite's backup API copies the database, objects follow (they are
never changed, so any order is safe), and the copy is verified before it gets its name.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from archive import clearing, database, disposal, reapplying, settings
from archive.archive import KEY_FILE, Actor, Archive, FolderNotEmpty
from archive.errors import ExitCode, MunimentError
from archive.followers import Progress
from archive.ledger import Checkpoint
from archive.objects import sync_folder
from archive.verify import verify

DESK = "desk.db"


class UnsoundCopy(MunimentError):
    """A copy did not verify."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, folder: Path, damage: str) -> None:
        super().__init__(
            f"The copy in {folder} is not sound: {damage}. It was left there under this name to look at; "
            "do not use it. Run `muniment verify --deep` on the original."
        )


class NotABackup(MunimentError):
    """The folder holds no backup of an archive."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not a backup made by `muniment backup`: it has no {database.FILE_NAME}.")


class Copied(Struct, frozen=True):
    """A finished, verified copy: its folder, the ledger position it stands at, objects copied.

    ``disposed`` counts records that the copy lost because they were disposed of after it was made; ``asked`` is the
    later state that told so, None if none was known.
    """

    folder: Path
    checkpoint: Checkpoint
    objects: int
    disposed: int = 0
    asked: Path | None = None


def backup(archive: Archive, folder: Path, progress: Progress | None = None) -> Copied:
    """Copy a living archive to a new folder, and verify the copy."""
    return _copy(archive.folder, folder, archive.actor, progress, archive.folder, None)


def restore(
    source: Path, folder: Path, actor: Actor, progress: Progress | None = None, after: Path | None = None
) -> Copied:
    """Copy a backup to a new archive folder, take out of it what was disposed of since, and verify it.

    ``after`` is a later state of the archive, which tells what that is; by default the archive that the backup was
    made of, where it can still be read. Raises :class:`archive.reapplying.NotALaterState` for one that was named.
    """
    if not (source / database.FILE_NAME).is_file():
        raise NotABackup(source)
    origin = reapplying.origin(source)
    return _copy(source, folder, actor, progress, origin or source, after or origin, is_named=after is not None)


def _copy(
    source: Path, folder: Path, actor: Actor, progress: Progress | None, origin: Path, later: Path | None,
    is_named: bool = False,
) -> Copied:  # fmt: skip
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder)
    aside = folder.with_name(folder.name + ".partial")
    if aside.exists():
        shutil.rmtree(aside)
    for part in ("objects", "index", "productions"):
        (aside / part).mkdir(parents=True)
    for name in (database.FILE_NAME, DESK):
        if (source / name).exists():
            _copy_database(source / name, aside / name)
    for name in (KEY_FILE, settings.FILE_NAME):
        if (source / name).exists():
            shutil.copy2(source / name, aside / name)
    if (source / "productions").is_dir():
        shutil.copytree(source / "productions", aside / "productions", dirs_exist_ok=True)
    with closing(Archive.open(source, actor)) as original, closing(Archive.open(aside, actor)) as copy:
        disposed, asked = _without_disposed(copy, later, is_named)
        count = _copy_objects(original, copy, progress)
        for damage in verify(copy, deep=True):
            raise UnsoundCopy(aside, str(damage))
        checkpoint = copy.checkpoint()
    reapplying.note_origin(aside, origin)
    if folder.exists():
        folder.rmdir()
    aside.replace(folder)
    sync_folder(folder.parent)
    return Copied(folder, checkpoint, count, disposed, asked)


def _without_disposed(copy: Archive, later: Path | None, is_named: bool) -> tuple[int, Path | None]:
    """Take out of a copy what was disposed of since, and every trace of what was disposed of before."""
    gone, asked = 0, None
    if later is not None:
        try:
            gone, asked = reapplying.apply_later(copy, later), later
        except reapplying.NotALaterState:
            if is_named:
                raise
    last: int = copy.connection.execute("SELECT coalesce(max(seq), 0) FROM disposed").fetchone()[0]
    if gone or last > disposal.cleared(copy.connection):
        clearing.compact(copy.path)
    return gone, asked


def _copy_database(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy, pages=4096, sleep=0.01)
    except sqlite3.DatabaseError as error:
        raise database.DamagedDatabase(source, str(error)) from error


def _copy_objects(original: Archive, copy: Archive, progress: Progress | None) -> int:
    names = [row[0] for row in copy.connection.execute(
        "SELECT DISTINCT sha256 FROM attachment WHERE sha256 <> ''"
        " UNION SELECT text FROM statement WHERE name = 'object'"
        " UNION SELECT json_extract(body, '$.object') FROM ledger WHERE event = 'schedule.adopted'"
    )]  # fmt: skip
    for done, name in enumerate(names):
        if (path := original.objects.path(name)).exists():
            copy.objects.add(lambda path=path: path.open("rb"))  # type: ignore[misc]
        if progress and done % 100 == 0:
            progress(done, len(names))
    copy.objects.sync()
    return len(names)

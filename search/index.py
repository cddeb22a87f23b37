"""The search index as a follower of the ledger: caught up, safe against a kill, rebuilt when in doubt.

``index/current.json`` names the folder in use and says what it must hold. It is written last, aside and
renamed; when it and the index disagree, the index is built again beside the old one, which keeps
answering until the swap.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from archive import settings
from archive.archive import Archive
from archive.followers import Progress
from archive.objects import sync_folder
from search import changed
from search.analysis import ANALYZER_VERSION
from search.beside import all_documents
from search.documents import Document
from search.engines.engine import Engine
from search.gathering import documents
from search.lexicon import Lexicon

SMALL = 50_000
"""Versions up to which ``auto`` means Whoosh (docs/performance.md); beyond it is Tantivy."""

PATIENCE = 600.0
"""Seconds to wait for another process that indexes: it does the same work."""

CURRENT = "current.json"


class Current(Struct, frozen=True):
    """What the index must be: its folder, its ledger position, its documents, its analyzer and engine."""

    folder: str
    position: int
    count: int
    analyzer: int
    engine: str


class SearchIndex:
    """The index of one archive. Nothing is opened before it is needed."""

    name = "search index"

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        self._opened: tuple[str, Engine] | None = None
        self._words: tuple[Current | None, Lexicon] | None = None

    @property
    def position(self) -> int:
        """The ledger position that the index answers for; 0 when it must be built."""
        current = self._current()
        return current.position if current is not None else 0

    def engine(self) -> Engine | None:
        """Return the engine in use, None before the first catch-up."""
        current = self._current()
        return self._open(current.folder, current.engine) if current is not None else None

    def lexicon(self) -> Lexicon:
        """Return the words of the engine in use, read once as long as nothing is committed."""
        current, engine = self._current(), self.engine()
        if engine is None:
            return Lexicon.of(())
        if self._words is None or self._words[0] != current:
            self._words = (current, Lexicon(engine.lexicon))
        return self._words[1]

    def catch_up(self, progress: Progress | None = None) -> None:
        """Index what the ledger brought since; build anew if index and note disagree, or another engine is asked."""
        with self.archive.alone("index", PATIENCE):
            current = self._current()
            if current is not None and self._engine_wanted() != current.engine:
                current = None
            if current is not None and current.position >= self.archive.head():
                return
            if current is None or not self._extend(current, progress):
                self._build(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build the index again from nothing, beside the one in use."""
        with self.archive.alone("index", PATIENCE):
            self._build(progress)

    # -- the note of what is there

    def _current(self) -> Current | None:
        try:
            noted = msgspec.json.decode((self.folder / CURRENT).read_bytes(), type=Current)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None
        if noted.analyzer != ANALYZER_VERSION or not (self.folder / noted.folder).is_dir():
            return None
        return noted

    def _note(self, current: Current) -> None:
        aside = self.folder / f"{CURRENT}.partial"
        with aside.open("w", encoding="utf-8") as file:
            json.dump(msgspec.structs.asdict(current), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / CURRENT)
        sync_folder(self.folder)

    def _open(self, folder: str, name: str) -> Engine:
        if self._opened is None or self._opened[0] != folder:
            self._opened = (folder, engine_named(name, self.folder / folder, self.archive.timezone))
        return self._opened[1]

    def _engine_wanted(self) -> str:
        """Return the engine that the settings name, or the one that fits how much there is to index."""
        named = settings.read(self.archive.folder).engine
        if named != "auto":
            return named
        held: int = self.archive.connection.execute("SELECT count(*) FROM version").fetchone()[0]
        return "whoosh" if held <= SMALL else "tantivy"

    # -- writing

    def _build(self, progress: Progress | None) -> None:
        self.folder.mkdir(exist_ok=True)
        number = 1 + max((_number(path) for path in self.folder.glob("built-*")), default=0)
        fresh, name = f"built-{number}", self._engine_wanted()
        shutil.rmtree(self.folder / fresh, ignore_errors=True)
        position = self.archive.head()
        engine = self._open(fresh, name)
        total: int = self.archive.connection.execute("SELECT count(*) FROM version").fetchone()[0]
        engine.update((), _counted(all_documents(self.archive, position), total, progress))
        self._note(Current(fresh, position, engine.count(), ANALYZER_VERSION, name))
        for path in self.folder.glob("built-*"):
            if path.name != fresh:
                shutil.rmtree(path, ignore_errors=True)

    def _extend(self, current: Current, progress: Progress | None) -> bool:
        """Take changed records out and in again; say whether the index then holds what the archive holds.

        Doing it twice does no harm, so what a kill interrupted is simply done again.
        """
        engine = self._open(current.folder, current.engine)
        is_as_noted = engine.count() == current.count
        position = self.archive.head()
        found = changed.since(self.archive.connection, current.position)
        if found.gone:
            versions = self.archive.version(found.standing)
            total = len(found.standing)
            engine.update(found.gone, _counted(documents(self.archive, versions), total, progress))
        if not is_as_noted and engine.count() != changed.expected(self.archive.connection):
            return False
        self._note(Current(current.folder, position, engine.count(), ANALYZER_VERSION, current.engine))
        return True


def engine_named(name: str, folder: Path, zone: ZoneInfo) -> Engine:
    """Open an engine by its name."""
    if name == "tantivy":
        from search.engines.tantivy import TantivyEngine

        return TantivyEngine(folder, zone)
    from search.engines.whoosh import WhooshEngine

    return WhooshEngine(folder)


def _counted(found: Iterator[Document], total: int, progress: Progress | None) -> Iterator[Document]:
    for done, one in enumerate(found):
        yield one
        if progress and done % 200 == 0:
            progress(done, total)


def _number(path: Path) -> int:
    digits = path.name.removeprefix("built-")
    return int(digits) if digits.isdigit() else 0

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
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct

from archive.archive import Archive
from archive.followers import Progress
from archive.objects import sync_folder
from search.analysis import ANALYZER_VERSION
from search.documents import Document, document
from search.engines.engine import Engine

BATCH = 50_000
"""Documents in one commit."""

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

    @property
    def position(self) -> int:
        """The ledger position that the index answers for; 0 when it must be built."""
        current = self._current()
        return current.position if current is not None else 0

    def engine(self) -> Engine | None:
        """Return the engine in use, None before the first catch-up."""
        current = self._current()
        return self._open(current.folder) if current is not None else None

    def catch_up(self, progress: Progress | None = None) -> None:
        """Index what the ledger took in since; build anew if index and note disagree."""
        with self.archive.alone("index", PATIENCE):
            current = self._current()
            if current is not None and current.position >= self.archive.head():
                return
            if current is None or self._open(current.folder).count() != current.count:
                self._build(progress)
            else:
                self._extend(current, progress)

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

    def _open(self, folder: str) -> Engine:
        from search.engines.whoosh import WhooshEngine

        if self._opened is None or self._opened[0] != folder:
            self._opened = (folder, WhooshEngine(self.folder / folder))
        return self._opened[1]

    # -- writing

    def _build(self, progress: Progress | None) -> None:
        self.folder.mkdir(exist_ok=True)
        number = 1 + max((_number(path) for path in self.folder.glob("built-*")), default=0)
        fresh = f"built-{number}"
        shutil.rmtree(self.folder / fresh, ignore_errors=True)
        position = self.archive.head()
        count = self._feed(self._open(fresh), 0, position, progress)
        self._note(self._as_noted(fresh, position, count))
        for path in self.folder.glob("built-*"):
            if path.name != fresh:
                shutil.rmtree(path, ignore_errors=True)

    def _extend(self, current: Current, progress: Progress | None) -> None:
        position = self.archive.head()
        added = self._feed(self._open(current.folder), current.position, position, progress)
        self._note(self._as_noted(current.folder, position, current.count + added))

    def _as_noted(self, folder: str, position: int, count: int) -> Current:
        return Current(folder, position, count, ANALYZER_VERSION, self._open(folder).name)

    def _feed(self, engine: Engine, after: int, upto: int, progress: Progress | None) -> int:
        total = self._versions_after(after)
        documents = self._documents(after, upto, total, progress)
        added = 0
        while batch := islice(documents, BATCH):
            first = next(batch, None)
            if first is None:
                return added
            added += engine.add(_with(first, batch))
        return added

    def _documents(self, after: int, upto: int, total: int, progress: Progress | None) -> Iterator[Document]:
        for done, version in enumerate(self.archive.versions(after, upto)):
            yield document(version)
            if progress and done % 200 == 0:
                progress(done, total)

    def _versions_after(self, seq: int) -> int:
        count: int = self.archive.connection.execute("SELECT count(*) FROM version WHERE seq > ?", (seq,)).fetchone()[0]
        return count


def _with(first: Document, rest: Iterator[Document]) -> Iterator[Document]:
    yield first
    yield from rest


def _number(path: Path) -> int:
    digits = path.name.removeprefix("built-")
    return int(digits) if digits.isdigit() else 0

"""What files say, as a follower of the ledger: read once a file, kept as state, thrown away and read again at will."""

from __future__ import annotations

from itertools import islice

from archive.archive import Archive
from archive.followers import Progress
from ingest.words import pictures
from ingest.words.reading import VERSION
from ingest.words.said import Said
from ingest.words.worker import Worker

PATIENCE = 600.0
"""Seconds to wait for another process that reads the same files."""

CHUNK = 20
"""Files read between two transactions."""

_OF_VERSIONS = """
SELECT a.sha256, a.media_type, a.name FROM attachment a
WHERE a.id IN (SELECT min(id) FROM attachment WHERE seq > ?1 AND sha256 <> '' GROUP BY sha256)
  AND NOT EXISTS (SELECT 1 FROM extracted e WHERE e.sha256 = a.sha256 AND e.reader = ?2)
ORDER BY a.id
"""
_WRITE = "INSERT OR REPLACE INTO extracted (sha256, reader, how, text, fault, tells) VALUES (?, ?, ?, ?, ?, ?)"


class AttachmentTexts:
    """The words of the files of one archive."""

    name = "attachment texts"

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @property
    def reader(self) -> str:
        """What reads here: its version, and whether words in pictures are read."""
        return f"{VERSION}+ocr" if pictures.can_read() else str(VERSION)

    @property
    def position(self) -> int:
        """The ledger position up to which every file has been looked at; 0 when another reader did."""
        row = self.archive.connection.execute(
            "SELECT position, fingerprint FROM follower WHERE name = ?", (self.name,)
        ).fetchone()
        return row[0] if row and row[1] == self.reader else 0

    @property
    def has_words(self) -> bool:
        """Say whether any file's words are held."""
        held = self.archive.connection.execute("SELECT EXISTS (SELECT 1 FROM extracted WHERE text <> '')")
        return bool(held.fetchone()[0])

    def catch_up(self, progress: Progress | None = None) -> None:
        """Read the files that came since; after a change of the reader, all that it has not read."""
        if self.position < self.archive.head():
            with self.archive.alone(self.name.replace(" ", "-"), PATIENCE):
                self._read(self.position, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Read what is not there, or was read by another reader. What is there was read from the same bytes."""
        with self.archive.alone(self.name.replace(" ", "-"), PATIENCE):
            self._read(0, progress)

    def _read(self, after: int, progress: Progress | None) -> None:
        head = self.archive.head()
        found = self.archive.connection.execute(_OF_VERSIONS, (after, self.reader)).fetchall()
        with Worker() as worker:
            files = iter(found)
            done = 0
            while chunk := list(islice(files, CHUNK)):
                self._write([(one[0], self._said(worker, *one)) for one in chunk])
                done += len(chunk)
                if progress:
                    progress(done, len(found))
        with self.archive.state_transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?, ?)", (self.name, head, self.reader))

    def _said(self, worker: Worker, sha256: str, media_type: str, name: str) -> Said:
        if sha256 not in self.archive.objects:
            return Said(fault="its bytes are missing")
        return worker.read(self.archive.objects.path(sha256), media_type, name)

    def _write(self, said: list[tuple[str, Said]]) -> None:
        """Write what was read, unless the file has been disposed of meanwhile."""
        with self.archive.state_transaction() as connection:
            living = [
                (sha256, one)
                for sha256, one in said
                if connection.execute("SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
            ]
            connection.executemany(
                _WRITE, [(sha256, self.reader, one.how, one.text, one.fault, one.tells) for sha256, one in living]
            )

"""A process of its own that reads files: one that hangs, crashes or swallows memory costs that file alone."""

from __future__ import annotations

import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from ingest.words.reading import is_safe, kind_of, read
from ingest.words.said import Said

SECONDS = 60.0
"""How long one file may take."""

MEMORY = 3 << 30
"""Bytes of address space that the process may have."""


class Worker:
    """Reads files one by one; the process starts when one needs it and ends with the block."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, path: Path, media_type: str, name: str) -> Said:
        """Return what a file says; a reader that crashes or takes too long is told as a fault."""
        if is_safe(kind_of(media_type, name)):
            return read(path, media_type, name)
        connection = self._connection or self._start()
        try:
            connection.send((str(path), media_type, name))
            if connection.poll(self._seconds):
                return msgspec.msgpack.decode(connection.recv_bytes(), type=Said)
            fault = f"it took longer than {self._seconds:.0f} seconds to read"
        except (EOFError, OSError):
            fault = "its reader broke down over it"
        self._stop()
        return Said(fault=fault)

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other,), daemon=True)
        self._process.start()
        other.close()
        return self._connection

    def _stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


def _work(connection: Connection) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            path, media_type, name = connection.recv()
            connection.send_bytes(msgspec.msgpack.encode(read(Path(path), media_type, name)))

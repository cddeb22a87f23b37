"""All documents of an archive; where there are many, a second process gathers most while the first feeds the engine."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import msgspec

from archive.archive import Actor, Archive
from archive.errors import ExitCode, MunimentError
from archive.reading import first_after
from search.documents import Document
from search.gathering import documents

WORTH_A_PROCESS = 20_000
"""Versions from which a second process is worth its start."""

CHUNK = 1_000
"""Versions that one answer of the second process tells."""

AHEAD = 3
"""Answers that may wait."""

_ACTOR = Actor("indexing", "system")
_decode = msgspec.msgpack.Decoder(list[Document]).decode


class GatheringDied(MunimentError):
    """The process that analysed the records ended before they did."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self) -> None:
        super().__init__(
            "Indexing was cut short (its second process was ended). The index in use is as it was; "
            "run `muniment reindex` again."
        )


def all_documents(archive: Archive, upto: int) -> Iterator[Document]:
    """Yield the documents of everything vouched for up to a ledger row, as their records stand now.

    They come in no certain order: where the second process has none ready, the first gathers some itself.
    """
    last = first_after(archive.connection, "version", upto) - 1
    if last < WORTH_A_PROCESS:
        yield from documents(archive, archive.versions(0, upto))
        return
    with _second_process(archive.folder) as process:
        untaken = deque((first, min(first + CHUNK, last + 1)) for first in range(1, last + 1, CHUNK))
        waiting: deque[Future[bytes]] = deque()
        while untaken or waiting:
            while untaken and len(waiting) < AHEAD:
                waiting.append(process.submit(_gathered, *untaken.popleft()))
            if untaken and not waiting[0].done():
                yield from documents(archive, archive.version(range(*untaken.popleft())))
            else:
                yield from _received(waiting.popleft())


@contextmanager
def _second_process(folder: Path) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    process = ProcessPoolExecutor(1, context, _open, (str(folder),))
    try:
        yield process
    finally:
        process.shutdown(cancel_futures=True)


def _received(answer: Future[bytes]) -> list[Document]:
    try:
        return _decode(answer.result())
    except BrokenProcessPool:
        raise GatheringDied from None


# -- in the second process

_opened: list[Archive] = []


def _open(folder: str) -> None:
    _opened.append(Archive.open(Path(folder), _ACTOR))


def _gathered(first: int, after: int) -> bytes:
    """Return the documents of the versions from one id on, up to another."""
    archive = _opened[0]
    return msgspec.msgpack.encode(list(documents(archive, archive.version(range(first, after)))))

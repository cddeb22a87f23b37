"""A large backup is read beside: one process reads the next batches while the other writes the last.

Preparing (normalising, hashing) costs more than both, so each does a part of it, as much as keeps both busy. Whoever
does it, the batches are those of :mod:`ingest.reading`.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue

import msgspec
from msgspec import Struct

from archive.errors import ExitCode, MunimentError
from archive.objects import Objects
from ingest.backup import Backup
from ingest.ingestor import Draft, Ingestor
from ingest.normalise import Normaliser
from ingest.reading import BATCH_BYTES, Batch, Parcel, Part, garbage_seldom_collected, parcels, prepared, unpacked

AHEAD = 2
"""Batches that may wait for the writer."""

STEP = 0.1
"""By how much the writer's part of the preparing moves from batch to batch."""

WORTH_A_PROCESS = 8 << 20
"""Bytes of members from which a second process is worth its start."""


class ReaderDied(MunimentError):
    """The process that read the backup ended before the backup did."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, backup: Backup) -> None:
        names = ", ".join(str(part) for part in backup.parts)
        super().__init__(
            f"Reading {names} was cut short (the reading process was ended). What was taken in is kept; "
            "run the same command again, and it goes on from there."
        )


class Assignment(Struct, frozen=True):
    """What a reading process needs to know; it never opens the database."""

    paths: tuple[str, ...]
    list_name: str
    account: str
    handle: str
    key: bytes
    objects: str
    seals: bool = True


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Parcel).decode


def is_worth_a_process(backup: Backup) -> bool:
    """Say whether a backup is large enough to be read beside."""
    return sum(member.size for member in backup.members()) >= WORTH_A_PROCESS


def batches_beside(
    backup: Backup, ingestor: Ingestor, assignment: Assignment, normaliser: Normaliser
) -> Iterator[Batch]:
    """Yield the same batches as :func:`ingest.reading.batches`, read by a process that loads that one format only."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_produce, args=(sender, ingestor, assignment), daemon=True)
    process.start()
    sender.close()
    try:
        while parcel := _received(receiver, backup):
            batch = unpacked(parcel, normaliser)
            del parcel  # one batch may be one mail of 150 MB: none stays while the next is received
            yield batch
            del batch
    finally:
        receiver.close()
        process.terminate()
        process.join()


def _received(receiver: Connection, backup: Backup) -> Parcel | None:
    """Return the next parcel; None at the end."""
    try:
        payload = receiver.recv_bytes()
    except (EOFError, OSError):
        raise ReaderDied(backup) from None
    return _decode(payload) if payload else None


def _produce(sender: Connection, ingestor: Ingestor, assignment: Assignment) -> None:
    """Run in the second process: read, prepare, send; an empty message is the end."""
    objects = Objects(Path(assignment.objects))
    normaliser = Normaliser(assignment.key, assignment.account, assignment.handle, objects.add, assignment.seals)
    backup = Backup.open([Path(path) for path in assignment.paths], list_name=assignment.list_name)
    division = _Division(normaliser)
    outbox = _Outbox(sender)
    try:
        with garbage_seldom_collected():
            for parcel in parcels(backup, ingestor, division.taken):
                objects.sync()
                division.leave(less=outbox.waits)
                encoded = _encode(parcel)
                del parcel
                outbox.put(encoded)
                del encoded
                if outbox.is_broken:
                    return
        outbox.end()
    except KeyboardInterrupt:
        return


class _Division:
    """Prepares some drafts here and leaves the others to the writer, evenly mixed."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._left = 0.5
        self._owed = 0.0

    def leave(self, less: bool) -> None:
        """Leave a step less to the writer, or more."""
        self._left = min(max(self._left + (-STEP if less else STEP), 0.0), 1.0)

    def taken(self, draft: Draft) -> Iterator[Part]:
        """Yield what becomes of a draft."""
        sent = _sent(draft) if self._is_left() else None
        if sent is None:
            yield from prepared(self._normaliser, draft)
        else:
            yield sent

    def _is_left(self) -> bool:
        """Say of one draft after another whether it is the writer's."""
        self._owed += self._left
        if self._owed < 1:
            return False
        self._owed -= 1
        return True


def _sent(draft: Draft) -> bytes | None:
    """Return a draft as it is sent; None for one whose files are here, or that cannot be (half a character)."""
    if draft.attachments or draft.earlier:
        return None
    try:
        return _encode(draft)
    except (ValueError, TypeError, OverflowError):
        return None


class _Outbox:
    """Sends what is put into it, in its order and in a thread of its own, so that reading goes on meanwhile."""

    def __init__(self, sender: Connection) -> None:
        self._sender = sender
        self._queue: Queue[bytes] = Queue(AHEAD)
        self._thread = threading.Thread(target=self._send, daemon=True)
        self.is_broken = False
        self._thread.start()

    @property
    def waits(self) -> bool:
        """Whether something put in earlier still waits for the other end."""
        return not self._queue.empty()

    def put(self, payload: bytes) -> None:
        """Send a message as soon as those before it are sent; wait while too many are, and until a large one is."""
        self._queue.put(payload)
        if len(payload) > 2 * BATCH_BYTES:
            self._queue.join()

    def end(self) -> None:
        """Send the empty message, and wait until all is sent."""
        self.put(b"")
        self._thread.join()

    def _send(self) -> None:
        is_last = False
        while not is_last:
            payload = self._queue.get()
            is_last = not payload
            try:
                self._sender.send_bytes(payload)
            except OSError:
                self.is_broken = True
            del payload
            self._queue.task_done()

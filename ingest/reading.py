"""Reading a backup to its end: batches of prepared items, defects and gaps, here or in a second process.

A large backup is read beside: one process reads the next batches while the other writes the last. Preparing
(normalising, hashing) costs more than both, so each does a part of it, as much as keeps both busy. Whoever does it,
the batches are the same.
"""

from __future__ import annotations

import gc
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue

import msgspec
from msgspec import Struct

from archive.errors import ExitCode, MunimentError
from archive.objects import Objects
from ingest.backup import Backup
from ingest.hand_edited import remarks
from ingest.ingestor import Defect, Draft, Gap, Ingestor
from ingest.normalise import Normaliser, Prepared

BATCH = 1000
"""Items in one batch, and so in one transaction, at most."""

BATCH_BYTES = 16 << 20
"""Native bytes in one batch at most, so that large mails keep memory flat too."""

RECIPIENT_BYTES = 1_200
"""What one recipient takes in memory, about: a newsletter may have a hundred thousand."""

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


class Batch(Struct):
    """Some items of a backup, in its order, and what was said about them."""

    prepared: list[Prepared]
    defects: list[Defect]
    gaps: list[str]


Part = Prepared | Defect | bytes
"""An item, what was said about one, or a draft as msgpack that is still to be prepared."""


class Parcel(Struct):
    """A batch in the making: its parts in the backup's order."""

    parts: list[Part]
    gaps: list[str]


class Assignment(Struct, frozen=True):
    """What a reading process needs to know; it never opens the database."""

    paths: tuple[str, ...]
    list_name: str
    account: str
    handle: str
    key: bytes
    objects: str
    seals: bool = True


def batches(backup: Backup, ingestor: Ingestor, normaliser: Normaliser) -> Iterator[Batch]:
    """Yield the backup's batches, read here."""
    for parcel in _parcels(backup, ingestor, partial(_prepared, normaliser)):
        yield _unpacked(parcel, normaliser)


def _parcels(backup: Backup, ingestor: Ingestor, taken: Callable[[Draft], Iterator[Part]]) -> Iterator[Parcel]:
    """Yield what a backup holds in pieces that depend on nothing but the backup; ``taken`` makes parts of a draft."""
    parcel = Parcel([Defect(fault.place, fault.reason) for fault in backup.faults], [])
    drafts, defects, size = 0, len(parcel.parts), 0
    for item in guarded_items(ingestor, backup):
        if isinstance(item, Gap):
            parcel.gaps.append(item.what)
        elif isinstance(item, Defect):
            parcel.parts.append(item)
            defects += 1
        else:
            parcel.parts.extend(taken(item))
            drafts += 1
            size += len(item.native) + len(item.recipients) * RECIPIENT_BYTES
        if drafts >= BATCH or size >= BATCH_BYTES or defects >= BATCH:
            yield parcel
            parcel = Parcel([], [])
            drafts = defects = size = 0
    yield parcel


def _unpacked(parcel: Parcel, normaliser: Normaliser) -> Batch:
    """Return the batch, all of it prepared."""
    batch = Batch([], [], parcel.gaps)
    for part in parcel.parts:
        for one in _prepared_late(normaliser, part) if isinstance(part, bytes) else (part,):
            if isinstance(one, Defect):
                batch.defects.append(one)
            else:
                batch.prepared.append(one)
    return batch


@contextmanager
def garbage_seldom_collected() -> Iterator[None]:
    """Look for garbage in cycles seldom during the block: items have none, and there are many of them."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def guarded_items(ingestor: Ingestor, backup: Backup) -> Iterator[Draft | Defect | Gap]:
    """The one boundary around a format's code: a bug in it costs one defect, not the run.

    At the end, every file that was read and is not as its platform produced it is named.
    """
    for _ in remarks(backup):  # those that were looked at before
        pass
    try:
        yield from ingestor.read(backup)
    except MunimentError as error:
        yield Defect(ingestor.name, str(error))
    except Exception as error:
        yield Defect(
            ingestor.name, f"the reader of this format failed ({type(error).__name__}: {error}); what it read is kept"
        )
    yield from remarks(backup)


def _prepared(normaliser: Normaliser, draft: Draft) -> Iterator[Prepared | Defect]:
    try:
        yield normaliser.prepare(draft)
    except (ValueError, TypeError, OverflowError) as error:
        yield Defect(draft.place, f"this item could not be taken in: {error}", native=draft.native)
    yield from normaliser.remarks
    normaliser.remarks.clear()


def _prepared_late(normaliser: Normaliser, encoded: bytes) -> Iterator[Prepared | Defect]:
    try:
        draft = _decode_draft(encoded)
    except msgspec.ValidationError as error:
        sent = msgspec.msgpack.decode(encoded)
        yield Defect(sent["place"], f"this item could not be taken in: {error}", native=sent["native"])
        return
    yield from _prepared(normaliser, draft)


_encode = msgspec.msgpack.Encoder().encode
_decode_draft = msgspec.msgpack.Decoder(Draft).decode
_decode_parcel = msgspec.msgpack.Decoder(Parcel).decode


# -- in a second process


def is_worth_a_process(backup: Backup) -> bool:
    """Say whether a backup is large enough to be read beside."""
    return sum(member.size for member in backup.members()) >= WORTH_A_PROCESS


def batches_beside(
    backup: Backup, ingestor: Ingestor, assignment: Assignment, normaliser: Normaliser
) -> Iterator[Batch]:
    """Yield the same batches as :func:`batches`, read by a process of its own, which loads that one format only."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_produce, args=(sender, ingestor, assignment), daemon=True)
    process.start()
    sender.close()
    try:
        while payload := _received(receiver, backup):
            yield _unpacked(_decode_parcel(payload), normaliser)
    finally:
        receiver.close()
        process.terminate()
        process.join()


def _received(receiver: Connection, backup: Backup) -> bytes:
    try:
        return receiver.recv_bytes()
    except (EOFError, OSError):
        raise ReaderDied(backup) from None


def _produce(sender: Connection, ingestor: Ingestor, assignment: Assignment) -> None:
    """Run in the second process: read, prepare, send; an empty message is the end."""
    objects = Objects(Path(assignment.objects))
    normaliser = Normaliser(assignment.key, assignment.account, assignment.handle, objects.add, assignment.seals)
    backup = Backup.open([Path(path) for path in assignment.paths], list_name=assignment.list_name)
    division = _Division(normaliser)
    outbox = _Outbox(sender)
    try:
        with garbage_seldom_collected():
            for parcel in _parcels(backup, ingestor, division.taken):
                objects.sync()
                division.leave(less=outbox.waits)
                outbox.put(_encode(parcel))
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
        """Yield what becomes of a draft; one with files stays here, where they are, and one that cannot be sent."""
        self._owed += self._left
        if self._owed >= 1:
            self._owed -= 1
            if not (draft.attachments or draft.earlier):
                with suppress(ValueError, TypeError, OverflowError):  # half a character, a number beyond 64 bits
                    yield _encode(draft)
                    return
        yield from _prepared(self._normaliser, draft)


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
        """Send a message as soon as those before it are sent; wait while too many are."""
        self._queue.put(payload)

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

"""Reading a backup to its end: batches of prepared items, defects and gaps, here or in a second process.

Reading and hashing cost about as much as matching and writing, so a large backup is read beside: one
process prepares the next batches while the other writes the last. Whichever has time computes the digests.
Both ways give the same batches.
"""

from __future__ import annotations

import gc
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
"""By how much the reading process's share of the digests moves from batch to batch, to keep the writer busy."""

WORTH_A_PROCESS = 32 << 20
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


class Assignment(Struct, frozen=True):
    """What a reading process needs to know; it never opens the database."""

    paths: tuple[str, ...]
    list_name: str
    account: str
    handle: str
    key: bytes
    objects: str
    share: float = 1.0


def batches(backup: Backup, ingestor: Ingestor, normaliser: Normaliser) -> Iterator[Batch]:
    """Yield the backup's batches, read here."""
    batch = Batch([], [Defect(fault.place, fault.reason) for fault in backup.faults], [])
    size = 0
    for item in guarded_items(ingestor, backup):
        if isinstance(item, Gap):
            batch.gaps.append(item.what)
        elif isinstance(item, Defect):
            batch.defects.append(item)
        else:
            prepared = _prepared(normaliser, item, batch.defects)
            if prepared is not None:
                batch.prepared.append(prepared)
                size += len(item.native) + len(item.recipients) * RECIPIENT_BYTES
        if len(batch.prepared) >= BATCH or size >= BATCH_BYTES or len(batch.defects) >= BATCH:
            yield batch
            batch, size = Batch([], [], []), 0
    yield batch


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


def _prepared(normaliser: Normaliser, draft: Draft, defects: list[Defect]) -> Prepared | None:
    try:
        return normaliser.prepare(draft)
    except (ValueError, TypeError, OverflowError) as error:
        defects.append(Defect(draft.place, f"this item could not be taken in: {error}", native=draft.native))
        return None
    finally:
        if normaliser.remarks:
            defects.extend(normaliser.remarks)
            normaliser.remarks.clear()


# -- in a second process


def is_worth_a_process(backup: Backup) -> bool:
    """Say whether a backup is large enough to be read beside."""
    return sum(member.size for member in backup.members()) >= WORTH_A_PROCESS


def batches_beside(backup: Backup, ingestor: Ingestor, assignment: Assignment) -> Iterator[Batch]:
    """Yield the same batches as :func:`batches`, read by a process of its own, which loads that one format only."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_produce, args=(sender, ingestor, assignment), daemon=True)
    process.start()
    sender.close()
    decode = msgspec.msgpack.Decoder(Batch).decode
    try:
        while payload := _received(receiver, backup):
            yield decode(payload)
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
    normaliser = Normaliser(assignment.key, assignment.account, assignment.handle, objects.add, assignment.share)
    backup = Backup.open([Path(path) for path in assignment.paths], list_name=assignment.list_name)
    encode = msgspec.msgpack.Encoder().encode
    outbox = _Outbox(sender)
    try:
        with garbage_seldom_collected():
            for batch in batches(backup, ingestor, normaliser):
                objects.sync()
                step = STEP if outbox.waits else -STEP
                normaliser.share = min(max(normaliser.share + step, assignment.share), 1.0)
                outbox.put(encode(batch))
                if outbox.is_broken:
                    return
        outbox.end()
    except KeyboardInterrupt:
        return


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

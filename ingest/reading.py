"""Reading a backup to its end: batches of prepared items, defects and gaps."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import msgspec
from msgspec import Struct

from archive.errors import MunimentError
from ingest.backup import Backup
from ingest.hand_edited import remarks
from ingest.ingestor import Defect, Draft, Gap, Ingestor
from ingest.normalise import Normaliser, Prepared
from ingest.series import absent
from ingest.unknown_zones import UnknownZones

BATCH = 1000
"""Items in one batch, and so in one transaction, at most."""

BATCH_BYTES = 16 << 20
"""Native bytes in one batch at most, so that large mails keep memory flat too."""

RECIPIENT_BYTES = 1_200
"""What one recipient takes in memory, about: a newsletter may have a hundred thousand."""


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


def batches(backup: Backup, ingestor: Ingestor, normaliser: Normaliser) -> Iterator[Batch]:
    """Yield the backup's batches, read here."""
    for parcel in parcels(backup, ingestor, partial(prepared, normaliser)):
        yield unpacked(parcel, normaliser)


def parcels(backup: Backup, ingestor: Ingestor, taken: Callable[[Draft], Iterator[Part]]) -> Iterator[Parcel]:
    """Yield what a backup holds in pieces that depend on nothing but the backup; ``taken`` makes parts of a draft."""
    refused = [Defect(one.place, one.reason) for one in backup.faults]
    parcel = Parcel([*refused, *(Defect(one.place, one.reason, quarantined=False) for one in absent(backup.parts))], [])
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
        del item  # it may be 150 MB, and so may the next
        if drafts >= BATCH or size >= BATCH_BYTES or defects >= BATCH:
            yield parcel
            parcel = Parcel([], [])
            drafts = defects = size = 0
    yield parcel


def unpacked(parcel: Parcel, normaliser: Normaliser) -> Batch:
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

    At the end, every file that was read and is not as its platform produced it is named, and how many times
    have no zone is told.
    """
    zones = UnknownZones()
    for _ in remarks(backup):  # those that were looked at before
        pass
    try:
        yield from map(zones.met, ingestor.read(backup))  # a name for the item would keep it beside the next
    except MunimentError as error:
        yield Defect(ingestor.name, str(error))
    except Exception as error:
        yield Defect(
            ingestor.name, f"the reader of this format failed ({type(error).__name__}: {error}); what it read is kept"
        )
    yield from remarks(backup)
    yield from zones.remarks(ingestor)


def prepared(normaliser: Normaliser, draft: Draft) -> Iterator[Prepared | Defect]:
    """Yield a draft as it is taken in, or why it cannot be, and what had to be mended."""
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
    yield from prepared(normaliser, draft)


_decode_draft = msgspec.msgpack.Decoder(Draft).decode

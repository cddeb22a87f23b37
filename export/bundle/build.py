"""Building a bundle: every writer in turn into one bag, and the bag into one zip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from export.bundle.bag import Bag
from export.bundle.coverage import CoverageSheet
from export.bundle.json_lines import RecordsJson
from export.bundle.natives import Natives
from export.bundle.packaging import pack
from export.bundle.pdf.certificate import Certificate
from export.bundle.pdf.exemptions import ExemptionLog
from export.bundle.pdf.letter import Letter
from export.bundle.pdf.lists import SubscriberSheets
from export.bundle.pdf.volumes import PdfVolumes
from export.bundle.reconciliation import ReconciliationSheet
from export.bundle.start_here import StartHere
from export.bundle.subscribers import SubscribersTable
from export.bundle.tables import RecordsTable
from export.bundle.viewer import Viewer
from export.bundle.writer import BundleWriter
from export.released import Production

WRITERS: tuple[BundleWriter, ...] = (
    StartHere(),
    Viewer(),
    RecordsTable(),
    RecordsJson(),
    SubscribersTable(),
    ReconciliationSheet(),
    CoverageSheet(),
    Natives(),
    PdfVolumes(),
    SubscriberSheets(),
    Letter(),
    Certificate(),
    ExemptionLog(),
)


class Built(Struct, frozen=True):
    """A finished bundle: the bag's folder and its zip."""

    bag: Path
    zip: Path


def build(production: Production, destination: Path, progress: Callable[[int, int], None] | None = None) -> Built:
    """Build the bundle in a folder; a failure or a kill leaves nothing that looks finished."""
    bag = Bag(destination / production.name)
    try:
        for done, writer in enumerate(WRITERS):
            writer.write(production, bag)
            if progress:
                progress(done + 1, len(WRITERS) + 1)
        bag.close(_info(production))
    except BaseException:
        bag.abandon()
        raise
    return Built(bag.folder, pack(bag.folder, production.built_at))


def _info(production: Production) -> dict[str, str]:
    return {
        "Source-Organization": production.archive_name,
        "External-Identifier": production.name,
        "External-Description": production.request_description,
        "Bagging-Date": production.built_at.date().isoformat(),
        "Ledger-Checkpoint": production.checkpoint,
    }

"""Which forms a package has: one table, one line a form.

``simple`` is for somebody who wants to read: letter, pages and pictures. ``full`` is everything but the load file,
``litigation`` everything. START-HERE is in each, written last, and names what is there.
"""

from __future__ import annotations

from enum import StrEnum

from export.bundle.certificate import Certificate
from export.bundle.coverage import CoverageSheet
from export.bundle.exemption_log import ExemptionLogPage, ExemptionLogTable
from export.bundle.json_lines import RecordsJson
from export.bundle.letter import Letter
from export.bundle.load_file import LoadFile
from export.bundle.natives import Media, Natives
from export.bundle.pdf.certificate import Certificate as CertificatePdf
from export.bundle.pdf.exemptions import ExemptionLog as ExemptionLogPdf
from export.bundle.pdf.letter import Letter as LetterPdf
from export.bundle.pdf.lists import SubscriberSheets
from export.bundle.pdf.volumes import PdfVolumes
from export.bundle.proof import ProofWriter
from export.bundle.reconciliation import ReconciliationSheet
from export.bundle.records import RecordsTable
from export.bundle.subscribers import SubscribersTable
from export.bundle.viewer import Viewer
from export.bundle.writer import BundleWriter


class Profile(StrEnum):
    """How much a package holds."""

    SIMPLE = "simple"
    FULL = "full"
    LITIGATION = "litigation"


EVERY = frozenset(Profile)
MORE = EVERY - {Profile.SIMPLE}
LITIGATION = frozenset({Profile.LITIGATION})

FORMS: tuple[tuple[BundleWriter, frozenset[Profile]], ...] = (
    (Letter(), EVERY),
    (LetterPdf(), EVERY),
    (PdfVolumes(), EVERY),
    (SubscriberSheets(), EVERY),
    (ExemptionLogPdf(), EVERY),
    (Viewer(), MORE),
    (Media(), EVERY),
    (Natives(), MORE),
    (ExemptionLogPage(), EVERY),
    (ExemptionLogTable(), MORE),
    (RecordsTable(), MORE),
    (RecordsJson(), MORE),
    (SubscribersTable(), MORE),
    (ReconciliationSheet(), MORE),
    (CoverageSheet(), MORE),
    (Certificate(), MORE),
    (CertificatePdf(), MORE),
    (ProofWriter(), MORE),
    (LoadFile(), LITIGATION),
)
"""In the order of START-HERE. The load file comes after the files it gives the digests of."""


def forms(profile: Profile) -> tuple[BundleWriter, ...]:
    """Return the writers of a profile."""
    return tuple(writer for writer, profiles in FORMS if profile in profiles)

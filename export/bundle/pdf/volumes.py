"""Volumes of records on paper: one record to a page, at most 1,000 to a PDF, numbered by Bates number.

A volume is made in a process of its own: typst needs about half a megabyte for each page, and one and a half for each
picture, until its process ends.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct

from export.bundle.bag import Bag
from export.bundle.pdf.printed import Entry, bates, office, released_entry, withheld_entry
from export.bundle.pdf.processes import in_processes
from export.bundle.writer import BundleWriter
from export.bundle.writer import Entry as Line
from export.released import Production, ReleasedRecord, WithheldRecord

VOLUME = 1000
"""Records in one PDF."""

PICTURES = 250
"""Pictures after which a volume ends before that, so that its process stays under a gigabyte."""

FEW = 3
"""So many volumes are named on the first page, of more the first one and the folder."""

FOLDER = "data/pdf"
NOTE = f"{FOLDER}/characters-without-a-font.txt"

Printed = ReleasedRecord | WithheldRecord


class VolumeData(Struct, frozen=True, kw_only=True):
    """What the template ``volume.typ`` is given."""

    title: str
    office: str
    request: str
    watermark: str
    first: str
    last: str
    records: int
    withheld: int
    subscribers: int
    entries: list[Entry]


class _Job(Struct, frozen=True, kw_only=True):
    production: Production
    printed: list[Printed]
    subscribers: int
    target: Path


class _Made(Struct, frozen=True):
    name: str
    path: Path
    without_font: tuple[str, ...]


class PdfVolumes(BundleWriter):
    """``pdf/<first>-<last>.pdf``; subscribers are in tables of their own."""

    waits = True

    def write(self, production: Production, bag: Bag) -> None:
        """Write the volumes, and a note if the machine had no font for some characters."""
        missing = write_volumes(production, bag)
        if missing:
            bag.write(NOTE, _note(missing))

    def entries(self, production: Production, bag: Bag) -> Sequence[Line]:
        """Return the volumes' line: each by its name, or their folder if they are many."""
        volumes = tuple(one for one in bag.like(f"{FOLDER}/*.pdf") if "/subscribers" not in one)
        says = "The records on paper, in the order of their dates; each page has its Bates number"
        return [Line(volumes if len(volumes) <= FEW else (volumes[0], f"{FOLDER}/"), says)] if volumes else []


def write_volumes(production: Production, bag: Bag) -> tuple[str, ...]:
    """Write the volumes; return the characters (or clusters of them) that no font of this machine could draw."""
    missing: set[str] = set()
    with TemporaryDirectory(prefix="volumes-") as folder:
        for made in in_processes(_make, _jobs(production, Path(folder))):
            bag.add_file(made.path, f"{FOLDER}/{made.name}.pdf")
            made.path.unlink()
            missing.update(made.without_font)
    return tuple(sorted(missing))


def _jobs(production: Production, folder: Path) -> Iterator[_Job]:
    subscribers = sum(one.kind == "subscriber" for one in production.records())
    for at, printed in enumerate(_cut(_in_order(production)), 1):
        yield _Job(production=production, printed=printed, subscribers=subscribers, target=folder / f"{at}.pdf")


def _cut(printed: Iterable[Printed]) -> Iterator[list[Printed]]:
    """Yield the records of each volume."""
    volume: list[Printed] = []
    pictures = 0
    for one in printed:
        more = _pictures(one)
        if volume and (len(volume) == VOLUME or pictures + more > PICTURES):
            yield volume
            volume, pictures = [], 0
        volume.append(one)
        pictures += more
    if volume:
        yield volume


def _pictures(one: Printed) -> int:
    shown = one.attachments if isinstance(one, ReleasedRecord) else ()
    return sum(bool(each.path) and each.media_type.startswith("image/") for each in shown)


def _in_order(production: Production) -> Iterator[Printed]:
    """Yield what is printed, withheld records in their places among the others."""
    merged: Iterator[Printed] = heapq.merge(production.records(), production.withheld(), key=lambda one: one.number)
    return (one for one in merged if one.kind != "subscriber")


def _make(job: _Job) -> _Made:
    """Make one volume: runs in a process of its own."""
    from export.bundle.pdf.numbering import number_pages
    from export.bundle.pdf.typesetting import Sheet, typeset

    production = job.production
    with TemporaryDirectory(prefix="volume-") as name:
        folder = Path(name)
        data = _data(job, folder)
        text = msgspec.json.encode(data).decode()
        done = typeset(Sheet(template="volume.typ", data=text, moment=production.built_at), folder)
        number_pages(done.pdf, data.entries, production.built_at, folder, job.target)
    return _Made(f"{data.first}-{data.last}", job.target, done.without_font)


def _data(job: _Job, folder: Path) -> VolumeData:
    production, printed = job.production, job.printed
    entries = [
        withheld_entry(one) if isinstance(one, WithheldRecord) else released_entry(one, production, folder)
        for one in printed
    ]
    withheld = sum(bool(one.withheld) for one in entries)
    first, last = bates(printed[0]), bates(printed[-1])
    return VolumeData(
        title=f"Records {first} to {last}", office=office(production),
        request=production.request, watermark=production.watermark, first=first, last=last,
        records=len(entries) - withheld, withheld=withheld, subscribers=job.subscribers, entries=entries,
    )  # fmt: skip


def _note(missing: tuple[str, ...]) -> str:
    named = sorted({letter for cluster in missing for letter in cluster})
    return (
        "No font on the machine that made this package can draw these characters. In the PDF volumes a □ stands for\n"
        "each; records.jsonl, records.csv and the viewer have them.\n\n"
        + "".join(f"U+{ord(letter):04X} {letter}\n" for letter in named)
    )

"""Page labels, the suffix on pages after a record's first, and bookmarks by conversation: what typst leaves to us.

Typst could count a record's pages itself, but counting makes it set the volume several times and triples its memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Page, Pdf, String

from export.bundle.pdf.printed import Entry
from export.bundle.pdf.typesetting import Sheet, typeset

COVER = "cover"


def number_pages(volume: bytes, entries: Sequence[Entry], moment: datetime, folder: Path, target: Path) -> None:
    """Write a volume whose pages are labelled: "…-000012", its second page "…-000012.2"; the cover comes first."""
    with Pdf.open(io.BytesIO(volume)) as pdf:
        found = list(_bookmarks(pdf))
        pages = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
        firsts = [pages[_destination(one)[0].objgen] for one in found]
        ends = [*firsts[1:], len(pdf.pages)]
        records = list(zip(entries, firsts[1:], ends[1:], strict=True))
        _label(pdf, records)
        _mark_further_pages(pdf, records, moment, folder)
        _set_bookmarks(pdf, entries, found)
        pdf.save(target, deterministic_id=True)


def _bookmarks(pdf: Pdf) -> Iterator[Object]:
    """Yield the bookmarks that typst made of the headings: the cover's, then one a record."""
    one = pdf.Root.Outlines.get(Name.First)
    while one is not None:
        yield one
        one = one.get(Name.Next)


def _destination(bookmark: Object) -> Array:
    return Array(bookmark.Dest)


def _label(pdf: Pdf, records: Sequence[tuple[Entry, int, int]]) -> None:
    labels: list[Object | int] = [0, Dictionary(P=String(COVER))]
    for entry, first, end in records:
        for page in range(first, end):
            suffix = f".{page - first + 1}" if page > first else ""
            labels += [page, Dictionary(P=String(entry.bates + suffix))]
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))


def _mark_further_pages(pdf: Pdf, records: Sequence[tuple[Entry, int, int]], moment: datetime, folder: Path) -> None:
    """Print the suffix behind the Bates number in the foot, marked as no part of the record."""
    most = max((end - first for _, first, end in records), default=1)
    if most == 1:
        return
    suffixes = msgspec.json.encode([f".{page}" for page in range(2, most + 1)]).decode()
    sheet = typeset(Sheet(template="suffixes.typ", data=suffixes, moment=moment), folder)
    with Pdf.open(io.BytesIO(sheet.pdf)) as made:
        stamps = [pdf.copy_foreign(Page(page).as_form_xobject()) for page in made.pages]
    for _, first, end in records:
        for page in range(first + 1, end):
            target = pdf.pages[page]
            name = target.add_resource(stamps[page - first - 1], Name.XObject, Name.Suffix)
            target.contents_add(b"q", prepend=True)
            target.contents_add(b"Q /Artifact BMC q %s Do Q EMC" % str(name).encode())


def _set_bookmarks(pdf: Pdf, entries: Sequence[Entry], found: Sequence[Object]) -> None:
    """Put every record under the first of its conversation, if that is in this volume."""
    items = {
        entry.number: OutlineItem(entry.bookmark, destination=_destination(one))
        for entry, one in zip(entries, found[1:], strict=True)
    }
    with pdf.open_outline() as outline:
        cover = OutlineItem(str(found[0].Title), destination=_destination(found[0]))
        outline.root.clear()
        outline.root.append(cover)
        for entry in entries:
            first = items.get(entry.conversation)
            item = items[entry.number]
            if first is None or first is item:
                outline.root.append(item)
            else:
                first.children.append(item)
                first.is_closed = True

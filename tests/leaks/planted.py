"""Records of every kind with a marker in every field, and a look through every byte of what goes out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from archive.records import KINDS
from desk import Desk
from export.production.stage import stage
from export.redaction.traces import reads
from export.requests import register
from export.requests.collecting import by_hand
from export.review import decisions, proposals, redactions
from export.review.fields import texts

REASON = "Said for the requester to read."


class Planted:
    """Marks every field of records of every kind; ``markers`` is by (kind, field)."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.archive = desk.archive
        self.markers: dict[tuple[str, str], str] = {}
        desk.bring("2026-02-01T10:00:00", *(self._item(kind, "earlier") for kind in KINDS))
        desk.bring("2026-03-01T10:00:00", *(self._item(kind, "now") for kind in KINDS))
        register.open_request(self.archive, date(2026, 4, 2), "Everything")
        self.records = {kind: record for record, kind in self.archive.connection.execute("SELECT id, kind FROM record")}
        by_hand(self.archive, 1, list(self.records.values()))

    def marker(self, kind: str, field: str) -> str:
        """Return a word that stands nowhere else."""
        return self.markers.setdefault((kind, field), f"qz{len(self.markers):04}xvk")

    def _item(self, kind: str, telling: str) -> dict[str, Any]:
        def m(field: str) -> str:
            return self.marker(kind, field)

        image, paper = f"{m('picture name')}.png", f"{m('pdf name')}.pdf"
        return {
            "id": m("native_id"), "kind": kind, "at": "2026-01-05T10:00:00", "by": m("by"), "handle": m("handle"),
            "by_id": m("author id"), "title": f"About {m('title')}", "text": f"Said {telling}: {m(f'text {telling}')}.",
            "parent": m("parent"), "thread": m("thread"), "url": f"https://milbrook.example/{m('url')}",
            "links": [f"https://milbrook.example/?q={m('link')}"], "mentions": [m("mention")], "tags": [m("tag")],
            "to": [(m("recipient"), f"{m('address').lower()}@milbrook.example")], "details": {"note": m("detail")},
            "files": {image: picture(m("picture comment")), paper: pages(m("pdf text"))},
            "alts": {image: f"A gate, {m('alt')}"},
        }  # fmt: skip

    def withhold(self) -> None:
        """Withhold everything; of mail, which a log names, author and recipients are blacked out besides."""
        decisions.mark(self.archive, 1, list(self.records.values()), "withhold", "905.03", REASON)
        for field in ("author", "recipients.0"):
            marks = [one.mark for one in proposals.of_field(self.archive, 1, self.records["email"], field)]
            redactions.add(self.archive, 1, marks, "balancing", REASON)

    def redact(self) -> None:
        """Black out every field of everything, and the files as a whole."""
        for record in self.records.values():
            ids = decisions.versions_of(self.archive, 1, [record])[record]
            fields = {name for one in self.archive.version(ids) for name, _ in texts(one.content)}
            marks = [one.mark for field in sorted(fields) for one in proposals.of_field(self.archive, 1, record, field)]
            for number in (1, 2):
                marks += [one.mark for one in proposals.of_file(self.archive, 1, record, number)]
            redactions.add(self.archive, 1, marks, "balancing", REASON)

    def release(self) -> None:
        """Let everything go out."""
        decisions.mark(self.archive, 1, list(self.records.values()), "release")

    def hashes(self) -> list[str]:
        """Return plain hashes by which markers or files could be guessed."""
        words = [made(one.encode()).hexdigest() for one in self.markers.values() for made in (md5, sha1, sha256)]
        held = self.archive.connection.execute("SELECT DISTINCT sha256 FROM attachment").fetchall()
        return words + [one for (one,) in held]


def picture(comment: str) -> str:
    """Return a PNG whose comment and EXIF hold a word."""
    text = PngInfo()
    text.add_text("Comment", f"taken by {comment}")
    exif = Image.Exif()
    exif[0x010E] = f"seen by {comment}"
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, "PNG", pnginfo=text, exif=exif)
    return made.getvalue().decode("latin-1")


def pages(words: str) -> str:
    """Return a PDF that says a word on its page and in its metadata."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page = pdf.add_blank_page(page_size=(300, 200))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf 20 100 Td (Said by {words}) Tj ET".encode())
        pdf.docinfo["/Subject"] = f"About {words}"
        pdf.save(made)
    return made.getvalue().decode("latin-1")


_WORD = re.compile(r"qz\d{4}xvk|[0-9a-f]{32,64}", re.IGNORECASE)
"""Markers, and whatever could be a hash."""


def leaks(folder: Path, words: Sequence[str]) -> Iterator[str]:
    """Yield every place under a folder where one of some words stands: names of files, and all they hold."""
    wanted = {one.casefold() for one in words}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        said = [name, *(reads(path.read_bytes()) if path.is_file() else ())]
        for one in {each.casefold() for text in said for each in _WORD.findall(text)} & wanted:
            yield f"{one} is in {name}"


def left_in(planted: Planted, folder: Path) -> set[str]:
    """Return the words left in a draft's package in any of its forms, as a folder and as a zip."""
    from export.bundle.build import build
    from export.bundle.profiles import Profile

    staged = stage(planted.archive, 1)
    build(staged.production, folder, profile=Profile.LITIGATION)
    staged.clear()
    return {one.split()[0] for one in leaks(folder, list(planted.markers.values()))}

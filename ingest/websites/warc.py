"""Captures of web pages: WARC and WACZ, as crawlers, browsers and archiving vendors write them."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from archive.canonical import storable
from archive.matching import PLATFORM_SAYS
from archive.records import Author
from ingest.backup import BLOCK, Backup, Member
from ingest.files_named import path_of
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading
from ingest.timestamps import from_iso
from ingest.websites.captures import Capture, captures
from ingest.websites.gzip_members import GZIP, next_member
from ingest.websites.pages import read_page
from ingest.websites.record_frames import next_start
from ingest.websites.wacz import is_wacz, made_at, mismatches

GAPS = (
    "pages that were not visited, and what a page shows only after a click that nobody made",
    "when a page was published, unless it says so itself: the time of a capture is no date of publication",
)
HTML = ("text/html", "application/xhtml+xml")
JSON = ("application/json", "application/ld+json", "application/activity+json", "text/json")
KEPT = (
    "application/pdf", "application/msword", "application/rtf", "application/vnd.", "application/zip",
    "application/epub", "text/csv", "text/calendar", "text/plain", "application/rss+xml", "application/atom+xml",
)  # fmt: skip
"""Beginnings of the types of files that are writings themselves; pictures, scripts and styles are parts of pages."""

HEAD = 512
NAMES = (".warc", ".warc.gz", ".arc", ".arc.gz")


class WarcIngestor(Ingestor):
    """Reads captures of web pages (WARC 1.0 and 1.1, ARC, WACZ)."""

    name = "warc"
    platform = ""
    version = 2

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the first record, or a WACZ's package."""
        found = is_wacz(backup) or any(map(is_capture, backup.likely(50, *NAMES)))
        return Confidence.CONTENT if found else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Tell when it was made: by the package, else by the first record."""
        made = made_at(backup)
        if made is None:
            first = (next(_dated(one), None) for one in backup.members() if is_capture(one))
            made = max((moment for one in first if one and (moment := from_iso(one).at)), default=None)
        return Coverage(exported_at=made)

    def read(self, backup: Backup) -> Reading:
        """Yield the pages and writings of every file, each capture a version of what stands at its address."""
        yield from (Gap(what) for what in GAPS)
        yield from mismatches(backup)
        for member in backup.members():
            if is_capture(member):
                yield from _File(member).read()


def is_capture(member: Member) -> bool:
    """Say whether a file begins as WARC or ARC, plain or compressed; by its name it may be one that begins damaged."""
    try:
        head = member.read(HEAD)
        is_sound = _begins_soundly(head)
        return is_sound or (member.path.lower().endswith(NAMES) and _holds_record(member.read(BLOCK)))
    except OSError:
        return False


def _begins_soundly(head: bytes) -> bool:
    if head.startswith(GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, HEAD)
        except zlib.error:
            return False
    return head.startswith((b"WARC/1.", b"WARC/0.", b"filedesc://"))


def _holds_record(raw: bytes) -> bool:
    """Say whether a record begins anywhere in the first bytes of a file whose first record is damaged."""
    return next_member(io.BytesIO(raw), 0) is not None or bool(next_start(io.BytesIO(raw)))


def _dated(member: Member) -> Iterator[str]:
    return (one.captured for one in captures(member) if isinstance(one, Capture) and one.captured)


class _File:
    """One file of captures; what is no record of ours is counted by what it is."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._passed_over: Counter[str] = Counter()

    def read(self) -> Reading:
        for one in captures(self._member):
            if isinstance(one, Defect):
                yield one
            else:
                yield from self._drafts(one)
        if self._passed_over:
            told = ", ".join(f"{count:,} {what}" for what, count in sorted(self._passed_over.items()))
            yield Defect(self._member.path, f"not read, for they are no writings: {told}", quarantined=False)

    def _drafts(self, one: Capture) -> Iterator[Draft]:
        if one.sort == "warcinfo":
            return
        if one.sort == "revisit":
            self._passed_over["captures of what had not changed since an earlier one"] += 1
        elif not one.address.startswith(("http://", "https://")):
            self._passed_over["notes of the crawler"] += 1
        elif one.status and not 200 <= one.status < 300:
            self._passed_over[f"answers with status {one.status}"] += 1
        elif one.media_type in HTML:
            yield self._page(one)
        elif one.media_type in JSON or one.media_type.endswith("+json"):
            yield self._writing(one, f"{one.address} {hashlib.sha256(one.payload).hexdigest()}")
        elif one.media_type.startswith(KEPT):
            yield self._writing(one, one.address)
        else:
            self._passed_over[f"files of type {storable(one.media_type) or 'unknown'}"] += 1

    def _page(self, one: Capture) -> Draft:
        page = read_page(one.payload, one.content_type, one.address)
        return Draft(
            kind="page",
            place=f"{self._member.path}, record {one.number}",
            native=one.payload,
            native_id=storable(one.address),
            revision=one.captured,
            created=page.published,
            edited=page.modified if page.modified != page.published else None,
            author=Author(handle=_host(one.address)),
            title=page.title,
            text=page.text,
            links=page.links,
            url=storable(one.address),
            details=_details(one),
        )

    def _writing(self, one: Capture, native_id: str) -> Draft:
        """Return a file that is a writing of its own; an answer to a program (JSON) is told by what it says too."""
        name = path_of(one.address).rsplit("/", 1)[-1] or "answer"
        return Draft(
            kind="page",
            place=f"{self._member.path}, record {one.number}",
            native=b"",
            native_id=storable(native_id),
            revision=one.captured,
            author=Author(handle=_host(one.address)),
            title=storable(name),
            url=storable(one.address),
            attachments=(SourceAttachment(storable(name), payload=one.payload),),
            details=_details(one) | {"type": storable(one.media_type)},
        )


def _details(one: Capture) -> dict[str, str]:
    """Return when it was captured; another capture of the same words is no edit."""
    return {f"{PLATFORM_SAYS} captured at": storable(one.captured)} if one.captured else {}


def _host(address: str) -> str:
    try:
        return storable(urlsplit(address).hostname or "")
    except ValueError:
        return ""

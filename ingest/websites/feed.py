"""Feeds of a website: RSS, Atom, JSON Feed, podcasts; each file is what was in the window on some day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.records import Kind
from ingest.backup import Backup, Member
from ingest.files_named import FilesNamed
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.websites.feed_json import is_json_feed, read_json_feed
from ingest.websites.feed_xml import read_xml_feed
from ingest.websites.wordpress import MARKS

GAPS = (
    "what had left the feed before it was saved: a feed shows the last few items, and absence from it is no deletion",
    "files: a feed has their addresses only (put them beside it under their own names)",
)
HEAD = 8 << 10
"""Bytes in which a feed shows its root element."""

LARGEST = 64 << 20
"""Bytes above which a file is no feed."""

ENDINGS = (".xml", ".rss", ".rdf", ".atom", ".json")
FIRST_LOOK = 50

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|RDF|feed|channel)(?=[\s>/])", re.IGNORECASE)
_BEFORE_ROOT = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
_RDF_OF_RSS = (b"purl.org/rss", b"netscape.com/rdf")


class FeedIngestor(Ingestor):
    """Reads feeds (RSS, Atom, JSON Feed, podcasts), one file or many polls of them."""

    name = "feed"
    platform = "website"
    version = 2

    def identify(self, backup: Backup) -> Confidence:
        """Recognise a feed by its root element, whatever its name."""
        return Confidence.CONTENT if any(map(_sort, backup.likely(FIRST_LOOK, *ENDINGS))) else Confidence.NONE

    def read(self, backup: Backup) -> Reading:
        """Yield the feeds' items; where there are several files, later ones are later versions of the same items."""
        yield from (Gap(what) for what in GAPS)
        sorts = [(member, _sort(member)) for member in backup.members()]
        files = FilesNamed([member for member, sort in sorts if not sort])
        feeds = [(member, sort) for member, sort in sorts if sort]
        kinds: dict[str, Kind] = {}
        for number, (member, sort) in enumerate(feeds, 1):
            revision = f"{number:06}" if len(feeds) > 1 else ""
            yield from _read_feed(member, sort, files, revision, kinds)
        yield from files.unnamed()


def _read_feed(
    member: Member, sort: str, files: FilesNamed, revision: str, kinds: dict[str, Kind]
) -> Iterator[Draft | Defect]:
    if member.size > LARGEST:
        yield Defect(member.path, f"it has {member.size:,} bytes, more than any feed; it was not read")
        return
    try:
        raw = member.read()
    except OSError as error:
        yield Defect(member.path, str(error))
        return
    if sort == "json":
        yield from read_json_feed(member, raw, files, revision)
    else:
        yield from read_xml_feed(member, raw, files, revision, kinds)


def _sort(member: Member) -> str:
    """Return "xml" or "json" for a feed, empty for any other file."""
    try:
        head = _narrow(member.read(HEAD))
    except OSError:
        return ""
    if is_json_feed(head):
        return "json"
    before = _BEFORE_ROOT.match(head)
    found = _ROOT.match(head, before.end() if before else 0)
    if found is None or any(mark in head for mark in MARKS):
        return ""
    is_of_rss = found[1].lower() != b"rdf" or any(mark in head for mark in _RDF_OF_RSS)
    return "xml" if is_of_rss else ""


def _narrow(head: bytes) -> bytes:
    """Return the beginning of a file without byte order mark, and of UTF-16 or UTF-32 the ASCII in it."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")

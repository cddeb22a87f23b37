"""Articles in a member's export of LinkedIn: a page of HTML each, with the days of its making and publication."""

from __future__ import annotations

import re

from archive.records import Author
from ingest.backup import Backup, Member
from ingest.ingestor import Defect, Draft
from ingest.json_items import Reading
from ingest.text import decoded, html_to_text
from ingest.timestamps import from_iso

LARGEST = 32 << 20
"""Bytes of the largest page that is read."""

_MADE = re.compile(r'class="(created|published)"[^>]*>[^<]*?(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)')
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_ADDRESS = re.compile(r'href="(https://www\.linkedin\.com/pulse/[^"]+)"')


def articles(backup: Backup, author: Author) -> Reading:
    """Yield the pages in the folder of articles; one that was not published is a draft."""
    for member in backup.matching("articles/*.html"):
        try:
            native = member.read(LARGEST)
        except OSError as error:
            yield Defect(member.path, f"this article cannot be read ({error})")
            continue
        yield _article(member, native, author)


def _article(member: Member, native: bytes, author: Author) -> Draft:
    page = decoded(native)
    heading = _HEADING.search(page)
    address = _ADDRESS.search(page)
    made = dict(_MADE.findall(page))
    written = page[heading.end() :] if heading else page
    words = re.sub(r'<p class="(created|published)".*?</p>', "", written, flags=re.DOTALL)
    moment = made.get("published") or made.get("created")
    return Draft(
        kind="article",
        place=member.path,
        native=native,
        native_id=address[1] if address else None,
        created=from_iso(moment, "unknown") if moment else None,
        author=author,
        title=html_to_text(heading[1]) if heading else "",
        text=html_to_text(words),
        url=address[1] if address else "",
        audience="public" if "published" in made else "draft",
    )

"""A plain folder of files, as the last resort: each file one record. Only taken when a person names it."""

from __future__ import annotations

from pathlib import PurePosixPath

from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading
from ingest.text import clean, decoded, html_to_text

GAPS = (
    "who wrote a file, when, and who could see it: a folder does not say (the date of a file is that of its last copy)",
    "records inside a file (a mailbox, an export): each file is one record here; name its own format if it has one",
)
TEXT = (".txt", ".md", ".csv", ".tsv", ".json", ".xml", ".log", ".ics", ".vcf")
HTML = (".html", ".htm", ".xhtml")
MOST_TEXT = 1 << 20
"""Bytes of a text that are read as a record's words; the file itself is kept whole."""


class FilesIngestor(Ingestor):
    """Takes each file of a folder as one record (only with --format files)."""

    name = "files"
    platform = ""
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Never recognise anything: a person must say that there is nothing better."""
        return Confidence.NONE

    def read(self, backup: Backup) -> Reading:
        """Yield a record for every file; its path is its id."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            words, remark = _words(member)
            if remark:
                yield Defect(member.path, remark, quarantined=False)
            yield Draft(
                kind="page",
                place=member.path,
                native=b"",
                native_id=clean(member.path),
                title=clean(PurePosixPath(member.path).name),
                text=words,
                attachments=(SourceAttachment(clean(PurePosixPath(member.path).name), member),),
                audience="private",
            )


def _words(member: Member) -> tuple[str, str]:
    """Return the words of a text or a page, and a remark if they are not all; other files keep theirs."""
    name = member.path.lower()
    if not name.endswith(TEXT + HTML):
        return "", ""
    try:
        raw = member.read(MOST_TEXT)
    except OSError as error:
        return "", str(error)
    text = raw.decode("utf-16", "replace") if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else decoded(raw)
    cut = f"only the first {MOST_TEXT:,} of its {member.size:,} bytes are searched" if member.size > MOST_TEXT else ""
    return clean(html_to_text(text) if name.endswith(HTML) else text), cut

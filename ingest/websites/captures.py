"""The records of a WARC file (ISO 28500; ARC too), each with its payload in bounds, and what is wrong with them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from ingest.backup import Member
from ingest.ingestor import Defect

LARGEST = 256 << 20
"""Bytes of a payload that are read; what is longer is told."""

WANTED = ("response", "resource", "conversion", "revisit", "warcinfo")


class Capture(Struct, frozen=True):
    """One capture. ``payload`` is decoded as the browser saw it; ``status`` is 0 where there is no HTTP header.

    ``captured`` is the moment of the capture as written; ``number`` counts the file's records from 1.
    """

    sort: str
    address: str
    captured: str
    status: int
    content_type: str
    payload: bytes
    number: int

    @property
    def media_type(self) -> str:
        """The type without its parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()


def captures(member: Member) -> Iterator[Capture | Defect]:
    """Yield the captures of one file, and a defect for each that cannot be read or is not what it says."""
    from warcio.archiveiterator import ArchiveIterator

    logging.getLogger("warcio").setLevel(logging.CRITICAL)  # what it would say there is said here
    number = 0
    try:
        with member.open() as stream:
            records = ArchiveIterator(stream, arc2warc=True, check_digests=True)
            for number, record in enumerate(records, 1):
                if record.rec_type in WANTED:
                    yield from _capture(record, number, member)
    except Exception as error:  # of a broken header warcio makes nearly anything
        reason = " ".join(str(error).split())[:200]
        yield Defect(f"{member.path}, record {number + 1}", f"the capture cannot be read on: {reason}")


def _capture(record: Any, number: int, member: Member) -> Iterator[Capture | Defect]:
    place = f"{member.path}, record {number}"
    headers, http = record.rec_headers, record.http_headers
    try:
        payload = record.content_stream().read(LARGEST + 1) if record.rec_type != "revisit" else b""
        while record.raw_stream.read(1 << 20):
            continue
    except Exception as error:  # bad chunks, bad gzip and bad brotli have no common root
        yield Defect(place, f"its payload cannot be read: {error}")
        return
    if len(payload) > LARGEST:
        yield Defect(place, f"its payload has more than {LARGEST:,} bytes; it was not read")
        return
    if _is_changed(record):
        yield Defect(place, "its bytes are not those that its digest names", quarantined=False)
    yield Capture(
        record.rec_type,
        re.sub(r"^<|>$", "", (headers.get_header("WARC-Target-URI") or "").strip()),
        headers.get_header("WARC-Date") or "",
        _status(http),
        (http.get_header("Content-Type") if http is not None else headers.get_header("Content-Type")) or "",
        payload,
        number,
    )


def _is_changed(record: Any) -> bool:
    """Say whether a record's block is not what its digest names; only where there is none does the payload's count.

    Programs disagree whether a payload is digested with or without its transfer encoding.
    """
    problems = record.digest_checker.problems if record.digest_checker is not None else []
    has_block_digest = bool(record.rec_headers.get_header("WARC-Block-Digest"))
    return any(
        one.startswith("block digest failed" if has_block_digest else "payload digest failed") for one in problems
    )


def _status(http: Any) -> int:
    code = http.get_statuscode() if http is not None else ""
    return int(code) if code and code.isdigit() else 0

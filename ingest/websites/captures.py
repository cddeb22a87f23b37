"""The captures of a WARC file (ISO 28500; ARC too), each with its payload in bounds, and what is wrong with them."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from ingest.backup import Member
from ingest.ingestor import Defect
from ingest.websites.gzip_members import GZIP, WINDOW, Anywhere, Broken, Stream, Unpacked, member_behind, next_member
from ingest.websites.record_frames import OVERLAP, Allowance, Block, Unsound, begins, first_line, next_start

LARGEST = 256 << 20
"""Bytes of a payload that are read; what is longer is told."""

KEPT = 1 << 20
"""Bytes up to which what could not be read is kept with its defect."""

WANTED = ("response", "resource", "conversion", "revisit", "warcinfo")
ASIDE = ("request", "metadata")
"""What a crawler notes about its own work: passed over."""


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
    """Yield the captures of one file, and a defect for each that cannot be read or is not what it says.

    Behind what is broken, reading goes on with the next record that is whole.
    """
    from warcio.recordloader import ArcWarcRecordLoader

    logging.getLogger("warcio").setLevel(logging.CRITICAL)  # what it would say there is said here
    yield from _File(member, ArcWarcRecordLoader(verify_http=False, arc2warc=True)).captures()


class _Lost(Struct, frozen=True):
    """From which byte on nothing could be read, the number of the record that should stand there, and why."""

    start: int
    number: int
    reason: str


class _File:
    """One file of captures while it is read; ``_number`` counts its records."""

    def __init__(self, member: Member, loader: Any) -> None:
        self._member = member
        self._loader = loader
        self._number = 0
        self._allowance = Allowance()

    def captures(self) -> Iterator[Capture | Defect]:
        try:
            member = Anywhere(self._member)
            with io.BufferedReader(member, WINDOW) as source:
                yield from self._packed(source) if self._is_packed(source.peek()) else self._plain(source)
                if member.damage:
                    reason = f"it was changed or damaged after it was packed, and read nevertheless: {member.damage}"
                    yield Defect(self._member.path, reason, quarantined=False)
        except OSError as error:
            reason = f"nothing can be read from here on: {error}"
            yield Defect(f"{self._member.path}, record {self._number + 1}", reason)

    def _is_packed(self, head: bytes) -> bool:
        """Say whether the file is one of gzip members, even if the first one is damaged."""
        if begins(head.partition(b"\n")[0] + b"\n") == 0:
            return False
        if next_member(io.BytesIO(head), 0) is not None:
            return True
        is_named = self._member.path.lower().endswith(".gz")
        return (is_named or head.startswith(GZIP)) and not next_start(io.BytesIO(head))

    def _packed(self, source: Stream) -> Iterator[Capture | Defect]:
        """Read every gzip member; what one holds before it breaks is read too."""
        lost: _Lost | None = None
        following: int | None = 0
        while following is not None:
            start = following
            stream = io.BufferedReader(Unpacked(source, start), WINDOW)
            try:
                for one in self._plain(stream, start):
                    if lost is not None:
                        yield self._defect(source, lost, start)
                        lost = None
                    yield one
                self._allowance.behind += stream.tell()
                following = member_behind(source)
            except Broken as error:
                lost = lost or self._miss(start, error)
                following = next_member(source, self._back(source, start, start + 1))
        if lost is not None:
            yield self._defect(source, lost, source.tell())

    def _plain(self, stream: Stream, packed_at: int | None = None) -> Iterator[Capture | Defect]:
        """Read record after record of a plain file, or of what is packed in the gzip member at ``packed_at``."""
        lost: _Lost | None = None
        line = first_line(stream)
        while line:
            start = stream.tell() - len(line)
            if skipped := begins(line):
                lost = lost or self._miss(start, "it stands between records")
                start, line = start + skipped, line[skipped:]
            try:
                found, after = self._record(stream, line, start, packed_at)
            except Unsound as error:
                lost = lost or self._miss(start, error)
                again = start if packed_at is None else 0
                stream.seek(self._back(stream, again, start + max(1, len(line) - OVERLAP)))
                line = next_start(stream)
                continue
            if lost is not None:
                yield self._defect(stream, lost, start, packed_at)
                lost = None
            yield from found
            line = after
        if lost is not None:
            yield self._defect(stream, lost, stream.tell(), packed_at)

    def _record(
        self, stream: Stream, line: bytes, start: int, packed_at: int | None
    ) -> tuple[list[Capture | Defect], bytes]:
        """Read the record that begins with ``line``; return what it gives and the first line behind it."""
        number = self._number + 1
        block = Block(stream, line, self._member.size if packed_at is None else None)
        record, found, problem = None, [], ""
        try:
            if not block.is_one_of(ASIDE):
                record = self._loader.parse_record_stream(block, known_format=block.format, check_digests=True)
                block.end_of_headers()
                found = self._capture(record, number)
        except (Broken, OSError):
            raise
        except Exception as error:  # of a broken header warcio makes nearly anything; so do bad chunks and bad brotli
            problem = " ".join(str(error).split())[:200] or type(error).__name__
        block.drain()
        after = block.following(is_vouched_for=record is not None and _is_verified(record))
        self._number = number
        if problem:
            lost = _Lost(start, number, problem)
            found = [self._defect(stream, lost, stream.tell() - len(after), packed_at)]
        return found, after

    def _capture(self, record: Any, number: int) -> list[Capture | Defect]:
        if record.rec_type not in WANTED:
            raise ValueError(f"its type ({str(record.rec_type)[:40]}) is none that is read")
        headers, http = record.rec_headers, record.http_headers
        is_too_large = (record.length or 0) > LARGEST  # then not even a part of it is taken into memory
        payload = b"" if is_too_large or record.rec_type == "revisit" else record.content_stream().read(LARGEST + 1)
        if is_too_large or len(payload) > LARGEST:
            raise ValueError(f"its payload has more than {LARGEST:,} bytes")
        while record.raw_stream.read(KEPT):  # what is left counts for the digests
            continue
        capture = Capture(
            record.rec_type,
            re.sub(r"^<|>$", "", (headers.get_header("WARC-Target-URI") or "").strip()),
            headers.get_header("WARC-Date") or "",
            _status(http),
            (http.get_header("Content-Type") if http is not None else headers.get_header("Content-Type")) or "",
            payload,
            number,
        )
        return [self._changed(number), capture] if _is_changed(record) else [capture]

    def _changed(self, number: int) -> Defect:
        reason = "its bytes are not those that its digest names"
        return Defect(f"{self._member.path}, record {number}", reason, quarantined=False)

    def _back(self, stream: Stream, again: int, to: int) -> int:
        """Return ``to``, or where the stream stands if the bytes from ``again`` on may not be read once more."""
        here = stream.tell()
        return to if self._allowance.permits(here, here - again) else max(here, to)

    def _miss(self, start: int, reason: object) -> _Lost:
        self._number += 1
        return _Lost(start, self._number, str(reason))

    def _defect(self, stream: Stream, lost: _Lost, end: int, packed_at: int | None = None) -> Defect:
        """Tell what was lost, with its bytes where they are not too many; the stream stands where it stood."""
        size, here = end - lost.start, stream.tell()
        native = b""
        if size <= KEPT and self._allowance.permits(here, here - (lost.start if packed_at is None else 0)):
            stream.seek(lost.start)
            native = stream.read(size)
            stream.seek(here)
        where = "" if packed_at is None else f" of what is packed at byte {packed_at:,}"
        reason = f"no capture can be read in the {size:,} bytes from byte {lost.start:,} on{where}: {lost.reason}"
        return Defect(f"{self._member.path}, record {lost.number}", reason, native=native)


def _is_verified(record: Any) -> bool:
    """Say whether a record's block is what its digest names."""
    checker = record.digest_checker
    return checker is not None and bool(checker.passed) and bool(record.rec_headers.get_header("WARC-Block-Digest"))


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

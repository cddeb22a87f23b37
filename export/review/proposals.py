"""Where else the same words stand: in the same record, its conversation, or everything collected.

A redaction of words is made wherever they stand in a record's versions and in its conversation, so that no reply and
no earlier version gives them away; everywhere else they are shown first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from archive.archive import Archive
from archive.errors import MunimentError
from archive.records import HeldAttachment, Version
from export.bundle.captions import is_caption_of
from export.redaction.copies import burnt_over
from export.redaction.words import merged, occurrences
from export.requests import collection
from export.requests.order import Order
from export.review.decisions import versions_of
from export.review.fields import AUTHOR, is_file, takes_spans, texts
from export.review.redactions import Mark, NothingToRedact

AROUND = 30
"""Code points shown on either side of what would be blacked out."""


_SPAN = re.compile(r"(?P<field>.+):(?P<start>\d{1,9})-(?P<stop>\d{1,9})", re.ASCII)


class BadSpan(MunimentError):
    """A span that a person typed cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not a span: write FIELD:FROM-TO, such as text:10-22, counted from 0.")


class Proposal(Struct, frozen=True):
    """One place that would be blacked out, and what a person sees of it: ``before``, ``words``, ``after``."""

    record: int
    mark: Mark
    before: str
    words: str
    after: str


def of_words(archive: Archive, number: int, record: int, words: str, *, everywhere: bool = False) -> list[Proposal]:
    """Return where words stand: in a record and its conversation, or in everything collected for the request.

    Raises :class:`NothingToRedact` if they are not in the record itself.
    """
    own = versions_of(archive, number, [record])[record]
    scope = collection.collected_versions(archive, number) if everywhere else _conversation(archive, number, own)
    found = [one for version in archive.version(scope) for one in _places(version, words)]
    if not any(one.record == record for one in found):
        raise NothingToRedact(f"words “{words}”", record)
    return found


def of_field(archive: Archive, number: int, record: int, field: str) -> list[Proposal]:
    """Return one whole field of a record's versions; "author" means name, handle and id.

    Raises :class:`NothingToRedact`.
    """
    names = AUTHOR if field == "author" else (field,)
    found = []
    for version in archive.version(versions_of(archive, number, [record])[record]):
        held = dict(texts(version.content))
        if version.content.created is not None:
            held["created"] = version.content.created.raw
        for name in names:
            if name in held:
                found.append(_whole(version, name, held[name]))
    if not found:
        raise NothingToRedact(f"field “{field}”", record)
    return found


def of_span(archive: Archive, number: int, record: int, written: str) -> list[Proposal]:
    """Return a span written as ``FIELD:FROM-TO``, in every version of a record whose field has the same words there.

    Raises :class:`BadSpan`, :class:`NothingToRedact`.
    """
    found = _SPAN.fullmatch(written)
    if found is None or int(found["start"]) >= int(found["stop"]):
        raise BadSpan(written)
    field, start, stop = found["field"], int(found["start"]), int(found["stop"])
    held = [
        (version, dict(texts(version.content)).get(field, ""))
        for version in archive.version(versions_of(archive, number, [record])[record])
    ]
    words = next((text[start:stop] for _, text in reversed(held) if text[start:stop]), "")
    if not words or not takes_spans(field):
        raise NothingToRedact(f"span “{written}”", record)
    return [
        Proposal(record, Mark(version.id, field, at, at + len(words)), text[max(0, at - AROUND) : at], words, "")
        for version, text in held
        if (at := start if text[start:stop] == words else text.find(words)) >= 0
    ]


def stored(archive: Archive, path: Path) -> str:
    """Keep a file that was redacted elsewhere among the archive's objects; return its SHA-256."""
    sha256, _, _ = archive.objects.add(lambda: path.open("rb"))
    archive.objects.sync()
    return sha256


def of_file(
    archive: Archive, number: int, record: int, attachment: int, region: str = "", replacement: str = ""
) -> list[Proposal]:
    """Return an attachment (from 1) of a record's versions: a box or page of it, or the whole file.

    With a film that goes out as a copy made elsewhere, or not at all, its captions stay in. Raises
    :class:`NothingToRedact`; one of ``copies.CANNOT_BE_BURNT`` where nobody could see what would be burnt over.
    """
    found = []
    for version in archive.version(versions_of(archive, number, [record])[record]):
        if attachment <= len(version.content.attachments):
            one = version.content.attachments[attachment - 1]
            field = f"attachments.{attachment - 1}"
            mark = Mark(version.id, field, region=region, replacement=replacement)
            found.append(Proposal(version.record, mark, "", one.name, region or "the whole file"))
            if region:
                _check_burning(archive, one, region)
                continue
            if one.alt:
                found.append(_whole(version, f"{field}.alt", one.alt))
            for number_, other in enumerate(version.content.attachments):
                if is_caption_of(other.name, one.name):
                    captions = Mark(version.id, f"attachments.{number_}")
                    found.append(Proposal(version.record, captions, "", other.name, "the whole file"))
    if not found:
        raise NothingToRedact(f"attachment {attachment}", record)
    return found


def _check_burning(archive: Archive, one: HeldAttachment, region: str) -> None:
    """Try to burn a mark over a file that is held."""
    if one.sha256:
        burnt_over(archive.objects.path(one.sha256), one.media_type, [region], one.name)


def _whole(version: Version, field: str, text: str) -> Proposal:
    return Proposal(version.record, Mark(version.id, field, 0, len(text)), "", text, "")


def _conversation(archive: Archive, number: int, versions: Sequence[int]) -> list[int]:
    """Return the collected versions of the conversations that versions are in, duplicates among them."""
    order = Order(archive, collection.collected_versions(archive, number), lambda version: version)
    wanted = {order.conversation(one) for one in versions}
    records = {order.record_of[one] for one in versions}
    return [one for one in order.given if order.conversation(one) in wanted or order.record_of[one] in records]


def _places(version: Version, words: str) -> Iterator[Proposal]:
    for field, text in texts(version.content):
        spans = merged(text, occurrences(words, text))
        if not spans or is_file(field):
            continue
        if not takes_spans(field):
            yield _whole(version, field, text)
            continue
        for span in spans:
            yield Proposal(
                version.record,
                Mark(version.id, field, span.start, span.stop),
                text[max(0, span.start - AROUND) : span.start],
                text[span.start : span.stop],
                text[span.stop : span.stop + AROUND],
            )

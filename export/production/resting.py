"""Which released words rest on the certificate alone: those that share a leaf of the digest with something black."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from archive.version_digest import SEGMENT, Field
from export.production.blackout import SHOWN_AS, Blackout
from export.production.opened import Stretches
from export.released import ReleasedRecord, Resting


def resting(fields: Sequence[Field], one: ReleasedRecord, said: Blackout, proved: Collection[str]) -> Iterator[Resting]:
    """Yield the words, value by value. ``proved`` are the released values that are proved whole."""
    for name, value in fields:
        if isinstance(value, str) and name in said.stretches:
            for start, stop in _joined(_beside(value, said.stretches[name])):
                yield Resting(field=SHOWN_AS.get(name, name), start=start, stop=stop)
    for place, file in enumerate(one.attachments):
        if f"attachments.{place}" not in proved:
            for part, words in (("name", file.name), ("alt", file.alt)):
                field = f"attachments.{place}.{part}"
                for start, stop in _visible(words, one):
                    yield Resting(field=field, start=start, stop=stop)


def _beside(held: str, stretches: Stretches) -> Iterator[tuple[int, int]]:
    """Yield the visible pieces of every segment that something black touches, in code points of the released value."""
    shift = done = 0
    for span, marker in (*stretches, (None, None)):
        until = span.start if span else len(held)
        for start, stop in _touched(len(held), stretches):
            low, high = max(start, done), min(stop, until)
            if low < high:
                yield low + shift, high + shift
        if span and marker:
            done, shift = span.stop, marker.stop - span.stop


def _touched(length: int, stretches: Stretches) -> Iterator[tuple[int, int]]:
    size = SEGMENT if length > SEGMENT else length
    for start in range(0, length, size):
        stop = min(start + size, length)
        if any(span.start < stop and span.stop > start for span, _ in stretches):
            yield start, stop


def _visible(words: str, one: ReleasedRecord) -> Iterator[tuple[int, int]]:
    """Yield what of an attachment's name or description is not a marker."""
    done = 0
    for redaction in one.redactions:
        start = redaction.start
        if redaction.marker and start >= done and words[start : redaction.stop] == redaction.marker:
            if start > done:
                yield done, start
            done = redaction.stop
    if done < len(words):
        yield done, len(words)


def _joined(pieces: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, stop in pieces:
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, stop))
    return found

"""Which released words rest on the certificate alone: those in leaves of the digest that something black keeps shut."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from archive.version_digest import SEGMENT, Field
from export.production.blackout import SHOWN_AS, Blackout
from export.production.opened import Stretches
from export.production.openings import opened_segments
from export.released import ReleasedRecord, Resting


def resting(fields: Sequence[Field], one: ReleasedRecord, said: Blackout, proved: Collection[str]) -> Iterator[Resting]:
    """Yield the words, value by value. ``proved`` are the released values that are proved whole."""
    for name, value in fields:
        if isinstance(value, str) and name in said.stretches:
            for start, stop in _beside(value, said.stretches[name]):
                yield Resting(field=SHOWN_AS.get(name, name), start=start, stop=stop)
    for place, file in enumerate(one.attachments):
        if f"attachments.{place}" not in proved:
            for part, words in (("name", file.name), ("alt", file.alt)):
                field = f"attachments.{place}.{part}"
                for start, stop in _visible(words, one):
                    yield Resting(field=field, start=start, stop=stop)


def _beside(held: str, stretches: Stretches) -> Iterator[tuple[int, int]]:
    """Yield what is visible behind the segments that are opened, in code points of the released value."""
    done = SEGMENT * opened_segments(len(held), [(span.start, span.stop) for span, _ in stretches])
    shift = 0
    for span, marker in stretches:
        if done < span.start:
            yield done + shift, span.start + shift
        done, shift = span.stop, marker.stop - span.stop
    if done < len(held):
        yield done + shift, len(held) + shift


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

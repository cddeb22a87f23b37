"""Answers to what is pointed out: accepted suggestions become redactions, dismissed ones are not shown again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from export.requests import collection
from export.review import decisions, exemptions, notes, proposals, redactions
from export.review.decisions import OwnReasonNeeded, versions_of
from export.review.fields import is_file, takes_spans, texts
from export.review.pointed_out import QUOTES_SORT, PointedOut, Suggested
from export.review.redactions import Mark, NothingToRedact

AROUND = 20


class NoSuchSuggestion(MunimentError):
    """A record has no suggestion of this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, record: int, asked: int, known: int) -> None:
        super().__init__(
            f"Record {record} has {known} suggestions, there is no #{asked}. `muniment review suggestions N {record}` "
            "shows them. Nothing was changed."
        )


class NoSuchSort(MunimentError):
    """Nothing of this sort is pointed out."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, sort: str, known: Sequence[str]) -> None:
        super().__init__(f"Nothing of the sort “{sort}” is pointed out. Sorts here: {', '.join(known) or 'none'}.")


def found(archive: Archive, number: int, record: int | None, asked: Sequence[str] = ()) -> Iterator[Suggested]:
    """Yield what is pointed out in a request, or in one of its records, of what may go out."""
    look = PointedOut(archive, number, asked)
    ids = collection.collected_versions(archive, number) if record is None else _of_record(archive, number, record)
    standing = redactions.standing(archive, number)
    decided = decisions.standing(archive, number)
    stays_in = {version for version, one in decided.items() if one.outcome in ("withhold", "not-responsive")}
    for version in archive.version(one for one in ids if one not in stays_in):
        there = [one.mark for one in standing.get(version.id, ())]
        yield from (one for one in look.of(version) if not _is_covered(one, there))


def _of_record(archive: Archive, number: int, record: int) -> list[int]:
    return versions_of(archive, number, [record])[record]


def _is_covered(one: Suggested, marks: Sequence[Mark]) -> bool:
    """Say whether what a suggestion means is blacked out already: the place, or of a file anything."""
    if is_file(one.field):
        return any(mark.field == one.field for mark in marks)
    return one.start < one.stop and any(
        mark.field == one.field and mark.start <= one.start and one.stop <= mark.stop for mark in marks
    )


def unanswered(archive: Archive, number: int) -> set[int]:
    """Return the records of a request in which something is pointed out that nobody has accepted or dismissed."""
    return {one.record for one in found(archive, number, None)}


def listed(archive: Archive, number: int, record: int | None, asked: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return suggestions as rows with stable keys; ``number`` counts within the record."""
    rows: list[dict[str, Any]] = []
    count: dict[int, int] = {}
    held: dict[int, dict[str, str]] = {}
    for one in found(archive, number, record, asked):
        count[one.record] = count.get(one.record, 0) + 1
        if one.version not in held:
            held = {one.version: dict(texts(next(iter(archive.version([one.version]))).content))}
        text = held[one.version].get(one.field, "")
        before, after = text[max(0, one.start - AROUND) : one.start], text[one.stop : one.stop + AROUND]
        whole = "the whole file" if is_file(one.field) else "the whole record"
        place = f"…{before}[{one.words[:80]}]{after}…" if one.words else whole
        rows.append(
            {
                "number": count[one.record], "record": one.record, "version": one.version, "field": one.field,
                "start": one.start, "stop": one.stop, "sort": one.sort, "why": one.why, "exemption": one.exemption,
                "place": " ".join(place.split()),
            }
        )  # fmt: skip
    return rows


def answer(
    archive: Archive,
    number: int,
    record: int,
    accept: Sequence[int],
    dismiss: Sequence[int],
    exemption: str,
    reason: str,
    asked: Sequence[str] = (),
) -> int:
    """Black accepted suggestions of a record out, in its conversation too, and dismiss others.

    Return how many places were blacked out.
    """
    there = list(found(archive, number, record, asked))
    for one in (*accept, *dismiss):
        if not 1 <= one <= len(there):
            raise NoSuchSuggestion(record, one, len(there))
    done = 0
    for taken in (there[each - 1] for each in accept):
        done += _accept(archive, number, taken, exemption, reason)
    if dismiss:
        notes.dismiss(archive, number, [there[each - 1].key for each in dismiss])
    return done


def _accept(archive: Archive, number: int, one: Suggested, exemption: str, reason: str) -> int:
    read = _of_record(archive, number, one.record)
    return redactions.add(archive, number, _marks(archive, number, one), exemption or one.exemption, reason, read)


def _marks(archive: Archive, number: int, one: Suggested) -> list[Mark]:
    """Return the place that was suggested, and where else in the conversation the same words stand.

    Of a quotation the place alone: its words are looked for as a run before anything goes out.
    """
    stop = one.stop if takes_spans(one.field) else len(one.words)
    own = Mark(one.version, one.field, one.start, stop)
    if one.sort == QUOTES_SORT or is_file(one.field):
        return [own]
    try:
        return [own, *(each.mark for each in proposals.of_words(archive, number, one.record, one.words))]
    except NothingToRedact:
        return [own]


def accept_sort(
    archive: Archive, number: int, sort: str, exemption: str, reason: str, record: int | None = None
) -> int:
    """Black all suggestions of a sort out on one ground; return how many places that were.

    Raises :class:`NoSuchSort`, and ``decisions.OwnReasonNeeded`` where each record needs a balance of its own.
    """
    taken = _of_sort(archive, number, sort, record)
    records = {one.record for one in taken}
    if len(records) > 1 and any(exemptions.get(exemption or one.exemption).balancing for one in taken):
        raise OwnReasonNeeded(len(records))
    return sum(_accept(archive, number, one, exemption, reason) for one in taken if one.words)


def _of_sort(archive: Archive, number: int, sort: str, record: int | None) -> list[Suggested]:
    there = list(found(archive, number, record))
    if not any(one.sort == sort for one in there):
        raise NoSuchSort(sort, sorted({one.sort for one in there}))
    return [one for one in there if one.sort == sort]


def dismiss_sort(archive: Archive, number: int, sort: str, record: int | None = None) -> int:
    """Dismiss all suggestions of a sort; return how many. Raises :class:`NoSuchSort`."""
    keys = [one.key for one in _of_sort(archive, number, sort, record)]
    notes.dismiss(archive, number, keys)
    return len(keys)

"""Settling what was staged: edits, revisions and items without ids, once the backup has been read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from ingest.held import Held, held_under, living, same_content, standing
from ingest.intake import Change, Intake
from ingest.normalise import Prepared
from ingest.reading import BATCH


def settle(intake: Intake) -> None:
    """Match the staged items, lane by lane, and write what they turn out to be."""
    pending = _Pending(intake)
    for group in intake.staging.groups("identity"):
        _settle_changed(intake, group, pending)
    pending.flush()
    _settle_revisions(intake, pending)
    _settle_without_id(intake, pending)


class _Pending:
    """Decisions on staged items, written a batch at a time."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._changes: list[Change] = []
        self._seen: list[tuple[int, Prepared]] = []

    def change(self, change: Change) -> None:
        """Note a new version, and count it."""
        self._intake.count(change)
        self.append(change)

    def append(self, change: Change) -> None:
        """Note a new version that is counted already."""
        change.prepared = self._intake.in_its_thread(change.prepared)
        self._changes.append(change)
        self._flush_if_full()

    def see(self, held: Held, one: Prepared) -> None:
        """Note that a held version was seen, and count it."""
        self._intake.see(held, one, self._seen)
        self._flush_if_full()

    def _flush_if_full(self) -> None:
        if len(self._changes) + len(self._seen) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is pending."""
        self._intake.write(self._changes, self._seen)
        self._changes, self._seen = [], []


def _settle_changed(intake: Intake, group: Sequence[Prepared], pending: _Pending) -> None:
    """One native id whose content differs from all that is held under it: edits, or further records."""
    held = living(held_under(intake.archive.connection, [group[0].identity]).get(group[0].identity, []))
    seen_records = {one.record for one in held if intake.was_seen(one)}
    unseen = [one for one in standing(held) if one.record not in seen_records]
    met: set[bytes] = set()
    for one in group:
        if one.content_hash in met:
            intake.tally.held += 1
        elif unseen:
            pending.change(intake.change_of(unseen.pop(0), one))
        else:
            pending.change(intake.new_record(one))
        met.add(one.content_hash)


def _settle_revisions(intake: Intake, pending: _Pending) -> None:
    """Items that the source itself calls versions of one thing: the first makes the record if need be."""
    made: set[bytes] = set()
    for group in intake.staging.groups("revision"):
        if not held_under(intake.archive.connection, [group[0].identity]):
            made.add(group[0].identity)
            pending.change(intake.new_record(group[0]))
    pending.flush()
    for group in intake.staging.groups("revision"):
        _settle_chain(intake, group, group[0].identity in made, pending)
    pending.flush()


def _settle_chain(intake: Intake, chain: Sequence[Prepared], is_made: bool, pending: _Pending) -> None:
    """One record's revisions in order, against its held versions in theirs; only the last stands and is sighted.

    A revision may say again what an earlier one said; the same words twice in a row are one revision. What an earlier
    backup showed otherwise since (removed, and now taken back) is a version once more. ``is_made`` means that the
    first one has just made the record, and is counted.
    """
    held = living(held_under(intake.archive.connection, [chain[0].identity])[chain[0].identity])
    revisions = [next(same) for _, same in itertools.groupby(chain, key=lambda one: one.content_hash)]
    intake.tally.held += len(chain) - len(revisions)
    unmatched = held[1:] if is_made else list(held)
    told = [
        (one, _take(intake, unmatched, one, held if one is revisions[-1] else ()))
        for one in (revisions[1:] if is_made else revisions)
    ]
    for number, (one, same) in enumerate(told):
        if same is not None and one is revisions[-1]:
            pending.see(same, one)
        elif same is not None:
            intake.see(same, one, [])
        elif not is_made and _is_a_beginning(intake, held[-1], told, number):
            pending.change(intake.came_before(held[-1].record, one, *told[number + 1]))
        else:
            change = intake.change_of(held[-1], one)
            change.sighted = one is revisions[-1]
            pending.change(change)


def _take(intake: Intake, unmatched: list[Held], one: Prepared, held: Sequence[Held]) -> Held | None:
    """Take the held version that says what a revision says out of those that are left, None if there is none.

    ``held`` are all versions, for the last revision: what it says may be what was said before a change and is again.
    """
    same = same_content(unmatched, one.content_hash) if held else _first(unmatched, one)
    if same is None and any(not part.sha256 for part in one.content.attachments):
        same = next((each for each in unmatched if intake.is_same(one, each)), None)
    if same is None or (held and intake.went_back(same, held)):
        return None
    unmatched.remove(same)
    return same


def _first(unmatched: Sequence[Held], one: Prepared) -> Held | None:
    return next((each for each in unmatched if each.content_hash == one.content_hash), None)


def _is_a_beginning(intake: Intake, held: Held, told: Sequence[tuple[Prepared, Held | None]], number: int) -> bool:
    """Say whether a revision comes to light before all that is held: another format knew the later ones only."""
    if any(same is not None for _, same in told[:number]):
        return False
    later = told[number + 1 :]
    return any(same is not None or intake.is_told_already(held, one.content) for one, same in later)


def _settle_without_id(intake: Intake, pending: _Pending) -> None:
    """Items without ids: what is held, then removals, what another format told with an id, edits, new records."""
    staging = intake.staging
    for one, held in itertools.chain(staging.twins(), staging.read_otherwise(intake.dates.anew)):
        _lead_up(intake, held.record, one, pending)
        _see_again(intake, held, one, not intake.is_back(held, one), pending)
    intake.note_renamed(staging.renamings(intake.identity_as))
    for one, held in staging.by_renamed():
        _see_again(intake, held, one, intake.is_same(one, held) and not intake.is_back(held, one), pending)
    for one, held in itertools.chain(staging.lacking(intake.is_same), staging.removals_told_before()):
        _lead_up(intake, held.record, one, pending)
        _see_again(intake, held, one, not intake.is_back(held, one), pending)
    for one in staging.disposed():
        intake.note_disposed(one)
    pending.flush()
    for one, held in staging.removals():
        _lead_up(intake, held.record, one, pending)
        pending.change(intake.removal_of(held, one))
    for one, held in staging.told_again():
        _lead_up(intake, held.record, one, pending)
        _see_again(intake, held, one, intake.is_same(one, held) and not intake.is_back(held, one), pending)
    for one, held in itertools.chain(staging.counterparts(), staging.coarse_counterparts()):
        _lead_up(intake, held.record, one, pending)
        pending.change(intake.counterpart_of(held, one))
    for one, held in itertools.chain(staging.edits_told(), staging.edits(), staging.shown_otherwise()):
        _lead_up(intake, held.record, one, pending)
        pending.change(intake.change_of(held, one))
    pending.flush()
    _settle_new_without_id(intake, pending)


def _see_again(intake: Intake, held: Held, one: Prepared, is_as_before: bool, pending: _Pending) -> None:
    """See a held version again, unless its record has changed since: it is back, or other files go with it now."""
    if is_as_before and intake.reads_dates_better(held, one):
        pending.change(intake.reread_of(held, one))
    elif is_as_before:
        pending.see(held, one)
    else:
        pending.change(intake.change_of(held, one))


def _settle_new_without_id(intake: Intake, pending: _Pending) -> None:
    """New records; one whose source tells what it said before begins with that."""
    edited: list[Prepared] = []
    for one in intake.staging.rest():
        if one.earlier:
            edited.append(one)
        pending.change(intake.new_record(one.earlier[0] if one.earlier else one))
    pending.flush()
    for one in edited:
        first = held_under(intake.archive.connection, [one.earlier[0].identity])[one.earlier[0].identity][-1]
        for later in (*one.earlier[1:], one):
            pending.change(intake.change_of(first, later))
    pending.flush()


def _lead_up(intake: Intake, record: int, one: Prepared, pending: _Pending) -> None:
    """Add what the source says a held record said before."""
    for change in intake.earlier_of(record, one) if one.earlier else ():
        pending.append(change)

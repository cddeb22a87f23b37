"""Challenges: a requester says that posts are missing; each gets an answer, with the reason.

What became of a collected version is asked of ``outcome_of``, which whoever reviews supplies: version id → a word
such as "released", "redacted", "withheld" or "not responsive".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

from archive import accounts
from archive.archive import Archive
from archive.records import Version
from export.coverage import searched_accounts
from export.released import SearchedAccount
from export.requests import register
from export.requests.collection import collected_versions
from export.requests.correspondence.kept import keep_file, state_kept
from export.requests.reports import claims, matching
from export.requests.reports.claims import Claim
from export.requests.reports.matching import Match

OutcomeOf = Callable[[int], str]
"""From a collected version's id to what became of it."""

Outcome = Literal["released", "redacted", "withheld", "not responsive", "collected", "held", "disposed", "not held"]

_SAID = {
    "released": "It is in the release",
    "redacted": "It is in the release, with something blacked out",
    "withheld": "It was found and is withheld; the exemption log says why",
    "not responsive": "It was found, and whoever reviewed it decided that it does not answer the request",
    "collected": "It was found for this request; nobody has decided on it yet",
}
_ORDER = ("released", "redacted", "collected", "withheld", "not responsive")
"""Where versions of one record have different lots, the first of these is the record's."""


class Answer(Struct, frozen=True):
    """What became of one claim. ``record`` is 0 where none is held; ``how`` says by what it was known."""

    line: int
    claim: str
    outcome: str
    said: str
    record: int = 0
    version: int = 0
    how: str = ""


def collected(version: int) -> str:
    """Say of every collected version that nobody has decided on it yet."""
    return "collected"


def challenge(archive: Archive, number: int, these: Sequence[Claim], outcome_of: OutcomeOf = collected) -> list[Answer]:
    """Answer each claim of a list, in its order."""
    register.get(archive, number)
    found = matching.matches(archive, these)
    gone = matching.disposed(archive, these)
    answers = _Answers(archive, number, outcome_of)
    return [answers.of(one, found.get(one.line, ()), gone.get(one.line)) for one in these]


class _Answers:
    def __init__(self, archive: Archive, number: int, outcome_of: OutcomeOf) -> None:
        self._archive = archive
        self._number = number
        self._outcome_of = outcome_of
        self._collected = set(collected_versions(archive, number))
        self._coverage = list(searched_accounts(archive))
        self._handles = {one.id: one.handle.lstrip("@").casefold() for one in accounts.listed(archive)}

    def of(self, one: Claim, found: Sequence[Match], gone: Match | None) -> Answer:
        """Answer one claim."""
        if found and not found[0].is_another:
            return self._of_held(one, found)
        if gone is not None:
            return self._of_disposed(one, gone)
        alike = self._alike(found[0]) if found else ""
        return Answer(one.line, one.raw, "not held", " ".join(self._not_held(one)) + alike)

    def _alike(self, match: Match) -> str:
        version = next(self._archive.version([match.version]))
        day = self._of_day(version)
        return f" Record {match.record} has such a text, and is of another day: it is by {version.account}{day}."

    def _of_held(self, one: Claim, found: Sequence[Match]) -> Answer:
        records = sorted({match.record for match in found})
        doubt = self._doubt(found[0])
        lots = {version: self._outcome_of(version) for version in self._versions(records) if version in self._collected}
        if not lots:
            return self._of_uncollected(one, found[0], len(records), doubt)
        best = min(lots.values(), key=lambda lot: _ORDER.index(lot) if lot in _ORDER else len(_ORDER))
        version = next(version for version, lot in lots.items() if lot == best)
        record = next(self._archive.version([version])).record
        said = f"{_SAID.get(best, f'Its lot: {best}')}.{doubt}"
        return Answer(one.line, one.raw, best, said, record, version, found[0].how)

    def _doubt(self, match: Match) -> str:
        """Return what a person should know where only the text agrees: of which day the record is."""
        if match.score >= matching.SURE:
            return ""
        version = next(self._archive.version([match.version]))
        return f" Only its text agrees; it is by {version.account}{self._of_day(version)}. Look whether it is meant."

    def _of_day(self, version: Version) -> str:
        created = version.content.created
        if created is None or created.at is None:
            return ""
        return f", of {created.at.astimezone(self._archive.timezone).date()}"

    def _versions(self, records: Sequence[int]) -> list[int]:
        marks = ", ".join("?" * len(records))
        rows = self._archive.connection.execute(
            f"SELECT id FROM version WHERE record IN ({marks}) ORDER BY id DESC", records
        )
        return [row[0] for row in rows]

    def _of_uncollected(self, one: Claim, match: Match, records: int, doubt: str) -> Answer:
        version = next(self._archive.version([match.version]))
        more = f" {records - 1} more records match as well." if records > 1 else ""
        hint = f"To add it: `muniment request collect {self._number} --query '{self._query(version)}'`."
        said = (
            f"The archive holds it as record {match.record}; no search for this request found it.{doubt}{more} {hint}"
        )
        return Answer(one.line, one.raw, "held", said, match.record, match.version, match.how)

    def _query(self, version: Version) -> str:
        day = self._of_day(version).replace(", of ", " on:")
        return f"account:{version.account} kind:{version.kind}{day}"

    def _of_disposed(self, one: Claim, gone: Match) -> Answer:
        on, series, authority = self._archive.connection.execute(
            "SELECT disposed_on, series, authority FROM disposed WHERE tbl = 'content' AND row_id = ?", (gone.version,)
        ).fetchone()
        said = f"It was held as record {gone.record} and lawfully disposed of on {on} (series {series}, {authority})."
        return Answer(one.line, one.raw, "disposed", said, gone.record, gone.version, gone.how)

    def _not_held(self, one: Claim) -> Iterator[str]:
        yield "The archive does not hold it."
        concerned = self._concerned(one)
        if concerned:
            yield from (self._why(each, one.on) for each in concerned)
        elif one.url:
            where = f"on {one.platform}" if one.platform else "at that address"
            called = f" called “{one.handle}”" if one.handle and one.platform else ""
            yield f"No account {where}{called} is registered with it."
        else:
            shown = ", ".join(f"{each.account} {_latest(each)}" for each in self._coverage if each.backups)
            yield f"No backup of any account shows it (latest ones: {shown or 'none was taken in'})."
            yield "What their formats never hold is in every letter of this request."

    def _concerned(self, one: Claim) -> list[SearchedAccount]:
        there = [each for each in self._coverage if each.platform == one.platform]
        named = [each for each in there if one.handle and self._handles[each.account] == one.handle.casefold()]
        return named or ([] if _is_name(one.handle) else there)

    def _why(self, each: SearchedAccount, on: date | None) -> str:
        if not each.backups:
            return (
                f"{each.account}: no backup of it was ever taken in; the {each.department} department answers for it."
            )
        latest = _latest(each)
        if on is not None and on.isoformat() > latest:
            return (
                f"{each.account}: it is of {on}, and the latest backup was made on {latest}: none covers that day yet."
            )
        of = f"it is of {on}; " if on is not None else ""
        never = f" They never hold: {'; '.join(each.gaps)}." if each.gaps else ""
        return f"{each.account}: {of}none of its backups shows it (made on {', '.join(_dates(each))}).{never}"


def _dates(each: SearchedAccount) -> list[str]:
    return sorted({one.taken_in_on if one.exported_on == "not known" else one.exported_on for one in each.backups})


def _latest(each: SearchedAccount) -> str:
    return _dates(each)[-1]


def _is_name(handle: str) -> bool:
    return bool(handle) and not handle.isdigit()


def note_challenge(archive: Archive, number: int, path: Path, answers: Sequence[Answer]) -> None:
    """Keep a list that was answered, with how many of its lines had which outcome."""
    kept = keep_file(archive, path)
    counts = {outcome: sum(one.outcome == outcome for one in answers) for outcome in {one.outcome for one in answers}}
    with archive.act("request.challenged", f"request:{number}", {"lines": len(answers), "outcomes": counts}) as act:
        state_kept(act, kept)


read_claims = claims.read

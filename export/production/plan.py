"""What becomes of every collected version, and under which number: a production before any byte is written.

Read as of one ledger position, so that what was produced can be planned again as it was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from archive.archive import Archive
from export.released import Ground, Reconciliation
from export.requests import collection
from export.requests.order import Order
from export.review import decisions, redactions
from export.review.decisions import ALWAYS, Decision
from export.review.exemptions import Exemption, get, listed
from export.review.fields import is_file
from export.review.redactions import Redaction

Outcome = Literal["released", "redacted", "withheld", "not responsive", "undecided"]

_SAME_FILES = "SELECT sha256, version, position FROM attachment WHERE sha256 IN (SELECT value FROM json_each(?))"
_FILE_OF = "SELECT sha256 FROM attachment WHERE version = ? AND position = ?"


class Lot(Struct, frozen=True):
    """What becomes of one version: ``redactions`` are its own and those of the same file elsewhere."""

    outcome: Outcome
    decision: Decision | None = None
    redactions: tuple[Redaction, ...] = ()

    @property
    def goes_out(self) -> bool:
        """Whether it is in the package, whole or in part."""
        return self.outcome in ("released", "redacted", "undecided")

    @property
    def fate(self) -> object:
        """What must be the same for two versions to be duplicates."""
        marks = sorted((one.mark.field, one.mark.start, one.mark.stop, one.mark.region) for one in self.redactions)
        exemption = self.decision.exemption if self.decision is not None else ""
        return self.outcome, exemption, tuple(marks)


class Plan:
    """The collected set of a request, decided, ordered and numbered, as of a ledger position.

    ``disposed`` counts versions that were collected and have been lawfully disposed of; they are not among ``found``.
    ``exemptions`` are those that grounds are told by: today's, or those that a production was made by.
    """

    def __init__(
        self, archive: Archive, number: int, upto: int = ALWAYS, exemptions: Sequence[Exemption] | None = None
    ) -> None:
        self.exemptions = listed() if exemptions is None else exemptions
        self.archive = archive
        self.number = number
        self.upto = upto
        self.position = min(upto, archive.head())
        self.found: Sequence[int] = collection.collected_versions(archive, number, upto)
        self.disposed = collection.disposed(archive, number, upto)
        self.collected_at = max((one.position for one in collection.collections(archive, number, upto)), default=0)
        self.context = collection.context_versions(archive, number, upto)
        self._decided = decisions.standing(archive, number, upto)
        self._marks = self._with_same_files(redactions.standing(archive, number, upto))
        self.lots: Mapping[int, Lot] = {one: self._lot(one) for one in self.found}

    def _lot(self, version: int) -> Lot:
        decided = self._decided.get(version)
        marks = tuple(self._marks.get(version, ()))
        said = decided.outcome if decided is not None else "undecided"
        if said == "withhold":
            return Lot("withheld", decided, marks)
        if said == "not-responsive":
            return Lot("not responsive", decided)
        if said == "undecided":
            return Lot("undecided", decided, marks)
        return Lot("redacted" if marks else "released", decided, marks)

    def _with_same_files(self, marks: dict[int, list[Redaction]]) -> dict[int, list[Redaction]]:
        """Let what is blacked out of a file be blacked out of the same bytes everywhere in the request."""
        files: dict[str, list[Redaction]] = {}
        for one in [each for of_one in marks.values() for each in of_one if is_file(each.mark.field)]:
            position = int(one.mark.field.split(".")[1])
            row = self.archive.connection.execute(_FILE_OF, (one.mark.version, position)).fetchone()
            if row is not None and row[0]:
                files.setdefault(row[0], []).append(one)
        self.burnt_files = frozenset(files)
        collected = set(self.found)
        for sha256, version, position in self._same_files(files):
            there = marks.setdefault(version, []) if version in collected else []
            known = {(one.mark.field, one.mark.region, one.mark.replacement) for one in there}
            for one in files[sha256]:
                field = f"attachments.{position}"
                if (field, one.mark.region, one.mark.replacement) not in known:
                    there.append(replace(one, mark=replace(one.mark, version=version, field=field)))
        return marks

    def _same_files(self, files: Iterable[str]) -> list[tuple[str, int, int]]:
        return self.archive.connection.execute(_SAME_FILES, (json.dumps(list(files)),)).fetchall()

    @cached_property
    def order(self) -> Order:
        """All responsive versions in their order."""
        responsive = [one for one in self.found if self.lots[one].outcome != "not responsive"]
        return Order(self.archive, responsive, lambda version: self.lots[version].fate)

    @cached_property
    def numbers(self) -> Mapping[int, int]:
        """The number of every version that is given or withheld: the one it had before, else the next."""
        rows = self.archive.connection.execute(
            "SELECT version, min(number) FROM produced WHERE request = ? AND seq <= ? GROUP BY version",
            (self.number, self.upto),
        )
        known: dict[int, int] = dict(rows.fetchall())
        following = max(known.values(), default=0)
        for version in self.order.given:
            if version not in known:
                following += 1
                known[version] = following
        return known

    @cached_property
    def sums(self) -> Reconciliation:
        """What became of everything found."""
        count = Counter(self.lots[one].outcome for one in self.order.given)
        return Reconciliation(
            found=len(self.found) + self.disposed,
            released=count["released"],
            redacted=count["redacted"],
            withheld=count["withheld"],
            undecided=count["undecided"],
            not_responsive=sum(lot.outcome == "not responsive" for lot in self.lots.values()),
            duplicates=len(self.order.twins),
            disposed=self.disposed,
        )

    def undecided(self) -> list[int]:
        """Return the versions that nobody has decided on, duplicates among them."""
        return [one for one in self.found if self.lots[one].outcome == "undecided"]

    def parent(self, account: str, native_id: str) -> int:
        """Return the number of an item by its id at the source, 0 if it is not part of this production."""
        version = self.order.version_of(account, native_id)
        return self.numbers[version] if version is not None else 0

    def conversation(self, version: int) -> int:
        """Return the number of the first record in a version's conversation."""
        return self.numbers[self.order.conversation(version)]


def ground_of(exemption: str, reason: str, among: Sequence[Exemption]) -> Ground:
    """Return why something stays in, with the exemption's citation and title in a list of exemptions."""
    known = get(exemption, among)
    return Ground(code=known.code, citation=known.citation, title=known.title, reason=reason)

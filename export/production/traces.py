"""The last look before a release: does what stays in one record stand in another that goes out?

Words blacked out anywhere in the request, and runs of words of what is withheld, are looked for in every released
value and file, in what the log says of the withheld, in the reasons, and in what was asked and searched. What a person
has looked at and let stand, with a reason, is not found again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct, structs
from msgspec.structs import replace

from archive.archive import Archive
from archive.records import Version
from export.production.plan import Plan
from export.redaction.folding import fold, folded_text
from export.redaction.readable import readable
from export.redaction.sought import Sought, tokens
from export.released import ReleasedRecord, WithheldRecord
from export.review.fields import is_file, takes_spans, texts
from export.review.redactions import Redaction

Key = TypeVar("Key")

COMPRESSED = ("image/", "video/", "audio/", "application/pdf")
"""Files whose bytes are no text themselves: what they say is read out of them."""

NO_WORDS = ("video/", "audio/")
LARGE = 1 << 20
"""Bytes of a film or recording beyond which nothing is read out of it: its words are for people to hear."""

RUN = 8
"""Words in a row that make a quotation of something withheld; a message of fewer is one if it has ``FEWEST``."""

FEWEST = 4

APART = "\n"
"""Stands between texts that are looked through together: nothing folds or joins over it but runs of words."""

BLACKED_OUT = "words that are blacked out in"
QUOTED = "a quotation of what stays in of"
OF_WITHHELD = "a file of the withheld"
OF_BLACKED_OUT = "a file that is blacked out in"

_LET_STAND = "SELECT text, seq FROM statement WHERE subject = ? AND name = 'stands' AND seq <= ? ORDER BY id"


class Trace(Struct, frozen=True):
    """Words that stay in record ``of`` and would go out in ``record``; the words themselves are not said here.

    ``record`` is 0 for the request's own words, which every package prints.
    """

    record: int
    field: str
    of: int
    what: str

    @property
    def sentence(self) -> str:
        """What was found, for a person."""
        where = f"record {self.record}" if self.record else "the request itself"
        return f"{where} ({self.field}) has {self.what} record {self.of}"


class Kept(Struct, frozen=True):
    """What keeps words in: the first record they are kept in of, and the last ledger row that keeps them in."""

    of: int
    what: str
    seq: int


class Traces:
    """Looks through released values one by one; :meth:`found` says what it found."""

    def __init__(self, archive: Archive, plan: Plan) -> None:
        self._plan = plan
        self._words: dict[str, Kept] = {}
        self._runs: dict[tuple[str, ...], Kept] = {}
        self._files: dict[str, Kept] = {}
        self._found: dict[Trace, None] = {}
        self._let_stand = let_stand(archive, plan.number, plan.upto)
        self._gather(archive)
        self._sought = Sought(self._words)
        self._sizes = sorted({len(run) for run in self._runs})
        self._beginnings = {run[: self._sizes[0]] for run in self._runs}

    def _gather(self, archive: Archive) -> None:
        kept = [one for one, lot in self._plan.lots.items() if lot.redactions or lot.outcome == "withheld"]
        for version in archive.version(kept):
            lot = self._plan.lots[version.id]
            if lot.outcome == "withheld" and lot.decision is not None:
                quoted = Kept(version.record, QUOTED, lot.decision.seq)
                _keep(self._runs, _runs_of_all(version.content.text, FEWEST), quoted)
                held = [one.sha256 for one in version.content.attachments if one.sha256]
                _keep(self._files, held, replace(quoted, what=OF_WITHHELD))
            for one in lot.redactions:
                self._gather_redaction(version, one)

    def _gather_redaction(self, version: Version, one: Redaction) -> None:
        kept = Kept(version.record, BLACKED_OUT, one.seq)
        if is_file(one.mark.field):
            sha256 = version.content.attachments[int(one.mark.field.split(".")[1])].sha256
            _keep(self._files, [sha256] if sha256 else [], replace(kept, what=OF_BLACKED_OUT))
            return
        for words in words_of(version, one):
            if len(tokens(words)) < RUN:
                _keep(self._words, [words], kept)
            else:
                _keep(self._runs, _runs_of_all(words, RUN), replace(kept, what=QUOTED))

    def through(self, one: ReleasedRecord, folder: Path) -> None:
        """Look through one released value and its files."""
        if self._words or self._runs or self._files:
            self._through_texts(one.record, _strings(one))
            self._through_files(one, folder)

    def through_log(self, one: WithheldRecord) -> None:
        """Look through what the exemption log says of a record that stays in."""
        said = [("author", one.author), *_flat("recipients", one.recipients), ("reason", one.ground.reason)]
        self._through_texts(one.record, said)

    def through_request(self, said: Iterable[tuple[str, str]]) -> None:
        """Look through what a package prints besides records: what was asked for, searched and written, by name."""
        self._through_texts(0, said)

    def _through_texts(self, record: int, said: Iterable[tuple[str, str]]) -> None:
        texts_of = list(said)
        if not self._kept_in(APART.join(text for _, text in texts_of)):
            return
        for field, text in texts_of:
            for kept in self._kept_in(text):
                self._note(record, field, kept)

    def _kept_in(self, text: str) -> list[Kept]:
        """Return what keeps words of a text in. All texts of a record together have what each of them has."""
        folded = folded_text(text)
        words = tokens(folded)
        found = [self._words[one] for one in self._sought.within_folded(folded, words)]
        return found + [self._runs[run] for run in self._runs_in(words)]

    def _runs_in(self, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
        if not self._sizes or self._beginnings.isdisjoint(_runs(words, self._sizes[0])):
            return
        for size in self._sizes:
            yield from (run for run in _runs(words, size) if run in self._runs)

    def _through_files(self, one: ReleasedRecord, folder: Path) -> None:
        for position, each in enumerate(one.attachments):
            field = f"attachments.{position}"
            if each.path and each.sha256 in self._files:
                self._note(one.record, field, self._files[each.sha256])
            if each.path:
                for kept in self._kept_in_file(folder / each.path, each.media_type):
                    self._note(one.record, field, kept)

    def native_has_some(self, one: ReleasedRecord, folder: Path) -> bool:
        """Say whether the source's own bytes of a record hold what stays in: then they must stay in too."""
        if not one.native_path:
            return False
        found = self._kept_in_file(folder / one.native_path, "application/octet-stream")
        return any(self._counts(one.record, kept) for kept in found)

    def _kept_in_file(self, path: Path, media_type: str) -> Iterator[Kept]:
        if not (self._words or self._runs) or (media_type.startswith(NO_WORDS) and path.stat().st_size > LARGE):
            return
        is_compressed = media_type.startswith(COMPRESSED)
        for said in readable(path.read_bytes(), media_type):
            if not (said.raw and (said.path or is_compressed)):
                yield from self._kept_in(said.text)

    def _counts(self, record: int, kept: Kept) -> bool:
        """Say whether a person has not let it stand since it was kept in."""
        return self._let_stand.get((record, kept.of), 0) < kept.seq

    def _note(self, record: int, field: str, kept: Kept) -> None:
        if self._counts(record, kept):
            self._found[Trace(record, field, kept.of, kept.what)] = None

    def found(self) -> list[Trace]:
        """Return what was found, in the order of the records."""
        return list(self._found)


def _keep(held: dict[Key, Kept], keys: Iterable[Key], kept: Kept) -> None:
    for key in keys:
        before = held.get(key)
        held[key] = kept if before is None else replace(before, seq=max(before.seq, kept.seq))


def let_stand(archive: Archive, number: int, upto: int = 1 << 62) -> dict[tuple[int, int], int]:
    """Return the (record, record it has words of) pairs that a person let stand, with the ledger row that says so.

    What is blacked out or withheld after it was not meant.
    """
    rows = archive.connection.execute(_LET_STAND, (f"review:{number}", upto))
    return {(pair[0], pair[1]): seq for text, seq in rows for pair in json.loads(text)["pairs"]}


def words_of(version: Version, one: Redaction) -> Iterator[str]:
    """Yield the words that a redaction takes out of a version, folded; a recipient's name and address apart."""
    held, mark = dict(texts(version.content)), one.mark
    whole = held.get(mark.field, "")
    taken = [whole[mark.start : mark.stop] if takes_spans(mark.field) else whole]
    if mark.field.startswith("recipients.") and whole:
        person = version.content.recipients[int(mark.field.split(".")[1])]
        taken = [person.name, person.address]
    for each in taken:
        words = fold(each).text.strip()
        if words:
            yield words.removeprefix("@")


def _runs(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*[words[start:] for start in range(size)], strict=False) if len(words) >= size else iter(())


def _runs_of_all(text: str, fewest: int) -> Iterator[tuple[str, ...]]:
    """Yield the runs by which a text is known again; a short one is one run, one of less than ``fewest`` has none."""
    words = tokens(folded_text(text))
    return _runs(words, min(RUN, len(words))) if len(words) >= fewest else iter(())


_NOT_SEARCHED = ("digest", "state_note", "account", "account_title", "platform", "kind", "redactions", "attachments")


def _strings(one: ReleasedRecord) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of every text in a released value."""
    for name, value in structs.asdict(one).items():
        if name not in _NOT_SEARCHED:
            yield from _flat(name, value)
    for position, each in enumerate(one.attachments):
        yield f"attachments.{position}.name", each.name
        yield f"attachments.{position}.alt", each.alt
    for reason in dict.fromkeys(each.ground.reason for each in one.redactions):
        yield "reason", reason


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        yield from ((f"{name}.{key}", text) for key, text in value.items())
    elif isinstance(value, tuple):
        yield from ((f"{name}.{i}", text) for i, text in enumerate(value) if isinstance(text, str))

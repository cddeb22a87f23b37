"""The last look before a release: does what stays in one record stand in another that goes out?

Words blacked out anywhere in the request, and runs of words of what is withheld, are looked for in every released
value and file. What a person has looked at and let stand, with a reason, is not found again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from archive.archive import Archive
from archive.records import Version
from export.production.plan import Plan
from export.redaction.folding import fold, folded_text
from export.redaction.readable import readable
from export.redaction.sought import Sought
from export.released import ReleasedRecord
from export.review.fields import is_file, takes_spans, texts
from export.review.redactions import Redaction

COMPRESSED = ("image/", "video/", "audio/", "application/pdf")
"""Files whose bytes are no text themselves: what they say is read out of them."""

NO_WORDS = ("video/", "audio/")
LARGE = 1 << 20
"""Bytes of a film or recording beyond which nothing is read out of it: its words are for people to hear."""

RUN = 8
"""Words in a row that make a quotation of something withheld."""

_LET_STAND = "SELECT text FROM statement WHERE subject = ? AND name = 'stands' AND seq <= ?"


class Trace(Struct, frozen=True):
    """Words that stay in record ``of`` and would go out in ``record``; the words themselves are not said here."""

    record: int
    field: str
    of: int
    what: str

    @property
    def sentence(self) -> str:
        """What was found, for a person."""
        return f"record {self.record} ({self.field}) has {self.what} record {self.of}"


class Traces:
    """Looks through released values one by one; :meth:`found` says what it found."""

    def __init__(self, archive: Archive, plan: Plan) -> None:
        self._plan = plan
        self._words: dict[str, int] = {}
        self._sought = Sought(())
        self._runs: dict[str, int] = {}
        self._files: dict[str, int] = {}
        self._found: dict[Trace, None] = {}
        self._let_stand = let_stand(archive, plan.number, plan.upto)
        self._gather(archive)

    def _gather(self, archive: Archive) -> None:
        kept = [one for one, lot in self._plan.lots.items() if lot.redactions or lot.outcome == "withheld"]
        for version in archive.version(kept):
            lot = self._plan.lots[version.id]
            if lot.outcome == "withheld":
                self._files |= {one.sha256: version.record for one in version.content.attachments if one.sha256}
                for run in runs_of(version.content.text):
                    self._runs.setdefault(run, version.record)
            for words in words_of(version, lot.redactions):
                if len(words.split()) < RUN:
                    self._words.setdefault(words, version.record)
                for run in runs_of(words) if len(words.split()) >= RUN else ():
                    self._runs.setdefault(run, version.record)
        self._sought = Sought(self._words)

    def through(self, one: ReleasedRecord, folder: Path) -> None:
        """Look through one released value and its files."""
        if not (self._words or self._runs or self._files):
            return
        for field, text in _strings(one):
            self._through_text(one, field, text)
            if self._runs and (field in ("text", "title") or field.startswith("details.")):
                for run in self._runs.keys() & set(runs_of(text)):
                    self._note(Trace(one.record, field, self._runs[run], "a quotation of what stays in of"))
        self._through_files(one, folder)

    def _through_text(self, one: ReleasedRecord, field: str, text: str) -> None:
        for words in self._sought.within(text):
            self._note(Trace(one.record, field, self._words[words], "words that are blacked out in"))

    def _through_files(self, one: ReleasedRecord, folder: Path) -> None:
        for position, each in enumerate(one.attachments):
            field = f"attachments.{position}"
            if each.path and each.sha256 in self._files:
                self._note(Trace(one.record, field, self._files[each.sha256], "a file of the withheld"))
            if each.path:
                self._through_file(one, field, folder / each.path, each.media_type)
        if one.native_path:
            self._through_file(one, "native", folder / one.native_path, "application/octet-stream")

    def _through_file(self, one: ReleasedRecord, field: str, path: Path, media_type: str) -> None:
        if not self._sought or (media_type.startswith(NO_WORDS) and path.stat().st_size > LARGE):
            return
        for said in readable(path.read_bytes(), media_type):
            if not (said.raw and (said.path or media_type.startswith(COMPRESSED))):
                self._through_text(one, field, said.text)

    def _note(self, trace: Trace) -> None:
        if (trace.record, trace.of) not in self._let_stand:
            self._found[trace] = None

    def found(self) -> list[Trace]:
        """Return what was found, in the order of the records."""
        return list(self._found)


def let_stand(archive: Archive, number: int, upto: int = 1 << 62) -> set[tuple[int, int]]:
    """Return the (record, record it has words of) pairs that a person let stand."""
    rows = archive.connection.execute(_LET_STAND, (f"review:{number}", upto))
    return {(int(pair[0]), int(pair[1])) for (text,) in rows for pair in json.loads(text)["pairs"]}


def words_of(version: Version, redactions: Sequence[Redaction]) -> Iterator[str]:
    """Yield the words that redactions take out of a version, folded."""
    held = dict(texts(version.content))
    for one in redactions:
        mark = one.mark
        if is_file(mark.field) or mark.field not in held:
            continue
        whole = held[mark.field]
        words = fold(whole[mark.start : mark.stop] if takes_spans(mark.field) else whole).text.strip()
        if words:
            yield words


def runs_of(text: str) -> Iterator[str]:
    """Yield every run of ``RUN`` words of a text, folded; a shorter text of four words and more is one run."""
    words = [one.strip(".,;:!?\"'()[]>") for one in folded_text(text).split()]
    words = [one for one in words if one]
    if 4 <= len(words) < RUN:
        yield " ".join(words)
    for start in range(len(words) - RUN + 1):
        yield " ".join(words[start : start + RUN])


_NOT_SEARCHED = ("digest", "state_note", "account", "account_title", "platform", "kind", "redactions", "attachments")


def _strings(one: ReleasedRecord) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of every text in a released value."""
    for name, value in structs.asdict(one).items():
        if name not in _NOT_SEARCHED:
            yield from _flat(name, value)
    for position, each in enumerate(one.attachments):
        yield f"attachments.{position}.name", each.name
        yield f"attachments.{position}.alt", each.alt


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        yield from ((f"{name}.{key}", text) for key, text in value.items())
    elif isinstance(value, tuple):
        yield from ((f"{name}.{i}", text) for i, text in enumerate(value) if isinstance(text, str))

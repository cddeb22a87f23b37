"""Matching claims with what the archive holds: by address, by id, by exact text, by text that is nearly the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from archive.archive import Archive
from archive.records import KINDS
from export.requests.reports.claims import Claim, plain_address

NEAR = 0.8
"""Share of a claim's words that a record must hold, and the other way round, to be nearly the same."""
SURE = 0.95
"""Scores from here on say that it is the very record."""
ANOTHER_DAY = 0.5
"""What a text's score loses where the claim names another day than the record's: then it is another record."""
PART = 4
"""Words from which on a claim that stands whole within a longer text is a match."""

_HELD = """
SELECT v.id, v.record, c.url, c.native_id, c.text, c.title, c.created_at
FROM version v JOIN content c ON c.id = v.id ORDER BY v.id
"""
_STUBS = """
SELECT v.id, v.record, v.identity FROM disposed d JOIN version v ON v.id = d.row_id WHERE d.tbl = 'content'
"""


class Match(Struct, frozen=True):
    """A version that a claim is about: how it was known, and how sure that is (1 is certain).

    Below :data:`ANOTHER_DAY` only the words agree, and the day that the claim names does not.
    """

    version: int
    record: int
    how: str
    score: float

    @property
    def is_another(self) -> bool:
        """Whether it is a record of another day that says the same."""
        return self.score < ANOTHER_DAY


def matches(archive: Archive, claims: Sequence[Claim]) -> dict[int, list[Match]]:
    """Return the best matches of each claim by its line: all versions with the best score, in order."""
    wanted = _Wanted(claims)
    best: dict[int, list[Match]] = {}
    for version, record, *said in archive.connection.execute(_HELD):
        for line, how, score in wanted.found(*(one or "" for one in said)):
            known = best.get(line, [])
            if not known or score > known[0].score:
                best[line] = [Match(version, record, how, score)]
            elif score == known[0].score:
                known.append(Match(version, record, how, score))
    return best


class _Wanted:
    """What is looked for, arranged so that each held version is looked at once."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._addresses: dict[str, list[int]] = defaultdict(list)
        self._ids: dict[str, list[int]] = defaultdict(list)
        self._texts: dict[int, tuple[str, ...]] = {}
        self._words: dict[str, list[int]] = defaultdict(list)
        self._days = {one.line: one.on for one in claims if one.on is not None}
        for one in claims:
            if one.url:
                self._addresses[plain_address(one.url)].append(one.line)
            for native_id in one.ids:
                self._ids[native_id].append(one.line)
            if words := words_of(one.text):
                self._texts[one.line] = words
                for word in set(words):
                    self._words[word].append(one.line)

    def found(
        self, url: str, native_id: str, text: str, title: str, created_at: str
    ) -> Iterator[tuple[int, str, float]]:
        """Yield (line, how, score) of each claim that a version may answer."""
        if url:
            yield from ((line, "its address", 1.0) for line in self._addresses.get(plain_address(url), ()))
        for one in {native_id, native_id.rpartition("_")[2]} - {""}:
            yield from ((line, "its id", 0.99) for line in self._ids.get(one, ()))
        if self._texts:
            for line, how, score in self._by_text(words_of(f"{title} {text}" if title else text), words_of(text)):
                yield line, how, score - (ANOTHER_DAY if self._is_another_day(line, created_at) else 0)

    def _is_another_day(self, line: int, created_at: str) -> bool:
        """Say whether a claim names a day that is not the record's, nor beside it: zones differ."""
        day = self._days.get(line)
        return day is not None and created_at != "" and abs((date.fromisoformat(created_at[:10]) - day).days) > 1

    def _by_text(self, whole: tuple[str, ...], text: tuple[str, ...]) -> Iterator[tuple[int, str, float]]:
        held = set(whole)
        shared = Counter(line for word in held for line in self._words.get(word, ()))
        for line, count in shared.items():
            words = self._texts[line]
            if words in (whole, text):
                yield line, "the same text", 0.98
            elif count == len(set(words)) and len(words) >= PART and _within(words, whole):
                yield line, "a text that holds it", 0.9
            elif count >= NEAR * len(set(words)) and count >= NEAR * len(held) and count >= PART:
                yield line, "nearly the same text", 0.5 + 0.3 * count / max(len(held), len(set(words)))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text without addresses, signs, case and accents' spelling."""
    plain = unicodedata.normalize("NFKC", re.sub(r"https?://\S+", " ", text)).casefold()
    return tuple(re.findall(r"\w+", plain))


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def disposed(archive: Archive, claims: Iterable[Claim]) -> dict[int, Match]:
    """Return claims whose id is that of a record that was disposed of, by line: stubs keep keyed identities."""
    stubs = {identity: (version, record) for version, record, identity in archive.connection.execute(_STUBS)}
    if not stubs:
        return {}
    accounts = [row[0] for row in archive.connection.execute("SELECT id FROM account")]
    found: dict[int, Match] = {}
    for one in claims:
        for native_id in one.ids:
            for identity in (archive.identity(name, kind, native_id) for name in accounts for kind in KINDS):
                if identity in stubs:
                    found[one.line] = Match(*stubs[identity], "its id", 1.0)
    return found

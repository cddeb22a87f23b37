"""What an account's posts and comments said before: Facebook's history of edits, joined to them by their words.

A record of the history is one saved wording with its time and the id of what was edited; posts and
comments themselves have no id in an export, so a history belongs to the one that says its last words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.records import Author, Kind, Timestamp
from ingest.ingestor import Draft
from ingest.platforms.facebook_drafts import with_text
from ingest.platforms.facebook_labels import Labelled, labelled
from ingest.platforms.facebook_text import rendered, repaired_item


class Wording(Struct, frozen=True):
    """What something said from a moment on: ``text`` as Facebook shows it, ``written`` with its markup."""

    text: str
    written: str
    at: Timestamp | None
    native: bytes
    place: str


class Histories:
    """The histories of an export that no post or comment has claimed yet, of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._wordings: dict[str, list[Wording]] = {}
        self._by_last_words: dict[str, list[str]] | None = None

    def add(self, value: Any, native: bytes, place: str) -> Iterator[Draft]:
        """Take one record of the history; yields nothing."""
        for one in labelled(repaired_item(value, native), native, place):
            if not one.texts:
                raise ValueError("an edit without words")
            key = one.native_id or f"edited {one.place}"
            self._wordings.setdefault(key, []).extend(_wordings(one))
        yield from ()

    def told_by(self, draft: Draft) -> Draft:
        """Return a draft with what it said before, oldest first, if a history ends in its words."""
        key = self._claimed(draft) if self._wordings and draft.text else None
        if key is None:
            return draft
        *before, last = _in_order(self._wordings.pop(key))
        tagged = draft.mentions[len(rendered(last.written)[1]) :]
        earlier = tuple(_earlier(draft, one, number, tagged) for number, one in enumerate(before))
        return replace(draft, edited=last.at or draft.edited, earlier=earlier) if earlier else draft

    def _claimed(self, draft: Draft) -> str | None:
        """Return which history ends in a draft's words and does not end before the draft was written."""
        if self._by_last_words is None:
            self._by_last_words = {}
            for key, wordings in self._wordings.items():
                self._by_last_words.setdefault(_in_order(wordings)[-1].text, []).append(key)
        for key in self._by_last_words.get(draft.text, ()):
            if key in self._wordings and not _is_before(_in_order(self._wordings[key])[-1].at, draft.created):
                return key
        return None

    def unclaimed(self, author: Author) -> Iterator[Draft]:
        """Yield the wordings of what is not in the export itself, as versions of one record each."""
        for key, wordings in self._wordings.items():
            said = _in_order(wordings)
            for number, one in enumerate(said):
                yield with_text(
                    Draft(
                        kind=self._kind,
                        place=one.place,
                        native=one.native,
                        native_id=key,
                        created=said[0].at,
                        edited=one.at if number else None,
                        revision=str(number),
                        author=author,
                    ),
                    one.written,
                )


def _wordings(one: Labelled) -> Iterator[Wording]:
    """Yield the wordings of one record: one by one, or the words before and after an edit."""
    at = one.created or next(reversed(one.moments), None)
    for text in (one.texts[0], one.texts[-1]) if len(one.texts) > 1 else one.texts:
        yield Wording(rendered(text)[0], text, at, one.native, one.place)


def _in_order(wordings: list[Wording]) -> list[Wording]:
    """Return wordings oldest first; one that only repeats the one before it is left out."""
    said: list[Wording] = []
    for one in sorted(wordings, key=lambda one: one.at.at.timestamp() if one.at and one.at.at else 0.0):
        if not said or said[-1].text != one.text:
            said.append(one)
    return said


def _earlier(draft: Draft, one: Wording, number: int, tagged: tuple[str, ...]) -> Draft:
    """Return a draft as it stood before: in public, where all that is known is that it is not any longer."""
    worded = with_text(draft, one.written)
    return replace(
        worded,
        mentions=(*worded.mentions, *tagged),
        edited=one.at if number else None,
        removed=None,
        removed_by="",
        audience="public" if draft.audience in ("removed", "hidden") else draft.audience,
        native=one.native,
        place=one.place,
    )


def _is_before(one: Timestamp | None, other: Timestamp | None) -> bool:
    if one is None or other is None or one.at is None or other.at is None:
        return False
    return one.at < other.at

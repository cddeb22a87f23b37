"""Which leaves of a version's digest a release opens: those whose values it shows as they are, and no others.

A leaf is opened only where the released record says the very same, so that a proof never says more than the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from archive import merkle, version_digest
from archive.version_digest import SEGMENT, Field
from export.production.blackout import SHOWN_AS, Blackout
from export.production.openings import opened_segments
from export.proved import Node
from export.redaction.words import Placed, Span
from export.released import ReleasedAttachment, ReleasedRecord

Stretches = Sequence[tuple[Span, Placed]]
_Part = tuple[bytes, Node | None]
"""A node's hash, and what is shown of it."""

_PLAIN_TIME = re.compile(r"[0-9T:.+\-/ Z]*")
"""Raw texts of a time that say nothing else. The raw text of an edit is not released by itself."""

FILE_KEYS = ("alt", "media_type", "name", "sha256", "size")


class Opened:
    """A version's tree as a release shows it. ``names`` are the released values that its leaves prove whole."""

    def __init__(self, salt: bytes, fields: Sequence[Field], one: ReleasedRecord, said: Blackout) -> None:
        self.names: set[str] = set()
        self._salt = salt
        self._one = one
        self._stretches = said.stretches
        self._shown = flattened(one)
        parts = [self._field(name, value) for name, value in fields]
        self.digest, shown = _folded(parts)
        self.tree: Node = self.digest.hex() if shown is None else shown

    def _field(self, name: str, value: str | dict[str, Any]) -> _Part:
        proves = list(self._proves(name, value))
        if proves:
            self.names.update(proves)
            return self._leaves(name, value)
        black = [(one.start, one.stop) for one, _ in self._stretches.get(name, ())]
        if isinstance(value, str) and len(value) > SEGMENT and black:
            return self._leaves(name, value, opened_segments(len(value), black))
        return version_digest.field_node(self._salt, name, value), None

    def _leaves(self, name: str, value: str | dict[str, Any], most: int | None = None) -> _Part:
        """Return a field's node; of a long one, the first ``most`` segments are shown, or all."""
        if not isinstance(value, str) or len(value) <= SEGMENT:
            return self._leaf(name, value)
        parts = version_digest.segments(name, value)
        shown = [self._leaf(part, text) for part, text in parts[:most]]
        hidden = [(version_digest.leaf(self._salt, part, text), None) for part, text in parts[len(shown) :]]
        return _folded([*shown, *hidden])

    def _leaf(self, name: str, value: str | dict[str, Any]) -> _Part:
        blind = version_digest.blind(self._salt, name).hex()
        return version_digest.leaf(self._salt, name, value), [name, blind, value]

    def _proves(self, name: str, value: str | dict[str, Any]) -> Iterator[str]:
        """Yield the released values that a field proves whole; none if the release does not show it as it is."""
        one, group = self._one, name.partition(".")[0]
        if isinstance(value, str):
            shown_as = "by_account" if name == "author.is_account" else SHOWN_AS.get(name, name)
            if self._shown.get(shown_as) == (True if name == "author.is_account" else value):
                yield shown_as
        elif name == "created":
            if (one.created_at, one.created_raw, one.created_precision) == _moment(value) and one.local_time:
                yield from ("created_at", "created_raw", "created_precision", "local_time")
        elif name == "edited":
            if one.edited_at and one.edited_at == _moment(value)[0] and _PLAIN_TIME.fullmatch(value["raw"]):
                yield "edited_at"
        elif group == "recipients":
            if self._shown.get(name) == addressed(value):
                yield name
        elif group == "attachments":
            yield from _same_files(one.attachments, value)
        elif name == "native" and one.native_sha256 == value["sha256"]:
            yield "native_sha256"


def _same_files(shown: Sequence[ReleasedAttachment], value: Mapping[str, Any]) -> Iterator[str]:
    for place, one in enumerate(shown):
        if not one.redacted and all(getattr(one, key) == value[key] for key in FILE_KEYS):
            yield f"attachments.{place}"


def _moment(value: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a digest's time as a release writes it: moment, raw text, precision."""
    at = value["at"]
    return (released_moment(at) if at else "", value["raw"], value["precision"])


def released_moment(stored: str) -> str:
    """Return a stored time, ``2026-03-01T09:30:00.000Z``, as a release writes it: ``2026-03-01T09:30:00+00:00``."""
    fraction = stored[20:23]
    return f"{stored[:19]}{'' if fraction == '000' else f'.{fraction}000'}+00:00"


def addressed(value: Mapping[str, Any]) -> str:
    """Return a digest's recipient as a release shows it."""
    name, address = value["name"], value["address"]
    who = f"{name} <{address}>" if name and address else name or address
    return f"{value['role']}: {who}"


_LISTS = ("recipients", "links", "tags", "mentions", "attachments")


def flattened(one: ReleasedRecord) -> dict[str, Any]:
    """Return a record's values by name, empty ones left out: "text", "links.0", "details.status", "attachments.1"."""
    found: dict[str, Any] = {}
    for key, value in msgspec.to_builtins(one).items():
        if key in _LISTS:
            found.update((f"{key}.{place}", each) for place, each in enumerate(value))
        elif key == "details":
            found.update((f"details.{name}", each) for name, each in value.items())
        elif value:
            found[key] = value
    return {key: value for key, value in found.items() if value}


def _folded(parts: Sequence[_Part]) -> _Part:
    """Return the node over several: neighbours of which nothing is shown become one hash."""
    level = list(parts)
    while len(level) > 1:
        paired = [_joined(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def _joined(left: _Part, right: _Part) -> _Part:
    both = merkle.node_hash(left[0], right[0])
    if left[1] is None and right[1] is None:
        return both, None
    return both, [left[0].hex() if left[1] is None else left[1], right[0].hex() if right[1] is None else right[1]]

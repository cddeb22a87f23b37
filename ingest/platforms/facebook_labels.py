"""Facebook's newer records (2025 on): lists of labels and values, whatever the record is.

Labels are words of the interface in the language of whoever exported, so they are kept and never
relied on: what a value is follows from its form.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from archive.matching import PLATFORM_SAYS
from archive.records import Timestamp
from ingest.json_items import Item, items
from ingest.timestamps import from_unix

SEPARATOR = " / "
_PRIVATE = re.compile(r"-?\d{1,3}\.\d{4,}|\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){3,7}")
_NOT_WORDS = re.compile(r"True|False|[\d.\s]*")

Leaf = tuple[tuple[str, ...], str | Timestamp | list[Any]]


class Labelled(Struct, frozen=True):
    """One record: its id, what it says by label, and what its values are by their form.

    ``details`` maps labels (nested ones joined by `` / ``, repeated ones numbered) to values. ``texts`` are the
    values at the top that are neither addresses nor numbers nor yes and no, in order; ``moments`` the
    times, ``media`` paths of files with their descriptions. ``native`` are the record's own bytes; coordinates and
    IP addresses are in them only. ``place`` says where they stood.
    """

    native_id: str
    native: bytes
    place: str
    details: Mapping[str, str]
    texts: tuple[str, ...]
    urls: tuple[str, ...]
    moments: tuple[Timestamp, ...]
    media: tuple[tuple[str, str], ...]
    title: str = ""
    created: Timestamp | None = None

    @property
    def text(self) -> str:
        """The longest text: what somebody wrote, where nothing else tells."""
        return max(self.texts, key=len, default="")


def labelled(record: Mapping[str, Any], native: bytes, place: str) -> Iterator[Labelled]:
    """Yield the records of one object: usually one; several where they were flattened into one list.

    Only a record that stands alone has the object's id and time.
    """
    found = record.get("label_values")
    values = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    parts = split(values)
    if len(parts) < 2:
        yield _labelled(record, values, native, place)
        return
    own = _native_parts(native, [len(part) for part in parts])
    for number, (part, bytes_of_part) in enumerate(zip(parts, own, strict=True), 1):
        yield _labelled({}, part, bytes_of_part, f"{place}, record {number}")


def split(values: Sequence[Mapping[str, Any]]) -> list[Sequence[Mapping[str, Any]]]:
    """Split a list where its sequence of labels begins again; a list that does not repeat is one record.

    Sure only if every part begins with the same label and repeats no label; otherwise the list stays whole.
    """
    labels = [_label(one) for one in values]
    starts = [number for number, label in enumerate(labels) if label == labels[0]] if labels else []
    if len(starts) < 2:
        return [values]
    parts = [values[start:end] for start, end in zip(starts, [*starts[1:], len(values)], strict=True)]
    return parts if all(len({*map(_label, part)}) == len(part) > 1 for part in parts) else [values]


def _native_parts(native: bytes, lengths: Sequence[int]) -> Iterator[bytes]:
    """Cut an object's own bytes into those of its records; where that fails each keeps all of them."""
    own = [one.native for one in items(io.BytesIO(native), after='"label_values"') if isinstance(one, Item)]
    if len(own) != sum(lengths):
        yield from (native for _ in lengths)
        return
    start = 0
    for length in lengths:
        yield b"[" + b", ".join(own[start : start + length]) + b"]"
        start += length


def _label(value: Mapping[str, Any]) -> str:
    return str(value.get("label") or value.get("title") or "")


def _labelled(record: Mapping[str, Any], values: Sequence[Mapping[str, Any]], native: bytes, place: str) -> Labelled:
    details: dict[str, str] = {}
    texts: list[str] = []
    urls: list[str] = []
    moments: list[Timestamp] = []
    media = list(_media(record.get("media")))
    for path, value in _leaves(values, ()):
        if isinstance(value, list):
            media.extend(_media(value))
            continue
        if isinstance(value, Timestamp):
            moments.append(value)
        elif value.startswith(("https://", "http://")):
            urls.append(value)
            continue
        elif len(path) < 2 and not _NOT_WORDS.fullmatch(value):
            texts.append(value)
        if shown := _shown(value):
            details[_free(SEPARATOR.join((PLATFORM_SAYS, *(path or ("value",)))), details)] = shown
    stamp = record.get("timestamp")
    return Labelled(
        native_id=str(record.get("fbid") or ""),
        native=native,
        place=place,
        details=details,
        texts=tuple(texts),
        urls=tuple(dict.fromkeys(urls)),
        moments=tuple(moments),
        media=tuple(dict.fromkeys(media)),
        title=str(record.get("title") or ""),
        created=from_unix(stamp) if stamp else None,
    )


def _shown(value: str | Timestamp) -> str:
    if isinstance(value, str):
        return "" if _PRIVATE.fullmatch(value) else value
    return value.at.isoformat() if value.at else value.raw


def _leaves(values: Any, path: tuple[str, ...]) -> Iterator[Leaf]:
    for one in values if isinstance(values, list | tuple) else ():
        if isinstance(one, dict):
            label = _label(one)
            yield from _own_leaves(one, (*path, label) if label else path)


def _own_leaves(one: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Leaf]:
    if one.get("timestamp_value"):
        yield path, from_unix(one["timestamp_value"])
    if isinstance(one.get("value"), str | int | float):
        yield path, str(one["value"])
    if one.get("href") and one["href"] != one.get("value"):
        yield path, str(one["href"])
    if one.get("media"):
        yield path, one["media"] if isinstance(one["media"], list) else [one["media"]]
    for inner in ("vec", "dict"):
        yield from _leaves(one.get(inner), path)


def _media(values: Any) -> Iterator[tuple[str, str]]:
    for one in values if isinstance(values, list) else ():
        if isinstance(one, dict) and one.get("uri"):
            yield str(one["uri"]), str(one.get("description") or "")


def _free(label: str, taken: Mapping[str, str]) -> str:
    if label not in taken:
        return label
    return next(name for number in range(2, len(taken) + 3) if (name := f"{label} ({number})") not in taken)

"""Named values of Instagram's records (``string_map_data``), whose names are words of the interface.

What a value is follows from its name where that is known in some language, else from its form and place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from archive.records import Timestamp
from ingest.timestamps import from_unix


@cache
def known_words() -> Mapping[str, str]:
    """Return what each word of the interface, in small letters, means."""
    found = tomllib.loads(resources.files(__package__).joinpath("instagram_words.toml").read_text(encoding="utf-8"))
    return {word: meaning for meaning, words in found.items() for word in words}


def named(item: Mapping[str, Any], key: str = "string_map_data") -> dict[str, Mapping[str, Any]]:
    """Return an item's values by what their names mean; a name that is not known stays as it is."""
    values = item.get(key)
    known = known_words()
    found: dict[str, Mapping[str, Any]] = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        if isinstance(value, dict):
            found.setdefault(known.get(name.strip().casefold(), name), value)
    return found


def text(values: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """Return a value's text, empty if there is none."""
    return str(values.get(name, {}).get("value") or "")


def moment(values: Mapping[str, Mapping[str, Any]]) -> Timestamp | None:
    """Return the first time among the values, whatever its name."""
    stamp = next((one["timestamp"] for one in values.values() if one.get("timestamp")), None)
    return from_unix(stamp) if stamp else None


def in_order(values: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    """Return the texts of these names; where none is known, the texts that have no time, in their order."""
    if any(name in values for name in names):
        return [text(values, name) for name in names]
    found = [str(one["value"]) for one in values.values() if one.get("value") and not one.get("timestamp")]
    return [*found, *[""] * len(names)][: len(names)]


def listed(item: Mapping[str, Any], key: str = "string_list_data") -> list[Mapping[str, Any]]:
    """Return the objects under a key."""
    found = item.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

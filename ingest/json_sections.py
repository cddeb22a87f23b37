"""The lists of one JSON object, wherever in it they lie, item by item out of a file of any size."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import BinaryIO

from ingest.json_items import listed
from ingest.json_window import WINDOW, Broken, Item, Window, next_item

Path = tuple[str, ...]
"""The keys over a value, the outermost first."""

DEEPEST = 64
"""How deep objects may lie in each other."""


def sections(
    stream: BinaryIO, whole: Collection[str] = (), window: int = WINDOW
) -> Iterator[tuple[Path, Iterator[Item | Broken]]]:
    """Yield every list of an object with the keys over it, and its items; each is read to its end before the next.

    Objects and bare values under one of the keys ``whole`` (in small letters) are one item each. What cannot be gone
    through ends with something broken of no path.
    """
    view = Window(stream, window)
    if view.skip_blank() != "{":
        yield (), iter([Broken(0, 0, view.failure or "it is no JSON object", b"")])
        return
    path: list[str] = []
    view.at += 1
    while (character := view.skip_blank()) != "}" or path:
        if character == "}":
            view.at += 1
            path.pop()
            continue
        key = _key(view) if character == '"' and len(path) < DEEPEST else None
        if key is None:
            yield (), iter([Broken(0, view.offset(), view.failure or _why(character), b"")])
            return
        opens = view.skip_blank()
        if opens == "{" and key.casefold() not in whole:
            view.at += 1
            path.append(key)
            continue
        inside = _closed(view) if opens == "[" else iter([next_item(view, 1)])
        if opens in ("[", "{") or key.casefold() in whole:
            yield (*path, key), inside
        for _ in inside:
            pass


def _key(view: Window) -> str | None:
    """Return a key and move behind its colon; None if there is none."""
    found = next_item(view, 1)
    if isinstance(found, Broken) or not isinstance(found.value, str) or view.skip_blank() != ":":
        return None
    view.at += 1
    return found.value


def _closed(view: Window) -> Iterator[Item | Broken]:
    view.at += 1
    yield from listed(view)
    view.at += 1


def _why(character: str) -> str:
    return "it goes on as no JSON object does" if character else "the file ends before its object does"

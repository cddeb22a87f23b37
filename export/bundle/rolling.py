"""What is new and what changed since the production before, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from export.released import Changed, Production


class Rolling(Struct, frozen=True, kw_only=True):
    """A rolling release's note. ``new`` are the Bates numbers in words: "000101 to 000112", "000130"."""

    new_count: int
    new: tuple[str, ...]
    changed: tuple[Changed, ...]


def note(production: Production) -> Rolling | None:
    """Return the note, None for a first production or one in which nothing is new or changed."""
    if not production.new and not production.changed:
        return None
    return Rolling(
        new_count=len(production.new), new=tuple(_in_words(production.new)), changed=production.changed
    )  # fmt: skip


def _in_words(numbers: Iterable[int]) -> Iterator[str]:
    for first, last in _runs(sorted(set(numbers))):
        yield f"{first:06}" if first == last else f"{first:06} to {last:06}"


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = number
        elif number != last + 1:
            yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last

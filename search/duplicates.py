"""Near-duplicates among hits: the same words posted in several places, give or take a link or a tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archive.records import Version
from search.analysis import words

ALIKE = 0.8
"""The share of words in common (of all words of both) from which on two texts count as the same."""

RAREST = 4
"""Longest words of a text by which others that may be alike are found."""


def groups(versions: Sequence[Version]) -> list[list[Version]]:
    """Return versions in groups of near-duplicates, each group where its first member stood.

    Versions of one record always belong together; what has fewer than three words is alike to nothing.
    """
    bags = [_bag(one) for one in versions]
    above = list(range(len(versions)))
    for first, second in _candidates(versions, bags):
        one, other = sorted((_top(above, first), _top(above, second)))
        if one != other and (versions[first].record == versions[second].record or _alike(bags[first], bags[second])):
            above[other] = one
    found: dict[int, list[Version]] = {}
    for place, version in enumerate(versions):
        found.setdefault(_top(above, place), []).append(version)
    return list(found.values())


def _bag(version: Version) -> frozenset[str]:
    plain = [part for part in version.content.text.split() if "://" not in part]
    return frozenset(one for one in words(" ".join(plain)) if not one.startswith(("#", "@")))


def _candidates(versions: Sequence[Version], bags: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield pairs worth a look: versions of one record, and texts that share one of their longest words."""
    last: dict[object, int] = {}
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for place, version in enumerate(versions):
        if version.record in last:
            yield last[version.record], place
        last[version.record] = place
        if len(bags[place]) < 3:
            continue
        for word in sorted(bags[place], key=lambda one: (-len(one), one))[:RAREST]:
            yield from ((other, place) for other in sharing[word])
            sharing[word].append(place)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)


def _top(above: list[int], place: int) -> int:
    while above[place] != place:
        above[place] = above[above[place]]
        place = above[place]
    return place

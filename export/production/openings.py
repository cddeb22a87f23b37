"""How much of a long text a proof may open when something in it is black, so that nothing tells how much that is.

A segment's name says its place and how many there are. A segment that is opened behind black words would tell their
length to the character, and the number of segments tells the length of the text to ``SEGMENT`` code points.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.version_digest import SEGMENT

SHORT = 32
"""Code points: a name, a number, an address. Black words of any such length look alike."""


def opened_segments(length: int, black: Sequence[tuple[int, int]]) -> int:
    """Return how many segments of a long text may be opened, from its beginning; ``black`` are stretches, in order.

    They are those before the first black word, if the number of segments is one that all short lengths lead to, or
    that none of up to ``SEGMENT`` does.
    """
    seen = length - sum(stop - start for start, stop in black)
    count = _segments(length)
    tells_nothing = _segments(seen + 1) == count == _segments(seen + SHORT)
    if not tells_nothing and count <= _segments(seen + SEGMENT):
        return 0
    return black[0][0] // SEGMENT


def _segments(length: int) -> int:
    return -(-length // SEGMENT)

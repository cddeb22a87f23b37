"""What a file says, as far as a machine can read it."""

from __future__ import annotations

from msgspec import Struct

MOST = 2_000_000
"""Characters of one file that are kept: about 800 pages."""


class Said(Struct, frozen=True):
    """The words of a file, and how they were read ("pypdfium2 5.1"); empty where nothing could be.

    ``fault`` says why there are none, or not all. ``tells`` is what the file's metadata tell beside what it shows:
    "place" (GPS coordinates), "address" (from which computer it was sent), "address place", or nothing.
    """

    text: str = ""
    how: str = ""
    fault: str = ""
    tells: str = ""


class Unreadable(ValueError):
    """A file has no words that can be read; the message says why."""

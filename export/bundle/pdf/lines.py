"""A released value as lines of runs: plain words, black boxes with their marker, emoji.

The templates get these as data and show each run as a string; nothing a record says is ever typst source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from export.bundle.pdf.characters import LONGEST_WORD, breakable, is_right_to_left, language, printable
from export.released import Redaction

PLAIN, BLACK, EMOJI = "plain", "black", "emoji"

_PICTURED = "\U0001f000-\U0001faff"
_SHOWN_AS_EMOJI = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
)
"""Characters of older blocks that are pictures without being asked (Unicode's Emoji_Presentation)."""

_UNIT = f"(?:[{_PICTURED}{_SHOWN_AS_EMOJI}]\ufe0f?|[^\\w\\s]\ufe0f|[0-9#*]\ufe0f?\u20e3)"
_JOINED = "\u200d[\u2640\u2642\u2695\u2696\u2708]\ufe0f?"
_EMOJI = re.compile(f"({_UNIT}(?:\u200d?{_UNIT}|{_JOINED}|[\U000e0020-\U000e007f])*)")


class Run(Struct, frozen=True, omit_defaults=True):
    """Letters that look alike: plain, black (a marker in white on black) or emoji."""

    text: str
    kind: str = PLAIN


class Line(Struct, frozen=True, omit_defaults=True):
    """One line of a value as it was written, to be set as a paragraph; ``lang`` is empty for the document's own."""

    runs: tuple[Run, ...] = ()
    rtl: bool = False
    lang: str = ""


def lines(value: str, redactions: Sequence[Redaction] = (), longest_word: int = LONGEST_WORD) -> tuple[Line, ...]:
    """Return a value line by line, what is blacked out as boxes with their markers."""
    current: list[Run] = []
    done: list[Line] = []
    for piece, kind in _pieces(value, redactions):
        if kind == BLACK:
            current.append(Run(" ".join(printable(piece).split()), BLACK))
            continue
        first, *more = printable(piece).split("\n")
        current.extend(_runs(first, longest_word))
        for line in more:
            done.append(_line(current))
            current = list(_runs(line, longest_word))
    done.append(_line(current))
    while done and not done[-1].runs:
        done.pop()
    return tuple(done)


def line(value: str, longest_word: int = LONGEST_WORD) -> Line:
    """Return a value as one line: what has no line ends, or should have none (a name, a cell)."""
    return _line(list(_runs(" ".join(printable(value).split()), longest_word)))


def _pieces(value: str, redactions: Sequence[Redaction]) -> Iterator[tuple[str, str]]:
    at = 0
    for one in sorted(redactions, key=lambda one: one.start):
        if one.start == one.stop or one.start < at:
            continue
        yield value[at : one.start], PLAIN
        yield one.marker or value[one.start : one.stop], BLACK
        at = one.stop
    yield value[at:], PLAIN


def _runs(text: str, longest_word: int) -> Iterator[Run]:
    for number, part in enumerate(_EMOJI.split(text)):
        if part:
            yield Run(part, EMOJI) if number % 2 else Run(breakable(part, longest_word))


def _line(runs: Sequence[Run]) -> Line:
    words = "".join(one.text for one in runs if one.kind == PLAIN)
    return Line(tuple(runs), is_right_to_left(words), language(words))

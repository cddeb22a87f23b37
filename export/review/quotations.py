"""Where one message quotes another: quoted lines, replies, forwarded blocks, in English, Spanish and German.

A text is read line by line. A *head* is what introduces a quotation: "On … Dana wrote:", or a block of "From:",
"Sent:", "To:" lines with or without "-----Original Message-----" above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

LONGEST_ATTRIBUTION = 3
"""How many lines "On … wrote:" may be wrapped over."""

_LINE = re.compile(r"[^\n\r]*(?:\r\n|\n|\r|\Z)")
_MARKS = re.compile(r"[ \t]{0,4}(?:>[ \t]?){1,64}")
_BEGINS = re.compile(r"(?:(?:on|el|am)\b[\s,]|\S.{0,200}@)", re.IGNORECASE)
_ENDS = re.compile(r"(?:\bwrote|\bescribió|\bescribio|\bschrieb\b[^:]{0,200})\s{0,2}:\s*\Z", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*(?:[-_=]{2,40}\s{0,2}(?:original\s+message|forwarded\s+message|forwarded\s+by\b.{0,100}|mensaje\s+original|mensaje\s+reenviado"
    r"|ursprüngliche\s+nachricht|weitergeleitete\s+nachricht)\b[\s:\w]{0,20}[-_=]{0,40}"
    r"|begin\s+forwarded\s+message:|inicio\s+del\s+mensaje\s+reenviado:|anfang\s+der\s+weitergeleiteten\s+nachricht:)\s*\Z",
    re.IGNORECASE,
)
_FROM = re.compile(r"[ \t]*\*{0,2}(?:from|de|von)\s?:\*{0,2}[ \t]", re.IGNORECASE)
_HEADER = re.compile(
    r"[ \t]*\*{0,2}(?:from|sent|date|to|cc|bcc|subject|reply-to|importance|attachments"
    r"|de|enviado|enviado el|fecha|para|asunto"
    r"|von|gesendet|datum|an|betreff)\s?:",
    re.IGNORECASE,
)
FEWEST_HEADERS = 3
"""Without a line such as "-----Original Message-----" above it, so many header lines in a row make a head."""

MOST_HEADERS = 12


class Span(Struct, frozen=True, order=True):
    """A part of a text, ``text[start:stop]``; ``head`` is where its introduction ends, ``start`` if it has none."""

    start: int
    stop: int
    head: int = 0


class Line(Struct, frozen=True):
    """One line: its place, its words without ">" and line end, and how deep it is quoted."""

    start: int
    stop: int
    words: str
    depth: int

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on it but blanks and ">"."""
        return not self.words


class Head(Struct, frozen=True):
    """What introduces a quotation: lines ``first`` to ``after`` (not included), at which depth."""

    first: int
    after: int
    depth: int


def lines(text: str) -> list[Line]:
    """Return the lines of a text; their places cover it without a hole."""
    return [_line(match) for match in _LINE.finditer(text) if match.group()]


def _line(match: re.Match[str]) -> Line:
    written = match.group()
    marks = _MARKS.match(written)
    cut = marks.end() if marks else 0
    return Line(match.start(), match.end(), written[cut:].strip(), written[:cut].count(">"))


def heads(of: Sequence[Line]) -> Iterator[Head]:
    """Yield what introduces quotations, also within quoted lines, in the order of the text."""
    place = 0
    while place < len(of):
        after = _attribution(of, place) or _headers(of, place)
        if after:
            yield Head(place, after, of[place].depth)
        place = after or place + 1


def _attribution(of: Sequence[Line], place: int) -> int:
    """Return the line behind "On … wrote:", 0 if none begins here."""
    if not _BEGINS.match(of[place].words):
        return 0
    written = ""
    for after in range(place, min(len(of), place + LONGEST_ATTRIBUTION)):
        if of[after].is_blank or of[after].depth != of[place].depth:
            return 0
        written += " " + of[after].words[-400:]
        if _ENDS.search(written[-250:]):
            return after + 1
    return 0


def _headers(of: Sequence[Line], place: int) -> int:
    """Return the line behind a block of header lines with what stands above it, 0 if none begins here."""
    separated = bool(_SEPARATOR.match(of[place].words[:200]))
    first = place + separated
    while separated and first < len(of) and of[first].is_blank and first < place + LONGEST_ATTRIBUTION:
        first += 1
    after = first
    for line in of[first : first + MOST_HEADERS]:
        if line.depth != of[place].depth or not _HEADER.match(line.words):
            break
        after += 1
    if separated:
        return after if after > first else place + 1
    is_block = after - first >= FEWEST_HEADERS and any(_FROM.match(line.words) for line in of[first:after])
    return after if is_block else 0


def end_of(of: Sequence[Line], head: Head, until: int) -> int:
    """Return the line behind what a head introduces: the deeper lines right below it, else all that is as deep.

    No line from ``until`` on is read.
    """
    place = head.after
    while place < until and of[place].is_blank:
        place += 1
    if place >= until:
        return until
    return _run(of, place, head.depth + (of[place].depth > head.depth), until)


def _run(of: Sequence[Line], place: int, depth: int, until: int) -> int:
    """Return the line behind a run of lines at least so deep; blank ones within it belong to it."""
    after = place
    for here in range(place, until):
        if of[here].depth >= depth:
            after = here + 1
        elif not of[here].is_blank:
            break
    return max(after, place)


def quotations(text: str) -> list[Span]:
    """Return the quoted blocks of a text, the outermost ones, with what introduces them; none overlaps another."""
    of = lines(text)
    beginning = {head.first: head for head in heads(of)}
    found, place = [], 0
    while place < len(of):
        head = beginning.get(place)
        after = _block(of, place, head)
        if after > place:
            found.append(span(of, place, after, head.after if head else place))
        place = max(after, place + 1)
    return found


def _block(of: Sequence[Line], place: int, head: Head | None) -> int:
    if of[place].depth:
        return _run(of, place, 1, len(of))
    return end_of(of, head, len(of)) if head else place


def span(of: Sequence[Line], first: int, after: int, introduced: int) -> Span:
    """Return the place in the text of lines ``first`` to ``after`` (not included)."""
    head = of[introduced - 1].stop if introduced > first else of[first].start
    return Span(of[first].start, of[after - 1].stop, head)

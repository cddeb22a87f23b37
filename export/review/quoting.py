"""Whether one message's words stand in another: so that what stays in also stays in where it is quoted or forwarded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from export.review.quotations import Span, lines, quotations

RUN = 8
"""So many words in a row are no accident."""

FEWEST = 5
"""A message of fewer words is found nowhere: "Yes, that is fine." stands everywhere."""

GAP = 24
"""So many other words may interrupt a quotation: an inserted answer, a rewritten link."""

_WORD = re.compile(r"\w+")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


Word = tuple[str, int, int]
"""A word in lower case, and its place."""


def quotes(of_text: str, in_text: str) -> Span | None:
    """Return where the own words of one message stand in another text, None where they do not.

    Line ends, blanks and ">" do not count. Within a quotation a run of eight words is enough; elsewhere half of the
    message has to be there, since people who share an office share phrases. What the message itself quotes, and its
    signature, are not its own words.
    """
    own = [word for word, *_ in _words(own_text(of_text))]
    if len(own) < FEWEST:
        return None
    run = min(RUN, len(own))
    found = _words(in_text)
    best = max(_passages(own, found, run), key=lambda one: one[2], default=None)
    if best is None:
        return None
    first, last, count = best
    span = Span(found[first][1], found[last][2], found[first][1])
    quoted = any(one.start <= span.start < one.stop for one in quotations(in_text))
    return span if quoted or (run == RUN and 2 * count >= len(own)) else None


def own_text(text: str) -> str:
    """Return a message's text without what it quotes and without what follows the line "-- "."""
    kept, place = [], 0
    for one in quotations(text):
        kept.append(text[place : one.start])
        place = one.stop
    kept.append(text[place:])
    return _SIGNATURE.split("".join(kept), maxsplit=1)[0]


def _words(text: str) -> list[Word]:
    words = []
    for line in lines(text):
        shift = text.find(line.words, line.start) if line.words else line.start
        words += [
            (match.group().casefold(), shift + match.start(), shift + match.end())
            for match in _WORD.finditer(line.words)
        ]
    return words


def _passages(own: Sequence[str], found: Sequence[Word], run: int) -> list[tuple[int, int, int]]:
    """Return (first word, last word, how many of them are the message's) of each passage that quotes it."""
    runs = {tuple(own[place : place + run]) for place in range(len(own) - run + 1)}
    passages: list[tuple[int, int, int]] = []
    covered = -1
    for place in range(len(found) - run + 1):
        if tuple(word for word, *_ in found[place : place + run]) not in runs:
            continue
        last = place + run - 1
        new = last - max(covered, place - 1)
        if passages and place - covered <= GAP:
            first, _, count = passages[-1]
            passages[-1] = (first, last, count + new)
        else:
            passages.append((place, last, new))
        covered = last
    return passages

"""The city's lawyers: which messages are to or from them, and where others quote them (Wis. Stat. § 905.03).

Counsel is a list of names ("Dana Whitfield"), addresses, and whole domains ("@lawfirm.example"). What is found is shown
to a reviewer, who decides: not every word to a lawyer asks for advice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from export.review.plain import EMAIL, plain
from export.review.quotations import Head, Line, Span, end_of, heads, lines, span
from export.review.quoting import quotes

__all__ = ["is_counsel", "quoted_counsel", "quotes"]

TITLES = {"atty", "attorney", "attorneys", "esq", "esquire", "jd", "mr", "mrs", "ms", "dr", "jr", "sr", "ii", "iii"}

_WORD = re.compile(r"\w+")
_SIGNED = re.compile(r"\s*(?:[,|(–-].*)?", re.DOTALL)
_LEGEND = re.compile(
    r"\b(?:(?:attorney|lawyer)[\s/-]{1,3}client|attorney(?:'s)?\s{1,2}work[\s-]product|legally\s{1,2}privileged"
    r"|privileged\s{1,2}(?:and|&)\s{1,2}confidential|confidencialidad\s{1,2}abogado[\s-]cliente)\b",
    re.IGNORECASE,
)
LONGEST_SIGNATURE = 120


def is_counsel(address_or_name: str, counsel: Sequence[str]) -> bool:
    """Say whether somebody is on the list of counsel; takes "Dana Whitfield <dana@lawfirm.example>" too.

    A name fits in any order and with anything between ("Whitfield, Dana R."); a domain fits its subdomains.
    """
    given = plain(address_or_name)
    addresses = [match.group().casefold() for match in EMAIL.finditer(given)]
    names = _name(EMAIL.sub(" ", given))
    return any(_fits(one.strip().casefold(), addresses, names) for one in counsel)


def _fits(one: str, addresses: Sequence[str], names: frozenset[str]) -> bool:
    if one.startswith("@"):
        return any(address.endswith((one, "." + one[1:])) for address in addresses)
    if "@" in one:
        return one in addresses
    wanted = _name(one)
    return wanted <= names if len(wanted) > 1 else bool(wanted) and wanted == names


def _name(written: str) -> frozenset[str]:
    words = {match.group().casefold() for match in _WORD.finditer(plain(written))}
    return frozenset(word for word in words if len(word) > 1 and word not in TITLES)


def quoted_counsel(text: str, counsel: Sequence[str]) -> list[Span]:
    """Return where a text quotes counsel, in order: what heads that name them introduce, and lines they sign.

    A piece ends where the next message of the same thread begins. Pieces do not overlap.
    """
    of = lines(text)
    introduced = list(heads(of))
    found = [
        _piece(of, introduced, place)
        for place, head in enumerate(introduced)
        if any(_names_counsel(line.words, counsel) for line in of[head.first : head.after])
    ]
    found += [span(of, place, place + 1, place) for place, line in enumerate(of) if _is_signed(line.words, counsel)]
    return _joined(found)


def legends(text: str) -> list[Span]:
    """Return the lines that call a message privileged: "PRIVILEGED – ATTORNEY-CLIENT COMMUNICATION"."""
    of = lines(text)
    return [span(of, place, place + 1, place) for place, line in enumerate(of) if _LEGEND.search(plain(line.words))]


def _piece(of: Sequence[Line], introduced: Sequence[Head], place: int) -> Span:
    head = introduced[place]
    after = (introduced[one] for one in range(place + 1, len(introduced)))
    following = (one.first for one in after if one.depth == head.depth)
    return span(of, head.first, end_of(of, head, next(following, len(of))), head.after)


def _names_counsel(line: str, counsel: Sequence[str]) -> bool:
    """Say whether a line of a head names counsel: one of several addressees is enough."""
    return any(is_counsel(part, counsel) for part in [*re.split(r"[;,<>\[\]()]|\bwrote\b", line), line])


def _is_signed(line: str, counsel: Sequence[str]) -> bool:
    """Say whether a line is a signature: an address of counsel, or their name with no sentence behind it."""
    if len(line) > LONGEST_SIGNATURE:
        return False
    if any(is_counsel(match.group(), counsel) for match in EMAIL.finditer(line)):
        return True
    folded = plain(line).casefold().lstrip("*_-– ~")
    names = (plain(one).casefold().strip() for one in counsel if "@" not in one)
    return any(
        name and folded.startswith(name) and _SIGNED.fullmatch(folded, len(name)) and folded[-1] not in "!?"
        for name in names
    )


def _joined(found: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for one in sorted(found):
        if joined and one.start < joined[-1].stop:
            last = joined[-1]
            joined[-1] = Span(last.start, max(last.stop, one.stop), last.head)
        else:
            joined.append(one)
    return joined

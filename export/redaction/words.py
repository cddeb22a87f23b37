"""Words blacked out of a text, and where else the same words stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from export.redaction.folding import MARKS, fold, folded_text, lightly_folded

UNSPACED = "぀-ヿ㐀-䶿一-鿿豈-﫿가-힣ᄀ-ᇿ฀-๿຀-໿က-႟ក-៿𠀀-𲎯"
"""Scripts in which a name stands without spaces around it, or with a particle joined to it."""

_LETTER = rf"(?:[^\W_{UNSPACED}]|[ऀ-෿])"
_BEFORE = rf"(?<![ऀ-෿])(?<![^\W_{UNSPACED}])"
_AFTER = rf"(?!{_LETTER})"
_CLEAR_BEFORE = re.compile(_BEFORE)
_CLEAR_AFTER = re.compile(_AFTER)
"""Not parts of the patterns of words: a class of so many signs takes 3 ms to compile."""

_NUMBER = re.compile(r"[\d\s().,+/·-]+")
_BETWEEN_DIGITS = r"[\s().+/·_-]{0,4}"
_TRAILING = re.compile(f"[{MARKS}]*")


class Span(Struct, frozen=True, order=True):
    """A stretch of a text, in code points, ``stop`` just outside. ``label`` is what its marker says: a citation."""

    start: int
    stop: int
    label: str = ""


class Placed(Struct, frozen=True, kw_only=True):
    """A marker in the new text, in code points. ``number`` counts on from the first that was asked for."""

    number: int
    start: int
    stop: int
    marker: str


def black_out(text: str, spans: Sequence[Span], first: int = 1) -> tuple[str, tuple[Placed, ...]]:
    """Replace every span by a marker, ``[redacted 1: Wis. Stat. 19.36(13)]``; return the new text and the markers.

    The markers are those of :func:`merged`, in their order, numbered from ``first``. Nothing in them tells how long
    the words were.
    """
    pieces: list[str] = []
    placed: list[Placed] = []
    done = length = 0
    for number, one in enumerate(merged(text, spans), first):
        marker = f"[redacted {number}: {one.label}]" if one.label else f"[redacted {number}]"
        start = length + one.start - done
        pieces += [text[done : one.start], marker]
        placed.append(Placed(number=number, start=start, stop=start + len(marker), marker=marker))
        done, length = one.stop, start + len(marker)
    return "".join((*pieces, text[done:])), tuple(placed)


def merged(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the stretches that spans cover together: in order, apart, in the text, each with all of its labels.

    Spans may overlap, touch, run over the ends or backwards; a stretch takes in the accents after its last letter.
    """
    joined: list[tuple[int, int, tuple[str, ...]]] = []
    for start, stop, label in sorted(_within(text, spans)):
        labels = (label,) if label else ()
        if joined and start <= joined[-1][1]:
            before = joined.pop()
            labels = tuple(dict.fromkeys((*before[2], *labels)))
            start, stop = before[0], max(before[1], stop)
        joined.append((start, stop, labels))
    return tuple(Span(start, stop, "; ".join(labels)) for start, stop, labels in joined)


def _within(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    for one in spans:
        start, stop = sorted((min(max(one.start, 0), len(text)), min(max(one.stop, 0), len(text))))
        if start < stop:
            trailing = _TRAILING.match(text, stop)
            yield start, trailing.end() if trailing else stop, one.label


def occurrences(words: str, text: str, label: str = "") -> tuple[Span, ...]:
    """Return where the same words stand in a text, in order; they may overlap.

    Case, accents, width, runs of spaces and the spelling of apostrophes and hyphens do not count, whole words do
    (in scripts without spaces any stretch). A number of seven digits and more is found in any punctuation, with or
    without a country's 1. Addresses are found in ``mailto:`` and in URLs, percent-encoded or not.
    """
    folded = fold(text)
    return tuple(Span(*folded.span(start, stop), label) for start, stop in _found(words, folded.text))


def stand_in(words: str, folded: str, anywhere: bool = False) -> bool:
    """Say whether words stand in a text that was folded before.

    ``anywhere`` takes parts of longer words too, in a text that was folded lightly.
    """
    return next(_found(words, folded, anywhere), None) is not None


def _found(words: str, folded: str, anywhere: bool = False) -> Iterator[tuple[int, int]]:
    sought = _sought(words, anywhere)
    if sought is None or sought.key not in folded:
        return
    match = sought.pattern.search(folded)
    while match:
        if sought.is_whole(folded, *match.span()):
            yield match.span()
        match = sought.pattern.search(folded, match.start() + 1)


class _Sought(Struct, frozen=True):
    """How words are looked for. ``key`` stands in every text that has them: a quick look saves a slow one.

    ``begins`` and ``ends`` say that no letter may stand before and after them.
    """

    pattern: re.Pattern[str]
    key: str = ""
    begins: bool = False
    ends: bool = False

    def is_whole(self, folded: str, start: int, stop: int) -> bool:
        """Say whether what was found is no part of a longer word."""
        clear_before = not self.begins or _CLEAR_BEFORE.match(folded, start)
        return bool(clear_before and (not self.ends or _CLEAR_AFTER.match(folded, stop)))


@lru_cache(maxsize=10_000)
def _sought(words: str, anywhere: bool) -> _Sought | None:
    plain = (lightly_folded(words) if anywhere else folded_text(words)).strip().removeprefix("mailto:")
    digits = re.sub(r"\D", "", plain)
    if 7 <= len(digits) <= 19 and _NUMBER.fullmatch(plain):
        return _Sought(_number(digits, anywhere))
    if not plain:
        return None
    parts = plain.split()
    core = re.compile(r"[\s_+]+".join(re.escape(one) for one in parts))
    begins, ends = (bool(re.match(_LETTER, one)) and not anywhere for one in (plain, plain[-1]))
    return _Sought(core, max(parts, key=len), begins, ends)


def _number(digits: str, anywhere: bool) -> re.Pattern[str]:
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if anywhere:
        return re.compile(_BETWEEN_DIGITS.join(digits))
    country = rf"(?:\+?1{_BETWEEN_DIGITS})?" if len(digits) == 10 else ""
    return re.compile(rf"(?<!\d){country}\(?{_BETWEEN_DIGITS.join(digits)}(?!\d)")

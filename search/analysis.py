"""The one analyzer: what a text is for searching. Every engine is fed these tokens and no others.

A text is its words in the order of reading, folded (case, width, accents); scripts without spaces give one
token a character, so that any stretch is a phrase. What is also looked for as a whole (addresses, #tags,
@handles, phone numbers, decimals) follows after a :data:`BREAK`, so that it stands in no phrase's way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from search.characters import INVISIBLE, LATIN, MARKS, UNSPACED, VOICING
from search.folding import fold as fold

ANALYZER_VERSION = 4
"""A change of any rule here or in :mod:`search.folding`, or of what an engine keeps of a document, is a new number:
indexes made under another are rebuilt.
"""

BREAK = "\x1f"
"""A token between texts, so that no phrase reaches from one into the next."""

_LETTER = rf"[^\W_{UNSPACED}]"
_WORD = rf"{_LETTER}+(?:[{MARKS}{INVISIBLE}]+{_LETTER}*)*"
_NAME = rf"\w[\w{UNSPACED}{MARKS}{INVISIBLE}]*"
_DASH = r" \u00a0./\u00b7\u2010-\u2015-"
_TOKEN = re.compile(
    rf"(?P<word>[A-Za-z]++(?=[\s,;!?)]|\Z))"
    rf"|(?P<url>(?i:https?)://[^\s<>\"\u3000-\u303f\uff00-\uffef{UNSPACED}]+)"
    rf"|(?P<mail>[{LATIN}][{LATIN}_.+%-]*+@[{LATIN}][{LATIN}-]*(?:\.[{LATIN}-]+)+)"
    rf"|(?P<tag>[#\uff03]{_NAME})"
    rf"|(?P<handle>[@\uff20]{_NAME}(?:[.-]{_NAME})*)"
    rf"|(?P<phone>(?<![\w.])(?:(?:\+?1[{_DASH}]?)?\(?\d{{3}}\)?[{_DASH}]{{0,2}}\d{{3}}[{_DASH}]?\d{{4}}"
    rf"|\d{{3}}(?:[{_DASH[2:]}]|[ \u00a0](?!19|20))\d{{4}}|\+\d[\d{_DASH}()]{{6,18}}\d)(?!\w))"
    rf"|(?P<number>(?<![\w.,])(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)+)(?![\w]))"
    rf"|(?P<unspaced>[{UNSPACED}][{VOICING}]*)"
    rf"|(?P<spaced>{_WORD}(?:['\u2018\u2019\u201b\uff07]{_WORD})*)"
)


class Token(Struct, frozen=True):
    """One token: its folded text, and where in the analysed text it stands (code points)."""

    text: str
    start: int
    end: int


_HARD = re.compile(r"[@#]|://|\+\d|\d[.,]\d|\d{3}[) ./-]{0,3}\d")
"""What an ASCII text has when it may hold more than plain words."""

_PLAIN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_DIGIT = re.compile(r"\d")

LONG = 40
"""Letters of a run up to which its analysis is kept for the next time."""


def words(text: str) -> list[str]:
    """Return the folded words of a text in their order; after a :data:`BREAK`, what is found as a whole."""
    if text.isascii() and not _HARD.search(text):
        return _PLAIN.findall(text.lower())
    found: list[str] = []
    wholes: list[str] = []
    is_after_digits = False
    for run in text.split():
        parts, several, has_digits = _known(run) if len(run) <= LONG else _analysed(run)
        if has_digits and is_after_digits:
            found, wholes, _ = _analysed(text)
            break
        is_after_digits = has_digits or (is_after_digits and not parts)
        found += parts
        wholes += several
    return [*found, BREAK, *wholes] if wholes else found


def _analysed(text: str) -> tuple[list[str], list[str], bool]:
    """Return a text's words, what is found as a whole, and whether digits are among them.

    Nothing but a telephone number reaches over blanks, so that a run of letters can be analysed by itself unless
    digits stand on both sides of a blank.
    """
    found: list[str] = []
    wholes: list[str] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            found.append(match[0].lower())
        elif kind == "spaced" or kind == "unspaced":
            found.append(fold(match[0]))
        else:
            parts, several = _compound(str(kind), match[0])
            found += parts
            wholes += several
    if not text.isascii():
        found = [one for one in found if one]
    return found, wholes, _DIGIT.search(text) is not None


_known = lru_cache(maxsize=100_000)(_analysed)
"""Runs of letters come again and again."""


@lru_cache(maxsize=50_000)
def _compound(kind: str, raw: str) -> tuple[list[str], list[str]]:
    return [part.text for part in _parts(kind, raw, 0)], _wholes(kind, raw)


def tokens(text: str) -> Iterator[Token]:
    """Yield what :func:`words` returns, each with its place; the break between has none and stands at the end."""
    wholes: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, raw, (start, end) = str(match.lastgroup), match[0], match.span()
        if kind in ("word", "spaced", "unspaced"):
            folded = fold(raw)
            if folded:
                yield Token(folded, start, end)
        else:
            yield from (part for part in _parts(kind, raw, start) if part.text)
            wholes += [Token(whole, start, end) for whole in _wholes(kind, raw)]
    if wholes:
        yield Token(BREAK, len(text), len(text))
        yield from wholes


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PART = re.compile(rf"[{UNSPACED}][{VOICING}]*|{_WORD}")
_DIGITS = re.compile(r"\d+")


def _parts(kind: str, raw: str, start: int) -> list[Token]:
    """Return the words inside an address, tag or number, which begins at ``start``."""
    if kind == "number":
        found = [(match[0], match.start()) for match in re.finditer(r"[\d,]+", raw)]
        return [Token(fold(part.replace(",", "")), start + at, start + at + len(part)) for part, at in found]
    skipped = raw.index("://") + 3 if kind == "url" else 0
    pattern = _DIGITS if kind == "phone" else _PART
    found = [(match[0], match.start()) for match in pattern.finditer(raw, skipped)]
    if kind in ("tag", "handle"):
        found = [(part, at + offset) for word, at in found for part, offset in _humps(word)]
    return [Token(fold(part), start + at, start + at + len(part)) for part, at in found]


def _humps(word: str) -> Iterator[tuple[str, int]]:
    """Yield the words of ``SnowEmergency``, each with its place."""
    place = 0
    for part in _HUMP.split(word):
        yield part, place
        place += len(part)


def _wholes(kind: str, raw: str) -> list[str]:
    """Return under what an address, tag or number is found as a whole; the first is what a query asks for."""
    folded = fold(raw)
    if kind == "url":
        address = folded.split("://", 1)[1].rstrip("/.,;:!?)'")
        host = re.split(r"[/?#]", address, maxsplit=1)[0]
        return _once(address, host, host.removeprefix("www."))
    if kind == "tag":
        return [folded, folded[1:]]
    if kind == "handle":
        return _once(folded, folded[1:], re.split(r"[.-]", folded, maxsplit=1)[0])
    if kind == "phone":
        digits = fold(re.sub(r"\D", "", raw))
        local = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
        return _once(local, digits, local[-7:])
    if kind == "number":
        return [folded.replace(",", "")] if "." in folded else []
    return [folded]


def _once(*texts: str) -> list[str]:
    return [one for one in dict.fromkeys(texts) if one]


def sequence(text: str) -> list[str]:
    """Return the words of a text in their order, as a phrase of a query asks for them."""
    found = words(text)
    return found[: found.index(BREAK)] if BREAK in found else found


def whole(text: str) -> str | None:
    """Return the one token under which an address, tag, number or handle is found; None for other text."""
    match = _TOKEN.fullmatch(text)
    if match is None or match.lastgroup in ("word", "spaced", "unspaced"):
        return None
    return next(iter(_wholes(str(match.lastgroup), text)), None)


def asked(text: str) -> list[str]:
    """Return the tokens that a word of a query asks for: an address, tag or number stands for itself."""
    found = whole(text.strip())
    return [found] if found else sequence(text)


_ENDINGS = frozenset(("s", "t", "d", "m", "ll", "re", "ve"))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the English stem of a folded word (Snowball); words of other scripts stay as they are.

    A name finds itself without its apostrophe: obrien, o'brien.
    """
    if not word.isascii() or not word[:1].isalpha():
        return word
    head, _, tail = word.partition("'")
    return _stemmer()(head + tail if tail not in _ENDINGS else word)


@lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    from whoosh.lang import stemmer_for_language

    stemmer: Callable[[str], str] = stemmer_for_language("english")
    return stemmer

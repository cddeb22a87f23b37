"""The one analyzer: what a text is for searching. Every engine is fed these tokens and no others.

Words are folded (case, width, accents); addresses, #tags, @handles and phone numbers are found whole
and by their parts; scripts without spaces give one token a character, so that any stretch is a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

ANALYZER_VERSION = 1
"""A change of any rule here is a new number: indexes made under another are rebuilt."""

BREAK = "\x1f"
"""A token between fields, so that no phrase reaches from one into the next."""

_UNSPACED = "぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿຀-໿က-႟ក-៿"
_MARKS = "̀-֑ͯ-ׇؐ-ًؚ-ٰٟऀ-෿"
_WORD = rf"(?:[^\W_{_UNSPACED}]|[{_MARKS}])"
_TOKEN = re.compile(
    rf"(?P<url>https?://[^\s<>\"]+)"
    rf"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<tag>[#@]\w+)"
    rf"|(?P<phone>(?<![\w.])\+?\(?\d[\d() .-]{{5,16}}\d(?!\w))"
    rf"|(?P<unspaced>[{_UNSPACED}])"
    rf"|(?P<word>{_WORD}+(?:['’]{_WORD}+)*)"
)
_PART = re.compile(rf"[{_UNSPACED}]|{_WORD}+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


class Token(Struct, frozen=True):
    """One token: its folded text, and where in the analysed text it stands (code points)."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return text without case, width and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(one for one in plain if not _is_accent(one) and not one.isspace())
    return unicodedata.normalize("NFKC", kept).casefold().replace("’", "'")


def _is_accent(character: str) -> bool:
    order = unicodedata.combining(character)
    return order >= 200 or 10 <= order <= 36


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text; the parts of an address or tag follow its whole, at its place."""
    for match in _TOKEN.finditer(text):
        kind, raw = match.lastgroup, match.group()
        start, end = match.span()
        if kind in ("word", "unspaced"):
            yield Token(fold(raw), start, end)
        elif kind == "phone":
            yield from _phone(raw, start)
        else:
            yield from _compound(kind or "", raw, start, end)


def _compound(kind: str, raw: str, start: int, end: int) -> Iterator[Token]:
    yield Token(whole(kind, raw), start, end)
    split = _HUMP.sub(" ", raw[1:]) if kind == "tag" else raw
    parts = [fold(part.group()) for part in _PART.finditer(split)]
    if kind == "url":
        yield Token(whole(kind, raw).split("/", 1)[0], start, end)
        parts = parts[1:]
    if kind == "tag" and len(parts) > 1:
        yield Token(fold(raw[1:]), start, end)
    for part in parts:
        yield Token(part, start, end)


def _phone(raw: str, start: int) -> Iterator[Token]:
    """Yield a number's digits as they are grouped, and all together when they make a phone number."""
    digits = re.sub(r"\D", "", raw)
    if 7 <= len(digits) <= 15:
        yield Token(digits, start, start + len(raw))
        if len(digits) > 7:
            yield Token(digits[-7:], start, start + len(raw))
    for group in re.finditer(r"\d+", raw):
        yield Token(group.group(), start + group.start(), start + group.end())


def whole(kind: str, raw: str) -> str:
    """Return an address as one token: folded, a URL without its scheme and closing punctuation."""
    if kind == "url":
        return fold(raw.split("://", 1)[1].rstrip("/.,;:!?)'"))
    return fold(raw)


def words(text: str) -> list[str]:
    """Return the folded tokens of a text."""
    return [token.text for token in tokens(text)]


def asked(text: str) -> list[str]:
    """Return the tokens that a word of a query asks for: an address or tag stands for itself."""
    match = _TOKEN.fullmatch(text.strip())
    if match and match.lastgroup in ("url", "mail", "tag"):
        return [whole(match.lastgroup, match.group())]
    if match and match.lastgroup == "phone" and 7 <= len(re.sub(r"\D", "", text)) <= 15:
        return [re.sub(r"\D", "", text)]
    return words(text)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the English stem of a folded word (Snowball); words of other scripts stay as they are."""
    return _stemmer()(word) if word.isascii() and word[:1].isalpha() else word


@lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    from whoosh.lang import stemmer_for_language

    stemmer: Callable[[str], str] = stemmer_for_language("english")
    return stemmer

"""Folding: what a person means by the same letters, whatever their case, width, accents and hidden characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ALIKE = str.maketrans(
    {
        "‘": "'", "’": "'", "‛": "'", "ʼ": "'",
        "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
        "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None,
        "־": "-", "׳": "'",
    }
)  # fmt: skip
"""Letters that Unicode does not decompose but readers take for one another; the Arabic stretching mark is dropped."""


def fold(text: str) -> str:
    """Return text without case, width and accents, its digits those of ASCII; foreign text loses its spaces too."""
    return text.lower() if text.isascii() else _folded(text)


@lru_cache(maxsize=200_000)
def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_ALIKE)
    kept = "".join(_digit(one) for one in apart if not (_is_accent(one) or one.isspace() or _is_hidden(one)))
    return unicodedata.normalize("NFKC", kept).casefold()


def _is_accent(character: str) -> bool:
    """Say whether this is an accent, a vowel point or a vowel sign that Arabic and Hebrew readers leave out."""
    order = unicodedata.combining(character)
    return order >= 200 or 10 <= order <= 36


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)

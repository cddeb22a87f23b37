"""A text as finders read it: code point for code point the same places, in plain digits, dashes and blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

DASHES = "‐‑‒–—―−﹘﹣－"

EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?=[\w.-]{1,255})(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
"""An address as people write it; every part is of limited length, so reading is linear."""

URL = re.compile(r"(?i)\b(?:https?://|www\.)\S+")


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in DASHES:
        return "-"
    if character == "’":
        return "'"
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return " " if category in ("Zs", "Cf", "Cc") and character not in "\n\r\t" else character


def plain(text: str) -> str:
    """Return the text with any script's digits as ASCII, any dash as "-", and blanks for what cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain, text))


def numbers_alone(text: str) -> str:
    """Return a plain text in which addresses of pages and of mail are blanks: their digits are ids."""
    return EMAIL.sub(_blank, URL.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())

"""Characters on paper: what a PDF/A may not hold, which way a line runs, and where a long word may break.

Nothing here changes a record: replacements are made in the PDF only, records.jsonl has the text as it was.
"""

from __future__ import annotations

import re
import unicodedata

REPLACED = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that no PDF/A may hold."""

NO_FONT = "\N{WHITE SQUARE}"
"""Stands for a character that no font of the machine can draw; typst's own fonts have this one."""

LONGEST_WORD = 44
"""Letters of one word that fit into a line of text in any case, wide capitals too."""

_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u202d\u202e"  # overrides: they would print the letters of a name in another order than they stand in
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"  # surrogates, private use, never used
    + "".join(chr(plane << 16 | low) for plane in range(1, 15) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_BYTE_ORDER_MARK = "\ufeff"

_LANGUAGES = tuple(
    (re.compile(f"[{letters}]"), language)
    for letters, language in (
        ("\u3041-\u30ff\uff66-\uff9f", "ja"),
        ("\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3", "ko"),
        ("\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f", "zh"),
        ("\u0e01-\u0e5b", "th"),
        ("\u0e81-\u0edf", "lo"),
        ("\u0900-\u097f", "hi"),
        ("\u0590-\u05ff", "he"),
        ("\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff", "ar"),
        ("\U00016b00-\U00016b8f\U0001e100-\U0001e14f", "hmn"),
    )
)
"""Scripts that mostly write one language: it chooses shapes (Japanese or Chinese) and a screen reader's voice."""

_BREAKS = re.compile(r"[^\s/?&-]+")


def printable(text: str) -> str:
    """Return text that a PDF/A may hold, in composed form, each line end as ``\\n``."""
    composed = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).replace(_BYTE_ORDER_MARK, ""))
    return _UNPRINTABLE.sub(REPLACED, composed)


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction runs from right to left (Unicode's rule P2)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            return False
        if kind in ("R", "AL"):
            return True
    return False


def language(text: str) -> str:
    """Return the language that the script of a text suggests, empty for the document's own."""
    if text.isascii():
        return ""
    return next((name for letters, name in _LANGUAGES if letters.search(text)), "")


def breakable(text: str, most: int = LONGEST_WORD) -> str:
    """Return text in which words longer than ``most`` may break (a zero-width space), so that none leaves the page."""

    def broken(word: re.Match[str]) -> str:
        letters = word.group()
        if len(letters) <= most or max(letters) > "\u08ff":
            return letters
        return "\u200b".join(letters[at : at + most] for at in range(0, len(letters), most))

    return _BREAKS.sub(broken, text)

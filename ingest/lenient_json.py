"""JSON that a person or a code formatter has been at, written as JSON again, piece by piece.

People open an export before they hand it over, and editors "tidy" it: keys lose their quotes, strings get
single ones, commas stay before a bracket, comments appear. None of it is JSON, all of it can be told
without guessing. What is JSON already comes out as it went in, character by character, so that numbers keep
their digits. Every character is looked at once: what does not end is given up, and nesting is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

DEEPEST = 500
"""Lists and objects inside one another after which a text is no export."""

LONGEST_TOKEN = 64 << 20
"""Characters after which a string or comment that does not end is given up."""

KEYS, QUOTES, COMMAS = "keys without quotes", "strings in single quotes", "commas before a bracket"
COMMENTS, STRINGS = "comments", "strings as JSON does not write them"
NUMBERS, WORDS = "numbers as JSON does not write them", "words that JSON does not have"
BLANKS = "blanks that JSON does not have"

_SINGLE = r"'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+"
_DOUBLE = r'"[^"\\]*+(?:\\.[^"\\]*+)*+'
_BACKTICK = r"`[^`\\]*+(?:\\.[^`\\]*+)*+"
_COMMENT = r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+"
_TOKEN = re.compile(
    r"(?P<blank>[\s\ufeff]++)"
    r'|(?P<quoted>"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+")'
    r"|(?P<mark>[{}\[\]:,])"
    r"|(?P<number>[+-]?(?:0[xX][0-9a-fA-F]++|(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)(?![\w$.]))"
    r"|(?P<word>[+-]?[^\W\d][\w$]*+|\$[\w$]*+)"
    rf"|(?P<string>{_DOUBLE}\"|{_SINGLE}'|{_BACKTICK}`)"
    rf"|(?P<comment>//[^\n]*+(?:\n|\Z)|{_COMMENT}\*/)",
    re.DOTALL,
)
_UNFINISHED = re.compile(
    rf"(?:{_DOUBLE}|{_SINGLE}|{_BACKTICK})\\?\Z|{_COMMENT}\*?\Z|/(?:/[^\n]*+)?\Z|[+-]?[\w$.]*+[+-]?[0-9]*+\Z",
    re.DOTALL,
)
_BLANK = re.compile(r"[ \t\r\n]*\Z")
_GROWS = frozenset(("number", "word", "comment"))
_STRICT_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?\Z")
_MEANING = {"true": "true", "false": "false", "null": "null", "NaN": "NaN", "Infinity": "Infinity",
            "-Infinity": "-Infinity", "True": "true", "False": "false", "None": "null", "undefined": "null",
            "+Infinity": "Infinity", "+NaN": "NaN", "-NaN": "NaN"}  # fmt: skip
_ODD = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))|([\"\x00-\x1f])", re.DOTALL
)
_CONTROL = {"b": "\\b", "f": "\\f", "n": "\\n", "r": "\\r", "t": "\\t", "\\": "\\\\", "v": "\\u000b", "0": "\\u0000"}
_LINE_ENDS = ("\n", "\r", "\r\n", "\u2028", "\u2029")


class NotJson(ValueError):
    """What stands at ``at`` is no JSON, however it is meant; ``is_unfinished`` when the text ended too early."""

    def __init__(self, reason: str, at: int, is_unfinished: bool = False) -> None:
        super().__init__(reason)
        self.at = at
        self.is_unfinished = is_unfinished


class Rewriting:
    """One value, read token by token; ``found`` says what in it was not JSON."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}
        self.is_whole = False
        self._out: list[str] = []
        self._open: list[str] = []
        self._wants = "value"
        self._comma = ""
        self._is_bare = False
        self._take: dict[str, Callable[[str, int], None]] = {
            "mark": self._mark, "quoted": self._quoted, "string": self._string, "word": self._word,
            "number": self._number, "blank": self._blank, "comment": self._comment,
        }  # fmt: skip

    def read(self, text: str, at: int, ended: bool = True) -> int:
        """Read on until the value is whole or the text is used up; return where that was.

        What is not ``ended`` may stop before its last token. Raises :class:`NotJson`.
        """
        while at < len(text) and not self.is_whole:
            match = _TOKEN.match(text, at)
            if match is None or (match.end() == len(text) and match.lastgroup in _GROWS):
                goes_on = _UNFINISHED.match(text, at) is not None
                if goes_on and not ended and len(text) - at < LONGEST_TOKEN:
                    return at
                if match is None:
                    raise NotJson("no JSON begins like this", at, goes_on)
            self._take[match.lastgroup or ""](match[0], at)
            at = match.end()
        return at

    def taken(self) -> str:
        """Return what was written since this was asked last."""
        written = "".join(self._out)
        self._out.clear()
        return written

    def given_up(self) -> str:
        """Return what is left, and go on as if the next thing were an item of a list."""
        left = self.taken() + self._comma
        self._open, self._wants, self._comma = ["["], "value or the end", ""
        return left

    def _blank(self, token: str, _: int) -> None:
        if not _BLANK.match(token):
            self.found[BLANKS] = None
            token = " "
        if self._comma:
            self._comma += token
        else:
            self._out.append(token)

    def _comment(self, _token: str, _: int) -> None:
        self.found[COMMENTS] = None

    def _mark(self, mark: str, at: int) -> None:
        if mark in "{[":
            self._begin(mark, at)
        elif mark in "}]":
            self._close(mark, at)
        elif mark == ":" and self._wants == "colon":
            self._out.append(mark)
            self._wants = "value"
            if self._is_bare:
                self.found[KEYS] = None
        elif mark == "," and self._comma:
            self.found[COMMAS] = None
        elif mark == "," and self._wants == "comma":
            self._comma = mark
            self._wants = "key" if self._open[-1] == "{" else "value"
        else:
            raise NotJson(f"a “{mark}” is out of place", at)

    def _begin(self, mark: str, at: int) -> None:
        if len(self._open) >= DEEPEST:
            raise NotJson("nested too deeply", at)
        self._value(mark, at)
        self._open.append(mark)
        self._wants = "key or the end" if mark == "{" else "value or the end"
        self.is_whole = False

    def _close(self, mark: str, at: int) -> None:
        fits = self._open and self._open[-1] == ("{" if mark == "}" else "[")
        if not fits or not (self._comma or self._wants == "comma" or self._wants.endswith("the end")):
            raise NotJson(f"a “{mark}” is out of place", at)
        if self._comma:
            self.found[COMMAS] = None
            self._out.append(self._comma[1:])
            self._comma = ""
        self._out.append(mark)
        self._open.pop()
        self._wants = "comma"
        self.is_whole = not self._open

    def _value(self, written: str, at: int) -> None:
        if not self._wants.startswith("value"):
            raise NotJson(f"a {self._wants} is missing", at)
        self._put(written)
        self._wants = "comma"
        self.is_whole = not self._open

    def _key(self, written: str, is_bare: bool) -> None:
        self._put(written)
        self._wants = "colon"
        self._is_bare = is_bare

    def _put(self, written: str) -> None:
        if self._comma:
            self._out.append(self._comma)
            self._comma = ""
        self._out.append(written)

    def _quoted(self, token: str, at: int) -> None:
        if self._wants.startswith("key"):
            self._key(token, is_bare=False)
        else:
            self._value(token, at)

    def _string(self, token: str, at: int) -> None:
        self._quoted(f'"{_ODD.sub(_as_json, token[1:-1])}"', at)
        self.found[QUOTES if token[0] == "'" else STRINGS] = None

    def _word(self, token: str, at: int) -> None:
        if self._wants.startswith("key") and token[0] not in "+-":
            self._key(json.dumps(token, ensure_ascii=False), is_bare=True)
            return
        meaning = _MEANING.get(token)
        if meaning is None:
            raise NotJson("a word without quotes", at)
        self._value(meaning, at)
        if meaning != token:
            self.found[WORDS] = None

    def _number(self, token: str, at: int) -> None:
        if self._wants.startswith("key") and token.isdigit():
            self._key(f'"{token}"', is_bare=True)
        elif _STRICT_NUMBER.match(token):
            self._value(token, at)
        else:
            self._value(_plain_number(token, at), at)
            self.found[NUMBERS] = None


def value_at(text: str, at: int, ended: bool) -> tuple[str, int, tuple[str, ...]]:
    """Return the value that begins at a place as JSON, where it ends, and what in it was none.

    Raises :class:`NotJson`.
    """
    rewriting = Rewriting()
    end = rewriting.read(text, at, ended)
    if not rewriting.is_whole or (end == len(text) and not ended and text[end - 1] not in "}]"):
        raise NotJson("it does not end", len(text), is_unfinished=True)
    return rewriting.taken(), end, tuple(rewriting.found)


def _as_json(match: re.Match[str]) -> str:
    """Return an escape, or a character that JSON does not have in a string, as JSON writes it."""
    point, unit, byte, escaped, bare = match.groups()
    if unit is not None:
        return match[0]
    if point is not None:
        return _written(chr(min(int(point, 16), 0x10FFFF)))
    if byte is not None:
        return _written(chr(int(byte, 16)))
    if escaped is not None:
        if escaped in _LINE_ENDS:
            return ""
        return _CONTROL.get(escaped) or _written(escaped)
    return _written(bare)


def _written(character: str) -> str:
    return json.dumps(character, ensure_ascii="\ud800" <= character <= "\udfff")[1:-1]


def _plain_number(token: str, at: int) -> str:
    sign, digits = ("-" if token[0] == "-" else ""), token.lstrip("+-")
    if digits[:2] in ("0x", "0X"):
        if len(digits) > 1000:
            raise NotJson("a number of more than 1,000 digits", at)
        return f"{sign}{int(digits, 16)}"
    whole, dot, rest = digits.partition(".")
    written = f"{sign}{whole or '0'}" + (f".{rest if rest[:1].isdigit() else '0' + rest}" if dot else "")
    if not _STRICT_NUMBER.match(written):
        raise NotJson("no number is written like this", at)
    return written

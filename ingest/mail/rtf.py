"""Outlook's rich text: unpacked ([MS-OXRTFCP]), and as a person reads it ([RTF 1.9.1], HTML inside it [MS-OXRTFEX])."""

from __future__ import annotations

import re
import struct

from ingest.text import html_to_text, tidy

LARGEST = 64 << 20
"""Bytes that a text is unpacked to at most."""

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    b"Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+|.)", re.S
)
_UNREAD = frozenset(
    b"fonttbl colortbl stylesheet info pict objdata themedata colorschememapping datastore listtable xmlnstbl "
    b"listoverridetable rsidtbl generator latentstyles fldinst bkmkstart bkmkend filetbl".split()
)
"""Groups whose contents nobody reads."""

_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–",
    b"emdash": "—",
}  # fmt: skip


def unpacked(packed: bytes) -> bytes:
    """Return compressed rich text as it was; raises ValueError if it is none."""
    if len(packed) < 16:
        raise ValueError("the rich text is cut off")
    size, mark = struct.unpack_from("<4xI4s", packed)
    if mark == b"MELA":
        return packed[16 : 16 + size]
    if mark != b"LZFu" or size > LARGEST:
        raise ValueError("the rich text is not in Outlook's form")
    window = _Window()
    at = 16
    while at < len(packed) and len(window.made) < size:
        flags, at = packed[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                window.put(packed[at : at + 1])
                at += 1
                continue
            pair = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            if at > len(packed) or pair >> 4 == window.place:
                return bytes(window.made[:size])
            for step in range((pair & 15) + 2):
                window.put(window.at((pair >> 4) + step))
    return bytes(window.made[:size])


class _Window:
    """The last 4,096 bytes that were unpacked, to which the packed text points back."""

    def __init__(self) -> None:
        self.made = bytearray()
        self.place = len(_DICTIONARY)
        self._held = bytearray(_DICTIONARY.ljust(4096, b"\0"))

    def at(self, place: int) -> bytes:
        return bytes(self._held[place % 4096 : place % 4096 + 1])

    def put(self, byte: bytes) -> None:
        if byte:
            self.made += byte
            self._held[self.place] = byte[0]
            self.place = (self.place + 1) % 4096


def rtf_to_text(rtf: bytes) -> str:
    """Return what a person reads of rich text; of HTML that was put into it, what they read of the HTML."""
    is_html = b"\\fromhtml" in rtf[:4096]
    text = _Reader(_charset(rtf), is_html).read(rtf)
    return html_to_text(text) if is_html else tidy(text)


def _charset(rtf: bytes) -> str:
    found = re.search(rb"\\ansicpg(\d{1,5})", rtf[:4096])
    name = f"cp{int(found[1])}" if found else "cp1252"
    try:
        b"".decode({"cp65001": "utf-8", "cp0": "cp1252"}.get(name, name))
    except LookupError:
        return "cp1252"
    return {"cp65001": "utf-8", "cp0": "cp1252"}.get(name, name)


class _Reader:
    """Reads rich text token by token; the state of a group is (read?, characters that stand in for one)."""

    def __init__(self, charset: str, is_html: bool) -> None:
        self._charset = charset
        self._is_html = is_html
        self._parts: list[str] = []
        self._bytes = bytearray()
        self._state = (True, 1)
        self._stack: list[tuple[bool, int]] = []
        self._skip = 0
        self._starred = False

    def read(self, rtf: bytes) -> str:
        for token in _TOKEN.finditer(rtf):
            word, number, code, sign, brace, plain = token.groups()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word, int(number or 0), number is not None)
            elif code:
                self._say(bytes([int(code, 16)]))
            elif sign:
                self._sign(sign)
            elif plain:
                self._say(plain)
        self._flush()
        return "".join(self._parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _brace(self, brace: bytes) -> None:
        self._starred, self._skip = False, 0
        if brace == b"{":
            self._stack.append(self._state)
        elif self._stack:
            self._state = self._stack.pop()

    def _word(self, word: bytes, number: int, given: bool) -> None:
        starred, self._starred = self._starred, False
        shown, stand_ins = self._state
        if word == b"htmlrtf":
            self._state = (number == 0 if given else False, stand_ins) if self._is_html else self._state
        elif word in (b"htmltag", b"mhtmltag"):
            self._state = (self._is_html and word == b"htmltag", stand_ins)
        elif word in _UNREAD or starred:
            self._state = (False, stand_ins)
        elif word == b"uc":
            self._state = (shown, max(0, min(number, 8)))
        elif word == b"u" and given:
            self._add(chr(number & 0xFFFF))
            self._skip = stand_ins
        elif word in _SIGNS:
            self._add(_SIGNS[word])

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in b"{}\\":
            self._say(sign)
        elif sign == b"~":
            self._add("\xa0")
        elif sign in b"\r\n":
            self._add("\n")

    def _say(self, raw: bytes) -> None:
        skipped = min(self._skip, len(raw))
        self._skip -= skipped
        if self._state[0]:
            self._bytes += raw[skipped:]

    def _add(self, text: str) -> None:
        if self._state[0]:
            self._flush()
            self._parts.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._parts.append(self._bytes.decode(self._charset, "replace"))
            self._bytes.clear()

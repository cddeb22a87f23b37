"""Escapes undone: what a person reads behind JSON's, mail's and the web's ways of writing letters."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from functools import lru_cache

_JSON = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt]))')
_JSON_SINGLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ENCODED_WORDS = re.compile(r"=\?[\w-]+\?[bBqQ]\?[^?\s]*\?=(?:\s+=\?[\w-]+\?[bBqQ]\?[^?\s]*\?=)*")
_QUOTED = re.compile(rb"=(?:[0-9A-Fa-f]{2}|\r?\n)")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}")
_ALPHABETS = bytes.maketrans(b"-_", b"+/")

SHORT = 64
"""Bytes of a run that is decoded once and remembered: the same names of fields stand in every record."""


def undone(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name of a way of writing, and the text without it, for each that the text seems to use."""
    if "\\" in text:
        yield "JSON escapes", _JSON.sub(_unescaped, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "<" in text:
        for gap in ("", " "):  # a word may be cut by markup, and two words may be joined without it
            yield "without markup", _TAG.sub(gap, text)
    if "=?" in text:
        yield "encoded words", _ENCODED_WORDS.sub(_decoded_words, text)


def unquoted(data: bytes) -> str:
    """Return bytes with quoted-printable undone, empty if there is none."""
    return quopri.decodestring(data).decode("utf-8", "replace") if _QUOTED.search(data) else ""


def base64_runs(data: bytes) -> Iterator[bytes]:
    """Yield what every run of base64 in bytes decodes to, in lines or not, in the web's alphabet too."""
    for run in _BASE64.findall(data):
        try:
            yield _decoded(run) if len(run) <= SHORT else _plainly_decoded(run)
        except binascii.Error:
            continue


@lru_cache(maxsize=10_000)
def _decoded(run: bytes) -> bytes:
    return _plainly_decoded(run)


def _plainly_decoded(run: bytes) -> bytes:
    """Return what a run means; its last sign is left out where it means nothing."""
    plain = run.translate(_ALPHABETS, b"\r\n=")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4))


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _JSON_SINGLE.get(match[2], match[2])


def _decoded_words(match: re.Match[str]) -> str:
    """Return a run of RFC 2047 words as a person reads it."""
    try:
        return str(make_header(decode_header(match.group())))
    except (LookupError, ValueError, MessageError):
        return match.group()

"""JSON as people and code formatters leave it: the same values, written as no platform would."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_ASSIGNED = re.compile(r"\A(\ufeff?[^\[{]*)")


def edited(value: Any, by: Random) -> str:
    """Return a writing of a value, with every freedom that a person or a formatter takes."""
    if isinstance(value, dict):
        items = [f"{_key(key, by)}:{_blank(by)}{edited(one, by)}" for key, one in value.items()]
        return _within("{}", items, by)
    if isinstance(value, list):
        return _within("[]", [edited(one, by) for one in value], by)
    if isinstance(value, str):
        return _string(value, by)
    if value is None or isinstance(value, bool):
        return by.choice((json.dumps(value), repr(value)))
    if isinstance(value, int) and by.random() < 0.2:
        return f"{'-' if value < 0 else '+'}{by.choice((hex(abs(value)), str(abs(value))))}"
    return json.dumps(value)


def edited_file(content: bytes, by: Random) -> bytes:
    """Return a file of JSON, or of ``window.… = JSON``, edited; what is none is returned as it is."""
    text = content.decode("utf-8-sig", "surrogateescape")
    match = _ASSIGNED.match(text)
    start = match.end() if match else 0
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return content
    if text[end:].strip(" \r\n;"):
        return content
    return f"{text[:start]}{edited(value, by)}{text[end:]}\n".encode("utf-8", "surrogateescape")


def _within(brackets: str, items: list[str], by: Random) -> str:
    inside = f"{_blank(by)},{_blank(by)}".join(items)
    end = _blank(by) + by.choice((",", "", ",,")) if items else ""
    return f"{brackets[0]}{_blank(by)}{inside}{end}{_blank(by)}{brackets[1]}"


def _blank(by: Random) -> str:
    return by.choice(("", "", " ", "\n  ", "\t", "\xa0", "/* } ], {x: 'no */", '// isn\'t "this" {\n', "/***/"))


def _key(key: str, by: Random) -> str:
    return key if by.random() < 0.7 and (_NAME.match(key) or re.match(r"[0-9]+\Z", key)) else _string(key, by)


def _string(text: str, by: Random) -> str:
    quote = by.choice("\"'`")
    written = ["\\" + one if one in ("\\", quote) else _character(one, quote, by) for one in text]
    return f"{quote}{''.join(written)}{quote}"


def _character(one: str, quote: str, by: Random) -> str:
    if one in "\n\r\u2028\u2029" and quote == "'":
        return {"\n": "\\n", "\r": "\\r"}.get(one, one)
    if "\ud800" <= one <= "\udfff":
        return f"\\u{ord(one):04x}"
    ways = [one, one, one, f"\\u{{{ord(one):x}}}"]
    if ord(one) < 0x100:
        ways += [f"\\x{ord(one):02x}", "\\\n" + one if one != "\n" else one]
    if one in "!#%&()*,-.:;<=>?@ '\"`/":
        ways.append("\\" + one)
    return by.choice(ways)

"""Text of Facebook's JSON: characters written as bytes, and names written as markup.

Facebook writes every byte of a UTF-8 character as an escape of its own (``\\u00c3\\u00a9`` for é). It is
mended after the JSON is decoded, in values and keys, once.
"""

from __future__ import annotations

import re
from typing import Any

_MENTION = re.compile(r"@\[\d+:\d*:([^\]\n]{1,200})\]")
_HASHTAG = re.compile(r"(?<![\w#&])#(\w*[^\W\d_]\w*)")


def repaired_item(value: Any, native: bytes) -> Any:
    """Return an item with its characters mended; ``native`` tells whether there is anything to mend."""
    return value if native.isascii() and rb"\u00" not in native else repaired(value)


def repaired(value: Any) -> Any:
    """Return a decoded JSON value with its characters mended; what is no UTF-8 stays as it is."""
    kind = type(value)
    if kind is str:
        return value if value.isascii() else _mended(value)
    if kind is dict:
        return {key if key.isascii() else _mended(key): repaired(one) for key, one in value.items()}
    return [repaired(one) for one in value] if kind is list else value


def _mended(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def rendered(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text as Facebook shows it, and who is mentioned: ``@[12:274:City of Milbrook]`` is a name."""
    names = tuple(dict.fromkeys(_MENTION.findall(text))) if "@[" in text else ()
    return (_MENTION.sub(r"\1", text), names) if names else (text, ())


def hashtags(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text, each once, without their sign."""
    return tuple(dict.fromkeys(_HASHTAG.findall(text))) if "#" in text else ()

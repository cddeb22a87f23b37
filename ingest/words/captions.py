"""The spoken words in caption files of videos: WebVTT, SubRip, TTML, and YouTube's JSON (``json3``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

ENDINGS = (".vtt", ".srt", ".ttml", ".srv1", ".srv2", ".srv3", ".json3", ".sbv")
TYPES = ("text/vtt", "application/x-subrip", "application/ttml+xml")

_TIMES = re.compile(r"^\s*[\d:.,]{4,}\s*(?:-->|,)\s*[\d:.,]{4,}.*$")
_TAG = re.compile(r"<[^<>]*>|\{\\[^}]*\}")
_BLOCK = re.compile(r"\n[ \t]*\n")


def spoken(text: str) -> str:
    """Return the words of a caption file, a line a caption; a line that rolls on from the one before stands once."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip()[:1] == "{":
        found = _of_json(text)
    elif text.lstrip()[:1] == "<":
        found = iter(_TAG.sub("\n", text).split("\n"))
    else:
        found = _of_blocks(text)
    lines: list[str] = []
    for line in (" ".join(unescape(one).split()) for one in found):
        if line and lines[-1:] != [line]:
            lines.append(line)
    return "\n".join(lines)


def _of_blocks(text: str) -> Iterator[str]:
    for block in _BLOCK.split(text):
        lines = block.split("\n")
        times = next((at for at, line in enumerate(lines) if _TIMES.match(line)), None)
        if times is not None:
            yield from (_TAG.sub("", line) for line in lines[times + 1 :])


def _of_json(text: str) -> Iterator[str]:
    try:
        found: Any = json.loads(text)
        for event in found["events"]:
            yield "".join(one["utf8"] for one in event.get("segs", ()))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return

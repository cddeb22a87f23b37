"""WebVTT as Teams writes it: who says what, and when.

A cue has a voice (``<v Ada Lor>``) and as its id a GUID and two numbers. Answers of Graph have no ids and hours of one
digit, or cues of JSON that tell the time of day too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby

from msgspec import Struct

from archive.records import Timestamp
from ingest.timestamps import from_iso

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CUE_ID = re.compile(rf"^({_GUID})/\d+-\d+[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_TIMES = re.compile(
    r"^-?(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:\.\d{1,9})?[ \t]{0,9}-->[ \t]{0,9}-?[\d:.]+[^\n]*$", re.MULTILINE
)
_ONE_DIGIT = re.compile(r"^-?\d:\d{1,2}:\d{1,2}\.\d+ --> ", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]{1,9}([^<>]{0,300})>")
_OF_JSON = re.compile(r'--> [^\n]*\n\{[^\n]*"(?:spokenText|speakerName)"\s*:')
_STARTED = re.compile(r'"startDateTime"\s*:\s*"([^"]+)"')
_TAG = re.compile(r"<[^<>]*>")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


class Turn(Struct, frozen=True):
    """What somebody said at a stretch, and when it began, from the beginning of the recording."""

    at: str
    who: str
    words: str


def tells_who(head: str) -> bool:
    """Say whether a file that begins so is WebVTT that names who speaks."""
    return _begins(head) and bool(_VOICE.search(head) or _OF_JSON.search(head))


def is_of_teams(head: str) -> bool:
    """Say whether a file that begins so is WebVTT as Teams alone writes it."""
    is_voiced = _VOICE.search(head) and (_CUE_ID.search(head) or _ONE_DIGIT.search(head))
    return _begins(head) and bool(is_voiced or _OF_JSON.search(head))


def _begins(head: str) -> bool:
    return head.lstrip("\ufeff").startswith("WEBVTT")


def id_in(head: str) -> str:
    """Return the GUID that all cues share, empty if there is none or several."""
    ids = set(_CUE_ID.findall(head))
    return str(ids.pop()).lower() if len(ids) == 1 else ""


def time_in(head: str) -> Timestamp | None:
    """Return the time of day of the first cue, where cues tell it."""
    found = _STARTED.search(head)
    return from_iso(found[1]) if found else None


def turns(text: str) -> Iterator[Turn]:
    """Yield what was said, cues of one voice after another together."""
    for who, said in groupby(_cues(text), key=lambda one: one.who):
        listed = list(said)
        yield Turn(listed[0].at, who, " ".join(one.words for one in listed))


def _cues(text: str) -> Iterator[Turn]:
    for block in _BLANK_LINE.split(text.replace("\r\n", "\n")):
        times = _TIMES.search(block)
        if times is None:
            continue
        spoken = block[times.end() :].strip()
        if found := _of_json(spoken):
            who, words = found
            yield from _turn(times, who, words)
            continue
        before, *voiced = _VOICE.split(spoken)
        yield from _turn(times, "", before)
        for who, words in zip(voiced[::2], voiced[1::2], strict=True):
            yield from _turn(times, unescape(who).strip(), words)


def _turn(times: re.Match[str], who: str, words: str) -> Iterator[Turn]:
    said = " ".join(unescape(_TAG.sub("", words)).split())
    if said:
        hours, minutes, seconds = (int(one or 0) for one in times.groups())
        yield Turn(f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}", who, said)


def _of_json(spoken: str) -> tuple[str, str] | None:
    """Return who said what in a cue of Graph's ``metadataContent``."""
    try:
        value = json.loads(spoken) if spoken.startswith("{") else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or "spokenText" not in value:
        return None
    return str(value.get("speakerName") or ""), str(value["spokenText"] or "")

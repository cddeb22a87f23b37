"""Captions of videos: WebVTT and SubRip files as cues, since a page opened from disk may load neither.

Formats: https://www.w3.org/TR/webvtt1/ and SubRip's blocks of number, times and lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import PurePosixPath

from export.released import Production, ReleasedAttachment

ENDINGS = (".vtt", ".srt")
LARGEST = 4 << 20
"""Bytes of a caption file that are read: hours of speech have a tenth of it."""

Cue = tuple[float, float, str]
"""From and to in seconds, and the words."""

_TIME = r"(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s+-->\s+{_TIME}")
_TAG = re.compile(r"<[^<>]*>|\{\\[^}]*\}")


def cues(text: str) -> Iterator[Cue]:
    """Yield the cues of a WebVTT or SubRip file; what is neither times nor words is passed over."""
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        for place, line in enumerate(lines):
            if times := _TIMES.match(line):
                words = unescape(_TAG.sub("", "\n".join(lines[place + 1 :]))).strip()
                if words:
                    yield _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:]), words
                break


def is_caption_of(name: str, video: str) -> bool:
    """Say whether a file is called as the captions of a video are: as the video, with another ending.

    A language may stand before it: ``pool.en.vtt``.
    """
    file = PurePosixPath(name)
    called = (file.stem, file.stem.rpartition(".")[0])
    return (
        file.suffix.lower() in ENDINGS
        and name != video
        and any(one in called for one in (PurePosixPath(video).stem, video))
    )


def captions_of(
    production: Production, video: ReleasedAttachment, others: Sequence[ReleasedAttachment]
) -> tuple[Cue, ...]:
    """Return the cues of a video or recording out of the caption file of the same name beside it."""
    if not video.path or not video.media_type.startswith(("video/", "audio/")):
        return ()
    for other in others:
        if other.path and is_caption_of(other.name, video.name):
            with production.file(other.path).open("rb") as file:
                return tuple(cues(file.read(LARGEST).decode("utf-8-sig", "replace")))
    return ()


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000

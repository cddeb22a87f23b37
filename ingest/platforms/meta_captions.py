"""The captions of a video in Meta's exports: the files that its record names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def captions_of(media: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the captions of a video are: named beside it or in its metadata, one file or several."""
    facts = media.get("media_metadata")
    video = facts.get("video_metadata") if isinstance(facts, dict) else None
    for holder in (media, video if isinstance(video, dict) else {}):
        named = holder.get("subtitles")
        for one in named if isinstance(named, list) else [named]:
            if isinstance(one, dict) and one.get("uri"):
                yield str(one["uri"])

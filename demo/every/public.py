"""Dumps of what a platform's interface answers: the public's side.

Where there is an export too, the dump is made the same evening and taken in after it.
"""

from __future__ import annotations

from demo.every import youtube_api
from demo.every.presences import EVENINGS
from demo.lives import Lives
from demo.schedule import Planned, evenings

HOUSEHOLDS: dict[str, Lives] = {}

PLANNED: tuple[Planned, ...] = (*evenings("youtube-city", youtube_api.FORMAT, "youtube-api", "zip", *EVENINGS),)

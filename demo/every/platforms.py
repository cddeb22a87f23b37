"""Accounts of which a platform gives an export of its own."""

from __future__ import annotations

from demo.every import youtube_takeout
from demo.every.presences import EVENINGS, YOUTUBE
from demo.every.small_life import living
from demo.lives import Lives
from demo.schedule import Planned, evenings

HOUSEHOLDS: dict[str, Lives] = {one.name: living(one) for one in (YOUTUBE,)}

PLANNED: tuple[Planned, ...] = (
    *evenings("youtube-city", youtube_takeout.FORMAT, "youtube-takeout", "zip", *EVENINGS),
)  # fmt: skip

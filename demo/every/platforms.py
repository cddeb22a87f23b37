"""Accounts of which a platform gives an export of its own."""

from __future__ import annotations

from demo.every import bluesky, instagram_export, mastodon_archive, youtube_takeout
from demo.every.presences import BLUESKY, EVENINGS, INSTAGRAM, MASTODON, YOUTUBE
from demo.every.small_life import living
from demo.lives import Lives
from demo.schedule import Planned, evenings

HOUSEHOLDS: dict[str, Lives] = {one.name: living(one) for one in (YOUTUBE, INSTAGRAM, MASTODON, BLUESKY)}

PLANNED: tuple[Planned, ...] = (
    *evenings("youtube-city", youtube_takeout.FORMAT, "youtube-takeout", "zip", *EVENINGS),
    *evenings("instagram-city", instagram_export.FORMAT, "instagram-cityofmilbrook", "zip", *EVENINGS),
    *evenings("mastodon-city", mastodon_archive.FORMAT, "mastodon-archive", "zip", *EVENINGS),
    *evenings("bluesky-city", bluesky.FORMAT, "bluesky-repository", "zip", *EVENINGS),
)  # fmt: skip

"""Accounts of which a platform gives an export of its own."""

from __future__ import annotations

from demo.every import (
    bluesky,
    flickr,
    instagram_export,
    linkedin,
    mastodon_archive,
    presences,
    reddit,
    threads,
    tiktok,
    youtube_takeout,
)
from demo.every.presences import EVENINGS
from demo.every.small_life import living
from demo.lives import Lives
from demo.schedule import Planned, evenings

_LIVED = (
    presences.YOUTUBE, presences.INSTAGRAM, presences.MASTODON, presences.BLUESKY, presences.LINKEDIN,
    presences.THREADS, presences.TIKTOK, presences.REDDIT, presences.FLICKR,
)  # fmt: skip

HOUSEHOLDS: dict[str, Lives] = {one.name: living(one) for one in _LIVED}

PLANNED: tuple[Planned, ...] = (
    *evenings("youtube-city", youtube_takeout.FORMAT, "youtube-takeout", "zip", *EVENINGS),
    *evenings("instagram-city", instagram_export.FORMAT, "instagram-cityofmilbrook", "zip", *EVENINGS),
    *evenings("threads-city", threads.FORMAT, "instagram-cityofmilbrook-threads", "zip", *EVENINGS),
    *evenings("mastodon-city", mastodon_archive.FORMAT, "mastodon-archive", "zip", *EVENINGS),
    *evenings("bluesky-city", bluesky.FORMAT, "bluesky-repository", "zip", *EVENINGS),
    *evenings("linkedin-clerk", linkedin.FORMAT, "linkedin", "zip", *EVENINGS),
    *evenings("tiktok-city", tiktok.FORMAT, "tiktok", "zip", *EVENINGS),
    *evenings("reddit-city", reddit.FORMAT, "reddit", "zip", *EVENINGS),
    *evenings("flickr-parks", flickr.FORMAT, "flickr", "zip", *EVENINGS),
)  # fmt: skip

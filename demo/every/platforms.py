"""Accounts of which a platform gives an export of its own."""

from __future__ import annotations

from demo.every import (
    bluesky,
    facebook_html,
    flickr,
    instagram_export,
    instagram_html,
    linkedin,
    linkedin_page,
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
from demo.schedule import FACEBOOK_EXPORT, Planned, evenings

_LIVED = (
    presences.YOUTUBE, presences.FACEBOOK, presences.INSTAGRAM, presences.THREADS, presences.MASTODON,
    presences.BLUESKY, presences.LINKEDIN, presences.LINKEDIN_PAGE, presences.TIKTOK, presences.REDDIT,
    presences.FLICKR,
)  # fmt: skip

HOUSEHOLDS: dict[str, Lives] = {one.name: living(one) for one in _LIVED}

# Two of Meta's accounts are exported in HTML at times, where whoever asks does not think of the setting.
PLANNED: tuple[Planned, ...] = (
    *evenings("youtube-city", youtube_takeout.FORMAT, "youtube-takeout", "zip", *EVENINGS),
    *evenings("instagram-city", instagram_export.FORMAT, "instagram-cityofmilbrook", "zip", *EVENINGS),
    *evenings("instagram-city", instagram_html.FORMAT, "instagram-cityofmilbrook", "zip", "2026-03-15"),
    *evenings("fb-library", FACEBOOK_EXPORT, "fb-library", "zip", "2026-03-15", "2026-05-01"),
    *evenings("fb-library", facebook_html.FORMAT, "fb-library-html", "zip", *EVENINGS),
    *evenings("threads-city", threads.FORMAT, "instagram-cityofmilbrook-threads", "zip", *EVENINGS),
    *evenings("mastodon-city", mastodon_archive.FORMAT, "mastodon-archive", "zip", *EVENINGS),
    *evenings("bluesky-city", bluesky.FORMAT, "bluesky-repository", "zip", *EVENINGS),
    *evenings("linkedin-clerk", linkedin.FORMAT, "linkedin", "zip", *EVENINGS),
    *evenings("linkedin-city", linkedin_page.FORMAT, "linkedin-content", "xls", *EVENINGS[:2]),
    *evenings("linkedin-city", linkedin_page.FORMAT, "linkedin-content", "xlsx", *EVENINGS[2:]),
    *evenings("tiktok-city", tiktok.FORMAT, "tiktok", "zip", *EVENINGS),
    *evenings("reddit-city", reddit.FORMAT, "reddit", "zip", *EVENINGS),
    *evenings("flickr-parks", flickr.FORMAT, "flickr", "zip", *EVENINGS),
)  # fmt: skip

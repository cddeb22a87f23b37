"""Dumps of what a platform's interface answers: the public's side.

Where there is an export too, the dump is made the same evening and taken in after it.
"""

from __future__ import annotations

from demo.every import bluesky_api, instagram_graph, mastodon_api, nextdoor, youtube_api
from demo.every.presences import EVENINGS, NEXTDOOR
from demo.every.small_life import living
from demo.lives import Lives
from demo.schedule import Planned, evenings

HOUSEHOLDS: dict[str, Lives] = {one.name: living(one) for one in (NEXTDOOR,)}

PLANNED: tuple[Planned, ...] = (
    *evenings("youtube-city", youtube_api.FORMAT, "youtube-api", "zip", *EVENINGS),
    *evenings("nextdoor-city", nextdoor.FORMAT, "nextdoor", "zip", *EVENINGS),
    *evenings("instagram-city", instagram_graph.FORMAT, "instagram-graph", "zip", *EVENINGS),
    *evenings("mastodon-city", mastodon_api.FORMAT, "mastodon-api", "zip", *EVENINGS),
    *evenings("bluesky-city", bluesky_api.FORMAT, "bluesky-api", "zip", *EVENINGS),
)  # fmt: skip

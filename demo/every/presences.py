"""The city's accounts on these platforms, and what can become of things there."""

from __future__ import annotations

from demo.every import bluesky, flickr, linkedin, mastodon, reddit
from demo.every.small_life import Presence, address_name, letters
from demo.every.youtube_api import channel_of

EVENINGS = ("2026-03-01", "2026-04-01", "2026-05-01")
"""When backups of all of them are made."""

YOUTUBE = Presence(
    name="youtube-city", platform="youtube", title="City of Milbrook", handle="CityOfMilbrook",
    native_id="UCmilbrookCity0000000001", about="Meetings and notices of the City of Milbrook, Wisconsin.",
    post_id=lambda number, at: letters(f"video {number}", 11),
    comment_id=lambda number, at, parent, author: (
        f"{parent.id}.{letters(f'reply {number}', 22)}" if parent.parent else f"Ug{letters(f'comment {number}', 24)}"
    ),
    posts=30, followers=60, follower_id=channel_of, titled="Milbrook Minute {number}: {first}", media="video",
    post_fates=("", "edited", "", "deleted", "hidden"),
    comment_fates=("", "hidden", "", "edited", "held", "deleted"),
)  # fmt: skip

FACEBOOK = Presence(
    name="fb-library", platform="facebook", title="Milbrook Public Library", handle="MilbrookLibrary",
    native_id="100000000000103", department="Library", about="The Public Library of Milbrook, Wisconsin.",
    post_id=lambda number, at: f"100000000000103_{122_101_000_000_000 + number * 7}",
    comment_id=lambda number, at, parent, author: (
        f"{(parent.thread or parent.id).rpartition('_')[2]}_{122_102_000_000_000 + number * 7}"
    ),
    followers=50, talks=4, media="picture", trashed=0.7,
)  # fmt: skip

NEXTDOOR = Presence(
    name="nextdoor-city", platform="nextdoor", title="City of Milbrook", handle="City of Milbrook",
    native_id="nda_milbrook", about="The City of Milbrook, Wisconsin, for its neighborhoods.",
    post_id=lambda number, at: f"ndp_{100_000 + number * 7}",
    comment_id=lambda number, at, parent, author: f"ndc_{400_000 + number * 3}",
    comment_fates=("", "edited", "", "deleted", "", "deleted"),
)  # fmt: skip

INSTAGRAM = Presence(
    name="instagram-city", platform="instagram", title="City of Milbrook", handle="cityofmilbrook",
    native_id="17841400000000001", about="News of the City of Milbrook, Wisconsin.",
    post_id=lambda number, at: str(17_900_000_000_000_000 + number * 11),
    comment_id=lambda number, at, parent, author: str(18_000_000_000_000_000 + number * 13),
    followers=70, talks=4, media="picture", every=1, trashed=0.7,
    comment_fates=("", "hidden", "", "deleted", ""), answer_fates=("", "deleted"),
)  # fmt: skip

THREADS = Presence(
    name="threads-city", platform="threads", title="City of Milbrook", handle="cityofmilbrook",
    native_id="17841400000000002", about="News of the City of Milbrook, Wisconsin.",
    post_id=lambda number, at: f"t{number:06}", comment_id=lambda number, at, parent, author: f"r{number:06}",
    followers=50, answers="post", media="picture", post_fates=("", "edited", "", "deleted"),
    answer_fates=("", "deleted", ""),
)  # fmt: skip

MASTODON = Presence(
    name="mastodon-city", platform="mastodon", title="City of Milbrook", handle="city", native_id="1",
    about="News of the City of Milbrook, Wisconsin.",
    post_id=lambda number, at: mastodon.own(at, number),
    comment_id=lambda number, at, parent, author: (mastodon.others if author else mastodon.own)(at, number),
    line_id=lambda at, number: (mastodon.own if number % 2 else mastodon.others)(at, number),
    followers=45, talks=3, answers="post", media="picture",
    comment_fates=("", "edited", "", "deleted", ""),
)  # fmt: skip

BLUESKY = Presence(
    name="bluesky-city", platform="bluesky", title="City of Milbrook", handle="milbrook.example",
    native_id=bluesky.DID, about="News of the City of Milbrook, Wisconsin.",
    post_id=lambda number, at: bluesky.address(at, number),
    comment_id=lambda number, at, parent, author: bluesky.address(at, number, author),
    followers=45, follower_id=bluesky.did_of, answers="post", media="picture",
    post_fates=("", "deleted", ""), comment_fates=("", "hidden", "", "deleted", ""), answer_fates=("", "", "deleted"),
)  # fmt: skip

LINKEDIN = Presence(
    name="linkedin-clerk", platform="linkedin", title="Nora Quist", handle="nora-quist-milbrook",
    native_id="profile", about="Clerk-Treasurer of the City of Milbrook, Wisconsin.",
    post_id=lambda number, at: f"urn:li:share:{7_300_000_000_000_000_000 + number * 17}",
    comment_id=lambda number, at, parent, author: (
        f"urn:li:comment:({(parent.thread or parent.id)[7:]},{7_310_000_000_000_000_000 + number * 19})"
    ),
    followers=55, follower_id=linkedin.address, talks=4,
)  # fmt: skip

LINKEDIN_PAGE = Presence(
    name="linkedin-city", platform="linkedin", title="City of Milbrook", handle="city-of-milbrook",
    about="The City of Milbrook, Wisconsin, as an employer and a neighbor.",
    post_id=lambda number, at: f"urn:li:activity:{7_320_000_000_000_000_000 + number * 17}",
    comment_id=lambda number, at, parent, author: f"c{number:06}",
    posts=30,
)  # fmt: skip

TIKTOK = Presence(
    name="tiktok-city", platform="tiktok", title="City of Milbrook", handle="cityofmilbrook", native_id="profile",
    about="News of the City of Milbrook.",
    post_id=lambda number, at: str(7_400_000_000_000_000_000 + number * 23),
    comment_id=lambda number, at, parent, author: f"c{number:06}",
    posts=20, followers=60, follower_id=address_name, talks=3, trashed=0.7,
    post_fates=("", "edited", "", "deleted", "hidden"), answer_fates=("", "deleted"),
)  # fmt: skip

REDDIT = Presence(
    name="reddit-city", platform="reddit", title="City of Milbrook", handle="milbrook_city", native_id="milbrook_city",
    about="The City of Milbrook, Wisconsin.",
    post_id=lambda number, at: f"t3_{reddit.number(number, 60_466_176)}",
    comment_id=lambda number, at, parent, author: f"t1_{reddit.number(number, 80_466_176)}",
    line_id=lambda at, number: f"t4_{reddit.number(int(at.timestamp()), number)}",
    talks=4, titled="{first}", post_fates=("", "edited", "", "deleted", "hidden"),
    answer_fates=("", "edited", "hidden", "deleted"), hidden_by="platform",
)  # fmt: skip

FLICKR = Presence(
    name="flickr-parks", platform="flickr", title="Milbrook Parks", handle="milbrookparks", native_id="100000001@N01",
    department="Parks", voice="parks", about="Pictures of the parks of Milbrook, Wisconsin.",
    post_id=lambda number, at: str(50_000_000_000 + number * 29),
    comment_id=lambda number, at, parent, author: f"100000001-{50_000_000_000 + number * 31}-{72157_000_000 + number}",
    posts=20, followers=25, follower_id=flickr.nsid, titled="{first}", media="picture", every=1,
    post_fates=("", "edited", "", "deleted", "hidden"), comment_fates=("", "edited", "", "deleted"),
)  # fmt: skip

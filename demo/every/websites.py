"""The city's websites: its news, as WordPress exports them, the library's feed, and captures of the pages."""

from __future__ import annotations

from demo.every import captures, feeds, site_life, wordpress
from demo.lives import Lives, alone
from demo.schedule import ANY_KIND, Format, Planned, evenings

WORDPRESS = Format(
    "wordpress", lambda path, account, at, _: wordpress.write(path, account, at), wordpress.show, ANY_KIND,
    declared=True, dated=False,
)  # fmt: skip

FEED = Format("feed", lambda path, account, at, _: feeds.write(path, account, at), feeds.show, frozenset())

WARC = Format(
    "warc", lambda path, account, at, _: captures.write(path, account, at), captures.show, ANY_KIND, declared=True,
    dated=False,
)  # fmt: skip

HOUSEHOLDS: dict[str, Lives] = {
    "site-news": alone(site_life.news),
    "site-library": alone(feeds.library),
    "site-pages": alone(captures.pages),
}

_POLLS = ("2026-02-15", "2026-03-01", "2026-03-15", "2026-03-28", "2026-04-12", "2026-04-26")

PLANNED: tuple[Planned, ...] = (
    *evenings("site-news", WORDPRESS, "site-news", "zip", "2026-03-01", "2026-04-01", "2026-05-01"),
    *evenings("site-library", FEED, "library-feed", "xml", *_POLLS),
    *evenings("site-pages", WARC, "site", "warc.gz", "2026-02-15", "2026-03-15", "2026-04-15", "2026-05-01"),
)

"""The city's websites: its news, as WordPress exports them."""

from __future__ import annotations

from demo.every import site_life, wordpress
from demo.lives import Lives, alone
from demo.schedule import ANY_KIND, Format, Planned, evenings

WORDPRESS = Format(
    "wordpress", lambda path, account, at, _: wordpress.write(path, account, at), wordpress.show, ANY_KIND,
    declared=True, dated=False,
)  # fmt: skip

HOUSEHOLDS: dict[str, Lives] = {"site-news": alone(site_life.news)}

PLANNED: tuple[Planned, ...] = (
    *evenings("site-news", WORDPRESS, "site-news", "zip", "2026-03-01", "2026-04-01", "2026-05-01"),
)

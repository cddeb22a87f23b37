"""The workbook of updates that LinkedIn lets the administrators of a company page download, for a year at most.

One sheet has numbers for every day of the span, the other a row for each post of it: words, link, who posted it, the
day as it is written in the United States, numbers that grow. Comments, reactions, followers and pictures are in none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from demo import days
from demo.days import DAY
from demo.every import workbooks
from demo.every.workbooks import Cell
from demo.schedule import Format
from demo.shown import Item
from demo.world import Account, Entry

NOTE = "Note: numbers of the last days are estimates. Times are those of UTC."
DAILY = ("Date", "Impressions (organic)", "Impressions (sponsored)", "Impressions (total)", "Clicks (total)",
         "Reactions (total)", "Comments (total)", "Reposts (total)", "Engagement rate (total)")  # fmt: skip
POSTS = ("Post title", "Post link", "Post type", "Campaign name", "Posted by", "Created date", "Campaign start date",
         "Campaign end date", "Audience", "Impressions", "Views (Excluding offsite video views)", "Clicks",
         "Click through rate (CTR)", "Likes", "Comments", "Reposts", "Follows", "Engagement rate",
         "Content Type")  # fmt: skip
AUTHORS = ("Nora Quist", "Ada Lindqvist")
"""Who posts for the city, in turn."""


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the workbook, old or new by its name."""
    everyday = [at.astimezone(days.ZONE).date() - DAY * n for n in range(FORMAT.reaches, -1, -1)]
    said = Counter(one.thread for one in account.standing(at))
    workbooks.write(
        path,
        {
            "Metrics": [[NOTE], DAILY, *map(_daily, everyday)],
            "All posts": [[NOTE], POSTS, *(_row(one, said[one.id], at) for one in _posts(account, at))],
        },
    )


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The page's posts of the last year."""
    for one in _posts(account, at):
        yield Item(kind="post", id=one.id, says=one.wording(at).text)


FORMAT = Format("linkedin-page", write, show, frozenset({"post"}), declared=True, reaches=365)


def _posts(account: Account, at: datetime) -> list[Entry]:
    """Return the posts of the span, newest first."""
    own = [one for one in account.standing(at) if one.author is None and one.kind == "post"]
    return [one for one in own[::-1] if FORMAT.reaches_back_to(one.at, at)]


def _us(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def _daily(day: date) -> Sequence[Cell]:
    seen = 40 + day.toordinal() * 37 % 190
    return (_us(day), seen, 0, seen, seen // 9, seen // 14, seen // 40, seen // 60, round(seen // 14 / seen, 6))


def _row(one: Entry, said: int, at: datetime) -> Sequence[Cell]:
    """Return the row of a post with so many comments; whoever has looked at it once has looked at it for good."""
    seen = one.likes * 23 + min((at - one.at).days, 60) * 4 + 1
    clicks = seen // 12
    rate, engaged = round(clicks / seen, 6), round((clicks + one.likes + said) / seen, 6)
    return (
        one.wording(at).text, f"https://www.linkedin.com/feed/update/{one.id}", "Organic", "",
        AUTHORS[one.likes % len(AUTHORS)], _us(one.at.astimezone(days.ZONE).date()), "", "", "All followers", seen, "",
        clicks, rate, one.likes, said, one.likes // 9, 0, engaged, "",
    )  # fmt: skip

"""What falls due in the coming months, by series: so that nobody is surprised by a year's end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from archive.archive import Archive
from retention_schedules import adoption
from retention_schedules.stopping import bars

_MONTHS = """
SELECT substr(max(expires_on, ?1), 1, 7) AS month, schedule, series, sum(records), min(expires_on), max(expires_on)
FROM expiry_count WHERE expires_on < ?2 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


class Month(Struct, frozen=True):
    """Records of one series that reach their date in one month, written 2033-03.

    ``is_overdue`` marks what had reached it before; ``authorised`` says whether the series' own ground would
    hold on the last of those days, steps and holds aside.
    """

    month: str
    schedule: str
    series: str
    title: str
    records: int
    first_on: str
    last_on: str
    is_overdue: bool
    authorised: bool


def months(archive: Archive, years: int, since: date | None = None) -> list[Month]:
    """Return what falls due from a day (today) on, month by month, for so many years; what is overdue comes first.

    It reads the dates as they stand: :meth:`retention_schedules.expiry.Expiry.catch_up` comes first.
    """
    today = since or archive.now_local().date()
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).isoformat()
    until = f"{first.year + years:04}-{first.month:02}-01"
    known = {(one.schedule.name, each.key): (one, each) for one in adoption.adoptions(archive)
             for each in one.schedule.series}  # fmt: skip
    found = []
    for month, schedule, series, count, first_on, last_on in archive.connection.execute(_MONTHS, (before, until)):
        if (schedule, series) in known:
            of, each = known[schedule, series]
            holds = not bars(of, each, max(today, date.fromisoformat(last_on)))
            overdue = month == before[:7]
            found.append(Month(month, schedule, series, each.title, count, first_on, last_on, overdue, holds))
    return found


def total(of: Iterable[Month]) -> int:
    """Return how many records some months have together."""
    return sum(one.records for one in of)

"""The local dates of stored times, remembered by the hour: a million records ask for a few thousand of them."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from archive import clock
from retention_schedules.calendar import local_day


class LocalDays:
    """Stored UTC times as dates of one zone.

    ``sure`` has the local date of every UTC hour, such as 2026-03-01T09, that was asked for so far; hours in which
    the date changes are left out: not every zone is whole hours from UTC.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self.sure: dict[str, date] = {}

    def day(self, moment: str, precision: str = "", zone_source: str = "") -> date:
        """Return the local date on which a stored time was at the latest; both are empty where it is sure."""
        if precision or zone_source:
            return local_day(clock.read_stored(moment), self._zone, precision, zone_source)
        hour = moment[:13]
        return self.sure.get(hour) or self._of_hour(hour) or local_day(clock.read_stored(moment), self._zone)

    def _of_hour(self, hour: str) -> date | None:
        start = clock.read_stored(f"{hour}:00:00.000Z")
        day = local_day(start, self._zone)
        if local_day(start + timedelta(minutes=59, seconds=59.999), self._zone) != day:
            return None
        self.sure[hour] = day
        return day

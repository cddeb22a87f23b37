"""The local dates of stored times, remembered by the hour: a million records ask for a few thousand of them."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from archive import clock
from retention_schedules.calendar import local_day


class LocalDays:
    """Stored UTC times as dates of one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._days: dict[str, date | None] = {}

    def day(self, moment: str, vague: str = "") -> date:
        """Return the local date on which a stored time was at the latest.

        ``vague`` is precision and zone source, a unit separator between them, or empty where both are sure.
        Answers are remembered except for the hours in which the date changes: not every zone is whole hours
        from UTC.
        """
        if vague:
            precision, _, zone_source = vague.partition("\x1f")
            return local_day(clock.read_stored(moment), self._zone, precision, zone_source)
        return self.known(moment[:13]) or local_day(clock.read_stored(moment), self._zone)

    def known(self, hour: str) -> date | None:
        """Return the local date of a UTC hour such as 2026-03-01T09, None if the date changes within it."""
        if hour not in self._days:
            self._days[hour] = self._day_of_hour(hour)
        return self._days[hour]

    def _day_of_hour(self, hour: str) -> date | None:
        start = clock.read_stored(f"{hour}:00:00.000Z")
        day = local_day(start, self._zone)
        return day if local_day(start + timedelta(minutes=59, seconds=59.999), self._zone) == day else None

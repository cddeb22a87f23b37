"""The local dates of stored times, remembered by the hour: a million records ask for a few thousand of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from archive import clock
from retention_schedules.calendar import local_day

_ALMOST_AN_HOUR = timedelta(minutes=59, seconds=59.999)


class LocalDays:
    """Stored UTC times as dates of one zone.

    ``sure`` has the local date of every UTC hour, such as 2026-03-01T09, that was asked for so far; hours in which
    the date changes are left out (not every zone is whole hours from UTC), and days on which the clocks do.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self.sure: dict[str, date] = {}
        self._vague: dict[tuple[str, str, str], date] = {}

    def day(self, moment: str, precision: str = "", zone_source: str = "") -> date:
        """Return the local date on which a stored time was at the latest; both are empty where it is sure."""
        hour = moment[:13]
        if hour not in self.sure:
            self._look_at(moment[:10])
        if not (precision or zone_source):
            return self.sure.get(hour) or local_day(clock.read_stored(moment), self._zone)
        key = hour if hour in self.sure else moment, precision, zone_source
        if key not in self._vague:
            self._vague[key] = local_day(clock.read_stored(moment), self._zone, precision, zone_source)
        return self._vague[key]

    def _look_at(self, utc_day: str) -> None:
        """Remember the hours of one UTC day, unless the clocks change in it: then none is remembered."""
        midnight = datetime.fromisoformat(utc_day)
        try:
            offset, later = (self._offset(midnight + timedelta(hours=hour)) for hour in (0, 24))
        except OverflowError:  # the first and the last day that the calendar has
            return
        if offset is None or offset != later:
            return
        for hour in range(24):
            first = midnight + timedelta(hours=hour) + offset
            if first.date() == (first + _ALMOST_AN_HOUR).date():
                self.sure[f"{utc_day}T{hour:02}"] = first.date()

    def _offset(self, moment: datetime) -> timedelta | None:
        return moment.replace(tzinfo=UTC).astimezone(self._zone).utcoffset()

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.reading import UnknownRecord
from composition import House, house
from conftest import bring_in, register
from retention_schedules import adoption
from retention_schedules.calendar import add, cutoff
from retention_schedules.due import due
from retention_schedules.reader import FLOOR_KEYS, RULE_KEYS, SCHEDULE_KEYS, SERIES_KEYS, BadSchedule, examine, read
from retention_schedules.rules import Traits, matches
from retention_schedules.schedule import TRIGGERS, read_period
from retention_schedules.why import why
from schedules import adopt

SHIPPED = adoption.source("wisconsin-municipal").decode()

# -- the calendar


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        ("2026-03-01", "7 years", "2033-03-01"),
        ("2024-02-29", "7 years", "2031-03-01"),
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2026-01-31", "1 month", "2026-03-01"),
        ("2026-12-31", "2 months", "2027-03-01"),
        ("2026-10-31", "90 days", "2027-01-29"),
    ],
)
def test_a_period_ends_on_its_day_and_never_a_day_early(day: str, period: str, expected: str) -> None:
    assert add(date.fromisoformat(day), read_period(period)).isoformat() == expected


DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(0, 100), st.sampled_from(["years", "months", "days"]))
def test_a_period_is_never_shorter_than_it_says(day: date, count: int, unit: str) -> None:
    ends = add(day, read_period(f"{count} {unit}"))
    if unit == "days":
        assert ends == day + timedelta(days=count)
    else:
        months = (ends.year - day.year) * 12 + ends.month - day.month
        wanted = count * (12 if unit == "years" else 1)
        assert (months, ends.day) == (wanted, day.day) or (months, ends.day) == (wanted + 1, 1)


@given(DAYS, DAYS, st.sampled_from(["7 years", "18 months", "90 days"]))
def test_a_later_day_never_expires_earlier(first: date, second: date, period: str) -> None:
    low, high = sorted((first, second))
    assert add(low, read_period(period)) <= add(high, read_period(period))


def test_triggers_count_from_where_the_law_says() -> None:
    day = date(2026, 3, 1)
    assert cutoff(day, "CR", (1, 1)) == day
    assert cutoff(day, "CY", (7, 1)) == date(2027, 1, 1)
    assert cutoff(day, "FIS", (7, 1)) == date(2026, 7, 1)
    assert cutoff(date(2026, 7, 1), "FIS", (7, 1)) == date(2027, 7, 1)
    assert [cutoff(day, trigger, (1, 1)) for trigger in ("EVT", "SUP", "PERM")] == [None, None, None]


# -- schedules


def test_the_shipped_schedule_is_sound_unverified_and_without_invented_numbers() -> None:
    schedule = read(SHIPPED.encode(), "shipped")
    assert {one.verified for one in schedule.series} == {False}
    assert {one.code for one in schedule.series} == {""}
    assert {str(one.period) for one in schedule.series} == {"7 years"}
    assert {one.notice for one in schedule.series} == {"N"}
    assert all("19.21(4)" in one.citation for one in schedule.series)
    assert (schedule.approved_on.isoformat(), str(schedule.expires_on)) == ("2018-08-27", "2028-08-27")


def test_the_shipped_schedule_has_a_rule_for_every_kind() -> None:
    from archive.records import KINDS

    schedule = read(SHIPPED.encode(), "shipped")
    assert sorted(kind for rule in schedule.rules for kind in rule.kind) == sorted(KINDS)


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('trigger = "CR"', 'trigger = "XX"', "series social-media, trigger", "one of CR, EVT"),
        ('period = "7 years"\ntrigger', 'period = "seven"\ntrigger', "series social-media, period", "is no period"),
        ('title = "Social media content"', "", "series social-media, title", "a text is needed"),
        ('series = "newsletters"', 'series = "letters"', "rule 2, series", "no series “letters”"),
        ('kind = ["email"]', 'kind = ["mail"]', "rule 3, kind", "“mail” is none of"),
        ("approved_on = 2018-08-27", 'approved_on = "long ago"', "the schedule, approved_on", "a date is needed"),
        (
            "verified = false",
            "verified = false\nverifed = true",
            "series social-media, verifed",
            "did you mean “verified”",
        ),
        ('key = "newsletters"', 'key = "social-media"', "series social-media, key", "2 series have this key"),
        ("expires_on = 2028-08-27", "expires_on = 2008-08-27", "the schedule, expires_on", "before it was approved"),
        ("name = ", "name = [", "the file", "it is not TOML"),
    ],
)
def test_every_fault_is_named_by_series_and_key(old: str, new: str, place: str, reason: str) -> None:
    _, faults = examine(SHIPPED.replace(old, new, 1).encode())
    assert any(one.place == place and reason in one.reason for one in faults), faults


def test_all_faults_are_told_at_once() -> None:
    broken = SHIPPED.replace('trigger = "CR"', 'trigger = "XX"').replace(
        'disposition = "destroy"', 'disposition = "burn"'
    )
    with pytest.raises(BadSchedule) as caught:
        read(broken.encode(), "broken.toml")
    assert str(caught.value).count("trigger") == 4
    assert str(caught.value).count("disposition") == 4


def test_the_longest_period_wins_and_permanent_wins_over_all() -> None:
    toml = SHIPPED + '\n[[rule]]\nseries = "long"\ntag = ["budget"]\n[[rule]]\nseries = "ever"\naccount = ["mayor"]\n'
    extra = (
        '[[series]]\nkey = "{}"\ntitle = "T"\n{}trigger = "{}"\ndisposition = "retain"\nnotice = "-"\ncitation = "C"\n'
    )
    toml += extra.format("long", 'period = "10 years"\n', "CR") + extra.format("ever", "", "PERM")
    schedule = read(toml.encode(), "x")
    plain = Traits("x-city", "Clerk", "x", "post", "public", (), ())
    tagged = Traits("x-city", "Clerk", "x", "post", "public", ("Budget",), ())
    mayor = Traits("mayor", "Mayor", "x", "post", "public", ("budget",), ())
    assert [matches([schedule], one)[0].series.key for one in (plain, tagged, mayor)] == [
        "social-media",
        "long",
        "ever",
    ]


# -- expiry


@pytest.fixture
def scheduled(own_milbrook: House) -> House:
    adopt(own_milbrook.archive, "wisconsin-municipal")
    own_milbrook.catch_up()
    return own_milbrook


def test_every_record_has_an_expiry_seven_years_after_its_local_day(scheduled: House) -> None:
    rows = scheduled.archive.connection.execute(
        "SELECT r.created_at, r.captured_at, c.created_zone = 'unknown', e.cutoff_on, e.expires_on, e.blocked"
        " FROM record r JOIN content c ON c.id = r.version LEFT JOIN expiry e ON e.record = r.id"
    ).fetchall()
    from archive import clock

    assert len(rows) > 900
    for created_at, captured_at, is_zone_unknown, cutoff_on, expires_on, blocked in rows:
        at = clock.read_stored(created_at or captured_at)
        day = clock.local_date(at, scheduled.archive.timezone)
        if is_zone_unknown:  # it may have been local already
            day = max(day, at.date())
        assert cutoff_on == day.isoformat()
        assert expires_on == add(day, read_period("7 years")).isoformat()
        assert blocked == "unverified"


def test_without_a_schedule_every_record_is_unscheduled_and_kept(milbrook: House) -> None:
    (group,) = due(milbrook.archive, date(2100, 1, 1))
    assert group.series == "unscheduled"
    assert "they are kept" in group.stopped_by[0]


def test_catching_up_gives_what_a_rebuild_gives(city: Path, archive: Archive) -> None:
    register(archive)
    opened = house(archive)
    bring_in(archive, city / "x-2026-03-01.zip", "x-city")
    opened.catch_up()
    adopt(archive, "wisconsin-municipal")
    opened.catch_up()
    bring_in(archive, city / "x-2026-04-01.zip", "x-city")
    opened.catch_up()
    caught_up = archive.connection.execute("SELECT * FROM expiry ORDER BY record").fetchall()
    opened.rebuild()
    assert archive.connection.execute("SELECT * FROM expiry ORDER BY record").fetchall() == caught_up
    assert opened.expiry.position == archive.head()


def test_due_says_what_stops_each_group(scheduled: House) -> None:
    groups = due(scheduled.archive, date(2032, 1, 1))
    assert [one.title for one in groups] == [
        "Correspondence by e-mail",
        "Social media content",
        "Subscriber lists",
    ]
    said = " ".join(groups[0].stopped_by)
    for reason in ("not in force", "nobody has checked", "60 days", "no disposition"):
        assert reason in said
    assert due(scheduled.archive, date(2027, 1, 1)) == []


def test_why_can_be_read_aloud(scheduled: House) -> None:
    record = scheduled.finder.find("kind:post pool")[0]
    said = " ".join(why(scheduled.archive, record))
    for part in ("is a post of account x-city", "7 years", "19.21(4)(b)", "it expires on", "kept all the same"):
        assert part in said
    with pytest.raises(UnknownRecord):
        why(scheduled.archive, 10**9)


def test_why_and_the_expiry_table_agree(scheduled: House) -> None:
    for record, expires_on in scheduled.archive.connection.execute(
        "SELECT record, expires_on FROM expiry ORDER BY record LIMIT 50"
    ).fetchall():
        assert any(f"it expires on {expires_on}" in line for line in why(scheduled.archive, record))


def test_an_adopted_schedule_is_on_the_ledger_by_its_bytes(scheduled: House) -> None:
    ((_, toml),) = scheduled.archive.adopted_schedules()
    assert toml.decode() == SHIPPED


def test_an_example_cannot_be_adopted(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "nara.toml"
    path.write_text(SHIPPED.replace('title = "Wisconsin', 'example = true\ntitle = "Wisconsin', 1), encoding="utf-8")
    with pytest.raises(adoption.ExampleOnly):
        adopt(archive, str(path))
    with pytest.raises(adoption.NoSchedule):
        adopt(archive, str(tmp_path / "none.toml"))


def test_the_page_on_schedules_names_every_key_and_trigger() -> None:
    page = (Path(__file__).parents[2] / "docs" / "retention.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Za-z_-]+)`", page))
    assert {*SCHEDULE_KEYS, *FLOOR_KEYS, *SERIES_KEYS, *RULE_KEYS, *TRIGGERS} <= named

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest

from archive import clock
from archive.archive import Archive
from archive.records import Author, Content
from conftest import ACTOR
from retention_schedules.assignment import NOT_STARTED, PERMANENT, UNSCHEDULED, UNVERIFIED, Assignment
from retention_schedules.calendar import LATEST
from retention_schedules.expiry import Expiry
from retention_schedules.rules import Traits, applies, grounds
from retention_schedules.schedule import Rule
from schedules import adopt_made as adopt
from schedules import hold, rule, schedule, series, written

POST = Traits("x-city", "Parks & Recreation", "x", "post", "public", ("Café", "Snow"), ("Grace Lor", "grace_lor"))

BY_ALL = rule("a")


def winner(archive: Archive, folder: Path, *parts: str, day: str = "2026-03-01") -> tuple[str, str, str]:
    """Adopt a schedule and return series, expiry date and obstacle of a record created on a day."""
    adopt(archive, folder, *parts)
    assignment = Assignment(archive)
    first = assignment.ranked(assignment.matches(POST), date.fromisoformat(day))[0]
    return first.match.series.key, str(first.expires_on), first.blocked


def expiries(archive: Archive) -> list[tuple[str, str, str]]:
    Expiry(archive).catch_up()
    return archive.connection.execute("SELECT cutoff_on, expires_on, blocked FROM expiry ORDER BY record").fetchall()


# -- which rules hold


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({}, True),
        ({"kind": ("post",)}, True),
        ({"kind": ("comment", "post")}, True),
        ({"kind": ("comment",)}, False),
        ({"kind": ("post",), "platform": ("facebook",)}, False),
        ({"department": ("parks & recreation",)}, True),
        ({"department": ("Parks",)}, False),
        ({"tag": ("#snow",)}, True),
        ({"tag": ("snowfall",)}, False),
        ({"tag": ("cafe\u0301",)}, True),
        ({"author": ("@Grace_Lor",)}, True),
        ({"author": ("grace lor",)}, True),
        ({"author": ("Grace",)}, False),
        ({"account": ("X-City",), "audience": ("public",)}, True),
    ],
)
def test_a_rule_holds_where_every_key_it_gives_does(wanted: dict[str, tuple[str, ...]], holds: bool) -> None:
    asked = msgspec.structs.replace(Rule(number=1, series="a"), **wanted)
    assert applies(asked, POST) is holds


def test_the_grounds_of_a_rule_are_its_own_words() -> None:
    asked = Rule(number=1, series="a", kind=("comment", "post"), tag=("ice", "#SNOW"))
    assert grounds(asked, POST) == [("kind", "post"), ("tag", "#SNOW")]


def test_a_record_without_tags_answers_to_no_rule_on_tags() -> None:
    bare = Traits("x-city", "", "x", "post", "public", (), ())
    assert not applies(Rule(number=1, series="a", tag=("snow",)), bare)


# -- which rule counts


def test_the_rule_that_keeps_a_record_longest_counts(archive: Archive, tmp_path: Path) -> None:
    parts = (series("a"), series("b", period="8 years"), rule("a"), rule("b", kind="post"))
    assert winner(archive, tmp_path, *parts) == ("b", "2034-03-01", "")


def test_longest_is_meant_by_the_calendar_and_not_by_the_number(archive: Archive, tmp_path: Path) -> None:
    parts = (series("a", period="8 years"), series("b", period="7 years", trigger="CY"), rule("a"), rule("b"))
    assert winner(archive, tmp_path, *parts) == ("a", "2034-03-01", "")
    parts = (series("a", period="91 months"), series("b", period="7 years", trigger="CY"), rule("a"), rule("b"))
    assert winner(archive, tmp_path, *parts) == ("b", "2034-01-01", "")


def test_a_record_that_waits_for_an_event_is_not_let_go_by_another_rule(archive: Archive, tmp_path: Path) -> None:
    parts = (series("a", period="20 years"), series("b", trigger="EVT", event="Audit"), rule("a"), rule("b"))
    assert winner(archive, tmp_path, *parts) == ("b", "None", NOT_STARTED)


def test_a_permanent_series_counts_before_everything(archive: Archive, tmp_path: Path) -> None:
    ever = series("ever", trigger="PERM", period=None, disposition="transfer", notice="-")
    parts = (series("a", trigger="SUP"), ever, series("c", period="9999 years"), rule("a"), rule("ever"), rule("c"))
    assert winner(archive, tmp_path, *parts) == ("ever", "None", PERMANENT)


def test_of_equals_the_one_that_was_checked_counts(archive: Archive, tmp_path: Path) -> None:
    parts = (series("a", verified=False), series("b"), series("c"), rule("a"), rule("b"), rule("c"))
    assert winner(archive, tmp_path, *parts) == ("b", "2033-03-01", "")


def test_a_longer_series_that_nobody_checked_still_keeps_the_record(archive: Archive, tmp_path: Path) -> None:
    parts = (series("a", verified=False, period="9 years"), series("b"), rule("a"), rule("b"))
    assert winner(archive, tmp_path, *parts) == ("a", "2035-03-01", UNVERIFIED)


def test_schedules_are_weighed_together(archive: Archive, tmp_path: Path) -> None:
    adopt(archive, tmp_path, series("long", period="10 years"), rule("long"), name="administrative")
    assert winner(archive, tmp_path, series("a"), rule("a")) == ("long", "2036-03-01", "")


def test_the_floor_lengthens_what_has_no_number(archive: Archive, tmp_path: Path) -> None:
    short = {"period": "2 years", "verified": False}
    assert winner(archive, tmp_path, series("a", **short), rule("a")) == ("a", "2033-03-01", UNVERIFIED)
    assert winner(archive, tmp_path, series("a", code="RDA 7", **short), rule("a")) == ("a", "2028-03-01", UNVERIFIED)


def test_a_period_beyond_the_calendar_never_ends(archive: Archive, tmp_path: Path) -> None:
    assert winner(archive, tmp_path, series("a", period="9999 years"), rule("a"))[1] == str(LATEST)


# -- the day from which a record counts


def test_a_record_counts_from_its_day_in_the_city(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2026-03-02T05:59"), written("2026-03-02T06:00"))
    adopt(archive, tmp_path, series("a"), BY_ALL)
    assert expiries(archive) == [("2026-03-01", "2033-03-01", ""), ("2026-03-02", "2033-03-02", "")]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"])
def test_zones_that_are_not_whole_hours_from_utc_change_the_date_where_they_should(tmp_path: Path, zone: str) -> None:
    with Archive.create(tmp_path / "a", ACTOR, name="Milbrook", timezone=zone) as archive:
        moments = [
            f"2026-03-0{day}T{hour:02}:{minute:02}" for day in (1, 2) for hour in range(24) for minute in (5, 35)
        ]
        hold(archive, *(written(one) for one in moments))
        adopt(archive, tmp_path, series("a"), BY_ALL)
        days = [clock.local_date(clock.read_stored(f"{one}Z"), archive.timezone).isoformat() for one in moments]
        assert [one[0] for one in expiries(archive)] == days


def test_a_creation_that_nobody_knows_counts_from_the_day_of_taking_in(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written(None))
    adopt(archive, tmp_path, series("a"), BY_ALL)
    assert [one[0] for one in expiries(archive)] == [archive.now_local().date().isoformat()]


def test_what_a_source_leaves_open_is_read_as_the_later_day(archive: Archive, tmp_path: Path) -> None:
    midnight = "2026-03-02T00:00"
    hold(
        archive,
        written(midnight),
        written(midnight, "day", "format"),
        written("2026-03-01T00:00", "month", "format"),
        written(midnight, "second", "unknown"),
    )
    adopt(archive, tmp_path, series("a"), BY_ALL)
    assert [one[0] for one in expiries(archive)] == ["2026-03-01", "2026-03-02", "2026-03-31", "2026-03-02"]


def test_dates_at_the_ends_of_the_calendar_are_dates(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("0001-01-01T00:00"), written("9999-12-31T23:59"))
    adopt(archive, tmp_path, series("a", trigger="CY"), BY_ALL)
    assert expiries(archive) == [("0002-01-01", "0009-01-01", ""), (str(LATEST), str(LATEST), "")]


def test_the_fiscal_year_is_the_citys(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a", ACTOR, name="Milbrook", fiscal_year_start="07-01") as archive:
        hold(archive, written("2026-07-01T04:59"), written("2026-07-01T05:00"))
        adopt(archive, tmp_path, series("a", trigger="FIS"), BY_ALL)
        assert expiries(archive) == [("2026-07-01", "2033-07-01", ""), ("2027-07-01", "2034-07-01", "")]


# -- groups


def test_rules_on_tags_and_authors_are_asked_record_by_record(archive: Archive, tmp_path: Path) -> None:
    contents = [
        written("2026-03-01T12:00", tags=("pool", "Budget")),
        written("2026-03-01T12:00", author=Author("Ana Vue", "ana_vue")),
        written("2026-03-01T12:00", author=Author("", "@Mayor")),
        written("2026-03-01T12:00", tags=('a "quoted" [tag]',)),
    ]
    hold(archive, *contents)
    adopt(
        archive, tmp_path, series("a"), series("money", period="10 years"), series("mayor", period="20 years"),
        rule("a"), rule("money", tag="#budget"), rule("mayor", author="mayor"),
    )  # fmt: skip
    assert [one[1][:4] for one in expiries(archive)] == ["2036", "2033", "2046", "2033"]


def test_the_table_says_what_the_rules_say_of_each_record_alone(archive: Archive, tmp_path: Path) -> None:
    tags, people = ("pool", "budget", ""), ("Grace Lor", "Ana Vue")
    contents: list[Content] = [
        written(f"20{year}-02-{day}T04:30", tags=(tag,) if tag else (), author=Author(name))
        for year in (23, 24) for day in (28, "01") for tag in tags for name in people
    ]  # fmt: skip
    hold(archive, *contents)
    hold(archive, *contents, kind="comment", account="x-parks")
    parts = (
        series("a"), series("b", period="10 years", trigger="CY"), series("c", period="91 months", trigger="FIS"),
        rule("a", kind="post"), rule("b", tag="budget", account="x-parks"), rule("c", author="Ana Vue"),
    )  # fmt: skip
    adopt(archive, tmp_path, *parts)
    expiries(archive)
    made = schedule(*parts)
    rows = archive.connection.execute(
        "SELECT r.account, r.platform, r.kind, r.tags, r.author_name, r.created_at, e.series, e.expires_on, e.blocked"
        " FROM record r JOIN expiry e ON e.record = r.id"
    ).fetchall()
    assert len(rows) == 48
    assignment = Assignment(archive)
    for account, platform, kind, tag, author, created_at, key, expires_on, blocked in rows:
        traits = Traits(account, "Clerk", platform, kind, "public", tuple(json.loads(tag or "[]")), (author,))
        day = clock.local_date(clock.read_stored(created_at), archive.timezone)
        outcomes = assignment.ranked(assignment.matches(traits), day)
        assert {one.match.rule.number for one in outcomes} == {one.number for one in made.rules if applies(one, traits)}
        if outcomes:
            latest = max(one.expires_on for one in outcomes if one.expires_on)
            assert (expires_on, blocked) == (latest.isoformat(), "")
            assert key == outcomes[0].match.series.key
        else:
            assert (key, expires_on, blocked) == (None, None, UNSCHEDULED)

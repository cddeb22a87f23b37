"""Events, overrides, searches, lists that were replaced, conversations kept together."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import accounts, state
from archive.archive import Actor, Archive
from archive.reading import UnknownRecord
from archive.tables import FINDING
from composition import House, house
from conftest import ACTOR
from desk import Desk
from retention_schedules import adoption, events, overrides
from retention_schedules.assignment import Assignment
from retention_schedules.basis import basis
from retention_schedules.calendar import add
from retention_schedules.due import due, ready
from retention_schedules.events import EventToCome, UnknownEvent
from retention_schedules.expiry import Expiry
from retention_schedules.outcomes import KEPT, NOT_STARTED, THREAD, UNSCHEDULED, Days, outcome
from retention_schedules.overrides import EmptyOverride, NoSuchSeries, NothingToLift, Override
from retention_schedules.proof import NotProved
from retention_schedules.rules import Match
from retention_schedules.schedule import read_period
from retention_schedules.superseded import earlier_versions
from retention_schedules.why import explain, why
from schedules import ANNA, adopt_made, hold, register, rule, schedule, series, written

END = "End of the agreement"


def dates(archive: Archive) -> dict[int, tuple[str | None, str]]:
    Expiry(archive, house(archive).finder).catch_up()
    rows = archive.connection.execute("SELECT record, expires_on, blocked FROM expiry ORDER BY record")
    return {record: (expires_on, blocked) for record, expires_on, blocked in rows}


def happen(archive: Archive, name: str, on: str | None, account: str = "") -> None:
    events.record(archive, adoption.adopted(archive), name, date.fromisoformat(on) if on else None, account)


def order(archive: Archive, subject: str, *, lift: bool = False, **values: object) -> None:
    overrides.override(archive, Override(subject, reason="The Attorney asked for it.", **values), lift=lift)  # type: ignore[arg-type]


# -- events


def test_a_period_counts_from_its_event_once_it_is_recorded(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a", trigger="EVT", event=END, period="8 years"), rule("a"))
    assert dates(archive) == {1: (None, NOT_STARTED)}
    happen(archive, "end of  the AGREEMENT", "2024-02-29")
    assert dates(archive) == {1: ("2032-02-29", "")}
    assert any("Counted from 2024-02-29, it expires on 2032-02-29" in one for one in why(archive, 1))


def test_an_accounts_own_event_counts_before_the_general_one(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    hold(archive, written("2020-03-01T18:00"), account="x-parks")
    adopt_made(archive, tmp_path, series("a", trigger="EVT", event=END), rule("a"))
    happen(archive, END, "2021-01-01", "x-parks")
    assert dates(archive) == {1: (None, NOT_STARTED), 2: ("2028-01-01", "")}
    happen(archive, END, "2022-01-01")
    assert dates(archive) == {1: ("2029-01-01", ""), 2: ("2028-01-01", "")}
    happen(archive, END, None, "x-parks")
    assert dates(archive) == {1: ("2029-01-01", ""), 2: ("2029-01-01", "")}


def test_an_event_before_the_record_counts_from_its_creation(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a", trigger="EVT", event=END), rule("a"))
    happen(archive, END, "2001-01-01")
    assert dates(archive) == {1: ("2027-03-01", "")}
    assert any("before the record was created" in one for one in why(archive, 1))


def test_closing_an_account_is_an_event_by_itself(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a", trigger="EVT", event="Account closed"), rule("a"))
    assert dates(archive) == {1: (None, NOT_STARTED)}
    accounts.close(archive, "x-city")
    assert dates(archive) == {1: (add(archive.now_local().date(), read_period("7 years")).isoformat(), "")}


def test_an_event_that_nobody_waits_for_is_a_slip_of_the_pen(archive: Archive, tmp_path: Path) -> None:
    adopt_made(archive, tmp_path, series("a", trigger="EVT", event=END), rule("a"))
    with pytest.raises(UnknownEvent, match="They wait for: “End of the agreement”"):
        happen(archive, "End of lease", "2024-01-01")
    with pytest.raises(EventToCome):
        happen(archive, END, "9000-01-01")
    with pytest.raises(accounts.UnknownAccount):
        happen(archive, END, "2024-01-01", "nobody")


# -- overrides


def test_an_override_keeps_a_record_longer_and_says_why(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"), written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    order(archive, "record:1", keep_until=date(2040, 5, 6))
    assert dates(archive) == {1: ("2040-05-06", ""), 2: ("2027-03-01", "")}
    said = "\n".join(why(archive, 1))
    assert "It was ordered to be kept until 2040-05-06 by tester (ledger row " in said
    assert "“The Attorney asked for it.”" in said
    assert "By that order it expires on 2040-05-06" in said
    body = archive.connection.execute("SELECT body FROM ledger WHERE event = 'retention.overridden'").fetchone()[0]
    assert "Attorney" not in body


def test_an_override_can_keep_for_ever_and_for_a_whole_account(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    order(archive, "account:x-city", forever=True)
    assert dates(archive) == {1: (None, KEPT)}
    assert "All records of its account were ordered to be kept for ever" in "\n".join(why(archive, 1))


def test_an_override_never_shortens_what_the_rules_say(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    order(archive, "record:1", keep_until=date(2021, 1, 1))
    assert dates(archive) == {1: ("2027-03-01", "")}


def test_another_series_needs_a_person_who_proved_it(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a", period="20 years"), series("b", period="8 years"), rule("a"))
    with pytest.raises(NotProved):
        order(archive, "record:1", schedule="milbrook", series="b")
    archive.actor = ANNA
    order(archive, "record:1", schedule="milbrook", series="b")
    assert dates(archive) == {1: ("2028-03-01", "")}
    assert [one.expires_on for one in due_groups(archive, "2028-03-01")] == ["2028-03-01"]
    archive.actor = ACTOR
    with pytest.raises(NotProved):
        order(archive, "record:1", lift=True)
    with pytest.raises(NotProved):
        order(archive, "record:1", keep_until=date(2050, 1, 1))
    archive.actor = ANNA
    order(archive, "record:1", lift=True)
    assert dates(archive) == {1: ("2040-03-01", "")}


class _Group:
    def __init__(self, expires_on: str) -> None:
        self.expires_on = expires_on


def due_groups(archive: Archive, on: str) -> list[_Group]:
    return [_Group(one.latest_on) for one in due(archive, date.fromisoformat(on)) if one.series == "b"]


def test_a_record_ordered_into_a_series_that_is_no_more_is_kept(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), series("b"), rule("a"))
    archive.actor = ANNA
    order(archive, "record:1", schedule="milbrook", series="b")
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    assert dates(archive) == {1: (None, UNSCHEDULED)}
    assert why(archive, 1)[-1] == "Its series is in no adopted schedule any more. It is unscheduled and kept."


def test_an_override_says_what_it_lacks(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    with pytest.raises(EmptyOverride):
        order(archive, "record:1")
    with pytest.raises(EmptyOverride):
        overrides.override(archive, Override("record:1", forever=True, reason=" "))
    with pytest.raises(UnknownRecord):
        order(archive, "record:9", forever=True)
    with pytest.raises(NothingToLift):
        order(archive, "record:1", lift=True)
    with pytest.raises(accounts.UnknownAccount):
        order(archive, "account:nobody", forever=True)
    with pytest.raises(NoSuchSeries, match="milbrook/a"):
        overrides.named_series(adoption.adopted(archive), "b")


# -- searches in rules


def test_a_rule_asks_a_search(desk: Desk, tmp_path: Path) -> None:
    desk.bring(
        "2026-03-01T12:00:00",
        {"id": "1", "text": "The pool is closed", "at": "2026-02-01T12:00:00Z"},
        {"id": "2", "text": "The library is open", "at": "2026-02-01T12:00:00Z"},
    )  # fmt: skip
    opened = house(desk.archive)
    adopt_made(
        desk.archive, tmp_path, series("a"), series("b", period="10 years"), rule("a"),
        rule("b", query="pool OR piscina"),
    )  # fmt: skip
    opened.catch_up()
    assert [one[0] for one in dates(desk.archive).values()] == ["2036-02-01", "2033-02-01"]
    said = "\n".join(why(desk.archive, 1, opened.finder))
    assert "since it answers the search “pool OR piscina”" in said
    desk.bring(
        "2026-04-01T12:00:00",
        {"id": "3", "text": "La piscina", "at": "2026-02-01T12:00:00Z"},
        complete=False,
    )  # fmt: skip
    opened.catch_up()
    assert [one[0] for one in dates(desk.archive).values()] == ["2036-02-01", "2033-02-01", "2036-02-01"]
    with pytest.raises(ValueError, match="nobody gave a finder"):
        Assignment(desk.archive)


# -- superseded


def test_a_record_that_a_newer_list_lacks_counts_from_that_list(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2020-03-01T18:00"), written("2020-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a", trigger="SUP", period="8 years"), rule("a"))
    assert dates(archive) == {1: (None, NOT_STARTED), 2: (None, NOT_STARTED)}
    with archive.act("accession.compared", "accession:1") as act:
        act.add(FINDING, (1, 1, 1, "missing", "2026-02-01T12:00:00.000Z", "2026-03-02T04:30:00.000Z", "unknown"))
    assert dates(archive) == {1: ("2034-03-01", ""), 2: (None, NOT_STARTED)}
    assert any("Counted from 2026-03-01" in one for one in why(archive, 1))


def test_a_version_that_a_newer_one_replaced_may_go_before_its_record(desk: Desk, tmp_path: Path) -> None:
    profile = {"id": "1", "kind": "profile", "at": "2010-01-01T12:00:00Z"}
    desk.bring("2026-03-01T12:00:00", {**profile, "text": "Welcome"})
    desk.bring("2026-05-02T12:00:00", {**profile, "text": "Welcome to Milbrook"})
    adopt_made(desk.archive, tmp_path, series("a", trigger="SUP"), rule("a"))
    assert dates(desk.archive) == {1: (None, NOT_STARTED)}
    (one,) = earlier_versions(desk.archive, basis(desk.archive))
    assert (one.version, one.replaced_on, one.expires_on) == (1, date(2026, 5, 2), date(2033, 5, 2))
    assert due(desk.archive, date(2033, 5, 1)) == []
    (group,) = due(desk.archive, date(2033, 5, 2))
    assert (group.records, group.versions, group.title) == (1, True, "The a: versions that newer ones replaced")


# -- conversations


def conversation(archive: Archive) -> None:
    hold(archive, written("2020-03-01T18:00", native_id="p1"), written("2020-03-01T18:00", native_id="p2"))
    hold(
        archive,
        written("2024-05-01T18:00", native_id="c1", thread="p1", parent="p1"),
        written("2022-05-01T18:00", native_id="c2", thread="p1", parent="c1"),
        written("2021-05-01T18:00", native_id="c3", parent="p2"),
        kind="comment",
    )  # fmt: skip


def test_a_rule_may_keep_a_conversation_as_long_as_its_longest_kept_member(archive: Archive, tmp_path: Path) -> None:
    conversation(archive)
    parts = (series("a"), series("b"), rule("a", kind="post", whole_thread=True), rule("b", kind="comment"))
    adopt_made(archive, tmp_path, *parts)
    assert [one[0] for one in dates(archive).values()] == [
        "2031-05-01", "2028-05-01", "2031-05-01", "2031-05-01", "2028-05-01",
    ]  # fmt: skip
    assert "Its conversation of 3 records is kept together, as long as its longest-kept record: until 2031-05-01." in (
        why(archive, 1)
    )
    assert explain(archive, 3).thread is None
    for record, (expires_on, _) in dates(archive).items():
        assert str(explain(archive, record).expires_on) == expires_on


def test_without_such_a_rule_each_record_has_its_own_date(archive: Archive, tmp_path: Path) -> None:
    conversation(archive)
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    assert [one[0] for one in dates(archive).values()] == [
        "2027-03-01", "2027-03-01", "2031-05-01", "2029-05-01", "2028-05-01",
    ]  # fmt: skip


def test_a_member_that_does_not_expire_keeps_its_conversation(archive: Archive, tmp_path: Path) -> None:
    conversation(archive)
    adopt_made(archive, tmp_path, series("a"), rule("a", kind="post", whole_thread=True))
    assert dates(archive) == {
        1: (None, THREAD), 2: (None, THREAD), 3: (None, UNSCHEDULED), 4: (None, UNSCHEDULED), 5: (None, UNSCHEDULED),
    }  # fmt: skip
    assert "and one of them does not expire" in "\n".join(why(archive, 1))


def test_what_keeps_a_member_keeps_its_conversation(archive: Archive, tmp_path: Path) -> None:
    conversation(archive)
    parts = (series("a"), series("b", verified=False), rule("a", kind="post", whole_thread=True))
    adopt_made(archive, tmp_path, *parts, rule("b", kind="comment"))
    found = dates(archive)
    assert (found[1], found[3]) == (("2031-05-01", THREAD), ("2031-05-01", "unverified"))
    assert ready(archive, date(2032, 1, 1), "milbrook", "a") == []
    (group,) = (one for one in due(archive, date(2032, 1, 1)) if one.series == "a")
    assert group.ready == 0


# -- properties

SERIES = [
    series("cr", period="7 years"), series("evt", trigger="EVT", event=END, period="0 days", verified=False),
    series("sup", trigger="SUP", period="1 month", verified=False), series("cy", trigger="CY", period="90 months"),
    series("short", period="30 days", verified=False),
]  # fmt: skip
KEYS = ["cr", "evt", "sup", "cy", "short"]
FLOOR = read_period("7 years")
SOME_DAYS = st.dates(date(1999, 12, 30), date(2026, 1, 1))

ACTS = st.one_of(
    st.tuples(st.just("event"), st.none() | SOME_DAYS, st.sampled_from(["", "x-city"])),
    st.tuples(st.just("series"), st.sampled_from(KEYS), st.sampled_from(["record:1", "record:2", "account:x-city"])),
    st.tuples(st.just("keep"), st.none() | SOME_DAYS, st.sampled_from(["record:1", "account:x-city"])),
    st.tuples(st.just("lift"), st.none(), st.sampled_from(["record:1", "account:x-city"])),
    st.tuples(st.just("missing"), SOME_DAYS, st.sampled_from([1, 2, 3])),
    st.tuples(st.just("rules"), st.lists(st.sampled_from(KEYS), min_size=1, max_size=2), st.booleans()),
    st.tuples(st.just("catch up"), st.none(), st.none()),
)


def do(archive: Archive, folder: Path, act: tuple[str, object, object]) -> None:
    what, value, where = act
    if what == "event":
        if any(one.event for each in adoption.adopted(archive) for one in each.series):
            happen(archive, END, value.isoformat() if isinstance(value, date) else None, str(where))
    elif what == "series":
        order(archive, str(where), schedule="milbrook", series=value)
    elif what == "keep":
        order(archive, str(where), forever=value is None, keep_until=value)
    elif what == "lift":
        with contextlib.suppress(NothingToLift):
            order(archive, str(where), lift=True)
    elif what == "missing":
        with archive.act("accession.compared", "accession:1") as made:
            made.add(FINDING, (1, where, where, "missing", None, f"{value}T12:00:00.000Z", "unknown"))
    elif what == "rules" and isinstance(value, list):
        adopt_made(archive, folder, *SERIES, *(rule(key, whole_thread=where) for key in value))
    else:
        Expiry(archive).catch_up()


@settings(max_examples=40)
@given(st.lists(ACTS, max_size=9), st.lists(SOME_DAYS, min_size=3, max_size=3))
def test_whatever_people_order_no_floor_is_undercut_and_a_rebuild_gives_the_same(
    acts: Sequence[tuple[str, object, object]], days: Sequence[date]
) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        Archive.create(Path(name) / "a", Actor("anna", "test", proved=True), name="City of Milbrook") as archive,
    ):
        register(archive, anna="clerk", dana="attorney")
        one, two, three = (f"{day}T18:00" for day in days)
        hold(archive, written(one, native_id="p"), written(two, native_id="q", thread="p"), written(three))
        adopt_made(archive, Path(name), *SERIES, rule("cr"))
        for act in acts:
            do(archive, Path(name), act)
        Expiry(archive).catch_up()
        found = archive.connection.execute("SELECT * FROM expiry ORDER BY record").fetchall()
        for record, *_, expires_on, _ in found:
            least = add(days[record - 1], FLOOR).isoformat()
            assert expires_on is None or expires_on >= least
            ends = explain(archive, record).expires_on
            assert (ends.isoformat() if ends else None) == expires_on
        with archive.state_transaction() as connection:
            state.rebuild(connection)
        Expiry(archive).rebuild()
        assert archive.connection.execute("SELECT * FROM expiry ORDER BY record").fetchall() == found


@given(
    SOME_DAYS, SOME_DAYS, SOME_DAYS, st.sampled_from(["EVT", "SUP"]), st.sampled_from(["0 days", "1 month", "8 years"])
)  # fmt: skip
def test_a_later_trigger_never_lets_a_record_go_earlier(
    created: date, one: date, other: date, trigger: str, period: str
) -> None:
    waits = {"event": END} if trigger == "EVT" else {}
    made = schedule(series("a", trigger=trigger, period=period, verified=False, **waits), rule("a"))
    match = Match(made, made.series[0], made.rules[0])

    def ends(on: date) -> date:
        known = {(events.fold(END), ""): events.Event(END, "", on, 1)}
        found = outcome(match, Days(created, on), "x-city", known, (1, 1)).expires_on
        assert found is not None
        return found

    first, second = sorted((one, other))
    assert add(created, FLOOR) <= ends(first) <= ends(second)


def test_the_city_gives_the_same_dates_when_all_is_derived_anew(own_milbrook: House, tmp_path: Path) -> None:
    archive = own_milbrook.archive
    adopt_made(
        archive, tmp_path, series("a"), series("b", period="10 years"), series("c", trigger="SUP"),
        rule("a", kind=["post", "comment", "message", "email"], whole_thread=True), rule("b", query="pool"),
        rule("c", kind=["subscriber", "profile"]),
    )  # fmt: skip
    own_milbrook.catch_up()
    before = archive.connection.execute("SELECT * FROM expiry ORDER BY record").fetchall()
    own_milbrook.rebuild()
    assert archive.connection.execute("SELECT * FROM expiry ORDER BY record").fetchall() == before
    for record, *_, expires_on, _ in before[::97]:
        ends = explain(archive, record, own_milbrook.finder).expires_on
        assert (ends.isoformat() if ends else None) == expires_on

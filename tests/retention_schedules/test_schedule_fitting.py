"""Before a schedule is adopted: lines of faults, what fits the archive, what would move; and what comes due."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from archive.archive import Archive
from archive.stops import Stop
from composition import House, house
from retention_schedules import adoption, overrides
from retention_schedules.basis import basis, with_schedule
from retention_schedules.checking.fitting import counted, fit
from retention_schedules.coming import months
from retention_schedules.due import due, ready
from retention_schedules.expiry import Expiry
from retention_schedules.moves import each, moves
from retention_schedules.overrides import Override
from retention_schedules.reader import BadSchedule, examine, read
from retention_schedules.why import why
from schedules import adopt, adopt_made, hold, rule, series, toml, written

# -- lines


def test_every_fault_names_its_line() -> None:
    source = toml(
        series("posts", trigger="XX"), series("a b"), rule("posts", kind="pots"),
        "[[rule]]\nseries = 'nothing'\nsize = 1\n",
        head='adopted_on = "soon"', floor='[floor]\nperiod = "7"\ncitation = """\nseries = 1\nThe law"""\n',
    )  # fmt: skip
    lines = source.decode().splitlines()
    for fault in examine(source)[1]:
        key = fault.place.rpartition(", ")[2]
        if not fault.remark:
            assert key in lines[fault.line - 1], fault
    told = {fault.place: fault.line for fault in examine(source)[1]}
    assert lines[told["rule 2, size"] - 1] == "size = 1"
    assert lines[told["floor, period"] - 1] == 'period = "7"'


def test_what_is_no_toml_names_the_line_where_reading_ended() -> None:
    assert examine(b'name = "x"\ntitle = [\n')[1][0].line in (0, 3)
    assert examine(b'name = "x"\ntitle = yes\n')[1][0].line == 2


def test_rules_that_overlap_are_remarked_upon() -> None:
    parts = (series("a"), series("b"), rule("a", kind=["post", "comment"]), rule("b", kind="post", tag="pool"))
    assert [str(one) for one in examine(toml(*parts))[1]] == [
        "rule 1, series: it overlaps with rule 2 (b): for records of both, the longer time counts"
    ]
    apart = (series("a"), series("b"), rule("a", kind="comment"), rule("b", kind="post", tag="pool"))
    assert examine(toml(*apart))[1] == []


def test_an_unchecked_number_is_not_to_be_relied_on() -> None:
    source = toml(series("a", code="RDA 7", verified=False), rule("a", kind="post"))
    assert "its number RDA 7 is not to be relied on" in str(examine(source)[1][0])


# -- fitting an archive


def said(opened: House, source: bytes) -> list[str]:
    return [str(one) for one in fit(opened.archive, opened.finder, read(source, "milbrook.toml"), source)]


def test_a_rule_that_holds_for_nothing_is_named(archive: Archive) -> None:
    hold(archive, written("2020-03-01T18:00", tags=("pool",)), written("2020-03-01T18:00"))
    opened = house(archive)
    source = toml(
        series("a"), rule("a", kind="post"), rule("a", kind="email"), rule("a", tag="ice"), rule("a", query="library"),
        rule("a", query="pool", kind="post"), rule("a", query="pool", kind="comment"),
    )  # fmt: skip
    assert said(opened, source) == [
        "the schedule, name: it is not adopted in this archive; it authorises nothing",
        *(f"rule {n}, series: it puts none of the 2 records here into a" for n in (2, 3, 4, 6)),
    ]
    assert counted(archive, opened.finder, read(source, "x")) == {1: 2, 2: 0, 3: 0, 4: 0, 5: 2, 6: 0}


def test_names_that_nobody_registered_and_searches_that_fail_are_named_with_their_line(archive: Archive) -> None:
    hold(archive, written("2020-03-01T18:00"))
    opened = house(archive)
    source = toml(series("a"), rule("a", account="x-citty"), rule("a", department="Clark"), rule("a", query="form:x"))
    found = fit(archive, opened.finder, read(source, "milbrook.toml"), source)
    failed, *others = found[1:]
    assert not failed.remark and str(failed).startswith("rule 3, query: “form:” is not a filter; did you mean “from:”?")
    assert [(str(one), one.remark) for one in others] == [
        ("rule 1, account: no account “x-citty” is registered; did you mean “x-city”?", True),
        ("rule 2, department: no registered account has the department “Clark”; did you mean “Clerk”?", True),
    ]
    assert source.decode().splitlines()[found[1].line - 1] == 'query = "form:x"'


def test_an_adopted_text_fits_and_another_of_its_name_does_not(archive: Archive, tmp_path: Path) -> None:
    adopt_made(archive, tmp_path, series("a"), rule("a", kind="post"))
    opened = house(archive)
    assert said(opened, toml(series("a"), rule("a", kind="post"))) == []
    (other,) = said(opened, toml(series("a", title="Another"), rule("a", kind="post")))
    assert "another text of this name is adopted" in other


def test_a_search_that_fails_keeps_a_schedule_from_being_adopted(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(BadSchedule, match="rule 1, query: “form:” is not a filter"):
        adopt_made(archive, tmp_path, series("a"), rule("a", query="form:x"))
    assert adoption.adopted(archive) == []


# -- what would move


def test_a_preview_tells_what_would_move_and_changes_nothing(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"), written("2012-03-01T18:00"))
    hold(archive, written("2010-03-01T18:00"), kind="comment")
    adopt_made(archive, tmp_path, series("a", period="20 years"), rule("a", kind="post"))
    Expiry(archive).catch_up()
    before = archive.connection.execute("SELECT * FROM expiry").fetchall()
    to = read(toml(series("a"), series("b", period="30 years"), rule("a", kind="post"), rule("b", kind="comment")), "x")
    earlier, gained = moves(archive, with_schedule(basis(archive), to), None)
    assert (earlier.kind, earlier.records, earlier.least_days, earlier.most_days) == ("earlier", 2, -4749, -4748)
    assert (earlier.earliest_on, earlier.due_now, earlier.examples) == ("2017-03-01", 2, (1, 2))
    assert (gained.kind, gained.was, gained.becomes, gained.due_now) == ("gains a date", None, "b", 0)
    assert "a → a: earlier, by 4,748 to 4,749 days" in str(earlier)
    assert [str(one).strip() for one in each(archive, with_schedule(basis(archive), to), None)] == [
        "1  a → a: 2030-03-01 → 2017-03-01", "2  a → a: 2032-03-01 → 2019-03-01",
        "3  no series → b: no date → 2040-03-01",
    ]  # fmt: skip
    assert archive.connection.execute("SELECT * FROM expiry").fetchall() == before
    assert moves(archive, basis(archive), None) == []


def test_an_override_can_be_tried_first(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"), written("2012-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    now = basis(archive)
    tried = msgspec.structs.replace(now, overrides=now.overrides.plus(Override("record:1", forever=True)))
    (one,) = moves(archive, tried, None)
    assert (one.kind, one.records, one.examples) == ("is kept without a date", 1, (1,))
    assert overrides.known(archive).records == {}


def test_what_is_tried_is_what_comes_of_it(own_milbrook: House, tmp_path: Path) -> None:
    archive = own_milbrook.archive
    adopt(archive, "wisconsin-municipal")
    own_milbrook.catch_up()
    parts = (series("a", period="9 years"), rule("a", query="pool", whole_thread=True))
    tried = moves(archive, with_schedule(basis(archive), read(toml(*parts), "x")), own_milbrook.finder)
    before = dict(archive.connection.execute("SELECT record, expires_on FROM expiry"))
    adopt_made(archive, tmp_path, *parts)
    own_milbrook.catch_up()
    after = dict(archive.connection.execute("SELECT record, expires_on FROM expiry"))
    assert sum(one.records for one in tried if one.kind == "later") == sum(
        after[one] > before[one] for one in after
    ) > 10  # fmt: skip


# -- what comes due


def test_the_calendar_counts_by_month_with_what_is_overdue_first(archive: Archive, tmp_path: Path) -> None:
    hold(archive, *(written(f"{day}T18:00") for day in ("2010-01-31", "2019-03-02", "2019-03-31", "2020-02-29")))
    hold(archive, written("2019-03-05T18:00"), kind="comment")
    parts = (series("a"), series("b", verified=False), rule("a", kind="post"), rule("b", kind="comment"))
    adopt_made(archive, tmp_path, *parts)
    Expiry(archive).catch_up()
    found = months(archive, 2, date(2026, 3, 1))
    assert [(one.month, one.series, one.records, one.is_overdue, one.authorised) for one in found] == [
        ("2026-02", "a", 1, True, True),
        ("2026-03", "a", 2, False, True),
        ("2026-03", "b", 1, False, False),
        ("2027-03", "a", 1, False, True),
    ]
    assert [one.month for one in months(archive, 1, date(2026, 3, 1))] == ["2026-02", "2026-03", "2026-03"]


# -- what other rooms keep


class Hold:
    """A hold as due and why see it."""

    def stops(self, on: date) -> list[Stop]:
        return [Stop("hold", "the hold “Pool” keeps it", {1, 2, 99})]


def test_what_other_rooms_keep_is_counted_by_group_and_told_of_each(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"), written("2012-03-01T18:00"), written("2013-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    (group,) = due(archive, date(2026, 1, 1), [Hold()])
    assert group.stopped_by == ("no disposition has been approved", "the hold “Pool” keeps it (2 of 3)")
    assert (group.records, group.ready) == (3, 1)
    assert ready(archive, date(2026, 1, 1), "milbrook", "a", [Hold()]) == [3]
    assert "It is kept all the same: the hold “Pool” keeps it; no disposition" in why(archive, 1, None, [Hold()])[-2]
    assert "hold" not in "".join(why(archive, 3, None, [Hold()]))


class Unsearched:
    """A request of which nobody knows yet what it covers."""

    def stops(self, on: date) -> list[Stop]:
        return [Stop("request", "request 2026-0001 is open", of_all=True)]


def test_where_nobody_knows_what_is_asked_for_nothing_can_be_proposed(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    (group,) = due(archive, date(2026, 1, 1), [Unsearched()])
    assert (group.ready, group.stopped_by[-1]) == (0, "request 2026-0001 is open")
    assert ready(archive, date(2026, 1, 1), "milbrook", "a", [Unsearched()]) == []
    assert "request 2026-0001 is open" in why(archive, 1, None, [Unsearched()])[-2]


def test_an_unscheduled_record_tells_its_holds_too(archive: Archive) -> None:
    hold(archive, written("2010-03-01T18:00"))
    assert "the hold “Pool” keeps it" in "".join(why(archive, 1, None, [Hold()]))


@pytest.mark.parametrize("name", adoption.shipped())
def test_every_shipped_schedule_can_be_previewed(archive: Archive, name: str) -> None:
    hold(archive, written("2010-03-01T18:00"), kind="comment")
    Expiry(archive).catch_up()
    assert moves(archive, with_schedule(basis(archive), read(adoption.source(name), name)), None) != []

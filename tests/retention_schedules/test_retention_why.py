from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.reading import UnknownRecord
from retention_schedules.due import due
from retention_schedules.expiry import Expiry
from retention_schedules.why import explain, why
from schedules import adopt_made as adopt
from schedules import hold, rule, series, written

NOON = "2026-03-01T18:00"


def said(archive: Archive, record: int = 1) -> str:
    return "\n".join(why(archive, record))


def test_the_whole_reasoning_of_a_plain_record(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written(NOON, tags=("pool",)))
    adopt(
        archive, tmp_path, series("a", title="Social media", note="Checked by the Clerk."),
        series("b", title="Pool notices", period="10 years"), rule("a"), rule("b", kind="post", tag=["ice", "pool"]),
        head="expires_on = 2030-01-01",
    )  # fmt: skip
    assert why(archive, 1) == [
        "Record 1 is a post of account x-city (Clerk).",
        "It was created on 2026-03-01.",
        "Rule 2 of the schedule “Records of Milbrook” (The Board, approved on 2020-01-01; Ord. 12) puts it into the "
        "series “Pool notices” (no number; RDA 1), since its kind is post and its tag is pool.",
        "Rule 1 of “Records of Milbrook” (“Social media”) holds too; by it the record would expire on 2033-03-01. "
        "The rule that keeps it longest counts.",
        "Its period of 10 years counts from the day the record was created or received.",
        "Counted from 2026-03-01, it expires on 2036-03-01, and is then to be destroyed.",
        "It is kept all the same: the schedule itself is not in force on 2036-03-01: it ends on 2030-01-01; "
        "no disposition has been approved.",
        "Nothing is disposed of before two people have approved it.",
    ]


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"trigger": "CY"}, "counts from the end of the calendar year in which the record was created.\n"
                            "Counted from 2027-01-01, it expires on 2034-01-01, and is then to be destroyed."),
        ({"trigger": "FIS", "disposition": "transfer"}, "it expires on 2034-01-01, and is then to be transferred"),
        ({"trigger": "EVT", "event": "End of lease"}, "counts from the day of this event: End of lease.\n"
                                                      "That has not been recorded yet, so the record does not expire."),
        ({"trigger": "SUP"}, "counts from the day the record was superseded.\nThat has not been recorded yet"),
        ({"trigger": "PERM", "period": None, "disposition": "retain"}, "permanent: the record never expires."),
        ({"period": "9999 years"}, "it ends after the year 9999: the record does not expire."),
        ({"period": "2 years", "verified": False}, "That is less than the law's floor of 7 years (Wis. Stat."),
        ({"code": "RDA 12"}, "(number RDA 12; RDA 1)"),
        ({"verified": False}, "nobody has checked this series against its source (verified = false)"),
        ({"notice": "N"}, "60 days' written notice to the State Historical Society is required"),
        ({"note": "Ask the Parks Department first."}, "The schedule remarks: Ask the Parks Department first."),
    ],
)  # fmt: skip
def test_every_step_of_the_reasoning_is_told(
    archive: Archive, tmp_path: Path, values: dict[str, object], part: str
) -> None:
    hold(archive, written(NOON))
    adopt(archive, tmp_path, series("a", **values), rule("a"))
    assert part in said(archive)


def test_a_rule_that_names_nothing_says_so(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written(NOON))
    adopt(archive, tmp_path, series("a"), rule("a"))
    assert "as it does every record." in said(archive)


def test_a_record_of_a_permanent_series_names_the_rules_that_lost(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written(NOON))
    ever = series("ever", trigger="PERM", period=None, disposition="retain", notice="-")
    adopt(archive, tmp_path, series("a", trigger="SUP"), ever, rule("a"), rule("ever"))
    assert "Rule 1 of “Records of Milbrook” (“The a”) holds too, and would not let it go either." in said(archive)
    assert "all the same" not in said(archive)


def test_it_says_what_the_day_rests_on(archive: Archive, tmp_path: Path) -> None:
    midnight = "2026-03-01T00:00"
    hold(
        archive, written(None), written(midnight, "day", "format"), written(midnight, "month", "format"),
        written(midnight, "second", "unknown"),
    )  # fmt: skip
    today = archive.now_local().date()
    assert [why(archive, one)[1] for one in (1, 2, 3, 4)] == [
        f"Its date of creation is not known; the day it was taken in, {today}, counts instead.",
        "It was created on 2026-03-01 at the latest; its source gives the day only.",
        "It was created on 2026-03-31 at the latest; its source gives the month only.",
        "It was created on 2026-03-01 at the latest; its source names no time zone that is known.",
    ]


def test_a_record_that_no_rule_covers_is_kept(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written(NOON))
    adopt(archive, tmp_path, series("a"), rule("a", kind="email"))
    assert said(archive).endswith("No adopted schedule has a rule for it. It is unscheduled and kept.")


def test_what_people_typed_cannot_play_with_the_terminal(archive: Archive) -> None:
    accounts.add(archive, "x-parks", platform="x", department="Parks\x1b[2J")
    hold(archive, written(NOON), account="x-parks")
    assert "\x1b" not in said(archive)


def test_the_explanation_is_a_value_too(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written(NOON))
    adopt(archive, tmp_path, series("a"), rule("a"))
    found = explain(archive, 1)
    assert (found.record, found.created_on, found.basis) == (1, date(2026, 3, 1), "exact")
    assert found.outcomes[0].expires_on == date(2033, 3, 1)
    assert found.stopped_by == ("no disposition has been approved",)
    with pytest.raises(UnknownRecord):
        explain(archive, 2)


def test_why_says_what_the_table_says(archive: Archive, tmp_path: Path) -> None:
    moments = [f"2026-{month:02}-01T0{hour}:30" for month in range(1, 13) for hour in (4, 5, 6)]
    hold(archive, *(written(one, zone="unknown" if one < "2026-06" else "explicit") for one in moments))
    parts = (series("a", trigger="FIS"), series("b", period="92 months"), rule("a"), rule("b"))
    adopt(archive, tmp_path, *parts)
    Expiry(archive).catch_up()
    rows = archive.connection.execute("SELECT record, series, cutoff_on, expires_on, blocked FROM expiry").fetchall()
    assert {row[1] for row in rows} == {"a", "b"}
    for record, key, cutoff_on, expires_on, blocked in rows:
        first = explain(archive, record).outcomes[0]
        assert (first.match.series.key, str(first.cutoff_on), str(first.expires_on), first.blocked) == (
            key, cutoff_on, expires_on, blocked,
        )  # fmt: skip


# -- what is due


def test_what_is_due_is_grouped_by_series_with_its_disposition(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"), written("2012-03-01T18:00"), written("2020-03-01T18:00"))
    hold(archive, written("2010-05-01T18:00"), kind="comment")
    parts = (series("a"), series("b", disposition="transfer"), rule("a", kind="post"), rule("b", kind="comment"))
    adopt(archive, tmp_path, *parts)
    Expiry(archive).catch_up()
    groups = due(archive, date(2026, 1, 1))
    assert [(one.series, one.records, one.earliest_on, one.latest_on, one.disposition) for one in groups] == [
        ("a", 2, "2017-03-01", "2019-03-01", "destroy"),
        ("b", 1, "2017-05-01", "2017-05-01", "transfer"),
    ]
    assert groups[0].stopped_by == ("no disposition has been approved",)


def test_a_record_is_due_on_its_day_and_not_the_day_before(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2019-02-28T18:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    assert due(archive, date(2026, 2, 27)) == []
    assert [one.records for one in due(archive, date(2026, 2, 28))] == [1]


def test_before_its_approval_a_schedule_authorises_nothing(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    (group,) = due(archive, date(2019, 12, 31))
    assert group.stopped_by[0] == "the schedule itself is not in force on 2019-12-31: it is approved from 2020-01-01 on"


def test_permanent_and_waiting_records_are_never_due(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"))
    hold(archive, written("2010-03-01T18:00"), kind="comment")
    ever = series("ever", trigger="PERM", period=None, disposition="retain", notice="-")
    adopt(archive, tmp_path, ever, series("b", trigger="SUP"), rule("ever", kind="post"), rule("b", kind="comment"))
    Expiry(archive).catch_up()
    assert due(archive, date.max) == []


def test_dates_of_a_series_that_is_no_more_are_called_stale(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    adopt(archive, tmp_path, series("b"), rule("b"))
    (group,) = due(archive, date(2026, 1, 1))
    assert group.stopped_by == ("the schedules have changed since this date was derived; run this again",)

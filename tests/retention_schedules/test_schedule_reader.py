from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_schedules.reader import LARGEST, BadSchedule, examine, read, read_name
from retention_schedules.schedule import Schedule
from schedules import rule, schedule, series, toml

SOUND = (series("posts"), rule("posts", kind="post"))


def faults(source: bytes, on: date | None = None) -> list[str]:
    return [str(one) for one in examine(source, on)[1] if not one.remark]


def remarks(source: bytes, on: date | None = None) -> list[str]:
    return [str(one) for one in examine(source, on)[1] if one.remark]


def test_a_sound_schedule_has_neither_faults_nor_remarks() -> None:
    assert examine(toml(*SOUND), date(2026, 1, 1))[1] == []


def test_a_schedule_is_what_its_file_says() -> None:
    made = schedule(
        series(
            "contracts", period="18 months", trigger="EVT", event="End of contract", code="RDA 12", confidential=True
        ),
        rule("contracts", tag=["contract", "#Bids"], account="x-city"),
        head="expires_on = 2030-01-01",
    )
    (one,), (first,) = made.series, made.rules
    assert (str(one.period), one.trigger, one.event, one.code, one.confidential) == (
        "18 months", "EVT", "End of contract", "RDA 12", True,
    )  # fmt: skip
    assert (first.number, first.tag, first.account, first.kind) == (1, ("contract", "#Bids"), ("x-city",), ())
    assert made.in_force(date(2029, 12, 31))
    assert not made.in_force(date(2030, 1, 1))
    assert not made.in_force(date(2019, 12, 31))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (toml(series("a", period=7), rule("a")), "series a, period: a period is needed here, with its unit"),
        (toml(series("a", period="7"), rule("a")), "series a, period: “7” is no period"),
        (toml(series("a", period=None), rule("a")), "series a, period: a period is needed here"),
        (toml(series("a", trigger="cr"), rule("a")), "series a, trigger: one of CR, EVT"),
        (toml(series("a", trigger=None), rule("a")), "series a, trigger: one of CR, EVT"),
        (toml(series("a", trigger=["CR"]), rule("a")), "series a, trigger: one of CR, EVT"),
        (toml(series("a", trigger="EVT"), rule("a")), "series a, event: a text is needed here"),
        (toml(series("a", event="Audit"), rule("a")), "series a, event: an event is for trigger EVT, not CR"),
        (toml(series("a", trigger="PERM", disposition="retain"), rule("a")), "series a, period: a permanent series"),
        (toml(series("a", trigger="PERM", period=None), rule("a")), "series a, disposition: a permanent series is"),
        (toml(series("a", period="0 days"), rule("a")), "series a, period: a period of nothing"),
        (toml(series("a", period="6 years"), rule("a")), "series a, period: it is under the floor of 7 years"),
        (toml(series("a", verified="yes"), rule("a")), "series a, verified: true or false is needed here"),
        (toml(series("a", title="a\x1b[2Jb"), rule("a")), "series a, title: it has control characters"),
        (toml(series("a", title=" \n "), rule("a")), "series a, title: a text is needed here"),
        (toml(series("a", key="a b"), rule("a b")), "series 1, key: “a b” is no name"),
        (toml(series("a", key=None), rule("a")), "series 1, key: a text is needed here"),
        (toml(series("a", retention="7 years"), rule("a")), "series a, retention: unknown key"),
        (toml(series("a", citaton="x"), rule("a")), "series a, citaton: unknown key; did you mean “citation”?"),
        (toml(series("a"), series("a"), rule("a")), "series a, key: 2 series have this key"),
        (toml(series("a", code="RDA 7"), series("b", code="rda7"), rule("a")), "series number RDA7: 2 series have"),
        (toml(series("posts"), rule("post")), "rule 1, series: there is no series “post”; did you mean “posts”?"),
        (toml(series("a"), rule("a", kind="comments")), "rule 1, kind: “comments” is none of"),
        (toml(series("a"), rule("a", kind="comments")), "did you mean “comment”?"),
        (toml(series("a"), rule("a", audience="public,hidden")), "rule 1, audience: “public,hidden” is none of"),
        (toml(series("a"), rule("a", kind=[])), "rule 1, kind: nothing is equal to an empty text or list"),
        (toml(series("a"), rule("a", tag=["#"])), "rule 1, tag: nothing is equal to an empty text or list"),
        (toml(series("a"), rule("a", tag=[1])), "rule 1, tag: a text or a list of texts is needed here"),
        (toml(series("a"), rule("a", tags="x")), "rule 1, tags: unknown key; did you mean “tag”?"),
        (toml(*SOUND, head="expires_on = 2019-01-01"), "the schedule, expires_on: it expires before it was approved"),
        (toml(*SOUND, head="expires_on = 2030-01-01T00:00:00Z"), "the schedule, expires_on: a date is needed here"),
        (toml(*SOUND, name="../milbrook"), "the schedule, name: “../milbrook” is no name"),
        (toml(*SOUND, floor="floor = 7"), "floor: write it as a [floor] table"),
        (toml(*SOUND, floor='[floor]\nperiod = "7 years"'), "floor, citation: a text is needed here"),
        (toml("[series]\nkey = 1", rule("a")), "series: write each as its own [[series]] table"),
        (toml("rule = [1]", *SOUND[:1], floor=""), "rule: write each as its own [[rule]] table"),
        (b"\xff\xfe", "the file: it is not TOML"),
        (b"a = " + b"9" * 5000, "the file: it is not TOML"),
        (b"a = " + b"[" * 20_000, "the file: it is not TOML"),
        (b"# " + b"x" * LARGEST, "the file: it is larger than 1 MiB"),
    ],
)  # fmt: skip
def test_a_fault_names_series_and_key(source: bytes, expected: str) -> None:
    assert any(expected in one for one in faults(source)), faults(source)


def test_a_missing_date_hides_no_other_fault() -> None:
    source = toml(series("a", trigger="XX"), rule("b")).replace(b"approved_on = 2020-01-01", b"")
    places = [one.partition(":")[0] for one in faults(source)]
    assert places == ["the schedule, approved_on", "series a, trigger", "rule 1, series"]


def test_one_mistake_is_told_once() -> None:
    assert len(faults(toml(series("a", trigger="EVT", event=7), rule("a")))) == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (toml(series("a", verified=False), rule("a", kind="post")), "series a, verified: nobody has checked it"),
        (toml(series("a", notice="-"), rule("a", kind="post")), "series a, notice: it foresees no notice"),
        (toml(series("a", period="2 years", code="RDA 7"), rule("a", kind="post")), "its number RDA 7 has to allow"),
        (toml(series("a", period="2 years", verified=False), rule("a", kind="post")), "the floor counts"),
        (toml(series("a"), rule("a")), "rule 1: it names no account, kind or anything else"),
        (toml(series("a"), series("b"), rule("b", kind="post")), "no rule puts records into a"),
        (toml(series("a")), "it has no rules, so it covers no record"),
        (toml(*SOUND, floor=""), "the schedule, floor: it has none"),
        (toml(*SOUND, head="expires_on = 2026-01-01"), "it expired on 2026-01-01; it authorises nothing"),
    ],
)  # fmt: skip
def test_what_is_worth_a_look_is_a_remark_and_no_fault(source: bytes, expected: str) -> None:
    assert any(expected in one for one in remarks(source, date(2026, 1, 1))), remarks(source)
    assert faults(source) == []


def test_a_schedule_approved_later_is_remarked_upon() -> None:
    assert remarks(toml(*SOUND), date(2019, 1, 1)) == [
        "the schedule, approved_on: it is not approved before 2020-01-01"
    ]


def test_equal_periods_in_other_units_are_not_under_the_floor() -> None:
    assert faults(toml(series("a", period="84 months"), rule("a", kind="post"))) == []


def test_a_file_with_a_byte_order_mark_and_dos_lines_is_read() -> None:
    dressed = b"\xef\xbb\xbf" + toml(*SOUND).replace(b"\n", b"\r\n")
    assert read(dressed, "milbrook.toml") == schedule(*SOUND)
    assert read_name(dressed) == "milbrook"


def test_a_message_cannot_play_with_the_terminal() -> None:
    said = faults(toml(rule("a", kind="\x1b[31mpost\u202e"), head='"\\u001b[31mred\\u202e" = 1'))
    assert len(said) == 3
    assert not any("\x1b" in one or "\u202e" in one for one in said)


def in_toml(value: object) -> str:
    """Return a value as TOML writes it, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {in_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


VALUES: st.SearchStrategy[object] = st.one_of(
    st.booleans(), st.integers(), st.text(max_size=5), st.dates(), st.datetimes(), st.lists(st.text(max_size=2))
)
KEYS = st.sampled_from(
    ["name", "title", "authority", "citation", "approved_on", "expires_on", "floor", "series", "rule", "key", "period",
     "trigger", "event", "disposition", "notice", "kind", "tag", "x"]
)  # fmt: skip
TABLES = st.dictionaries(KEYS, VALUES)


@given(st.dictionaries(KEYS, st.one_of(VALUES, TABLES, st.lists(TABLES, max_size=3))))
def test_whatever_a_file_says_the_answer_names_its_faults(table: dict[str, object]) -> None:
    source = "\n".join(f"{key} = {in_toml(value)}" for key, value in table.items()).encode()
    made, found = examine(source)
    assert isinstance(made, Schedule) or found[0].place == "the file"
    assert all(one.place and one.reason for one in found)
    with pytest.raises(BadSchedule):
        read(source, "noise.toml")


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_the_answer_is_faults(source: bytes) -> None:
    with pytest.raises(BadSchedule, match="cannot be used as a schedule"):
        read(source, "noise.toml")

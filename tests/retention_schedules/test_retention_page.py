"""docs/retention.md is tried out: its example is read, its tables are compared with the program."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from archive.records import AUDIENCES, KINDS
from retention_schedules.calendar import add
from retention_schedules.reader import FLOOR_KEYS, RULE_KEYS, SCHEDULE_KEYS, SERIES_KEYS, examine, read
from retention_schedules.schedule import TRIGGERS, read_period

PAGE = (Path(__file__).parents[2] / "docs" / "retention.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(title: str) -> dict[str, str]:
    """Return the keys in a section's tables with what stands beside them."""
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", section(title), re.MULTILINE))


def test_the_example_can_be_adopted_as_it_stands() -> None:
    _, found = examine(EXAMPLE.encode(), date(2026, 6, 1))
    assert [str(one) for one in found] == ["series agreements, verified: nobody has checked it; it authorises nothing"]


def test_the_example_shows_every_key_that_one_can_need() -> None:
    written = set(re.findall(r"^(\w+) =|^\[+(\w+)\]+$", EXAMPLE, re.MULTILINE))
    shown = {one or other for one, other in written}
    assert {*SCHEDULE_KEYS, *FLOOR_KEYS, *SERIES_KEYS} - shown == {"example"}
    assert read(EXAMPLE.encode(), "example").rules[1].department == ("City Attorney", "Public Works")


@pytest.mark.parametrize(
    ("title", "keys"),
    [("The schedule", SCHEDULE_KEYS), ("A series", (*SERIES_KEYS, *TRIGGERS)), ("A rule", RULE_KEYS)],
)
def test_every_key_has_its_row_and_no_row_is_of_a_key_that_is_no_more(title: str, keys: tuple[str, ...]) -> None:
    assert set(rows(title)) == set(keys)


def test_every_key_of_the_floor_is_named() -> None:
    assert all(f"`{key}`" in rows("The schedule")["floor"] for key in FLOOR_KEYS)


def test_a_rules_words_are_listed() -> None:
    assert re.findall(r"\w+", rows("A rule")["kind"].replace(" or ", " ")) == list(KINDS)
    assert re.findall(r"\w+", rows("A rule")["audience"].replace(" or ", " ")) == list(AUDIENCES)


def test_the_calendars_examples_are_what_the_calendar_says() -> None:
    examples = re.findall(
        r"^\| (\d{4}-\d\d-\d\d) \| (.+?) \| (\d{4}-\d\d-\d\d) \|$", section("The calendar"), re.MULTILINE
    )
    assert len(examples) == 6
    for day, period, ends in examples:
        assert add(date.fromisoformat(day), read_period(period)).isoformat() == ends

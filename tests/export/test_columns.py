"""Subscriber lists in a package: what goes out, what stays in, and that it stays in in every form."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from composition import House, house
from desk import Desk
from export.bundle.build import Built, build
from export.columns import ReasonNeeded, UnknownColumn, columns, decide
from export.production.stage import stage
from export.requests import collection, register

MARCH = "2026-03-01T12:00:00"
APRIL = "2026-04-01T12:00:00"
IP = "203.0.113.77"


def person(name: str, **details: str) -> dict[str, Any]:
    return {
        "kind": "subscriber", "id": name, "by": name, "list": "Weekly", "audience": "private", "tags": ["VIP"],
        "details": {"OPTIN_IP": IP, "LATITUDE": "42.68", "Ward": "3", "from": IP, **details},
    }  # fmt: skip


@pytest.fixture
def opened(archive: Archive, tmp_path: Path) -> Iterator[House]:
    (tmp_path / "backups").mkdir()
    desk = Desk(archive, tmp_path / "backups")
    desk.bring(MARCH, person("Ada"), person("Bo", NOTES="rude on the phone"))
    desk.bring(APRIL, person("Ada"), {"id": "1", "text": "The pool", "at": APRIL})
    made = house(archive)
    made.catch_up()
    register.open_request(archive, date(2026, 4, 2), "The list")
    collection.collect(archive, made.finder, 1, "kind:subscriber")
    yield made


def exported(opened: House, folder: Path) -> Built:
    staged = stage(opened.archive, 1)
    try:
        return build(staged.production, folder)
    finally:
        staged.clear()


def table(built: Built) -> list[dict[str, str]]:
    with (built.bag / "data" / "subscribers.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def every_byte(built: Built) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(built.bag.rglob("*")) if path.is_file())


def test_names_and_times_go_out_and_every_other_column_waits_for_a_decision(opened: House) -> None:
    found = {one.name: (one.released, one.flag) for one in columns(opened.archive, 1)}
    assert found == {
        "name": (True, ""), "address": (True, ""), "id": (True, ""), "joined": (True, ""), "left": (True, ""),
        "tags": (False, ""), "LATITUDE": (False, "location"), "NOTES": (False, "note"),
        "OPTIN_IP": (False, "IP address"), "Ward": (False, ""), "from": (False, "IP address"),
    }  # fmt: skip


def test_what_stays_in_is_in_no_file_of_the_package(opened: House, tmp_path: Path) -> None:
    built = exported(opened, tmp_path / "out")
    assert [row["name"] for row in table(built)] == ["Ada", "Bo"]
    everything = every_byte(built)
    for kept in (IP, "42.68", "rude on the phone", "VIP"):
        assert kept.encode() not in everything
    assert "OPTIN_IP (IP address)" in (built.bag / "data" / "coverage.html").read_text(encoding="utf-8")


def test_a_released_column_has_its_place_in_the_table(opened: House, tmp_path: Path) -> None:
    decide(opened.archive, 1, ["Ward", "tags"], [])
    rows = table(exported(opened, tmp_path / "out"))
    assert [(row["Ward"], row["tags"]) for row in rows] == [("3", "VIP")] * 2
    assert "OPTIN_IP" not in rows[0]


def test_joins_and_leaves_say_how_they_are_known(opened: House, tmp_path: Path) -> None:
    rows = table(exported(opened, tmp_path / "out"))
    assert [(row["name"], row["joined"], row["left"]) for row in rows] == [
        ("Ada", "before 2026-03-01 (in the first backup)", ""),
        ("Bo", "before 2026-03-01 (in the first backup)", "between 2026-03-01 and 2026-04-01 (backups compared)"),
    ]


def test_a_flagged_column_goes_out_only_with_a_reason(opened: House, tmp_path: Path) -> None:
    with pytest.raises(ReasonNeeded, match="IP address"):
        decide(opened.archive, 1, ["OPTIN_IP"], [])
    assert IP.encode() not in every_byte(exported(opened, tmp_path / "before"))
    decide(opened.archive, 1, ["OPTIN_IP"], [], "The court asks for proof of consent.")
    assert [row["OPTIN_IP"] for row in table(exported(opened, tmp_path / "after"))] == [IP, IP]


def test_a_name_is_withheld_only_with_a_reason_and_then_everywhere(opened: House, tmp_path: Path) -> None:
    with pytest.raises(ReasonNeeded):
        decide(opened.archive, 1, [], ["name"])
    decide(opened.archive, 1, [], ["name", "id"], "A stalking case; balanced on 2 April.")
    built = exported(opened, tmp_path / "out")
    assert [row["name"] for row in table(built)] == ["", ""]
    assert b"Ada" not in every_byte(built)


def test_everything_released_gives_the_platforms_own_bytes_too(opened: House, tmp_path: Path) -> None:
    assert not any((exported(opened, tmp_path / "before").bag / "data" / "natives").glob("*"))
    waiting = [one.name for one in columns(opened.archive, 1) if not one.released]
    decide(opened.archive, 1, waiting, [], "Everybody on the list has agreed.")
    assert len(list((exported(opened, tmp_path / "after").bag / "data" / "natives").glob("*"))) == 2


def test_an_unknown_column_is_named_and_nothing_is_decided(opened: House) -> None:
    with pytest.raises(UnknownColumn, match="Shoe size"):
        decide(opened.archive, 1, ["Ward", "Shoe size"], [])
    assert not any(one.released for one in columns(opened.archive, 1) if one.name == "Ward")


def test_a_request_without_subscribers_has_no_columns(opened: House) -> None:
    register.open_request(opened.archive, date(2026, 4, 3), "Posts")
    collection.collect(opened.archive, opened.finder, 2, "kind:post")
    assert columns(opened.archive, 2) == []


def test_a_records_own_bytes_stay_in_where_they_tell_an_ip_address(opened: House, tmp_path: Path) -> None:
    from export.flagged import is_native_flagged

    assert is_native_flagged(b'{"media": {"exif_data": [{"upload_ip": "203.0.113.9"}]}}')
    assert is_native_flagged(b'{"sender_name": "Ada", "IP" : "203.0.113.9"}')
    assert not is_native_flagged(b'{"text": "my ip: 203.0.113.9", "zip": "53545"}')
    built = exported(opened, tmp_path / "out")
    assert "own bytes of 2 records are not part" in (built.bag / "data" / "coverage.html").read_text(encoding="utf-8")


def test_what_became_of_somebody_on_a_list_is_told_in_the_words_of_lists(opened: House, tmp_path: Path) -> None:
    notes = {row["name"]: row["what happened"] for row in table(exported(opened, tmp_path / "out"))}
    assert notes == {
        "Ada": "",
        "Bo": "No longer on the list in the backup of 2026-04-01; still on it in that of 2026-03-01.",
    }

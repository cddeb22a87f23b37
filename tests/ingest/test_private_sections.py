"""What is private inside of a file is left out and counted as whole files are, and cut out only if asked for."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import private_sections
from ingest.backup import Backup, Member
from ingest.private import sorts
from ingest.private_sections import counts
from ingest.private_sections import private_sections as found_in
from test_cli import Shell

DATA = Path(__file__).parents[1] / "data"
SECRETS = ("555-0142", "555-0143", "203.0.113.7")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path / "archive")
    made("init", str(made.folder), "--name", "City of Milbrook")
    made("account", "add", "tg", "--platform", "telegram", "--department", "Clerk")
    return made


def backup_of(name: str, value: bytes) -> Backup:
    return Backup([Path("b.zip")], [Member(name, len(value), 0, lambda: io.BytesIO(value))], [])


def test_private_lists_of_a_telegram_export_are_counted_and_none_of_their_words_is_held(shell: Shell) -> None:
    backup = str(DATA / "telegram" / "account")
    [row] = shell.rows("ingest", backup, "--account", "tg", expect=1)
    left = {
        "addresses": {"personal_information.phone_number": 1},
        "contacts": {"contacts.list": 1},
        "logins": {"sessions.list": 1},
    }
    assert (row["left_out"], row["left_out_sections"]) == ({}, left)
    held = (shell.folder / "archive.db").read_bytes()
    assert not [one for one in SECRETS if one.encode() in held]
    told = shell("ingest", backup, "--account", "tg", expect=1)
    assert "Left out as private: 1 entry of contacts.list: address books that were synced (--include contacts" in told
    [shown] = shell.rows("accession", "show", "1")
    assert shown["left_out_sections"] == left
    assert "would be left out as private: 1 entry of sessions.list" in shell(
        "ingest", backup, "--account", "tg", "--dry-run"
    )


def test_a_section_that_is_asked_for_is_taken_in_whole_and_private(shell: Shell) -> None:
    backup = str(DATA / "telegram" / "account")
    shell("ingest", backup, "--account", "tg", expect=1)
    [row] = shell.rows("ingest", backup, "--account", "tg", "--include", "contacts", expect=1)
    assert row["counts"]["added"] == 1  # type: ignore[index]
    assert set(row["left_out_sections"]) == {"addresses", "logins"}  # type: ignore[call-overload]
    [found] = shell.rows("search", "contacts.list")
    assert (found["kind"], found["audience"]) == ("profile", "private")
    assert shell("search", "555-0143", "--count") == "1\n"
    assert shell("search", "555-0142", "--count") == "0\n"


@pytest.mark.parametrize(
    ("fixture", "format_name", "expected"),
    [
        ("telegram/channel", "telegram", {}),
        (
            "tiktok/old", "tiktok",
            {
                "logins": {"loginhistorylist": 1}, "history": {"browsinghistory.videolist": 1},
                "identity": {"birthdate": 1}, "addresses": {"emailaddress": 1, "telephonenumber": 1},
            },
        ),
        ("tiktok/new", "tiktok", {"addresses": {"emailaddress": 1}, "history": {"watchhistory.videolist": 1}}),
        ("discord/package", "discord-package", {"addresses": {"email": 1, "phone": 1}, "logins": {"ip": 1}}),
        ("reddit/export", "reddit", {"logins": {"ip": 2}}),
    ],
)  # fmt: skip
def test_each_format_with_private_parts_in_a_file_counts_them(
    fixture: str, format_name: str, expected: dict[str, Any]
) -> None:
    assert counts(Backup.open([DATA / fixture]), format_name) == expected


def test_a_name_on_the_ledger_has_nothing_of_what_somebody_wrote_into_a_key() -> None:
    value = json.dumps({"Profile of Ada Lor": {"emailAddress": "ada@milbrook.example"}}).encode()
    assert counts(backup_of("user_data.json", value), "tiktok") == {"addresses": {"emailaddress": 1}}


def test_a_long_section_is_cut_and_nothing_of_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_sections, "LARGEST", 100)
    people = [{"first_name": f"Ada {number}"} for number in range(50)]
    value = json.dumps({"contacts": {"list": people}, "chats": {"list": [{"contacts": {"list": [1]}}]}}).encode()
    parts = list(found_in(backup_of("result.json", value), "telegram", ["contacts"]))
    assert [one.part for one in parts] == list(range(1, len(parts) + 1))
    assert len(parts) > 1
    assert [one for part in parts for one in json.loads(part.as_json())] == people


def test_every_section_is_of_a_sort_that_can_be_asked_for() -> None:
    named = {sort for inside in private_sections._formats().values() for sort in inside.sections}
    assert named <= sorts().keys()


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.sampled_from(["a.json", "posts.csv"]))
def test_whatever_is_in_a_file_nothing_fails(value: bytes, name: str) -> None:
    for format_name in ("telegram", "tiktok", "reddit", "x-archive"):
        for one in found_in(backup_of(name, value), format_name):
            json.loads(one.as_json())

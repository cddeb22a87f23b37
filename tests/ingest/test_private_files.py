"""What is private in an export is left out and counted, and taken in only if asked for."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from ingest.backup import Backup, Member
from ingest.private import members
from test_cli import Shell

FIXTURE = Path(__file__).parents[1] / "data" / "x" / "g3"


@pytest.fixture
def office(tmp_path: Path) -> tuple[Shell, Path]:
    shell = Shell(tmp_path / "archive")
    shell("init", str(shell.folder), "--name", "City of Milbrook")
    shell("account", "add", "x-city", "--platform", "x", "--department", "Clerk")
    backup = tmp_path / "backup"
    shutil.copytree(FIXTURE, backup)
    for name in ("ip-audit.js", "device-token.js", "ni-devices.js"):
        (backup / "data" / name).write_text('window.YTD.part0 = [ {"loginIp": "192.0.2.7"} ]', encoding="utf-8")
    return shell, backup


def test_private_files_are_counted_and_none_of_their_words_is_held(office: tuple[Shell, Path]) -> None:
    shell, backup = office
    [row] = shell.rows("ingest", str(backup), "--account", "x-city", expect=1)  # the fixture has defects
    assert row["left_out"] == {"logins": 1, "devices": 2, "addresses": 1}
    assert shell("search", "192.0.2.7", "--count") == "0\n"
    assert b"192.0.2.7" not in (shell.folder / "archive.db").read_bytes()
    told = shell("ingest", str(backup), "--account", "x-city", expect=1)
    assert "Left out as private: 1 file: when and from where somebody signed in (--include logins" in told
    [kept] = shell.rows("accession", "show", str(row["accession"]))
    assert kept["left_out"] == row["left_out"]


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        ("security_and_login_information/used_ip_address_history.json", "logins"),
        ("security_and_login_information/authorized_logins.json", "logins"),
        ("security_and_login_information/login_and_profile_creation/last_known_location.json", "locations"),
        ("logged_information/location/primary_location.json", "locations"),
        ("data/account-creation-ip.js", "logins"),
        ("data/ageinfo.js", "identity"),
        ("data/account.js", "addresses"),
        ("personal_information/personal_information/personal_information.html", "addresses"),
        ("Activity/Login History.txt", "logins"),
        ("Takeout/Google Account/clerk.SubscriberInfo.html", "logins"),
        ("Takeout/Access Log Activity/Devices - A list of devices.csv", "devices"),
        ("Takeout/Contacts/All Contacts/All Contacts.vcf", "contacts"),
        ("Takeout/Location History/Records.json", "locations"),
        ("LAN Ads Engagement.csv", "advertising"),
        ("Whatsapp Phone Numbers.csv", "addresses"),
        ("activity/analytics/events-2026-00000-of-00001.json", "advertising"),
    ],
)
def test_what_platforms_call_their_private_files_is_known(path: str, sort: str) -> None:
    member = Member(path, 1, 0, lambda: io.BytesIO(b"x"))
    assert [name for name, _ in members(Backup([Path("b.zip")], [member], []))] == [sort]


def test_a_sort_that_is_asked_for_is_taken_in_whole_and_private(office: tuple[Shell, Path]) -> None:
    shell, backup = office
    shell("ingest", str(backup), "--account", "x-city", expect=1)
    [row] = shell.rows("ingest", str(backup), "--account", "x-city", "--include", "logins", expect=1)
    assert (row["already"], row["left_out"]) == (False, {"devices": 2, "addresses": 1})
    assert row["counts"]["added"] == 1  # type: ignore[index]
    [found] = shell.rows("search", "ip-audit.js")
    assert (found["kind"], found["audience"]) == ("profile", "private")
    assert [one["name"] for one in found["attachments"]] == ["ip-audit.js"]  # type: ignore[attr-defined]
    assert "is no sort of what is private" in shell(
        "ingest", str(backup), "--account", "x-city", "--include", "x", expect=2
    )

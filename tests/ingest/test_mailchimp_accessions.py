"""Mailchimp's exports one after the other, through the whole pipeline."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.verify import verify
from ingest.accession import Report
from ingest.report import findings
from list_office import ListOffice
from search import subscribers as people

WEEKLY = "Milbrook Weekly"
HEADING = (
    "Email Address,First Name,Last Name,Ward,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED"
)


@dataclass
class Person:
    """One line of an export; ``left`` puts it into the file of those who left."""

    leid: str
    address: str
    joined: str = "2025-01-05 15:00:00"
    changed: str = ""
    left: str = ""
    ward: str = "1"
    rating: int = 2

    def line(self, middle: str) -> str:
        changed = self.changed or self.left or self.joined
        return (
            f"{self.address},Ada,Lor,{self.ward},{self.rating},{self.joined},192.0.2.7,{self.joined},192.0.2.7,"
            f"{changed}{middle},{self.leid},e{self.leid},,\n"
        )


class Office(ListOffice):
    def bring(
        self,
        day: str,
        *subscribed: Person,
        unsubscribed: tuple[Person, ...] = (),
        cleaned: tuple[Person, ...] = (),
        list_name: str = WEEKLY,
    ) -> Report:
        path = self.path(".zip")
        with zipfile.ZipFile(path, "w") as packed:
            for status, extra, people_of in (
                ("subscribed", "", subscribed), ("unsubscribed", ",UNSUB_TIME", unsubscribed),
                ("cleaned", ",CLEAN_TIME", cleaned),
            ):  # fmt: skip
                lines = [one.line(f",{one.left}" if extra else "") for one in people_of]
                text = HEADING + extra + ",LEID,EUID,NOTES,TAGS\n" + "".join(lines)
                packed.writestr(f"{status}_email_audience_export_{day.replace('-', '')}00.csv", text)
        return self.take(path, day, list_name)

    def found(self) -> list[tuple[str, str, str]]:
        return [(one["kind"], one["by_at"], one["cause"]) for one in findings(self.archive)]


def counts(report: Report) -> tuple[int, ...]:
    return tuple(report.facts[key] for key in ("added", "held", "edited", "missing"))


@pytest.fixture
def office(archive: Archive, tmp_path: Path) -> Iterator[Office]:
    made = Office(archive, tmp_path / "exports", "mailchimp")
    yield made
    assert list(verify(archive, deep=True)) == []


ADA = Person("1", "ada@mail.example")
BO = Person("2", "bo@mail.example")
CY = Person("3", "cy@mail.example")


def test_who_joins_is_on_the_list_from_the_second_that_the_list_tells(office: Office) -> None:
    office.bring("2026-03-01", ADA)
    report = office.bring("2026-04-01", ADA, Person("2", "bo@mail.example", joined="2026-03-10 15:00:00"))
    assert counts(report) == (1, 1, 0, 0)
    assert office.on_list("2026-03-09", WEEKLY) == {"ada@mail.example": "yes"}
    assert office.on_list("2026-03-10", WEEKLY) == {"ada@mail.example": "yes", "bo@mail.example": "yes"}


def test_who_leaves_and_who_bounces_are_told_with_time_and_cause(office: Office) -> None:
    office.bring("2026-03-01", ADA, BO, CY)
    left, bounced = "2026-03-12 09:15:00", "2026-03-20 18:00:00"
    office.bring(
        "2026-04-01",
        ADA,
        unsubscribed=(Person("2", "bo@mail.example", left=left),),
        cleaned=(Person("3", "cy@mail.example", left=bounced),),
    )
    assert sorted(office.found()) == [
        ("removed", "2026-03-12T09:15:00.000Z", "author"), ("removed", "2026-03-20T18:00:00.000Z", "platform"),
    ]  # fmt: skip
    assert office.on_list("2026-03-15", WEEKLY) == {"ada@mail.example": "yes", "cy@mail.example": "yes"}


def test_who_disappears_in_silence_is_missing_between_two_exports(office: Office) -> None:
    office.bring("2026-03-01", ADA, BO)
    report = office.bring("2026-04-01", ADA)
    assert report.facts["missing"] == 1
    (found,) = findings(office.archive)
    assert (found["kind"], found["cause"]) == ("missing", "unknown")
    assert (found["after_at"][:10], found["by_at"][:10]) == ("2026-03-02", "2026-04-02")
    assert office.on_list("2026-03-15", WEEKLY) == {"ada@mail.example": "yes", "bo@mail.example": "possibly"}


def test_who_subscribes_again_is_on_the_list_again_from_that_second(office: Office) -> None:
    gone = Person("1", "ada@mail.example", left="2026-02-10 10:00:00")
    office.bring("2026-03-01", BO, unsubscribed=(gone,))
    office.bring("2026-04-01", BO, Person("1", "ada@mail.example", joined="2026-03-10 15:00:00"))
    days = ("2026-02-09", "2026-02-11", "2026-03-09", "2026-03-11")
    assert ["ada@mail.example" in office.on_list(day, WEEKLY) for day in days] == [True, False, False, True]


def test_a_changed_address_is_an_edit_of_the_same_entry(office: Office) -> None:
    office.bring("2026-03-01", ADA)
    moved = Person("1", "ada.lor@mail.example", changed="2026-03-14 08:00:00")
    report = office.bring("2026-04-01", moved)
    assert counts(report) == (0, 0, 1, 0)
    assert [(kind, at) for kind, at, _ in office.found()] == [("edited", "2026-03-14T08:00:00.000Z")]


def test_a_new_rating_or_time_of_change_alone_is_no_edit(office: Office) -> None:
    office.bring("2026-03-01", ADA)
    same = Person("1", "ada@mail.example", rating=5, changed="2026-03-14 08:00:00")
    assert counts(office.bring("2026-04-01", same)) == (0, 1, 0, 0)


def test_an_export_of_one_list_makes_nobody_missing_from_another(office: Office) -> None:
    office.bring("2026-03-01", ADA, BO)
    office.bring("2026-03-02", Person("7", "ada@mail.example"), list_name="Pool News")
    report = office.bring("2026-04-01", ADA, BO)
    assert report.facts["missing"] == 0
    assert office.on_list("2026-04-01", "Pool News") == {"ada@mail.example": "yes"}
    assert {row["list_name"] for row in people.of_person(office.archive, "ada@mail.example").rows} == {
        WEEKLY, "Pool News",
    }  # fmt: skip


def test_a_broken_row_keeps_the_export_from_being_compared(office: Office) -> None:
    office.bring("2026-03-01", ADA, BO)
    report = office.bring("2026-04-01", ADA, Person("2", '"bo@mail.example'))
    assert report.facts["quarantined"] == 1
    assert report.facts["missing"] == 0
    assert "could not be read" in report.not_compared


def test_the_accounts_export_says_the_same_of_a_list_as_the_audiences_own(office: Office, tmp_path: Path) -> None:
    office.bring("2026-03-01", ADA)
    lists = tmp_path / "account" / "lists" / "members"
    lists.mkdir(parents=True)
    text = HEADING + ",LEID,EUID,NOTES,TAGS\n" + ADA.line("")
    (lists / "members_47741_milbrook_weekly.csv").write_text(text)
    (tmp_path / "account" / "campaigns.csv").write_text("Title,Subject,List,Sent\nA,B,Milbrook Weekly,2026-03-05\n")
    report = office.take(tmp_path / "account", "2026-04-01")
    assert report.format == "mailchimp-account"
    assert counts(report) == (1, 1, 0, 0)

"""What the writers of lists write, the readers read: against the truth about a made-up city."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from demo import govdelivery, mailchimp
from demo.people import person
from demo.world import Account, Newsletter, Subscription
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.registry import identify

START = datetime(2024, 3, 1, 15, tzinfo=UTC)
AT = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
WEEKLY, POOL = "Milbrook Weekly", "Pool News"


@pytest.fixture(scope="module")
def account() -> Account:
    """Two lists over two years; one in five leaves, and some of those come back."""
    rng = Random(7)
    made = Account(
        name="lists", platform="mailchimp", department="Clerk", title="City of Milbrook", handle="news@milbrook.example"
    )
    for number in range(300):
        made.subscriptions.extend(_spans(rng, number))
    for week in range(100):
        at = START + timedelta(weeks=week, hours=1)
        subject = f"Milbrook Weekly {week}" if week % 3 else "Road work & detours"
        text = f"Week {week}.\nZoë."
        made.newsletters.append(Newsletter(id=f"n{week}", list_name=WEEKLY, at=at, subject=subject, text=text))
    at = START + timedelta(weeks=60)
    made.newsletters.append(Newsletter(id="pool", list_name=POOL, at=at, subject="Closed", text="The pool\nis closed."))
    return made


def _spans(rng: Random, number: int) -> list[Subscription]:
    joined = START + timedelta(hours=50 * number + rng.randint(0, 40))
    first = Subscription(
        id=str(500_000 + number), person=person(rng), list_name=POOL if number % 4 == 0 else WEEKLY,
        joined_at=joined, ip=f"192.0.2.{number % 250 + 1}", tags=("resident",) if number % 2 else (),
    )  # fmt: skip
    if rng.random() > 0.2:
        return [first]
    first.left_at = joined + timedelta(days=rng.randint(1, 200))
    first.left_by = rng.choice(("author", "platform"))
    if rng.random() > 0.3:
        return [first]
    again = Subscription(
        id=first.id, person=first.person, list_name=first.list_name, ip=first.ip, tags=first.tags,
        joined_at=first.left_at + timedelta(days=30),
    )  # fmt: skip
    return [first, again]


def drafts(path: Path, list_name: str = "") -> list[Draft]:
    backup = Backup.open([path], list_name=list_name)
    found = list(identify(backup).read(backup))
    assert [one for one in found if isinstance(one, Defect) and one.quarantined] == []
    return [one for one in found if isinstance(one, Draft)]


def true_states(account: Account, list_name: str, at: datetime) -> dict[str, tuple[str, datetime, str]]:
    """Return of each entry of a list that has begun: how it stands, since when, and who ended it."""
    found: dict[str, tuple[str, datetime, str]] = {}
    for one in sorted(account.subscriptions, key=lambda one: one.joined_at):
        if one.list_name == list_name and one.joined_at <= at:
            gone = one.left_at is not None and one.left_at <= at
            found[one.id] = ("removed" if gone else "private", one.joined_at, one.left_by if gone else "")
    return found


@pytest.mark.parametrize("at", [START + timedelta(days=200), AT])
@pytest.mark.parametrize("list_name", [WEEKLY, POOL])
def test_an_audience_reads_as_the_city_knows_it(account: Account, tmp_path: Path, list_name: str, at: datetime) -> None:
    mailchimp.write_audience(tmp_path / "audience.zip", account, list_name, at)
    found = {
        one.native_id: (one.audience, one.created.at, one.removed_by)
        for one in drafts(tmp_path / "audience.zip", list_name)
        if one.created is not None
    }
    assert found == true_states(account, list_name, at)


def test_an_account_holds_all_lists_and_all_issues(account: Account, tmp_path: Path) -> None:
    mailchimp.write_account(tmp_path / "account.zip", account, AT)
    found = drafts(tmp_path / "account.zip")
    for name in (WEEKLY, POOL):
        people = {one.native_id for one in found if one.kind == "subscriber" and one.list_name == name}
        assert people == set(true_states(account, name, AT))
    emails = {one.native_id: one for one in found if one.kind == "email"}
    assert set(emails) == {mailchimp.campaign_id(one) for one in account.newsletters}
    for issue in account.newsletters:
        email = emails[mailchimp.campaign_id(issue)]
        assert email.title == issue.subject
        assert email.list_name == issue.list_name
        assert issue.text.replace("\n", "\n\n") in email.text
        assert email.created is not None
        assert email.created.at == issue.at


def test_reports_tell_whom_an_issue_reached_and_the_oldest_have_none(account: Account, tmp_path: Path) -> None:
    mailchimp.write_account(tmp_path / "account.zip", account, AT)
    emails = {one.native_id: one for one in drafts(tmp_path / "account.zip") if one.kind == "email"}
    for issue in account.newsletters:
        told = {one.address for one in emails[mailchimp.campaign_id(issue)].recipients}
        true = {
            one.person.address
            for one in account.subscriptions
            if one.list_name == issue.list_name and one.joined_at <= issue.at < (one.left_at or AT)
        }
        assert told == (true if issue.at >= mailchimp.REPORTED_SINCE[False] else set())


def test_a_later_account_export_changes_no_issue_that_was_there(account: Account, tmp_path: Path) -> None:
    mailchimp.write_account(tmp_path / "before.zip", account, AT)
    mailchimp.write_account(tmp_path / "after.zip", account, AT + timedelta(days=5))
    before, after = (
        {one.native_id: (one.text, one.recipients) for one in drafts(tmp_path / name) if one.kind == "email"}
        for name in ("before.zip", "after.zip")
    )
    recent = [one for one in account.newsletters if AT - one.at < timedelta(days=300)]
    assert recent
    for issue in recent:
        assert before[mailchimp.campaign_id(issue)] == after[mailchimp.campaign_id(issue)]


def test_govdeliverys_lists_read_as_the_city_knows_them(account: Account, tmp_path: Path) -> None:
    govdelivery.write(tmp_path / "all.csv", account, AT)
    found = {one.author.handle: one.details["Subscriptions"] for one in drafts(tmp_path / "all.csv")}
    true = {one.person.address: 0 for one in account.subscriptions if one.joined_at <= AT}
    for one in account.subscriptions:
        if one.joined_at <= AT and (one.left_at is None or one.left_at > AT):
            true[one.person.address] += 1
    assert found == {address: str(count) for address, count in true.items()}
    govdelivery.write_topic(tmp_path / "pool.csv", account, POOL, AT)
    here = {one for one, (audience, *_) in true_states(account, POOL, AT).items() if audience == "private"}
    assert len(drafts(tmp_path / "pool.csv", POOL)) == len(here)


def test_the_same_city_at_the_same_moment_gives_the_same_bytes(account: Account, tmp_path: Path) -> None:
    for name in ("a", "b"):
        mailchimp.write_audience(tmp_path / f"{name}.zip", account, WEEKLY, AT)
        mailchimp.write_account(tmp_path / f"{name}-all.zip", account, AT)
        govdelivery.write(tmp_path / f"{name}.csv", account, AT)
    for ending in (".zip", "-all.zip", ".csv"):
        assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()

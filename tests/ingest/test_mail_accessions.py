"""The same messages out of several mailboxes and formats, taken into one archive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import bring_in
from demo.outlook import Item, msg, store
from export.production.files import _native_suffix
from export.redaction.traces import reads
from ingest.accession import Declaration, WrongPlatform
from outlook_items import ADA, ANSWER, CLERK, FIRST, FOLDERS, at

DATA = Path(__file__).parents[1] / "data"


def mail_account(archive: Archive) -> None:
    accounts.add(archive, "mail", platform="email", department="Clerk", handle="clerk@milbrook.example")


def count(archive: Archive) -> int:
    found: int = archive.connection.execute("SELECT count(*) FROM record").fetchone()[0]
    return found


def test_a_message_in_several_folders_and_stores_is_one_record(archive: Archive, tmp_path: Path) -> None:
    mail_account(archive)
    (tmp_path / "clerk.pst").write_bytes(store(FOLDERS))
    (tmp_path / "parks.pst").write_bytes(store({"Inbox": [FIRST]}))
    first = bring_in(archive, tmp_path / "clerk.pst", "mail", Declaration(exported_on=date(2026, 4, 1)))
    assert (first["added"], first["held"], first["quarantined"]) == (6, 1, 0)
    second = bring_in(archive, tmp_path / "parks.pst", "mail", Declaration(exported_on=date(2026, 4, 2)))
    assert (second["added"], second["held"]) == (0, 1)
    (tmp_path / "later.pst").write_bytes(store(FOLDERS, password=1))
    again = bring_in(archive, tmp_path / "later.pst", "mail", Declaration(exported_on=date(2026, 4, 3)))
    assert (again["added"], again["held"]) == (0, 7)
    assert list(verify(archive, deep=True)) == []


def test_a_store_a_file_and_a_message_as_it_was_sent_are_one_record(archive: Archive, tmp_path: Path) -> None:
    mail_account(archive)
    sent = Item(
        subject="Pool", text="It opens on 1 June.", author=CLERK, people=[("to", *ADA)],
        sent=at("2026-03-02T16:00:00"), message_id="<p@milbrook.example>",
    )  # fmt: skip
    (tmp_path / "a.pst").write_bytes(store({"Sent Items": [sent]}))
    (tmp_path / "b.msg").write_bytes(msg(sent))
    (tmp_path / "c.eml").write_bytes(
        b"From: Casey Clerk <clerk@milbrook.example>\nTo: Ada Lor <ada@mail.example>\nSubject: Pool\n"
        b"Date: Mon, 2 Mar 2026 10:00:00 -0600\nMessage-ID: <p@milbrook.example>\n\nIt opens on 1 June.\n"
    )
    for name in ("a.pst", "b.msg", "c.eml"):
        bring_in(archive, tmp_path / name, "mail", Declaration(exported_on=date(2026, 4, 1)))
    assert count(archive) == 1
    assert [row[0] for row in archive.connection.execute("SELECT count(*) FROM finding")] == [0]


def test_an_items_own_bytes_go_out_under_the_ending_that_opens_them(archive: Archive, tmp_path: Path) -> None:
    mail_account(archive)
    (tmp_path / "a.pst").write_bytes(store({"Inbox": [FIRST]}))
    (tmp_path / "b.msg").write_bytes(msg(ANSWER))
    for name in ("a.pst", "b.msg"):
        bring_in(archive, tmp_path / name, "mail")
    assert [_native_suffix(one) for one in archive.versions()] == [".json", ".msg"]


def test_the_last_look_reads_every_text_in_an_outlook_item() -> None:
    read = "\n".join(reads(msg(ANSWER), raw=False))
    for words in ("City Attorney", "Words inside.", "Re: Pool", "The pool opens on 1 June."):
        assert words in read


@pytest.mark.parametrize("platform", ["govdelivery", "nextdoor", "teams"])
def test_what_a_platform_sends_by_mail_belongs_to_its_account(archive: Archive, tmp_path: Path, platform: str) -> None:
    accounts.add(archive, "city", platform=platform, department="Clerk")
    path = tmp_path / "notice.eml"
    path.write_bytes(
        b"From: news@city.example\nDate: Wed, 4 Mar 2026 10:00:00 -0600\nMessage-ID: <1@x>\n\nElm Street\n"
    )
    assert bring_in(archive, path, "city", Declaration())["added"] == 1


def test_a_list_and_its_bulletins_are_of_one_account(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "news", platform="govdelivery", department="Clerk")
    (tmp_path / "notice.eml").write_bytes(b"From: news@city.example\nMessage-ID: <1@x>\nSubject: Elm\n\nElm Street\n")
    bring_in(archive, DATA / "govdelivery" / "subscribers.csv", "news", Declaration(exported_on=date(2026, 4, 1)))
    told = bring_in(archive, tmp_path / "notice.eml", "news", Declaration(exported_on=date(2026, 4, 2)))
    assert (told["added"], told["missing"]) == (1, 0)


def test_mail_is_refused_for_an_account_that_no_mail_tells_of(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "x-city", platform="x", department="Clerk")
    (tmp_path / "notice.eml").write_bytes(b"From: news@city.example\nMessage-ID: <1@x>\n\nElm Street\n")
    with pytest.raises(WrongPlatform):
        bring_in(archive, tmp_path / "notice.eml", "x-city", Declaration())

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.lists.mailchimp import MailchimpAudienceIngestor
from ingest.lists.mailchimp_account import MailchimpAccountIngestor
from ingest.lists.mailchimp_contacts import tags
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "mailchimp"
AUDIENCE = MailchimpAudienceIngestor()
ACCOUNT = MailchimpAccountIngestor()
WEEKLY = "Milbrook Weekly"


def opened(*names: str, list_name: str = WEEKLY) -> Backup:
    return Backup.open([DATA / name for name in names], list_name=list_name)


def by_address(backup: Backup) -> dict[str, Draft]:
    return {one.author.handle: one for one in AUDIENCE.read(backup) if isinstance(one, Draft)}


def test_an_audience_reads_as_its_golden_file_says() -> None:
    backup = opened("audience")
    assert identify(backup).name == "mailchimp-audience"
    check_golden(DATA / "audience.golden.json", told(AUDIENCE, backup))


def test_an_account_reads_as_its_golden_file_says() -> None:
    backup = opened("account", list_name="")
    assert identify(backup).name == "mailchimp-account"
    check_golden(DATA / "account.golden.json", told(ACCOUNT, backup))


def test_lines_of_the_former_export_api_read_as_their_golden_file_says() -> None:
    backup = opened("subscribed_members.json", list_name="")
    assert identify(backup).name == "mailchimp-audience"
    check_golden(DATA / "subscribed_members.golden.json", told(AUDIENCE, backup))


def test_a_zip_reads_as_its_folder_and_as_its_files_do(tmp_path: Path) -> None:
    files = sorted((DATA / "audience").iterdir())
    with zipfile.ZipFile(tmp_path / "audience.zip", "w") as packed:
        for path in files:
            packed.write(path, path.name)
    whole = told(AUDIENCE, opened("audience"))
    assert told(AUDIENCE, Backup.open([tmp_path / "audience.zip"], list_name=WEEKLY)) == whole
    assert told(AUDIENCE, Backup.open(files, list_name=WEEKLY)) == whole


def test_the_proof_of_consent_is_kept_in_the_record_and_in_its_own_bytes() -> None:
    ada = by_address(opened("audience"))["Ada.Lor@mail.example"]
    assert ada.details["OPTIN_TIME"] == "2025-01-05 15:00:00"
    assert ada.details["CONFIRM_IP"] == "192.0.2.7"
    assert b"OPTIN_IP,CONFIRM_TIME" in ada.native
    assert b"2025-01-05 15:02:10,192.0.2.7" in ada.native


def test_a_column_that_comes_twice_loses_neither_value() -> None:
    details = by_address(opened("audience"))["fay@mail.example"].details
    assert (details["UNSUB_CAMPAIGN_ID"], details["UNSUB_CAMPAIGN_ID (2)"]) == ("0000000000", "c0ffee0001")


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ('"VIP","Blog"', ("VIP", "Blog")),
        ('"Board, planning"', ("Board, planning",)),
        ('"Say ""hi""", "x"', ('Say "hi"', "x")),
        ("plain", ("plain",)),
        ('"never ends', ('"never ends',)),
        ("", ()),
    ],
)
def test_tags_are_a_row_within_a_cell(cell: str, wanted: tuple[str, ...]) -> None:
    assert tags(cell) == wanted


@pytest.mark.parametrize(
    ("file", "audience", "status"),
    [
        ("Subscribed Email Audience Export 9c62c33314.csv", "private", "subscribed"),
        ("unsubscribed_members_export_9c62c33314.csv", "removed", "unsubscribed"),
        ("cleaned_members_export_9c62c33314-2.csv", "removed", "cleaned"),
        ("nonsubscribed_segment_export_9c62c33314.csv", "draft", "nonsubscribed"),
        ("contacts.csv", "private", "subscribed"),
    ],
)
def test_the_name_of_a_file_tells_the_status(tmp_path: Path, file: str, audience: str, status: str) -> None:
    (tmp_path / file).write_text("Email Address,LEID,EUID\nada@mail.example,1,2\n")
    (draft,) = by_address(Backup.open([tmp_path / file], list_name=WEEKLY)).values()
    assert (draft.audience, draft.details["status"]) == (audience, status)


def test_a_file_whose_name_tells_no_status_goes_by_its_columns_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text(
        "E-Mail-Adresse;LEID;EUID;UNSUB_TIME\nada@mail.example;1;a;\nbo@mail.example;2;b;2025-06-02 17:30:00\n"
    )
    backup = Backup.open([tmp_path / "all.csv"], list_name=WEEKLY)
    assert [one.audience for one in by_address(backup).values()] == ["private", "removed"]
    assert any("tells no status" in one.get("defect", "") for one in told(AUDIENCE, backup))
    assert AUDIENCE.coverage(backup).complete == frozenset()


@pytest.mark.parametrize(
    ("file", "whole"),
    [
        ("subscribed_email_audience_export_9c62c33314.csv", True),
        ("subscribed_members_export_9c62c33314.csv", True),
        ("subscribed_segment_export_9c62c33314.csv", False),
        ("cleaned_members_export_9c62c33314.csv", False),
        ("my own copy.csv", False),
    ],
)
def test_only_the_export_of_a_whole_named_audience_is_complete(tmp_path: Path, file: str, whole: bool) -> None:
    (tmp_path / file).write_text("Email Address,LEID,EUID\nada@mail.example,1,2\n")
    named = AUDIENCE.coverage(Backup.open([tmp_path / file], list_name=WEEKLY))
    assert named.complete == (frozenset({"subscriber"}) if whole else frozenset())
    assert named.lists == frozenset({WEEKLY})
    assert AUDIENCE.coverage(Backup.open([tmp_path / file])).complete == frozenset()


def test_files_of_two_exports_at_once_are_not_complete_and_told(tmp_path: Path) -> None:
    for export in ("9c62c33314", "0a62c33315"):
        (tmp_path / f"subscribed_members_export_{export}.csv").write_text(
            "Email Address,LEID,EUID\nada@mail.example,1,2\n"
        )
    backup = Backup.open([tmp_path], list_name=WEEKLY)
    assert AUDIENCE.coverage(backup).complete == frozenset()
    assert "several exports (0a62c33315, 9c62c33314)" in told(AUDIENCE, backup)[0]["defect"]


def test_an_id_that_a_spreadsheet_has_rounded_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "subscribed_x.csv").write_text("Email Address,LEID,EUID\nAda@mail.example,1.2E+10,a\n")
    (draft,) = by_address(Backup.open([tmp_path], list_name=WEEKLY)).values()
    assert draft.native_id == "Milbrook Weekly: ada@mail.example"


def test_the_material_of_a_contact_leaves_out_what_changes_by_itself() -> None:
    heading = b"Email Address,MEMBER_RATING,LAST_CHANGED,LEID,EUID\n"
    a = AUDIENCE.material(heading + b"ada@mail.example,2,2025-01-01 10:00:00,1,a\n")
    b = AUDIENCE.material(heading + b"ada@mail.example,5,2026-01-01 10:00:00,1,a\r\n")
    c = AUDIENCE.material(heading + b"bo@mail.example,5,2026-01-01 10:00:00,1,a\n")
    assert a == b != c
    lines = b'["Email Address","MEMBER_RATING","LEID","EUID"]\n["ada@mail.example",%d,1,"a"]\n'
    assert AUDIENCE.material(lines % 2) == AUDIENCE.material(lines % 5) != lines % 2
    assert AUDIENCE.material(b"no table") == b"no table"


def test_other_tables_are_not_taken_for_mailchimps(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Email Address,First Name\nada@mail.example,Ada\n")
    (tmp_path / "templates").mkdir()
    backup = Backup.open([tmp_path])
    assert AUDIENCE.identify(backup) == ACCOUNT.identify(backup) == Confidence.NONE


# -- campaigns


def emails(folder: Path) -> dict[str, Draft]:
    found = ACCOUNT.read(Backup.open([folder]))
    return {one.title: one for one in found if isinstance(one, Draft) and one.kind == "email"}


def test_a_campaign_has_its_words_its_list_and_whom_it_was_sent_to() -> None:
    june = emails(DATA / "account")["Pool hours in June"]
    assert june.text == "Pool hours in June\n\nThe pool opens at 7 & closes at 19."
    assert june.list_name == WEEKLY
    assert june.author.is_account
    assert [one.address for one in june.recipients] == ["ada.lor@mail.example", "Fay@mail.example"]


def test_campaigns_of_one_title_are_told_apart_by_their_subject() -> None:
    found = emails(DATA / "account")
    assert found["Lead pipes"].text.endswith("We pay half.")
    assert found["Leaf pickup"].text.endswith("Rake to the curb.")


def test_a_report_of_recipients_is_kept_and_reports_of_opening_are_not() -> None:
    found = emails(DATA / "account")
    assert [one.name for one in found["Lead pipes"].attachments] == ["9102_reminder.csv"]
    assert [one.name for one in found["Pool hours in June"].attachments] == ["9101_june_issue.txt"]


def test_a_report_that_no_campaign_is_known_for_is_named(tmp_path: Path) -> None:
    shutil.copytree(DATA / "account", tmp_path / "account")
    (tmp_path / "account" / "aggregate_activity" / "opened" / "1_gone_long_ago.csv").write_text("Email Address\na@b\n")
    found = told(ACCOUNT, Backup.open([tmp_path / "account"]))
    (named,) = [one for one in found if "1_gone_long_ago" in one["place"]]
    assert "no campaign" in named["defect"]


def test_a_campaign_that_was_not_sent_is_a_draft() -> None:
    assert emails(DATA / "account")["Budget"].audience == "draft"


def test_files_are_joined_by_their_number_where_the_table_has_it(tmp_path: Path) -> None:
    shutil.copytree(DATA / "account" / "lists", tmp_path / "lists")
    (tmp_path / "campaigns_content").mkdir()
    (tmp_path / "campaigns.csv").write_text("Campaign Title,Email Subject,Audience,Sent,Web Id\nA,B,C,2025-06-02,77\n")
    (tmp_path / "campaigns_content" / "77_renamed.htm").write_text("<p>Words</p>")
    (tmp_path / "campaigns_content" / "78_a.htm").write_text("<p>More words</p>")
    found = emails(tmp_path)
    assert found["B"].text == "Words"
    assert found["B"].list_name == "C"


def test_a_damaged_account_costs_what_is_damaged(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "account.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted((DATA / "account").rglob("*.*")):
            packed.write(path, path.relative_to(DATA / "account"))
    raw = bytearray((tmp_path / "account.zip").read_bytes())
    with zipfile.ZipFile(tmp_path / "account.zip") as packed:
        at = packed.getinfo("campaigns_content/9101_june_issue.html").header_offset
    raw[at + 80 : at + 90] = bytes(10)
    (tmp_path / "account.zip").write_bytes(raw)
    found = list(ACCOUNT.read(Backup.open([tmp_path / "account.zip"])))
    whole = [one for one in ACCOUNT.read(opened("account", list_name="")) if isinstance(one, Draft)]
    assert sum(isinstance(one, Draft) for one in found) == len(whole)
    assert any(isinstance(one, Defect) and "cannot be read" in one.reason for one in found)

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.mail import message
from ingest.mail.dates import read_date
from ingest.mail.eml import EmlIngestor
from ingest.mail.mbox import MboxIngestor, split
from ingest.registry import identify
from ingest.text import clean, html_to_text

DATA = Path(__file__).parents[1] / "data" / "mail"
MESSAGES = sorted(path.name for path in DATA.glob("*.eml"))


def only_draft(name: str) -> Draft:
    (draft,) = [one for one in message.draft((DATA / name).read_bytes(), name) if isinstance(one, Draft)]
    return draft


@pytest.mark.parametrize("name", [*MESSAGES, "clerk.mbox"])
def test_every_message_reads_as_its_golden_file_says(name: str) -> None:
    backup = Backup.open([DATA / name])
    check_golden(DATA / f"{name}.golden.json", told(identify(backup), backup))


def test_words_in_headers_are_decoded_even_when_split_inside_a_character() -> None:
    draft = only_draft("charsets.eml")
    assert draft.title == "Pool 🏊 closed"
    assert (draft.author.name, draft.author.handle) == ("Jürgen Größe", "JURGEN@mail.example")
    assert [(one.role, one.name, one.address) for one in draft.recipients] == [
        ("to", "北京", "clerk@milbrook.example"),
        ("to", "Parks", "parks@milbrook.example"),
    ]
    assert draft.text == "Grüße aus der Straße"


def test_charsets_under_other_names_are_known() -> None:
    draft = only_draft("korean.eml")
    assert (draft.title, draft.text) == ("수영장", "수영장이 닫혔나요?")


def test_attachments_are_named_and_messages_inside_are_kept_whole() -> None:
    draft = only_draft("attachments.eml")
    assert draft.text == "See the photos."
    assert [one.name for one in draft.attachments] == ["pool 🏊.jpg", "Größe.pdf", "The first message.eml"]
    assert draft.attachments[0].payload == b"\xff\xd8\xff\xe0\x00\x10"
    assert b"Inner words." in (draft.attachments[2].payload or b"")


def test_html_becomes_what_a_person_reads() -> None:
    draft = only_draft("html_only.eml")
    assert "closed & drained" in draft.text
    assert "Monday 9:00" in draft.text
    assert "alert" not in draft.text
    assert "color" not in draft.text
    assert draft.list_name == "Weekly <weekly.milbrook.example>"
    assert draft.details["Precedence"] == "bulk"


def test_a_bad_date_gives_way_to_the_time_of_receipt_and_is_remarked() -> None:
    found = list(message.draft((DATA / "bad_dates.eml").read_bytes(), "x"))
    draft = found[-1]
    assert isinstance(draft, Draft)
    assert draft.created is not None
    assert draft.created.at == datetime.fromisoformat("2026-03-06T17:00:05+00:00")
    assert any(isinstance(one, Defect) and not one.quarantined for one in found)
    assert draft.details["Other authors"] == "b@mail.example"
    assert (draft.parent, draft.thread) == ("two@mail.example", "one@mail.example")


def test_a_wrong_charset_loses_no_word() -> None:
    assert only_draft("wrong_charset.eml").text == "café “quoted”"


def test_the_native_bytes_are_the_message() -> None:
    for name in MESSAGES:
        assert only_draft(name).native == (DATA / name).read_bytes()


def test_a_line_that_begins_with_from_inside_a_body_splits_nothing() -> None:
    first, second = split(io.BytesIO((DATA / "clerk.mbox").read_bytes()))
    assert b"\nFrom here too.\n>From quoted twice.\n" in first
    assert b"From nobody Mon Mar  2" in first
    assert second.startswith(b"From: clerk@milbrook.example")


def test_gmails_thread_and_labels_are_kept() -> None:
    drafts = [one for one in MboxIngestor().read(Backup.open([DATA / "clerk.mbox"])) if isinstance(one, Draft)]
    assert drafts[1].thread == "1790000000000000001"
    assert "Sent" in drafts[1].tags


def test_mbox_and_eml_are_told_apart_by_content(tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_bytes((DATA / "clerk.mbox").read_bytes())
    assert identify(Backup.open([tmp_path / "mailbox"])).name == "mbox"
    (tmp_path / "message").write_bytes((DATA / "korean.eml").read_bytes())
    assert identify(Backup.open([tmp_path / "message"])).name == "eml"
    (tmp_path / "page.html").write_bytes(b"<html><body>From: nobody</body></html>")
    assert EmlIngestor().identify(Backup.open([tmp_path / "page.html"])) == Confidence.NONE


def test_a_zip_of_messages_names_what_is_no_message(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mail.zip", "w") as packed:
        packed.write(DATA / "korean.eml", "inbox/1.eml")
        packed.writestr("inbox/2.eml", b"\x00\x01\x02 no message")
        packed.writestr("inbox/3.eml", b"")
    found = told(EmlIngestor(), Backup.open([tmp_path / "mail.zip"]))
    assert [one.get("kind", one.get("defect")) for one in found] == [
        "email",
        "this file is no mail message; its bytes were kept",
        "the file is empty",
    ]


def test_a_mailbox_that_tells_lengths_keeps_a_message_that_holds_another_whole() -> None:
    inside = b"Look:\n\nFrom a@b.example Mon Mar  2 09:30:00 2026\nSubject: inner\n\nWords.\n"
    first = b"Subject: one\nContent-Length: %d\n\n" % len(inside) + inside
    second = b"Subject: two\nContent-Length: 9999\n\nMore.\n"
    box = b"".join(b"From a@b.example Mon Mar  2 09:30:00 2026\n" + one + b"\n" for one in (first, second, second))
    assert list(split(io.BytesIO(box))) == [first, second, second]


def test_a_takeout_of_gmail_is_read_out_of_its_zip_with_labels_and_the_mailboxs_name(tmp_path: Path) -> None:
    name = "Takeout/Mail/All mail Including Spam and Trash.mbox"
    with zipfile.ZipFile(tmp_path / "takeout-20260301.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, (DATA / "clerk.mbox").read_bytes().replace(b"\n", b"\r\n"))
        packed.writestr("Takeout/archive_browser.html", "<html></html>")
    backup = Backup.open([tmp_path / "takeout-20260301.zip"])
    found = [one for one in identify(backup).read(backup) if isinstance(one, Draft)]
    assert [one.place for one in found] == [f"{name}, message 1", f"{name}, message 2"]
    assert "Sent" in found[1].tags


BODY = st.lists(st.sampled_from([b"words", b"From the park", b">From here", b"", b">>From x", b"a: b"]), max_size=8)


@given(st.lists(BODY, min_size=1, max_size=5))
def test_messages_joined_into_a_mailbox_come_apart_again(bodies: list[list[bytes]]) -> None:
    messages = [b"Subject: x\n\n" + b"".join(line + b"\n" for line in body) for body in bodies]
    box = b""
    for one in messages:
        quoted = b"".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in one.splitlines(keepends=True)
        )
        box += b"From a@b.example Mon Mar  2 09:30:00 2026\n" + quoted + b"\n"
    assert list(split(io.BytesIO(box))) == messages


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_of_messages_fail(raw: bytes) -> None:
    found = list(message.draft(b"From: a@b.example\nSubject: x\n" + raw, "place"))
    assert any(isinstance(one, Draft) for one in found)


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_of_dates_fail(text: str) -> None:
    found = read_date(text)
    assert found is None or found.at is not None


@given(st.text())
def test_cleaned_text_can_always_be_stored(text: str) -> None:
    assert clean(text + "\ud800\0").encode().count(b"\0") == 0


def test_html_that_is_no_html_is_text_all_the_same() -> None:
    assert html_to_text("<p>unclosed <b>bold") == "unclosed bold"
    assert html_to_text("") == ""


SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "email"
EXPECTED = {
    "raw_email_encoded_stack_level_too_deep.eml": ("title", None),
    "attachment_nonascii_filename.eml": ("attachment", "ciële.txt"),
    "attachment_with_base64_encoded_name.eml": ("attachment", "This is a test.pdf"),
    "utf8_headers.eml": ("title", None),
}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of mail are not beside this checkout")
def test_the_samples_by_other_hands_go_in_and_every_file_is_explained() -> None:
    backup = Backup.open([SAMPLES])
    found = [one for one in EmlIngestor().read(backup) if isinstance(one, Draft | Defect)]
    places = {one.place for one in found}
    assert places == {member.path for member in backup.members()}
    drafts = [one for one in found if isinstance(one, Draft)]
    quarantined = [one for one in found if isinstance(one, Defect) and one.quarantined]
    assert len(drafts) >= 69
    assert all(not one.place.endswith(".eml") for one in quarantined)
    assert all(one.text or one.attachments or one.title for one in drafts)

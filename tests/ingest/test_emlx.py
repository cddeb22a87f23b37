from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from drafts import told
from golden import check_golden
from ingest.backup import Backup, Member
from ingest.ingestor import Defect, Draft
from ingest.mail.emlx import EmlxIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "emlx"


def read(path: Path) -> list[Draft | Defect]:
    backup = Backup.open([path])
    return [one for one in EmlxIngestor().read(backup) if isinstance(one, Draft | Defect)]


def test_a_mailbox_of_apple_mail_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA])
    assert identify(backup).name == "emlx"
    check_golden(DATA.parent / "emlx.golden.json", told(EmlxIngestor(), backup))


def test_a_file_that_mail_keeps_beside_a_message_is_its_attachment() -> None:
    (draft,) = [one for one in read(DATA) if isinstance(one, Draft) and one.title == "Re: Pool"]
    (plan,) = draft.attachments
    assert plan.member is not None
    assert plan.member.read() == b"The pool opens on 1 June.\n"
    assert draft.tags == ("Pool",)


def test_the_own_bytes_are_the_message_without_mails_wrapping(tmp_path: Path) -> None:
    (tmp_path / "1.emlx").write_bytes(b"30        \nSubject: x\nFrom: a@b.example\n\n<?xml version='1.0'?><plist/>")
    (draft,) = [one for one in read(tmp_path) if isinstance(one, Draft)]
    assert draft.native == b"Subject: x\nFrom: a@b.example\n\n"


def test_a_message_that_is_cut_off_is_read_and_remarked(tmp_path: Path) -> None:
    (tmp_path / "1.emlx").write_bytes(b"900\nSubject: x\nFrom: a@b.example\n\nWords")
    found = read(tmp_path)
    assert [one.text for one in found if isinstance(one, Draft)] == ["Words"]
    assert any("cut off" in one.reason for one in found if isinstance(one, Defect))


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_of_apples_files_fail(raw: bytes) -> None:
    import io

    for text in (raw, b"40\nSubject: x\nFrom: a@b.example\n\n" + raw):
        member = Member("1.emlx", len(text), 0, lambda text=text: io.BytesIO(text))  # type: ignore[misc]
        list(EmlxIngestor().read(Backup([], [member], [])))

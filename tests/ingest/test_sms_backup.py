from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.messaging.sms_backup import SmsBackupIngestor
from ingest.messaging.sms_xml import Element, Unread, elements, unescaped
from ingest.registry import identify
from message_office import SAMPLES, MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "sms_backup"


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "sms")
    yield made
    assert list(verify(archive, deep=True)) == []


def sms(at: int, body: str, sort: int = 1, name: str = "Grace Lor") -> str:
    return f'<sms address="+16085550142" date="{at}" type="{sort}" body="{body}" contact_name="{name}" />'


def write(path: Path, *found: str) -> Path:
    text = "".join(found)
    path.write_text(f'<?xml version="1.0"?><smses count="{len(found)}" backup_date="1773136800000">{text}</smses>')
    return path


def test_a_telephone_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "phone"])
    assert identify(backup).name == "sms-backup"
    check_golden(DATA / "phone.golden.json", told(SmsBackupIngestor(), backup))


def test_the_time_of_the_backup_is_the_latest_of_its_files() -> None:
    made = SmsBackupIngestor().coverage(Backup.open([DATA / "phone"])).exported_at
    assert made is not None
    assert made.isoformat() == "2026-03-10T10:01:40+00:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&#55357;&#56832;", "😀"),
        ("&#xD83D;&#xDE00;&#x1F600;&#128512;", "😀😀😀"),
        ("&#65;&#55357;&#56832;&#66;", "A😀B"),
        ("&#55357;&#55357;&#56832;", "\ufffd😀"),
        ("&#56832;&#55357;", "\ufffd\ufffd"),
        ("&amp;amp; &lt;b&gt; &unknown;", "&amp; <b> &unknown;"),
        ("a&#10;b&#0;", "a\nb\ufffd"),
    ],
)
def test_halves_of_characters_become_whole_ones(written: str, meant: str) -> None:
    assert unescaped(written) == meant


@given(st.text(alphabet=st.characters(codec="utf-16", exclude_categories=("Cs", "Cc")), max_size=30))
def test_every_text_comes_back_from_the_numbers_that_the_app_writes(text: str) -> None:
    units = text.encode("utf-16-le")
    numbers = "".join(f"&#{int.from_bytes(units[at : at + 2], 'little')};" for at in range(0, len(units), 2))
    assert unescaped(numbers) == text


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_and_what_follows_is_read(junk: bytes) -> None:
    raw = b"<smses>" + junk.replace(b"<", b"") + b'<sms body="after" type="1"/></smses>'
    found = list(elements(io.BytesIO(raw)))
    assert [one.values["body"] for one in found if isinstance(one, Element)] == ["after"]


def test_an_element_longer_than_a_block_is_read_and_one_cut_off_is_named() -> None:
    large = b"A" * (5 << 20)
    raw = b'<smses><mms><parts><part ct="image/png" data="' + large + b'"/></parts></mms><sms body="x'
    whole, cut = list(elements(io.BytesIO(raw)))
    assert isinstance(whole, Element)
    assert len(whole.inner[1][1]["data"]) == len(large)
    assert isinstance(cut, Unread)
    assert cut.native == b'<sms body="x'


def test_twins_stay_two_and_a_later_backup_adds_only_what_is_new(office: MessageOffice, tmp_path: Path) -> None:
    first = [sms(1772616600000, "Hello"), sms(1772616600000, "Hello"), sms(1772616700000, "Elm Street?")]
    assert office.bring(write(tmp_path / "a.xml", *first), "2026-03-10")["added"] == 3
    renamed = [one.replace("Grace Lor", "Grace L. (resident)") for one in first]
    counts = office.bring(write(tmp_path / "b.xml", *renamed, sms(1772616800000, "Yes", 2)), "2026-04-10")
    assert (counts["added"], counts["held"], counts["edited"]) == (1, 3, 0)
    assert office.findings() == []


def test_the_bytes_of_what_is_attached_are_kept_once() -> None:
    _, drafts, defects = items(DATA / "phone" / "sms-20260310.xml")
    picture, card = [one for one in drafts if one.attachments]
    assert picture.attachments[0].payload == b"\x89PNG\r\n\x1a\n0000"
    assert b'data=""' in picture.native
    assert b"not base64!" in card.native
    assert any("no base64" in one.reason for one in defects)


@pytest.mark.skipif(not (SAMPLES / "sms").is_dir(), reason="the samples of telephones are not beside this checkout")
def test_the_samples_by_another_hand_go_in_whole() -> None:
    counted = 0
    for path in sorted((SAMPLES / "sms").rglob("*.xml")):
        name, drafts, defects = items(path)
        assert (name, [one for one in defects if one.quarantined]) == ("sms-backup", [])
        counted += len(drafts)
        assert all(one.text or one.attachments for one in drafts)
    assert counted == 23

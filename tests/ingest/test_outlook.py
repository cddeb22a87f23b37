from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.outlook import msg, store
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.mail import rtf
from ingest.mail.msg import MsgIngestor
from ingest.mail.pst import PstIngestor
from ingest.registry import identify
from outlook_items import ANSWER, CLERK, CONTACT, FIRST, FOLDERS, RICH

DATA = Path(__file__).parents[1] / "data" / "outlook"


def drafts(path: Path) -> list[Draft]:
    backup = Backup.open([path])
    return [one for one in identify(backup).read(backup) if isinstance(one, Draft)]


def defects(path: Path) -> list[str]:
    backup = Backup.open([path])
    return [one.reason for one in identify(backup).read(backup) if isinstance(one, Defect)]


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    (tmp_path / "clerk.pst").write_bytes(store(FOLDERS))
    return tmp_path / "clerk.pst"


def test_the_fixtures_are_what_the_writer_writes() -> None:
    assert (DATA / "clerk.pst").read_bytes() == store(FOLDERS)
    assert (DATA / "answer.msg").read_bytes() == msg(ANSWER)


@pytest.mark.parametrize(("name", "format"), [("clerk.pst", "pst"), ("answer.msg", "msg")])
def test_every_fixture_reads_as_its_golden_file_says(name: str, format: str) -> None:
    backup = Backup.open([DATA / name])
    assert identify(backup).name == format
    check_golden(DATA / f"{name}.golden.json", told(identify(backup), backup))


def test_blind_copies_and_folders_are_kept(mailbox: Path) -> None:
    answer = next(one for one in drafts(mailbox) if one.title == "Re: Pool")
    assert [(one.role, one.address) for one in answer.recipients] == [
        ("to", "ada@mail.example"),
        ("bcc", "attorney@milbrook.example"),
    ]
    assert answer.tags == ("Sent Items",)
    assert (answer.native_id, answer.parent) == ("three@milbrook.example", "two@mail.example")


def test_an_item_inside_an_item_is_attached_with_its_own_files(mailbox: Path) -> None:
    answer = next(one for one in drafts(mailbox) if one.title == "Re: Pool")
    assert [one.name for one in answer.attachments] == [
        "plan.txt",
        "The first message.json",
        "The first message/deep.txt",
    ]
    inner = msgspec.json.decode(answer.attachments[1].payload or b"")
    assert inner["properties"]["1000"] == "Words inside."
    assert answer.attachments[2].payload == b"Deep."


def test_a_message_of_teams_is_a_message_in_its_conversation(mailbox: Path) -> None:
    (found,) = [one for one in drafts(mailbox) if one.kind == "message"]
    assert (found.text, found.author.name) == ("Is the valve fixed?", "Pat Parks")
    assert found.thread == bytes(range(16)).hex()
    assert [(one.role, one.address) for one in found.recipients] == [("member", "clerk@milbrook.example")]
    assert [(one.name, one.payload) for one in found.attachments] == [("valve.txt", b"A valve.")]


def test_contacts_are_not_taken_in_and_counted(mailbox: Path) -> None:
    assert all(one.title != CONTACT.subject for one in drafts(mailbox))
    assert "not read, on purpose: contacts (1)" in defects(mailbox)


def test_the_items_own_bytes_are_its_properties(mailbox: Path) -> None:
    first = drafts(mailbox)[0]
    kept = msgspec.json.decode(first.native)
    assert kept["properties"]["007d"] == FIRST.headers
    assert kept["properties"]["0037"] == FIRST.subject
    assert kept["recipients"][0]["39fe"] == CLERK[1]


def test_a_store_in_a_zip_is_read_too(mailbox: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(mailbox, "Exchange/clerk.pst")
    assert [one.native for one in drafts(tmp_path / "export.zip")] == [one.native for one in drafts(mailbox)]


def test_a_store_and_a_file_tell_the_same_item_alike(mailbox: Path, tmp_path: Path) -> None:
    (tmp_path / "answer.msg").write_bytes(msg(ANSWER))
    (alone,) = drafts(tmp_path / "answer.msg")
    among = next(one for one in drafts(mailbox) if one.title == "Re: Pool")
    same = ("native_id", "created", "author", "title", "text", "recipients", "parent", "thread", "details")
    for name in same:
        assert getattr(alone, name) == getattr(among, name), name
    assert [(one.name, one.payload) for one in alone.attachments[:1]] == [("plan.txt", b"The pool opens on 1 June.")]
    assert alone.native == (tmp_path / "answer.msg").read_bytes()


def test_a_password_hinders_nobody_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pst").write_bytes(store({"Inbox": [FIRST]}, password=12345))
    assert len(drafts(tmp_path / "a.pst")) == 1
    assert any("asks for a password" in one for one in defects(tmp_path / "a.pst"))


def test_a_store_that_windows_encrypted_is_refused_with_what_to_do(tmp_path: Path) -> None:
    raw = bytearray(store({"Inbox": [FIRST]}))
    raw[513] = 0x10
    (tmp_path / "a.pst").write_bytes(raw)
    (reason,) = defects(tmp_path / "a.pst")
    assert "Windows encrypted it" in reason
    assert "export it again" in reason


@pytest.mark.parametrize("kept", [3, 400, 600, 20_000])
def test_a_store_that_is_cut_off_says_so_and_ends(tmp_path: Path, kept: int) -> None:
    (tmp_path / "a.pst").write_bytes(b"!BDN" + store(FOLDERS)[4:kept])
    assert any("cannot be" in one for one in defects(tmp_path / "a.pst"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60_000), st.binary(min_size=1, max_size=40))
def test_no_damage_makes_the_reader_of_stores_fail(tmp_path_factory: Any, place: int, damage: bytes) -> None:
    raw = bytearray(store(FOLDERS))
    place = 4 + place % (len(raw) - 4)
    raw[place : place + len(damage)] = damage
    path = tmp_path_factory.mktemp("damaged") / "a.pst"
    path.write_bytes(raw)
    list(PstIngestor().read(Backup.open([path])))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60_000), st.binary(min_size=1, max_size=40))
def test_no_damage_makes_the_reader_of_items_fail(tmp_path_factory: Any, place: int, damage: bytes) -> None:
    raw = bytearray(msg(ANSWER))
    place = 8 + place % (len(raw) - 8)
    raw[place : place + len(damage)] = damage
    path = tmp_path_factory.mktemp("damaged") / "a.msg"
    path.write_bytes(raw)
    list(MsgIngestor().read(Backup.open([path])))


def test_other_compound_files_are_no_items(tmp_path: Path) -> None:
    from demo.compound_file import compound_file

    (tmp_path / "old.doc").write_bytes(compound_file({"WordDocument": b"x" * 5000}))
    (tmp_path / "answer.msg").write_bytes(msg(ANSWER))
    found = told(MsgIngestor(), Backup.open([tmp_path]))
    assert [one.get("defect", "") for one in found] == ["", "this file is no Outlook item; it was not read"]


# -- rich text


def test_rich_text_is_read_where_there_is_no_other(mailbox: Path) -> None:
    rich = next(one for one in drafts(mailbox) if one.title == RICH.subject)
    assert rich.text == "Grüße 🌶 here"


def test_html_inside_rich_text_is_what_a_person_reads() -> None:
    said = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Open"
        rb"{\*\htmltag84 <b>}\htmlrtf\b\htmlrtf0 today{\*\htmltag92 </b>}\htmlrtf\par\htmlrtf0 {\*\htmltag72 </p>}}"
    )
    assert rtf.rtf_to_text(said) == "Opentoday"


def test_packed_rich_text_is_unpacked_as_in_microsofts_example() -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a7 03000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.unpacked(packed) == rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"
    with pytest.raises(ValueError, match="cut off"):
        rtf.unpacked(packed[:9])


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_of_rich_text_fail(raw: bytes) -> None:
    assert isinstance(rtf.rtf_to_text(b"{\\rtf1 " + raw), str)
    assert len(rtf.unpacked(struct.pack("<II4sI", 0, 5000, b"LZFu", 0) + raw)) <= 5000


# -- by other hands

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "outlook"
EXPECTED = {"enron.pst": (71, 0), "pstextractortest@outlook.com.ost": (14, 169)}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of Outlook stores are not beside this checkout")
@pytest.mark.parametrize("name", EXPECTED)
def test_stores_by_other_hands_are_read_whole(name: str) -> None:
    (path,) = SAMPLES.rglob(name)
    found = drafts(path)
    kinds = [one.kind for one in found]
    assert (kinds.count("email"), kinds.count("event")) == EXPECTED[name]
    assert defects(path) == []
    assert all(one.payload for draft in found for one in draft.attachments)
    assert all(
        one.author.name or one.author.handle for one in found if one.kind == "email" and one.recipients[0].address
    )

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence
from ingest.messaging.whatsapp import WhatsAppIngestor
from ingest.messaging.whatsapp_lines import STYLES, Entry, entries, parted
from ingest.registry import identify
from message_office import SAMPLES, MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "whatsapp"


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "whatsapp")
    yield made
    assert list(verify(archive, deep=True)) == []


def chat(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def moments(path: Path) -> list[str]:
    _, drafts, _ = items(path)
    assert all(one.created is not None and one.created.zone == "unknown" for one in drafts)
    return [one.created.at.isoformat(" ", "minutes")[:16] if one.created and one.created.at else "" for one in drafts]


@pytest.mark.parametrize("name", ["ios", "android"])
def test_a_chat_reads_as_its_golden_file_says(name: str) -> None:
    backup = Backup.open([DATA / name])
    assert identify(backup).name == "whatsapp"
    check_golden(DATA / f"{name}.golden.json", told(WhatsAppIngestor(), backup))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3/4/26, 23:05 - Ada: x", "2026-03-04 23:05"),
        ("3/4/26, 11:05\u202fPM - Ada: x", "2026-03-04 23:05"),
        ("[3/4/26, 12:05:00 AM] Ada: x", "2026-03-04 00:05"),
        ("\u200e[3/4/2026, 12:05:00\u202fp.\xa0m.] Ada: x", "2026-03-04 12:05"),
        ("[2026/3/4 下午11:05:00] Ada: x", "2026-03-04 23:05"),
        ("2026. 3. 4. 오후 11:05 - Ada: x", "2026-03-04 23:05"),
        ("[4.3.2026 klo 23.05.00] Ada: x", "2026-03-04 23:05"),
        ("04.03.26, 23:05 - Ada: x", "2026-03-04 23:05"),
        ("٣/٤/٢٠٢٦، ١١:٠٥ م - Ada: x", "2026-03-04 23:05"),
        ("3/4/26, 11:05 zzz - Ada: x", ""),
        ("3/4/26, 25:05 - Ada: x", ""),
    ],
)
def test_dates_are_read_as_telephones_write_them(tmp_path: Path, written: str, read: str) -> None:
    assert moments(chat(tmp_path / "WhatsApp Chat with Ada.txt", written)) == [read]


@pytest.mark.parametrize(
    ("dates", "order", "certain"),
    [
        (["1/2/26", "14/2/26"], "day, month, year", True),
        (["1/2/26", "1/14/26"], "month, day, year", True),
        (["3/4/26", "4/4/26", "5/4/26", "1/5/26"], "day, month, year", True),
        (["4/3/26", "4/4/26", "4/5/26", "5/1/26"], "month, day, year", True),
        (["1/2/26"], "month, day, year", False),
        (["3/3/26"], "month, day, year", True),
        (["1.2.26"], "day, month, year", True),
        (["13/2/26", "2/13/26"], "day, month, year", False),
    ],
)
def test_day_first_or_month_first_is_inferred_from_the_whole_file_and_said(
    tmp_path: Path, dates: list[str], order: str, certain: bool
) -> None:
    path = chat(tmp_path / "chat.txt", *(f"{one}, 10:00 - Ada: x" for one in dates))
    _, _, (remark, *_) = items(path)
    assert remark.reason.startswith(f"dates are read as {order}: ")
    assert ("not certain" in remark.reason) == (not certain)
    assert not remark.quarantined


def test_a_later_export_adds_what_is_new_and_finds_what_was_deleted(office: MessageOffice, tmp_path: Path) -> None:
    first = ["3/14/26, 10:00 - Ada Lor: Hello", "3/14/26, 10:00 - Ben Ruiz: wrong chat", "3/14/26, 10:01 - Ada Lor: ok"]
    office.bring(chat(tmp_path / "WhatsApp Chat with Parks.txt", *first), "2026-03-20")
    later = [first[0], "3/14/26, 10:00 - Ben Ruiz: This message was deleted", first[2], "3/15/26, 8:00 - Ada Lor: ok"]
    counts = office.bring(chat(tmp_path / "WhatsApp Chat with Parks (1).txt", *later), "2026-04-20")
    assert (counts["added"], counts["held"]) == (1, 2)
    assert office.findings() == [("removed", "author")]


RENAMED = {
    "Android": (
        ['3/14/26, 9:00 - Ada Lor created group "Parks crew"', "3/14/26, 10:00 - Ada Lor: Hello"],
        [
            '3/15/26, 9:00 - Ada Lor changed the group name from "Parks crew" to "Parks: all"',
            "3/15/26, 9:01 - Ben Ruiz: ok",
        ],
    ),
    "iOS": (
        [
            "[3/14/26, 9:00:00] Parks crew: \u200eAda Lor created group “Parks crew”",
            "[3/14/26, 10:00:00] Ada Lor: Hello",
        ],
        [
            "[3/15/26, 9:00:00] Parks- all: \u200eAda Lor changed the group name to “Parks: all”",
            "[3/15/26, 9:01:00] Ben Ruiz: ok",
        ],
    ),
}


@pytest.mark.parametrize("style", RENAMED)
def test_a_group_that_was_renamed_between_two_exports_is_one_conversation(
    office: MessageOffice, tmp_path: Path, style: str
) -> None:
    before, since = RENAMED[style]
    office.bring(chat(tmp_path / "WhatsApp Chat with Parks crew.txt", *before), "2026-03-14", complete=True)
    later = [
        one.replace("] Parks crew:", "] Parks- all:").replace("Parks: all: ", "Parks- all: ")
        for one in (*before, *since)
    ]
    counts = office.bring(chat(tmp_path / "WhatsApp Chat with Parks- all.txt", *later), "2026-04-20", complete=True)
    assert (counts["added"], counts["held"], counts["missing"]) == (2, 2, 0)
    assert {*office.archive.connection.execute("SELECT thread FROM content")} == {("Parks crew",)}


def test_two_groups_that_began_under_one_name_stay_two_conversations(tmp_path: Path) -> None:
    made = RENAMED["Android"][0][0]
    for name in ("Pool", "Parks"):
        renamed = f'3/15/26, 9:00 - Ada Lor changed the group name from "Parks crew" to "{name}"'
        chat(tmp_path / f"WhatsApp Chat with {name}.txt", made, renamed, "3/15/26, 9:01 - Ben Ruiz: ok")
    _, drafts, _ = items(tmp_path)
    assert {one.thread for one in drafts} == {"Pool", "Parks"}


def test_a_zip_holds_the_media_beside_the_chat(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "WhatsApp Chat - Parks crew.zip", "w") as packed:
        for path in (DATA / "ios" / "WhatsApp Chat - Parks crew").iterdir():
            packed.write(path, path.name)
    _, drafts, _ = items(tmp_path / "WhatsApp Chat - Parks crew.zip")
    assert {one.thread for one in drafts} == {"Parks crew"}
    held = {one.name: one.member is not None for draft in drafts for one in draft.attachments}
    assert held == {"00000003-PHOTO-2026-03-04.jpg": True, "00000004-plan.pdf": False}


def test_every_byte_of_a_chat_is_in_the_record_of_its_message() -> None:
    for path in DATA.rglob("*.txt"):
        _, drafts, _ = items(path)
        assert b"".join(one.native for one in drafts) == path.read_bytes()


def test_a_name_with_quotation_marks_is_a_name_when_it_writes_often(tmp_path: Path) -> None:
    bo = '3/14/26, 10:00 - Ben "Bo" Ruiz: hello'
    subject = '3/14/26, 10:01 - Ada Lor changed the subject to "Pool: hours"'
    _, drafts, _ = items(chat(tmp_path / "chat.txt", "3/14/26, 9:00 - Ada Lor: hi", subject, bo, bo, bo))
    assert [one.author.name for one in drafts] == ["Ada Lor", "", *['Ben "Bo" Ruiz'] * 3]
    assert drafts[1].text == ""


def test_a_file_of_another_chat_is_no_attachment(tmp_path: Path) -> None:
    line = "3/14/26, 9:00 - Ada Lor: IMG-20260314-WA0001.jpg (file attached)"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        chat(tmp_path / name / "chat.txt", line)
    (tmp_path / "one" / "IMG-20260314-WA0001.jpg").write_bytes(b"\xff\xd8")
    _, drafts, _ = items(tmp_path)
    assert [one.attachments[0].member is not None for one in drafts] == [True, False]


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=6))
def test_messages_of_several_lines_come_apart_as_they_were_written(texts: list[list[str]]) -> None:
    lines = ["\n".join([f"14/3/26, 10:0{number} - Ada Lor: {said[0]}", *said[1:]]) for number, said in enumerate(texts)]
    raw = ("\n".join(lines) + "\n").encode()
    member = Member("chat.txt", len(raw), 0, lambda: io.BytesIO(raw))
    found = [one for one in entries(member, "Android") if isinstance(one, Entry)]
    assert [parted(one.text)[1] for one in found] == ["\n".join(said) for said in texts]


@pytest.mark.parametrize(
    "text",
    ["Meeting notes\n3/4/26, 10:00 - Ada: x\n", "3/4/26 something\n", "[INFO] started\n", "", "a: b\nc: d\n"],
)
def test_other_texts_are_no_chats(tmp_path: Path, text: str) -> None:
    (tmp_path / "notes.txt").write_text(text)
    assert WhatsAppIngestor().identify(Backup.open([tmp_path])) == Confidence.NONE


@given(st.text(alphabet="0123456789/.,:-[] \u202f\u200eapmAPM\nx", max_size=80))
def test_no_line_takes_long_or_fails(text: str) -> None:
    for pattern in STYLES.values():
        pattern.match("[3/4/26, " + text)
        pattern.match("3/4/26, " + text)


@pytest.mark.skipif(not (SAMPLES / "whatsapp").is_dir(), reason="the samples of chats are not beside this checkout")
def test_the_samples_by_another_hand_go_in_whole() -> None:
    counted = {}
    for path in sorted(one for one in (SAMPLES / "whatsapp").rglob("*") if one.suffix in (".txt", ".zip")):
        name, drafts, defects = items(path)
        counted[path.name] = len(drafts)
        assert (name, [one for one in defects if one.quarantined]) == ("whatsapp", [])
    assert counted == {"2A_5M.txt": 5, "4A_11M.txt": 14, "4A_11M.zip": 14}

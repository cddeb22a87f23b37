"""Transcripts of meetings of Teams are known by what only Teams writes, and tell who said what."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect
from ingest.messaging import teams_transcripts
from ingest.messaging.teams import TeamsIngestor
from ingest.messaging.teams_speech import turns
from ingest.registry import UnknownFormat, identify
from message_office import MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "teams"
GUID = "6b1f0c2e-3d4a-4f5b-8c6d-7e8f9a0b1c2d"
VTT = f"WEBVTT\n\n{GUID}/1-0\n00:00:01.000 --> 00:00:02.000\n<v Ada Lor>The pool opens.</v>\n"
GRAPH = "WEBVTT\r\n\r\n0:0:1.0 --> 0:0:5.320\r\n<v Ada Lor>The pool opens.</v>\r\n"
CAPTIONS = {
    "without voices": "WEBVTT\nKind: captions\nLanguage: en\n\n00:00:01.000 --> 00:00:02.000\nThe pool opens.\n",
    "with voices that anybody may write": "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Ada>The pool opens.\n",
    "with names before colons": "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAda Lor: The pool opens.\n",
    "with ids that are no voices": f"WEBVTT\n\n{GUID}/1-0\n00:00:01.000 --> 00:00:02.000\nThe pool opens.\n",
}


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "teams")
    yield made
    assert list(verify(archive, deep=True)) == []


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def word(*paragraphs: str) -> bytes:
    made = docx.Document()
    for one in paragraphs:
        made.add_paragraph(one)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


NEW = word(
    "Parks board-20260304_130000-Meeting Recording", "March 4, 2026, 7:00PM", "27m 42s",
    "Ada Lor started transcription", "Ada Lor   0:03\nThe pool opens.", "Ben Ruiz   1:00:19\nThank you.",
)  # fmt: skip
OLD = word("0:0:0.0 --> 0:0:1.510\nAda Lor\nThe pool opens.", "0:0:3.270 --> 0:0:4.250\nBen Ruiz\nThank you.")


def test_a_folder_of_transcripts_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "meetings"])
    assert identify(backup).name == "teams"
    check_golden(DATA / "meetings.golden.json", told(TeamsIngestor(), backup))


@pytest.mark.parametrize("content", [VTT, GRAPH, VTT.replace("\n", "\r\n"), "\ufeff" + VTT])
def test_one_transcript_alone_is_known_by_its_content(tmp_path: Path, content: str) -> None:
    name, [draft], defects = items(put(tmp_path, "Board.vtt", content))
    assert (name, draft.title, draft.text, defects) == ("teams", "Board", "Ada Lor (0:01): The pool opens.", [])
    assert [one.name for one in draft.recipients] == ["Ada Lor"]
    assert draft.native.decode() == content


@pytest.mark.parametrize("content", [NEW, OLD])
def test_a_word_file_is_known_as_a_transcript_by_its_speakers(tmp_path: Path, content: bytes) -> None:
    name, [draft], _ = items(put(tmp_path, "Board.docx", content))
    assert (name, [one.name for one in draft.recipients]) == ("teams", ["Ada Lor", "Ben Ruiz"])
    assert "The pool opens." in draft.text
    assert [one.name for one in draft.attachments] == ["Board.docx"]
    assert (draft.created is not None) == (content is NEW)


def test_other_word_files_are_none(tmp_path: Path) -> None:
    agenda = word("Agenda", "Call to order   7:00", "Adjourn   8:30")
    for number, content in enumerate((agenda, b"PK\x03\x04broken", b"x")):
        with pytest.raises(UnknownFormat):
            identify(Backup.open([put(tmp_path, f"{number}.docx", content)]))


@pytest.mark.parametrize("sort", CAPTIONS)
def test_captions_that_anything_may_have_written_are_not_taken_for_transcripts(tmp_path: Path, sort: str) -> None:
    put(tmp_path, "video.mp4", "x")
    put(tmp_path, "video.vtt", CAPTIONS[sort])
    with pytest.raises(UnknownFormat):
        identify(Backup.open([tmp_path]))


def test_a_transcript_among_the_captions_of_another_export_leaves_it_what_it_is() -> None:
    other = Path(__file__).parents[1] / "data" / "youtube_takeout"
    for fixture in (one for one in other.iterdir() if one.is_dir()):
        backup = Backup.open([fixture])
        name = identify(backup).name
        member = Member("Takeout/captions.vtt", len(VTT), 0, lambda: io.BytesIO(VTT.encode()))
        beside = Backup(backup.parts, [*backup.members(), member], ())
        assert identify(beside).name == name
        assert TeamsIngestor().identify(beside) == Confidence.NONE


def test_a_word_file_and_a_recording_of_the_same_name_go_with_their_transcript(tmp_path: Path) -> None:
    for name, content in (("Board.vtt", VTT), ("Board.docx", NEW), ("Board.mp4", "film"), ("Other.docx", OLD)):
        put(tmp_path, name, content)
    _, drafts, _ = items(tmp_path)
    attached = {one.title: [each.name for each in one.attachments] for one in drafts}
    assert attached == {"Board": ["Board.docx", "Board.mp4"], "Other": ["Other.docx"]}


def test_a_transcript_downloaded_again_is_held_and_one_that_was_corrected_is_edited(
    office: MessageOffice, tmp_path: Path
) -> None:
    office.bring(put(tmp_path, "Board.vtt", VTT), "2026-03-05")
    assert office.bring(put(tmp_path, "Board (1).vtt", VTT + "\n"), "2026-03-06")["held"] == 1
    counts = office.bring(put(tmp_path, "Board (2).vtt", VTT.replace("Lor", "Lorde")), "2026-03-07")
    assert (counts["edited"], counts["added"]) == (1, 0)


def test_a_long_transcript_is_cut_between_cues_and_every_byte_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teams_transcripts, "LONGEST_PIECE", 500)
    cues = (f"{GUID}/{n}-0\n00:00:{n:02}.000 --> 00:00:{n:02}.500\n<v Ada Lor>Zeile ü {n}</v>\n" for n in range(40))
    content = "WEBVTT\n\n" + "\n".join(cues)
    _, drafts, _ = items(put(tmp_path, "Board.vtt", content))
    assert b"".join(one.native for one in drafts).decode() == content
    assert len({one.native_id for one in drafts}) == len(drafts) > 1
    words = " ".join(one.text for one in drafts)
    assert all(f"Zeile ü {n}" in words for n in range(40))


def test_captions_that_name_nobody_are_named_when_a_person_says_that_they_are_of_teams(tmp_path: Path) -> None:
    backup = Backup.open([put(tmp_path, "video.vtt", CAPTIONS["without voices"])])
    said = [one.reason for one in TeamsIngestor().read(backup) if isinstance(one, Defect)]
    assert said == ["not read: these captions do not tell who speaks, as Teams' do"]


@given(st.text(alphabet='<v >/\n\r:.-0123456789{}"abc', max_size=400))
def test_whatever_is_in_cues_nothing_fails(text: str) -> None:
    for one in turns(text):
        assert one.words
    raw = f"WEBVTT\n{text}".encode()
    backup = Backup([Path("a.vtt")], [Member("a.vtt", len(raw), 0, lambda: io.BytesIO(raw))], [])
    TeamsIngestor().identify(backup)
    assert list(TeamsIngestor().read(backup))

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.records import Author
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Draft
from ingest.messaging.teams import TeamsIngestor
from ingest.registry import identify
from message_office import MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "teams"
CHAT = "19:one@thread.v2"


def message(native_id: str, text: str, **said: Any) -> dict[str, Any]:
    return {
        "id": native_id,
        "messageType": "message",
        "createdDateTime": "2026-03-04T09:30:00Z",
        "chatId": CHAT,
        "from": {"user": {"id": "u1", "displayName": "Ada Lor"}},
        "body": {"contentType": "text", "content": text},
    } | said


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "teams")
    yield made
    assert list(verify(archive, deep=True)) == []


def write(path: Path, *messages: Any) -> Path:
    path.write_text(json.dumps({"@odata.context": "x", "value": messages}, ensure_ascii=False), encoding="utf-8")
    return path


def test_an_export_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "export"])
    assert identify(backup).name == "teams"
    check_golden(DATA / "export.golden.json", told(TeamsIngestor(), backup))


@pytest.mark.parametrize("shape", ["list", "lines", "one", "pretty", "answers by line", "utf-16", "capitals"])
def test_whatever_a_script_makes_of_an_answer_is_read(tmp_path: Path, shape: str) -> None:
    one, two = message("1", "first"), message("2", 'second ["value"]')
    path = tmp_path / "dump.json"
    answer = {"@odata.context": "x", "value": [one, two]}
    written = {
        "list": json.dumps([one, two]),
        "lines": f"{json.dumps(one)}\n{json.dumps(two)}\n",
        "one": json.dumps(one),
        "pretty": json.dumps(answer, indent=2),
        "answers by line": f"{json.dumps(answer)}\n{json.dumps({'@odata.context': 'x', 'value': []})}\n",
        "utf-16": json.dumps(answer),
        "capitals": json.dumps([{key[0].upper() + key[1:]: value for key, value in one.items()}, two]),
    }[shape]
    path.write_bytes(written.encode("utf-16" if shape == "utf-16" else "utf-8"))
    name, drafts, defects = items(path)
    assert (name, defects) == ("teams", [])
    assert [one.text for one in drafts] == ["first", 'second ["value"]'][: 1 if shape == "one" else 2]
    assert {one.thread for one in drafts} == {CHAT}


def test_an_edit_and_a_removal_are_found_with_their_times_and_likes_are_no_edit(
    office: MessageOffice, tmp_path: Path
) -> None:
    kept, wrong = message("1", "At nine"), message("2", "Wrong chat")
    office.bring(write(tmp_path / "a.json", kept, wrong, message("3", "Thanks")), "2026-03-10")
    edited = message("1", "At ten", lastEditedDateTime="2026-03-12T10:00:00Z")
    gone = wrong | {"deletedDateTime": "2026-03-13T10:00:00Z"}
    liked = message("3", "Thanks", reactions=[{"reactionType": "like"}], lastModifiedDateTime="2026-03-14T00:00:00Z")
    counts = office.bring(write(tmp_path / "b.json", edited, gone, liked), "2026-04-10")
    assert (counts["added"], counts["held"], counts["edited"]) == (0, 1, 2)
    assert office.findings() == [("removed", "unknown"), ("edited", "author")]


def test_what_was_edited_removed_and_taken_back_is_there_again(office: MessageOffice, tmp_path: Path) -> None:
    edited = message("1", "At ten", lastEditedDateTime="2026-03-02T10:00:00Z")
    gone = message("1", "", lastEditedDateTime="2026-03-02T10:00:00Z", deletedDateTime="2026-04-01T10:00:00Z")
    office.bring(write(tmp_path / "a.json", edited), "2026-03-10")
    office.bring(write(tmp_path / "b.json", gone), "2026-04-10")
    office.bring(write(tmp_path / "c.json", edited, message("2", "Yes, ten")), "2026-05-10")
    assert office.findings() == [("removed", "unknown"), ("shown", "unknown")]
    now = office.archive.connection.execute("SELECT audience FROM record ORDER BY id").fetchall()
    assert now == [("private",), ("private",)]


def test_what_a_retention_policy_kept_of_one_message_becomes_its_versions(
    office: MessageOffice, tmp_path: Path
) -> None:
    first = message("1", "At nine")
    then = message("1", "At ten", lastEditedDateTime="2026-03-05T10:00:00Z")
    last = message("1", "At noon", lastEditedDateTime="2026-03-06T10:00:00Z")
    office.bring(write(tmp_path / "a.json", last, first, then), "2026-03-10")
    assert office.versions() == [(1, "At nine"), (1, "At ten"), (1, "At noon")]


def test_a_dump_whose_every_answer_names_a_further_page_says_that_its_end_is_missing(tmp_path: Path) -> None:
    page = {"@odata.nextLink": "https://graph.microsoft.com/v1.0/x?$skiptoken=1", "value": [message("1", "first")]}
    (tmp_path / "page.json").write_text(json.dumps(page))
    _, drafts, defects = items(tmp_path / "page.json")
    assert (len(drafts), [one.quarantined for one in defects]) == (1, [False])
    assert "nextLink" in defects[0].reason


def test_a_transcript_is_taken_in_whole_when_a_person_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "Parks crew.html").write_text("<html><body><p>Ada Lor</p><p>Elm Street &amp; Oak</p></body></html>")
    backup = Backup.open([tmp_path])
    assert TeamsIngestor().identify(backup) == Confidence.NONE
    (page,) = [one for one in TeamsIngestor().read(backup) if isinstance(one, Draft)]
    assert (page.title, page.text, page.created) == ("Parks crew", "Ada Lor\n\nElm Street & Oak", None)
    assert page.author == Author()


@pytest.mark.parametrize("block", ["<p>Elm Street is closed, no. {}.</p>\n", "工事中 {} 号 "])
def test_a_long_transcript_is_several_records_with_all_of_its_bytes_and_words(tmp_path: Path, block: str) -> None:
    page = "<html><body>" + "".join(map(block.format, range(70_000))) + "</body></html>"
    (tmp_path / "Parks crew.html").write_text(page, encoding="utf-8")
    found = [one for one in TeamsIngestor().read(Backup.open([tmp_path])) if isinstance(one, Draft)]
    assert b"".join(one.native for one in found).decode() == page
    assert max(len(one.native) for one in found) <= 1 << 20
    assert {one.thread for one in found} == {"Parks crew"}
    assert re.findall(r"\d+", " ".join(one.text for one in found)) == [str(number) for number in range(70_000)]


def test_a_broken_item_costs_itself(tmp_path: Path) -> None:
    shutil.copytree(DATA / "export", tmp_path / "export")
    path = tmp_path / "export" / "chat_0001.json"
    path.write_text(path.read_text().replace('"etag": "1772616700000"', '"etag": nothing'))
    _, drafts, defects = items(tmp_path / "export")
    assert len(drafts) == 10
    assert sorted(one.place.partition(" at ")[0] for one in defects if one.quarantined) == [
        "chat_0001.json, item 3",
        "chat_0001.json, item 9",
    ]

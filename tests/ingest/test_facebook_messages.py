from __future__ import annotations

from pathlib import Path
from typing import Any

from facebook_export import ACTIVITY, CITY, INBOX, conversation, export, message
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.platforms.facebook import FacebookIngestor

T = 1772000000000
FACEBOOK = FacebookIngestor()


def read(tmp_path: Path, files: dict[str, Any]) -> list[Draft]:
    path = export(tmp_path / "a.zip", {**CITY, **files})
    return [one for one in FACEBOOK.read(Backup.open([path])) if isinstance(one, Draft)]


def inbox(*messages: dict[str, Any]) -> dict[str, Any]:
    return {f"{INBOX}/tou_1/message_1.json": conversation("tou_1", *messages)}


def test_a_conversation_is_one_thread_wherever_its_files_lie(tmp_path: Path) -> None:
    folders = ("inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover")
    files = {}
    for number, folder in enumerate(folders):
        one = conversation("Tou_1" if number else "tou_1", message(T + number, f"words {number}"))
        files[f"{ACTIVITY}/messages/{folder}/tou_1/message_1.json"] = one | {"thread_path": f"{folder}/Tou_1"}
    found = read(tmp_path, files)
    assert len(found) == 5
    assert {one.thread for one in found} == {"tou_1"}


def test_the_same_message_in_two_files_has_one_id_and_two_of_one_millisecond_share_it(tmp_path: Path) -> None:
    files = inbox(message(T, "one"), message(T, "two"))
    files[f"{ACTIVITY}/messages/archived_threads/tou_1/message_1.json"] = conversation("tou_1", message(T, "one"))
    assert {one.native_id for one in read(tmp_path, files)} == {f"tou_1 {T}"}


def test_who_takes_part_is_told_and_the_account_is_known_by_its_name(tmp_path: Path) -> None:
    group = conversation(
        "trees_2", message(T, "Oaks?", "Ewa Nowak"), message(T, "Yes – oaks", "City of Milbrook"),
        people=("Ewa Nowak", "José Núñez"),
    )  # fmt: skip
    asked, answered = read(tmp_path, {f"{INBOX}/trees_2/message_1.json": group})
    assert (asked.author.name, asked.author.is_account) == ("Ewa Nowak", False)
    assert answered.author.is_account
    assert [one.name for one in answered.recipients] == ["Ewa Nowak", "José Núñez"]
    assert answered.audience == "private"


def test_calls_stickers_shares_and_reactions_are_kept(tmp_path: Path) -> None:
    call, sticker, share = read(
        tmp_path,
        inbox(
            message(T, "", type="Call", call_duration=65, reactions=[{"reaction": "👍", "actor": "Tou Vang"}]),
            {"sender_name": "Tou Vang", "timestamp_ms": T, "sticker": {"uri": "messages/stickers_used/1.png"}},
            {"sender_name": "Tou Vang", "timestamp_ms": T, "share": {"link": "https://milbrook.example/vote"}},
        ),
    )
    assert call.details == {"platform says": "Tou Vang", "type": "Call", "call seconds": "65"}
    assert call.metrics == {"reaction.👍": 1}
    assert [one.name for one in sticker.attachments] == ["1.png"]
    assert share.links == ("https://milbrook.example/vote",)


def test_a_file_is_found_in_a_folder_of_other_letters(tmp_path: Path) -> None:
    shown = {"sender_name": "Tou Vang", "timestamp_ms": T, "photos": [{"uri": "messages/inbox/TOU_1/photos/hole.png"}]}
    files = {**inbox(shown), f"{INBOX}/Tou_1/photos/hole.png": b"picture", "other/photos/hole.png": b"another"}
    (found,) = read(tmp_path, files)
    assert found.attachments[0].member is not None
    assert found.attachments[0].member.read() == b"picture"


def test_a_file_of_a_name_that_two_others_have_is_not_guessed(tmp_path: Path) -> None:
    shown = {"sender_name": "Tou Vang", "timestamp_ms": T, "photos": [{"uri": "elsewhere/hole.png"}]}
    files = {**inbox(shown), "a/hole.png": b"picture", "b/hole.png": b"another"}
    assert read(tmp_path, files)[0].attachments[0].member is None


def test_the_account_is_the_one_who_takes_part_in_every_conversation(tmp_path: Path) -> None:
    files = {
        f"{INBOX}/{name}_1/message_1.json": conversation(f"{name}_1", message(T, "Hi", name), people=(name,))
        for name in ("Tou Vang", "Grace Lor")
    }
    path = export(tmp_path / "a.zip", files)
    found = list(FACEBOOK.read(Backup.open([path])))
    assert not any(isinstance(one, Defect) for one in found)
    assert {to.name for one in found if isinstance(one, Draft) for to in one.recipients} == {"City of Milbrook"}
    assert FACEBOOK.identify(Backup.open([path])) == Confidence.NAME


def test_a_conversation_by_itself_is_read_whatever_its_name(tmp_path: Path) -> None:
    import json

    path = tmp_path / "handed over.json"
    path.write_text("\ufeff" + json.dumps(conversation("tou_1", message(T, "Hello"))), encoding="utf-8")
    backup = Backup.open([path])
    assert FACEBOOK.identify(backup) == Confidence.NAME
    assert [one.text for one in FACEBOOK.read(backup) if isinstance(one, Draft)] == ["Hello"]


def test_a_message_without_a_time_is_named(tmp_path: Path) -> None:
    path = export(tmp_path / "a.zip", {**CITY, **inbox({"sender_name": "Tou Vang", "content": "?"}, message(T, "ok"))})
    found = list(FACEBOOK.read(Backup.open([path])))
    (defect,) = (one for one in found if isinstance(one, Defect))
    assert "timestamp_ms" in defect.reason
    assert [one.text for one in found if isinstance(one, Draft)] == ["ok"]


def test_messages_longer_than_what_is_looked_at_for_their_facts_keep_their_thread(tmp_path: Path) -> None:
    many = [message(T - number, "words " * 20) for number in range(2000)]
    found = read(tmp_path, inbox(*many))
    assert len(found) == 2000
    assert {(one.thread, len(one.recipients)) for one in found} == {("tou_1", 1)}

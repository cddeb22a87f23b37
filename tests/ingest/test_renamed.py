"""A contact who is called otherwise in a later export of a chat stays one person, if the two exports leave no doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.disposal import Authority, dispose
from archive.verify import verify
from message_office import MessageOffice

SAID = ("Is the pool open?", "From noon.", "Thank you", "And on Sunday?", "Closed.", "A pity", "See you then")
"""The contact's words and the telephone owner's, in turns."""


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "whatsapp")
    yield made
    assert list(verify(archive, deep=True)) == []


def lines(contact: str, said: Sequence[str] = SAID, owner: str = "Clerk", day: int = 14) -> list[str]:
    """Return a chat of two as Android writes it."""
    return [
        f"3/{day}/26, 10:{minute:02} - {owner if minute % 2 else contact}: {words}" for minute, words in enumerate(said)
    ]


def chat(folder: Path, name: str, *content: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"WhatsApp Chat with {name}.txt"
    path.write_text("\n".join(content) + "\n", encoding="utf-8")
    return path


def threads(office: MessageOffice) -> set[str]:
    return {one for (one,) in office.archive.connection.execute("SELECT thread FROM content")}


def remarks(office: MessageOffice) -> list[str]:
    found = office.archive.connection.execute("SELECT text FROM statement WHERE name = 'defect' ORDER BY id")
    return [one for (one,) in found if "is now called" in one]


@pytest.mark.parametrize(("before", "since"), [("Ada Lor", "Ada Parks"), ("+1 414-555-0142", "Ada Lor")])
def test_a_contact_that_was_renamed_makes_no_new_records_and_it_is_said(
    office: MessageOffice, tmp_path: Path, before: str, since: str
) -> None:
    office.bring(chat(tmp_path / "1", before, *lines(before)), "2026-03-20", complete=True)
    later = [*lines(since), *lines(since, ["Hello again", "Good morning"], day=15)]
    counts = office.bring(chat(tmp_path / "2", since, *later), "2026-04-20", complete=True)
    assert (counts["added"], counts["held"], counts["edited"], counts["missing"]) == (2, 7, 0, 0)
    assert threads(office) == {before}
    [said] = remarks(office)
    assert said.startswith(f"{since}: “{before}” is now called “{since}”")
    assert f"The conversation stays “{before}”." in said


def test_a_third_export_knows_both_names(office: MessageOffice, tmp_path: Path) -> None:
    chats = [lines("Ada"), lines("Ada", day=15), lines("Ada", day=16)]
    for number, name in enumerate(("Ada", "Ada Lor", "Ada Parks"), 1):
        said = [one.replace("Ada:", f"{name}:") for day in chats[:number] for one in day]
        counts = office.bring(chat(tmp_path / str(number), name, *said), f"2026-0{number + 3}-20", complete=True)
        assert (counts["added"], counts["held"], counts["missing"]) == (7, 7 * (number - 1), 0)
    assert threads(office) == {"Ada"}


def test_an_export_may_have_been_made_in_the_midst_of_a_minute(office: MessageOffice, tmp_path: Path) -> None:
    office.bring(chat(tmp_path / "1", "Ada", *lines("Ada"), "3/14/26, 10:06 - Clerk: Bye"), "2026-03-20")
    later = [*lines("Ada Lor"), "3/14/26, 10:06 - Clerk: Bye", "3/14/26, 10:06 - Ada Lor: Bye"]
    counts = office.bring(chat(tmp_path / "2", "Ada Lor", *later), "2026-04-20")
    assert (counts["added"], counts["held"]) == (1, 8)


def test_what_was_deleted_between_the_two_exports_is_found_all_the_same(office: MessageOffice, tmp_path: Path) -> None:
    office.bring(chat(tmp_path / "1", "Ada", *lines("Ada")), "2026-03-20")
    later = lines("Ada Lor", ["This message was deleted", *SAID[1:]])
    counts = office.bring(chat(tmp_path / "2", "Ada Lor", *later), "2026-04-20")
    assert (counts["added"], counts["held"]) == (0, 6)
    assert office.findings() == [("removed", "author")]


def test_a_member_of_a_group_who_was_renamed_is_known_as_well(office: MessageOffice, tmp_path: Path) -> None:
    def group(name: str) -> list[str]:
        spoken = [*lines(name), *lines("Ben", ["Me too", "Fine", "Good"], owner="Cora", day=15)]
        return [*spoken, "3/16/26, 9:00 - Ben joined using this group's invite link"]

    office.bring(chat(tmp_path / "1", "Parks crew", *group("Ada")), "2026-03-20", complete=True)
    counts = office.bring(chat(tmp_path / "2", "Parks crew", *group("Ada Lor")), "2026-04-20", complete=True)
    assert (counts["added"], counts["held"], counts["missing"]) == (0, 11, 0)
    assert "The conversation stays" not in remarks(office)[0]


def test_who_was_renamed_in_one_chat_is_known_in_another_by_a_single_message(
    office: MessageOffice, tmp_path: Path
) -> None:
    for day, folder, name in (("2026-03-20", "1", "Ada"), ("2026-04-20", "2", "Ada Lor")):
        chat(tmp_path / folder, name, *lines(name))
        chat(tmp_path / folder, "Parks crew", f"3/15/26, 9:00 - {name}: Hi", "3/15/26, 9:01 - Ben: Hi", *lines("Ben"))
        counts = office.bring(tmp_path / folder, day)
    assert counts["added"] == 0
    assert threads(office) == {"Ada", "Parks crew"}


OTHERS = {
    "too few messages": (lines("Ada", SAID[:4]), lines("Ben", SAID[:4])),
    "one of them said something else": (lines("Ada"), [*lines("Ben")[:-1], "3/14/26, 10:08 - Ben: Hello"]),
    "one message more in the midst of it": (
        lines("Ada"),
        [*lines("Ben")[:3], "3/14/26, 10:02 - Ben: Hm", *lines("Ben")[3:]],
    ),
    "the old name is still there": (lines("Ada"), [*lines("Ben"), "3/15/26, 10:00 - Ada: Me too"]),
    "nearly all in other words": (
        lines("Ada"),
        lines("Ben", [f"{one} {n}" if n % 2 == 0 else one for n, one in enumerate(SAID)]),
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_without_that_evidence_they_are_two_people(office: MessageOffice, tmp_path: Path, case: str) -> None:
    first, second = OTHERS[case]
    office.bring(chat(tmp_path / "1", "Ada", *first), "2026-03-20")
    counts = office.bring(chat(tmp_path / "2", "Ben", *second), "2026-04-20")
    assert counts["added"] >= 2
    assert remarks(office) == []


def test_the_same_words_to_two_people_are_no_renaming_while_both_chats_are_there(
    office: MessageOffice, tmp_path: Path
) -> None:
    office.bring(chat(tmp_path / "1", "Ada", *lines("Ada")), "2026-03-20")
    chat(tmp_path / "2", "Ada", *lines("Ada"))
    chat(tmp_path / "2", "Ben", *lines("Ben"))
    counts = office.bring(tmp_path / "2", "2026-04-20")
    assert (counts["added"], counts["held"]) == (7, 7)
    assert threads(office) == {"Ada", "Ben"}


def on_an_iphone(said: Sequence[str]) -> list[str]:
    dated = (one.split(" - ", 1) for one in said)
    return [f"[{moment}:07] {spoken}" for moment, spoken in dated]


def test_an_iphone_s_chats_are_known_likewise(office: MessageOffice, tmp_path: Path) -> None:
    office.bring(chat(tmp_path / "1", "Ada", *on_an_iphone(lines("Ada"))), "2026-03-20")
    counts = office.bring(chat(tmp_path / "2", "Ada Lor", *on_an_iphone(lines("Ada Lor"))), "2026-04-20")
    assert (counts["added"], counts["held"]) == (0, 7)


def test_a_chat_that_is_exported_alone_takes_nothing_for_what_another_chat_said(
    office: MessageOffice, tmp_path: Path
) -> None:
    office.bring(chat(tmp_path / "1", "Ada", "3/14/26, 10:00 - Ada: ok", "3/14/26, 12:00 - Ada: bye"), "2026-03-20")
    for number, time in enumerate(("10:00", "11:15", "18:00"), 2):
        name = f"Ben {number}"
        counts = office.bring(chat(tmp_path / str(number), name, f"3/14/26, {time} - {name}: ok"), "2026-03-21")
        assert (counts["added"], counts["held"]) == (1, 0)
    counts = office.bring(chat(tmp_path / "9", "Ada", "3/14/26, 13:15 - Ada: ok"), "2026-03-22")
    assert (counts["added"], counts["held"]) == (1, 0)


def test_what_was_disposed_of_under_the_old_name_does_not_come_back_under_the_new(
    archive: Archive, tmp_path: Path
) -> None:
    office = MessageOffice(archive, "whatsapp")
    office.bring(chat(tmp_path / "1", "Ada", *lines("Ada"), *lines("Ada", day=15)), "2026-03-20")
    with archive.act("disposition.executed", "batch:1") as act:
        dispose(act, [1, 2, 5], Authority("2026-04-01", "destroy", "chats", "Wis. Stat. 19.21"))
    later = [*lines("Ada Lor"), *lines("Ada Lor", day=15), "3/16/26, 9:00 - Ada Lor: Hi"]
    counts = office.bring(chat(tmp_path / "2", "Ada Lor", *later), "2026-04-20")
    assert (counts["added"], counts["held"], counts["disposed"]) == (1, 14, 3)


def test_the_same_words_to_somebody_else_in_the_same_minute_are_another_message(
    office: MessageOffice, tmp_path: Path
) -> None:
    notice = "3/14/26, 10:00 - Clerk: The pool is closed today"
    office.bring(chat(tmp_path / "1", "Ada", notice, "3/14/26, 10:01 - Ada: ok"), "2026-03-20", complete=True)
    counts = office.bring(chat(tmp_path / "2", "Ben", notice, "3/14/26, 10:01 - Ben: ok"), "2026-03-20")
    assert (counts["added"], counts["held"], counts["edited"]) == (2, 0, 0)
    later = [notice, "3/14/26, 10:01 - Ben: ok", "3/15/26, 9:00 - Ben: Hello"]
    again = office.bring(chat(tmp_path / "3", "Ben", *later), "2026-04-20")
    assert (again["added"], again["held"]) == (1, 2)


def test_other_words_to_somebody_else_in_the_same_minute_are_no_edit(office: MessageOffice, tmp_path: Path) -> None:
    office.bring(chat(tmp_path / "1", "Ada", "3/14/26, 10:00 - Clerk: Yes", "3/14/26, 10:01 - Ada: ok"), "2026-03-20")
    counts = office.bring(
        chat(tmp_path / "2", "Ben", "3/14/26, 10:00 - Clerk: No", "3/14/26, 10:01 - Ben: ok"), "2026-03-20"
    )
    assert (counts["added"], counts["edited"]) == (2, 0)
    assert office.findings() == []

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk import Desk
from search import reached
from search import subscribers as people

MARCH = "2026-03-01T12:00:00"
APRIL = "2026-04-01T12:00:00"
MAY = "2026-05-01T12:00:00"


def person(name: str, **values: Any) -> dict[str, Any]:
    return {"kind": "subscriber", "id": name, "by": name, "audience": "private", **values}


def left(name: str, removed: str, **values: Any) -> dict[str, Any]:
    return person(name, audience="removed", removed=removed, removed_by="author", **values)


def names(answered: people.Answered, **wanted: Any) -> list[str]:
    return [row["name"] for row in answered.rows if all(row[key] == value for key, value in wanted.items())]


ADA, BO, CY = person("Ada"), person("Bo"), person("Cy")


def test_on_a_day_between_two_backups_joins_and_leaves_are_possible_only(desk: Desk) -> None:
    desk.bring(MARCH, ADA, BO)
    desk.bring(APRIL, ADA, CY)
    middle = people.on(desk.archive, "plain", None, date(2026, 3, 15))
    assert names(middle, on="yes") == ["Ada"]
    assert names(middle, on="possibly") == ["Bo", "Cy"]
    assert middle.sentences[0] == "1 people for sure, and possibly 2 more."
    assert middle.sentences[-1] == "As follows from the backup of 2026-03-01 and the backup of 2026-04-01."
    now = people.on(desk.archive, "plain", None, None)
    assert names(now) == ["Ada", "Cy"]
    assert now.sentences[-1] == "That is the latest backup of it: what has happened since is not known."


def test_before_the_first_backup_everybody_in_it_is_possible(desk: Desk) -> None:
    desk.bring(MARCH, ADA, person("Bo", at="2026-02-10T10:00:00"))
    found = people.on(desk.archive, "plain", None, date(2026, 2, 1))
    assert names(found, on="possibly") == ["Ada"]
    assert names(people.on(desk.archive, "plain", None, date(2026, 2, 11)), on="yes") == ["Bo"]


def test_a_time_that_the_list_tells_is_exact(desk: Desk) -> None:
    desk.bring(MARCH, person("Ada", at="2026-01-05T10:00:00"), BO)
    desk.bring(APRIL, left("Ada", "2026-03-10T16:00:00", at="2026-01-05T10:00:00"), BO)
    assert names(people.on(desk.archive, "plain", None, date(2026, 3, 9)), on="yes") == ["Ada", "Bo"]
    assert names(people.on(desk.archive, "plain", None, date(2026, 3, 10)), on="yes") == ["Bo"]
    assert names(people.on(desk.archive, "plain", None, date(2026, 1, 4))) == ["Bo"]


def test_joins_and_leaves_between_two_days_say_when_and_whether_they_are_sure(desk: Desk) -> None:
    desk.bring(MARCH, ADA, BO)
    desk.bring(APRIL, left("Ada", "2026-03-10T16:00:00"), CY)
    found = people.between(desk.archive, "plain", None, date(2026, 3, 2), date(2026, 4, 30))
    assert [(row["name"], row["what"], row["when"], row["sure"], row["ended_by"]) for row in found.rows] == [
        ("Ada", "left", "2026-03-10 11:00", True, "the person"),
        ("Bo", "left", "2026-03-01 to 2026-04-01", False, ""),
        ("Cy", "joined", "2026-03-01 to 2026-04-01", False, ""),
    ]
    assert found.sentences[0] == "1 joined, 2 left."
    wide = people.between(desk.archive, "plain", None, date(2026, 3, 1), None)
    assert [row["sure"] for row in wide.rows] == [True, True, True]
    assert people.between(desk.archive, "plain", None, None, date(2026, 2, 28)).rows == []


def test_who_comes_back_after_being_missing_has_left_and_joined(desk: Desk) -> None:
    desk.bring(MARCH, ADA, BO)
    desk.bring(APRIL, BO)
    desk.bring(MAY, ADA, BO)
    found = people.of_person(desk.archive, "ada")
    assert [(row["what"], row["when"]) for row in found.rows] == [
        ("joined", "before 2026-03-01"), ("left", "2026-03-01 to 2026-04-01"), ("joined", "2026-04-01 to 2026-05-01"),
    ]  # fmt: skip


def test_an_export_of_one_list_says_nothing_of_another(desk: Desk) -> None:
    desk.bring(MARCH, person("Ada", list="Weekly"), person("Bo", list="Pool", id="b"))
    desk.bring(APRIL, person("Cy", list="Weekly"), list_name="Weekly")
    assert names(people.on(desk.archive, "plain", "Pool", date(2026, 4, 20)), on="yes") == ["Bo"]
    known = people.of_account(desk.archive, "plain").rows
    assert [(row["list_name"], row["now"], row["ever"], row["backups"]) for row in known] == [
        ("Pool", 1, 1, ["2026-03-01"]), ("Weekly", 1, 2, ["2026-03-01", "2026-04-01"]),
    ]  # fmt: skip


def test_one_person_on_many_lists_is_found_on_each(desk: Desk) -> None:
    desk.bring(MARCH, person("Ada", list="Weekly", id="1"), person("Ada", list="Pool", id="2"))
    found = people.of_person(desk.archive, "ADA")
    assert {row["list_name"] for row in found.rows} == {"Weekly", "Pool"}
    assert found.sentences == ["Known on 2 lists, on 2 of them by the latest backups."]


def test_who_is_known_and_never_joined_is_on_no_list(desk: Desk) -> None:
    desk.bring(MARCH, person("Ada", audience="draft"), BO)
    assert names(people.on(desk.archive, "plain", None, None)) == ["Bo"]
    desk.bring(APRIL, person("Ada"), BO | {"audience": "draft"})
    assert names(people.on(desk.archive, "plain", None, None)) == ["Ada"]
    assert [kind for kind, *_ in desk.findings()] == ["shown", "hidden"]


ISSUE = {"kind": "email", "id": "n1", "text": "This week", "at": "2026-03-15T12:00:00", "list": "Weekly"}


def test_whom_a_message_reached_is_reconstructed_where_no_report_tells(desk: Desk) -> None:
    weekly = {"list": "Weekly"}
    desk.bring(MARCH, ADA | weekly, person("Bo", **weekly), person("Dee", list="Pool"))
    desk.bring(APRIL, ADA | weekly, person("Cy", **weekly), ISSUE, person("Dee", list="Pool"))
    record = desk.archive.connection.execute("SELECT id FROM record WHERE kind = 'email'").fetchone()[0]
    found = reached.of_message(desk.archive, record)
    assert names(found, on="yes", basis="reconstructed") == ["Ada"]
    assert names(found, on="possibly", basis="reconstructed") == ["Bo", "Cy"]
    assert found.sentences[-1].startswith("Reconstructed: no recipient report")


def test_whom_a_message_reached_is_told_by_its_report(desk: Desk) -> None:
    desk.bring(MARCH, ADA | {"list": "Weekly"}, ISSUE | {"to": [["Bo", "bo@mail.example"]]})
    found = reached.of_message(desk.archive, 2)
    assert [(row["name"], row["address"], row["basis"]) for row in found.rows] == [("Bo", "bo@mail.example", "told")]


def test_a_message_to_no_list_is_told_so(desk: Desk) -> None:
    desk.bring(MARCH, {"id": "1", "text": "Hello", "at": "2026-02-01T10:00:00"})
    with pytest.raises(reached.NotSent):
        reached.of_message(desk.archive, 1)


COPY = ISSUE | {"audience": "private", "list": "<weekly.lists.example>", "to": [["", "clerk@milbrook.example"]]}


def test_a_copy_in_a_mailbox_is_no_report_of_whom_a_message_reached(desk: Desk) -> None:
    desk.bring(MARCH, ADA | {"list": "Weekly"}, COPY)
    desk.bring(APRIL, ADA | {"list": "Weekly"}, person("Dee", list="Pool"), COPY)
    found = reached.of_message(desk.archive, 2)
    assert names(found, on="possibly", basis="reconstructed") == ["Ada", "Dee"]
    assert found.sentences[0] == "Possibly 2 people."
    assert "none of the lists of plain" in found.sentences[1]
    assert "one copy of it, sent to clerk@milbrook.example" in found.sentences[2]


def test_whoever_knows_the_list_of_a_message_names_it(desk: Desk) -> None:
    desk.bring(MARCH, ADA | {"list": "Weekly"}, COPY)
    desk.bring(APRIL, ADA | {"list": "Weekly"}, person("Dee", list="Pool"), COPY)
    found = reached.of_message(desk.archive, 2, list_name="Weekly")
    assert names(found, on="yes", basis="reconstructed") == ["Ada"]
    with pytest.raises(reached.NotSent):
        reached.of_message(desk.archive, 2, list_name="No such list")


def test_mail_through_no_list_is_answered_by_its_own_headers(desk: Desk) -> None:
    desk.bring(MARCH, ISSUE | {"audience": "private", "list": "", "to": [["Bo", "bo@mail.example"]]})
    found = reached.of_message(desk.archive, 1)
    assert [(row["address"], row["role"], row["basis"]) for row in found.rows] == [("bo@mail.example", "to", "headers")]
    assert found.sentences[0] == "1 people, as its own headers name them."


def test_a_subscriber_is_told_to_be_no_message(desk: Desk) -> None:
    desk.bring(MARCH, ADA)
    with pytest.raises(reached.NoMessage, match="no message"):
        reached.of_message(desk.archive, 1)

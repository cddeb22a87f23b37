"""Challenges: every post that is said to be missing gets a true answer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts
from archive.archive import Archive
from archive.records import KINDS
from archive.tables import DISPOSED
from composition import House, house
from desk import Desk
from export.requests.challenge import Answer, challenge, note_challenge, read_claims
from export.requests.collection import collect, collected_versions
from export.requests.correspondence.kept import NoSuchFile
from export.requests.history import acts
from export.requests.register import UnknownRequest, open_request
from export.requests.reports.claims import UnreadableList, from_line, plain_address, read

POOL = "https://x.com/CityOfMilbrook/status/2024558350955446401"


def asked(archive: Archive, tmp_path: Path, *lines: str, **options: object) -> list[Answer]:
    path = tmp_path / "missing.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return challenge(archive, 1, read_claims(path), **options)  # type: ignore[arg-type]


@pytest.fixture
def city(own_milbrook: House) -> House:
    archive = own_milbrook.archive
    accounts.add(archive, "ig-city", platform="instagram", department="Recreation", handle="CityOfMilbrook")
    open_request(archive, date(2026, 4, 2), "The pool")
    collect(archive, own_milbrook.finder, 1, "account:x-city pool")
    return own_milbrook


def x_post(archive: Archive, where: str) -> tuple[int, str, str]:
    found: tuple[int, str, str] = archive.connection.execute(
        "SELECT r.id, c.url, c.text FROM record r JOIN content c ON c.id = r.version"
        f" WHERE r.account = 'x-city' AND r.kind = 'post' AND length(c.text) > 40 AND {where} ORDER BY r.id LIMIT 1"
    ).fetchone()
    return found


def test_a_collected_post_is_known_by_address_id_and_text(city: House, tmp_path: Path) -> None:
    record, url, text = x_post(city.archive, "c.text LIKE '%pool%'")
    native = url.rpartition("/")[2]
    lines = (url, f"http://mobile.twitter.com/CityOfMilbrook/status/{native}?s=20", native, f'"{text}"')
    answers = asked(city.archive, tmp_path, *(" ".join(line.split()) for line in lines))
    assert [(one.outcome, one.record) for one in answers] == [("collected", record)] * 4
    assert [one.how for one in answers] == ["its address", "its address", "its id", "the same text"]
    assert "nobody has decided on it yet" in answers[0].said


def test_what_became_of_a_version_is_asked_of_whoever_reviews(city: House, tmp_path: Path) -> None:
    _, url, _ = x_post(city.archive, "c.text LIKE '%pool%'")
    for word, said in (
        ("released", "in the release"),
        ("withheld", "is withheld"),
        ("not responsive", "does not answer"),
    ):
        (answer,) = asked(city.archive, tmp_path, url, outcome_of=lambda version, word=word: word)
        assert answer.outcome == word and said in answer.said
        assert answer.version in collected_versions(city.archive, 1)


def test_of_several_versions_a_released_one_decides(city: House, tmp_path: Path) -> None:
    record, url, _ = x_post(
        city.archive,
        "r.edited AND (SELECT count(*) FROM version v JOIN member m ON m.version = v.id WHERE v.record = r.id) > 1",
    )
    first = min(one for one in collected_versions(city.archive, 1) if city.archive.connection.execute(
        "SELECT record FROM version WHERE id = ?", (one,)).fetchone()[0] == record)  # fmt: skip
    (answer,) = asked(
        city.archive, tmp_path, url, outcome_of=lambda version: "released" if version == first else "withheld"
    )
    assert (answer.outcome, answer.version) == ("released", first)


def test_a_held_post_that_was_not_collected_comes_with_its_number_and_a_search_that_finds_it(
    city: House, tmp_path: Path
) -> None:
    record, url, _ = x_post(city.archive, "c.text NOT LIKE '%pool%'")
    (answer,) = asked(city.archive, tmp_path, url)
    assert (answer.outcome, answer.record) == ("held", record)
    query = answer.said.split("--query '")[1].split("'")[0]
    found = {one.record for one in city.archive.version(city.finder.find(query))}
    assert record in found


def test_what_no_backup_covers_is_answered_with_the_reason(city: House, tmp_path: Path) -> None:
    later, stranger, nothing, unknown = asked(
        city.archive,
        tmp_path,
        "https://x.com/CityOfMilbrook/status/2061000000000000000",
        "https://x.com/SomebodyElse/status/1999999999999999999",
        "https://www.instagram.com/CityOfMilbrook/p/Cxyz12345/",
        "https://x.com/CityOfMilbrook/status/1999999999999999999",
    )
    assert {one.outcome for one in (later, stranger, nothing, unknown)} == {"not held"}
    assert "it is of 2026-05-31, and the latest backup was made on 2026-05-01: none covers that day" in later.said
    assert "No account on x called “SomebodyElse” is registered" in stranger.said
    assert "no backup of it was ever taken in; the Recreation department answers for it" in nothing.said
    assert "none of its backups shows it (made on 2026-03-01, 2026-04-01, 2026-05-01)" in unknown.said
    assert "They never hold: replies and mentions by other people" in unknown.said


def test_the_same_words_of_another_day_are_not_taken_for_the_post(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    desk = Desk(archive, tmp_path / "backups")
    desk.bring(
        "2026-03-01T12:00:00", {"id": "1234567", "text": "The pool is closed today", "at": "2026-02-20T15:00:00Z"}
    )
    open_request(archive, date(2026, 4, 2), "The pool")
    path = tmp_path / "missing.csv"
    path.write_text("Date,Text\n2025-12-24,The pool is closed today\n2026-02-21,the pool is CLOSED today!\n")
    other, same = challenge(archive, 1, read_claims(path))
    assert (other.outcome, other.record) == ("not held", 0)
    assert "Record 1 has such a text, and is of another day: it is by plain, of 2026-02-20" in other.said
    assert (same.outcome, same.record, same.line) == ("held", 1, 3)


def test_nearly_the_same_text_is_offered_with_its_day(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    desk = Desk(archive, tmp_path / "backups")
    text = "The swimming pool at Riverside Park is closed from today: the filter pump has failed."
    desk.bring("2026-03-01T12:00:00", {"id": "1", "text": text, "at": "2026-02-20T15:00:00Z"})
    open_request(archive, date(2026, 4, 2), "The pool")
    near, far = asked(
        archive, tmp_path, text.replace("failed", "broken"), "The library at Riverside Park is open from nine to five"
    )
    assert (near.outcome, near.how) == ("held", "nearly the same text")
    assert "Only its text agrees; it is by plain, of 2026-02-20. Look whether it is meant." in near.said
    assert far.outcome == "not held"


def test_what_was_disposed_of_is_known_by_its_id_alone(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    desk = Desk(archive, tmp_path / "backups")
    desk.bring("2026-03-01T12:00:00", {"id": "1234567", "text": "Old news", "at": "2018-02-20T15:00:00Z"})
    open_request(archive, date(2026, 4, 2), "Old news")
    assert archive.identity("plain", "post", "1234567") and "post" in KINDS
    with closing(sqlite3.connect(archive.path)) as plain:
        (leaf,) = plain.execute("SELECT leaf FROM content WHERE id = 1").fetchone()
    with archive.act("disposition.executed", "disposition:1") as act:
        act.add(DISPOSED, ("content", 1, leaf, 1, "2026-03-20", "destroy", "social-media", "Ord. 12"))
        act.connection.execute("DELETE FROM content WHERE id = 1")
    (answer,) = asked(archive, tmp_path, "https://plain.example/posts/1234567")
    assert (answer.outcome, answer.record) == ("disposed", 1)
    assert "lawfully disposed of on 2026-03-20 (series social-media, Ord. 12)" in answer.said


def test_lists_come_as_csv_or_lines_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"Post-ID;Message\r\n12345;Hello\r\n")
    assert [(one.ids, one.text) for one in read(path)] == [(("12345",), "Hello")]
    path.write_bytes(
        "\ufeffposted_on,Permalink,Content\r\n2026-01-05,https://fb.com/a/posts/77777,Hi\r\n,,\r\n".encode()
    )
    (one,) = read(path)
    assert (one.line, one.on, one.platform, one.ids) == (2, date(2026, 1, 5), "facebook", ("77777",))
    path.write_bytes("Bürger fragen: wann öffnet das Bad?".encode("cp1252"))
    assert read(path)[0].text.startswith("Bürger")
    for bad in (b"", b"\n \n", b"\x00\x01\x02"):
        path.write_bytes(bad)
        with pytest.raises(UnreadableList):
            read(path)
    with pytest.raises(NoSuchFile):
        read(tmp_path / "none.csv")


def test_addresses_agree_in_their_spellings() -> None:
    same = {
        "https://www.facebook.com/a/posts/1/?ref=share",
        "http://m.facebook.com/a/posts/1",
        "https://fb.com/a/posts/1",
    }
    assert len({plain_address(one) for one in same}) == 1
    assert plain_address("https://facebook.com/permalink.php?story_fbid=1&id=2") != plain_address(
        "https://facebook.com/permalink.php?story_fbid=3&id=2"
    )


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["", "http://", "https://x.com/", "http://["]))
def test_no_line_is_too_strange_to_be_read(text: str, beginning: str) -> None:
    line = from_line(1, beginning + text)
    assert line.raw == beginning + text
    assert plain_address(beginning + text) == plain_address(beginning + text)


def test_an_x_number_tells_its_day_and_other_numbers_do_not() -> None:
    assert from_line(1, POOL).on == date(2026, 2, 19)
    assert from_line(1, "https://facebook.com/a/posts/2024558350955446401").on is None


def test_a_challenge_that_was_answered_is_on_the_ledger_with_its_list(city: House, tmp_path: Path) -> None:
    answers = asked(city.archive, tmp_path, POOL, "nothing like it was ever said")
    note_challenge(city.archive, 1, tmp_path / "missing.txt", answers)
    act = acts(city.archive, 1)[-1]
    assert act.facts["lines"] == 2 and sum(act.facts["outcomes"].values()) == 2
    assert city.archive.objects.path(act.text("object")).read_text(encoding="utf-8").startswith(POOL)


def test_only_a_request_that_exists_can_be_challenged(archive: Archive, tmp_path: Path) -> None:
    house(archive)
    with pytest.raises(UnknownRequest):
        asked(archive, tmp_path, POOL)

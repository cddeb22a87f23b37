from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import msgspec
import pytest

from archive import backup, users, verify
from archive.archive import Actor, Archive
from conftest import ACTOR
from retention_schedules import adoption
from retention_schedules.adoption import TwoPeopleNeeded
from retention_schedules.due import due
from retention_schedules.evidence import Evidence, EvidenceMissing, checked
from retention_schedules.expiry import Expiry
from retention_schedules.proof import NotProved
from schedules import ANNA, DANA, adopt, adopt_made, evidence, hold, register, rule, series, toml, written


@pytest.fixture
def file(archive: Archive, tmp_path: Path) -> str:
    """A sound schedule, and two people who may adopt it."""
    register(archive, anna="clerk", dana="attorney", ian="it", iris="it", olaf="auditor")
    path = tmp_path / "milbrook.toml"
    path.write_bytes(toml(series("a"), rule("a")))
    archive.actor = ANNA
    return str(path)


def whole(archive: Archive, file: str) -> Evidence:
    return evidence(archive, adoption.adoptable(file)[1])


def test_two_people_and_their_evidence_are_on_the_ledger(archive: Archive, file: str) -> None:
    adoption.adopt(archive, file, DANA, whole(archive, file))
    (one,) = adoption.adoptions(archive)
    assert (one.by, one.second, one.schedule.name) == ("anna", "dana", "milbrook")
    assert checked(archive, "schedule:milbrook", one.seq) == {"a": "Dana Whitfield, against RDA 1"}
    row = archive.connection.execute("SELECT body FROM ledger WHERE seq = ?", (one.seq,)).fetchone()[0]
    assert '"papers":{"form":"' in row
    assert "Dana Whitfield" not in row


@pytest.mark.parametrize(
    ("by", "second", "said"),
    [
        (ANNA, ANNA, "cannot be both"),
        (ANNA, Actor("Anna", "test", proved=True), "cannot be both"),
        (ANNA, Actor("dana", "test"), "no password was given"),
        (Actor("anna", "test"), DANA, "no password was given"),
        (ANNA, Actor("nobody", "test", proved=True), "no active registered user"),
        (ANNA, Actor("olaf", "test", proved=True), "an auditor reads everything"),
        (Actor("ian", "test", proved=True), Actor("iris", "test", proved=True), "both have the role “it”"),
    ],
)
def test_nobody_adopts_alone_or_unproved(archive: Archive, file: str, by: Actor, second: Actor, said: str) -> None:
    archive.actor = by
    before = archive.checkpoint()
    with pytest.raises((TwoPeopleNeeded, NotProved), match=said):
        adoption.adopt(archive, file, second, whole(archive, file))
    assert archive.checkpoint() == before


def test_a_disabled_user_adopts_nothing(archive: Archive, file: str) -> None:
    users.disable(archive, "dana")
    with pytest.raises(NotProved):
        adoption.adopt(archive, file, DANA, whole(archive, file))


def test_every_paper_and_every_word_on_a_checked_series_is_asked_for(archive: Archive, file: str) -> None:
    with pytest.raises(EvidenceMissing) as caught:
        adoption.adopt(archive, file, DANA, Evidence())
    for part in ("form PRB-002 (--form FILE)", "the ordinance (--ordinance FILE)", "--checked 'a=WHO, SOURCE'"):
        assert part in str(caught.value)
    strange = msgspec.structs.replace(
        whole(archive, file), checked={"a": "x", "b": "y"}, others=(Path("no such file"),)
    )  # fmt: skip
    with pytest.raises(EvidenceMissing, match="a series “b”, which --checked names") as caught:
        adoption.adopt(archive, file, DANA, strange)
    assert "there is no such file" in str(caught.value)
    assert list(archive.objects.names()) == []


def test_the_papers_go_along_with_a_copy_of_the_archive(archive: Archive, file: str, tmp_path: Path) -> None:
    adoption.adopt(archive, file, DANA, whole(archive, file))
    backup.backup(archive, tmp_path / "copy")
    with Archive.open(tmp_path / "copy", ACTOR) as copy:
        assert list(copy.objects.names()) == list(archive.objects.names())
        assert list(verify.verify(copy, deep=True)) == []


def test_what_one_person_adopted_before_gives_dates_and_authorises_nothing(archive: Archive, file: str) -> None:
    hold(archive, written("2010-03-01T18:00"))
    sha256, size, _ = archive.objects.add(lambda: io.BytesIO(Path(file).read_bytes()))
    facts = {"schedule": "milbrook", "object": sha256, "size": size, "approved_on": "2020-01-01", "expires_on": ""}
    with archive.act("schedule.adopted", "schedule:milbrook", facts):
        pass
    Expiry(archive).catch_up()
    (group,) = due(archive, date(2026, 1, 1))
    assert group.ready == 0
    assert "adopted by one person, without evidence" in group.stopped_by[0]
    adopt(archive, file)
    Expiry(archive).catch_up()
    (group,) = due(archive, date(2026, 1, 1))
    assert group.stopped_by == ("no disposition has been approved",)
    assert group.ready == 1


def test_a_schedule_begins_with_the_citys_own_adoption(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2010-03-01T18:00"))
    adopt_made(archive, tmp_path, series("a"), rule("a"), head="adopted_on = 2025-06-01")
    Expiry(archive).catch_up()
    assert "it is adopted from 2025-06-01 on" in due(archive, date(2025, 5, 31))[0].stopped_by[0]
    assert due(archive, date(2025, 6, 1))[0].ready == 1


@pytest.mark.parametrize("name", ["nara-grs-6-4", "washington-core", "texas-gr"])
def test_the_examples_are_sound_unverified_and_cannot_be_adopted(archive: Archive, name: str) -> None:
    with pytest.raises(adoption.ExampleOnly):
        adoption.adoptable(name)
    assert name in adoption.shipped()

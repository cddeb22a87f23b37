"""The review's commands given half of what they need, or something else than was meant."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cli
from desk import Desk
from export.production.files import FileLost
from export.production.stage import stage
from export.production.waiting import Waiting
from reviewed import Reviewed

POST = {"id": "1", "at": "2026-02-01T10:00:00", "text": "The pool is closed.", "by": "City of Milbrook", "city": True}
OTHER = {"id": "2", "at": "2026-02-02T10:00:00", "text": "Snow on Main Street.", "files": {"broken.png": "no picture"}}


@pytest.fixture
def review(desk: Desk) -> Reviewed:
    return Reviewed(desk, POST, OTHER)


def run(folder: Path, command: str) -> Result:
    return CliRunner().invoke(cli.muniment, ["--archive", str(folder), *shlex.split(command)])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("review queue 7", "There is no request 7"),
        ("review note 1 {2} ''", "A note needs words. Nothing was kept."),
        ("review traces 1 --let-stand {2} --reason why", "has nothing in it that stays in elsewhere"),
        ("review mark 1 {2} --decision release --exemption balancing", "say --decision withhold"),
        ("review counsel --add ''", "is no name, address or @domain"),
        ("review counsel --remove Dana", "“Dana” is not on the list of counsel"),
        ("review redact 1 {2} --text Snow --field author", "Say one thing at a time"),
        ("review redact 1 {2} --field nothing", "review show N {2}` shows its fields"),
        ("review redact 1 {2} --region 1,1,1,5,5", "“broken.png” cannot be opened"),
        ("export 1 --part-size -1", "Invalid value for '--part-size'"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_to_do(review: Reviewed, words: str, says: str) -> None:
    record = str(review.record("2"))
    before = review.archive.head()
    done = run(review.archive.folder, words.replace("{2}", record))
    assert done.exit_code != 0
    assert says.replace("{2}", record) in done.output
    assert review.archive.head() == before or "traces" in words


def test_a_redaction_is_withdrawn_from_its_own_record_only(review: Reviewed) -> None:
    review.redact("2", "Main Street")
    folder, one, two = review.archive.folder, review.record("1"), review.record("2")
    assert "has no redaction 1 of this record" in run(folder, f"review redact 1 {one} --withdraw 1").output
    assert run(folder, f"review redact 1 {two} --withdraw 1").output == "1 redaction withdrawn.\n"


def test_what_a_killed_export_left_is_cleared_away_and_what_is_in_use_is_not(review: Reviewed) -> None:
    productions = review.archive.folder / "productions"
    left = Waiting(productions).folder
    in_use = stage(review.archive, 1)
    assert not left.exists()
    stage(review.archive, 1).clear()
    assert list(productions.iterdir()) == [in_use.production.staging]
    in_use.clear()
    assert list(productions.iterdir()) == []


def test_a_file_that_the_archive_lost_is_not_said_to_be_missing_from_the_backup(desk: Desk) -> None:
    review = Reviewed(desk, OTHER)
    [stored] = [one for one in (review.archive.folder / "objects").rglob("*") if one.is_file()]
    away = stored.rename(desk.folder / "away")
    with pytest.raises(FileLost, match=r"“broken.png” is no longer among the archive's objects"):
        review.draft()
    assert list((review.archive.folder / "productions").iterdir()) == []
    away.rename(stored)

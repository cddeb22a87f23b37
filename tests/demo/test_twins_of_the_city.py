"""What the city exports in HTML at times and in JSON at others, and its LinkedIn page in both sorts of workbooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from xlrd import open_workbook

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import ACTOR, bring_in_as_told
from demo import schedule
from demo.city import generate
from demo.every import families, workbooks
from demo.facebook_account import NEVER_TAKEN_IN
from demo.truth import Truth
from ingest.backup import Backup
from ingest.ingestor import Defect
from ingest.registry import INGESTORS, identify

TWINS = {"fb-library": "facebook-html", "instagram-city": "instagram-html"}
NOT_IN_THE_CITY = {"files", "backupify", "pagefreezer", "smarsh"}
"""A plain folder, and tables of vendors: one vendor's stands for all."""


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return generate(tmp_path_factory.getbasetemp() / "twins", accounts=[*TWINS, "linkedin-city"])


@pytest.fixture(scope="module")
def held(truth: Truth, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.create(tmp_path_factory.mktemp("twins") / "archive", ACTOR, name="City of Milbrook") as made:
        for one in truth.accounts:
            accounts.add(made, one.name, platform=one.platform, department=one.department, handle=one.handle)
        for backup in truth.backups:
            bring_in_as_told(made, tmp_path_factory.getbasetemp() / "twins", backup)
        yield made


def test_every_format_that_muniment_reads_is_in_the_city() -> None:
    planned = {one.format.name for one in (*schedule.PLANNED, *families.PLANNED)}
    assert planned == {one.name for one in INGESTORS} - NOT_IN_THE_CITY


@pytest.mark.parametrize("account", TWINS)
def test_what_both_twins_tell_is_one_record_and_the_json_stands(account: str, truth: Truth, held: Archive) -> None:
    backups = truth.of(account)
    shown = {(kind, i) for one in backups for kind, ids in one.records.items() for i in ids}
    rows = held.connection.execute(
        "SELECT r.kind, c.created_precision, r.formats FROM record r JOIN content c ON c.id = r.version"
        " WHERE r.account = ? ORDER BY r.id",
        (account,),
    ).fetchall()
    assert Counter(kind for kind, *_ in rows) == Counter(kind for kind, _ in shown)
    told_twice = [how for kind, how, formats in rows if TWINS[account] in formats.split() and " " in formats]
    assert len(told_twice) > 50
    assert "minute" not in told_twice
    assert list(verify(held, deep=True)) == []


def test_sign_ins_of_a_page_in_html_are_in_no_record(held: Archive) -> None:
    found = held.connection.execute(
        "SELECT count(*) FROM content WHERE instr(native, ?) OR instr(text, ?)", (NEVER_TAKEN_IN, NEVER_TAKEN_IN)
    )
    assert found.fetchone() == (0,)


def test_pictures_that_pages_look_for_in_another_folder_are_found(
    truth: Truth, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = next(one for one in truth.of("fb-library") if one.format == "facebook-html")
    backup = Backup.open([tmp_path_factory.getbasetemp() / "twins" / page.file])
    drafts = [one for one in identify(backup).read(backup) if not isinstance(one, Defect)]
    pictures = [part for one in drafts for part in getattr(one, "attachments", ())]
    assert len(pictures) > 3
    assert all(part.member is not None for part in pictures)


def test_a_workbook_says_the_same_to_old_programs_and_to_new_ones(tmp_path: Path) -> None:
    rows: list[list[str | int | float]] = [
        ["Post title", "Likes"],
        ["Piscina “cerrada” & más 🏊\nhoy", 3],
        ["Zwei", 0.25],
    ]
    for name in ("one.xlsx", "one.xls"):
        workbooks.write(tmp_path / name, {"All posts": rows, "Empty": []})
    new = load_workbook(tmp_path / "one.xlsx")
    old = open_workbook(str(tmp_path / "one.xls"))
    assert new.sheetnames == old.sheet_names() == ["All posts", "Empty"]
    assert [[cell.value for cell in row] for row in new["All posts"].iter_rows()] == rows
    assert [old.sheet_by_index(0).row_values(number) for number in range(3)] == rows

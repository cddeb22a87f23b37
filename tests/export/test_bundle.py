from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composition import House
from export.bundle.bag import Bag
from export.bundle.build import Built, build
from export.bundle.tables import DANGEROUS, safe
from export.production.stage import stage
from export.released import Production
from export.requests import collection, register
from productions import attachment, record, staged


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def made(folder: Path) -> Production:
    picture = b"\xff\xd8 picture"
    records = [
        record(1, text='=SUM(A1) says "the clerk"', attachments=(attachment("pool.jpg", "media/pool.jpg", picture),)),
        record(
            2, text="@neighbor Lé 游泳池", native_path="natives/000002.json", native_sha256=sha256(b"{}").hexdigest()
        ),
        record(3, kind="subscriber", list_name="followers", author="-1+1", handle="grace_lor", native_id="901"),
    ]
    return staged(folder, records, {"media/pool.jpg": picture, "natives/000002.json": b"{}"}, duplicates=2)


@pytest.fixture
def production(tmp_path: Path) -> Production:
    return made(tmp_path / "staging")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same production as a package that is only read."""
    folder = tmp_path_factory.mktemp("built")
    return build(made(folder / "staging"), folder / "out")


def test_the_bag_is_valid_to_an_independent_validator(built: Built) -> None:
    bag = bagit.Bag(str(built.bag))
    assert bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == "request-2026-0001-draft-1"


def test_the_manifest_is_checked_as_the_first_page_says(production: Production, tmp_path: Path) -> None:
    built = build(production, tmp_path / "out")
    checker = shutil.which("sha256sum") or pytest.skip("no sha256sum on this system")
    done = subprocess.run([checker, "-c", "manifest-sha256.txt"], cwd=built.bag, capture_output=True, check=False)
    assert done.returncode == 0
    (built.bag / "data" / "records.csv").write_bytes(b"changed")
    done = subprocess.run([checker, "-c", "manifest-sha256.txt"], cwd=built.bag, capture_output=True, check=False)
    assert done.returncode != 0


def test_the_same_production_gives_the_same_bytes_twice(production: Production, tmp_path: Path) -> None:
    first, second = build(production, tmp_path / "a"), build(production, tmp_path / "b")
    os.utime(second.bag / "bagit.txt", (1, 1))
    assert tree(first.bag) == tree(second.bag)
    assert first.zip.read_bytes() == second.zip.read_bytes()


def test_the_zip_holds_the_bag(built: Built) -> None:
    with zipfile.ZipFile(built.zip) as packed:
        assert packed.testzip() is None
        found = {name: packed.read(name) for name in packed.namelist()}
    assert found == {f"{built.bag.name}/{name}": payload for name, payload in tree(built.bag).items()}


def test_paths_are_short_and_ascii(built: Built) -> None:
    assert all(name.isascii() and len(name) < 120 for name in tree(built.bag))


def test_a_failure_or_a_kill_leaves_nothing_that_looks_finished(production: Production, tmp_path: Path) -> None:
    (production.staging / "media" / "pool.jpg").unlink()
    with pytest.raises(FileNotFoundError):
        build(production, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    bag = Bag(tmp_path / "out" / "killed")
    bag.write("data/a.txt", "a")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["killed.partial"]


def test_cells_that_a_spreadsheet_would_compute_are_made_safe_and_the_json_keeps_them(built: Built) -> None:
    with (built.bag / "data" / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["text"] == '\'=SUM(A1) says "the clerk"'
    assert rows[1]["text"] == "'@neighbor Lé 游泳池"
    assert rows[2]["author"] == "'-1+1"
    lines = (built.bag / "data" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines][:2] == ['=SUM(A1) says "the clerk"', "@neighbor Lé 游泳池"]


@given(st.text(), st.sampled_from(DANGEROUS))
def test_no_cell_begins_like_a_formula(text: str, beginning: str) -> None:
    assert not str(safe(beginning + text)).startswith(DANGEROUS)
    assert safe("a" + text) == "a" + text


def test_a_newsletters_hundreds_of_recipients_fit_into_a_cell_and_are_all_in_the_json(tmp_path: Path) -> None:
    everybody = [f"to: Citizen {number} <c{number}@mail.example>" for number in range(2000)]
    built = build(staged(tmp_path / "s", [record(1, kind="email", recipients=tuple(everybody))]), tmp_path / "out")
    with (built.bag / "data" / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert len(row["recipients"]) < 32_767
    assert row["recipients"].endswith("and 1,970 more, all of them in records.jsonl")
    assert json.loads((built.bag / "data" / "records.jsonl").read_bytes())["recipients"] == everybody


def test_subscribers_have_a_table_of_their_own(built: Built) -> None:
    with (built.bag / "data" / "subscribers.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["list"], row["address or handle"], row["id at the platform"]) == ("followers", "grace_lor", "901")


def test_reconciliation_and_coverage_account_for_everything(built: Built, production: Production) -> None:
    with (built.bag / "data" / "reconciliation.csv").open(encoding="utf-8-sig", newline="") as file:
        outcomes = [row["outcome"] for row in csv.DictReader(file)]
    assert outcomes == ["released"] * 3 + ["duplicate, released once"] * 2
    page = (built.bag / "data" / "coverage.html").read_text(encoding="utf-8")
    for said in ("pool OR piscina", "2026-03-01", "replies by other people", "22", production.checkpoint):
        assert said in page


def test_pages_escape_what_people_wrote(built: Built) -> None:
    for name in ("START-HERE.html", "data/index.html"):
        page = (built.bag / name).read_text(encoding="utf-8")
        assert "The &lt;pool&gt; &amp; its closure" in page
        assert "<pool>" not in page


def test_no_writer_imports_the_archive() -> None:
    import ast

    for path in (Path(__file__).parents[2] / "export" / "bundle").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.split(".")[0] == "archive" for name in names), path


# -- from a request


@dataclass
class Exported:
    opened: House
    number: int


@pytest.fixture
def request_1(own_milbrook: House) -> Exported:
    from datetime import date

    opened = register.open_request(own_milbrook.archive, date(2026, 4, 2), "The pool and the followers", "Grace Lor")
    collection.collect(own_milbrook.archive, own_milbrook.finder, opened.id, "pool OR kind:subscriber")
    return Exported(own_milbrook, opened.id)


def test_found_is_released_and_duplicates(request_1: Exported, tmp_path: Path) -> None:
    staged_1 = stage(request_1.opened.archive, request_1.number)
    sums = staged_1.production.reconciliation
    assert sums.found == sums.going_out + sums.duplicates
    assert sums.duplicates > 0
    built = build(staged_1.production, tmp_path / "out")
    lines = [json.loads(line) for line in (built.bag / "data" / "records.jsonl").read_bytes().splitlines()]
    assert [one["number"] for one in lines] == list(range(1, sums.going_out + 1))
    assert sum(one["kind"] == "subscriber" for one in lines) == request_1.opened.finder.count("kind:subscriber")
    staged_1.clear()
    assert not staged_1.production.staging.exists()


def test_an_export_repeated_while_nothing_changed_gives_the_same_bytes(request_1: Exported, tmp_path: Path) -> None:
    first = stage(request_1.opened.archive, request_1.number)
    one = build(first.production, tmp_path / "a")
    second = stage(request_1.opened.archive, request_1.number)
    two = build(second.production, tmp_path / "b")
    assert one.zip.read_bytes() == two.zip.read_bytes()
    collection.collect(request_1.opened.archive, request_1.opened.finder, request_1.number, "snow")
    third = stage(request_1.opened.archive, request_1.number)
    assert third.production.name == "request-2026-0001-draft-2"
    assert third.production.checkpoint != first.production.checkpoint


def test_deleted_and_edited_records_say_what_happened_and_when(request_1: Exported, tmp_path: Path) -> None:
    archive = request_1.opened.archive
    collection.collect(archive, request_1.opened.finder, request_1.number, "state:deleted OR state:edited")
    production = stage(archive, request_1.number).production
    notes = {one.state_note for one in production.records() if one.state in ("deleted", "edited")}
    assert "Absent from the backup of 2026-04-01; last seen in the backup of 2026-03-01." in notes
    assert any(note.startswith("Removed by the account itself on 2026-03-") for note in notes)
    assert any(note.startswith("Edited by the account itself on 2026-03-") for note in notes)
    standing = {one.standing for one in production.records()}
    assert standing == {"current", "superseded"}


def test_threads_are_joined_by_the_first_of_their_records(request_1: Exported) -> None:
    archive = request_1.opened.archive
    collection.collect(archive, request_1.opened.finder, request_1.number, "kind:email")
    production = stage(archive, request_1.number).production
    records = {one.number: one for one in production.records()}
    replies = [one for one in records.values() if one.parent_number]
    assert len(replies) > 20
    for one in replies:
        assert records[one.parent_number].conversation == one.conversation <= one.number


def test_a_request_with_nothing_collected_is_refused(own_milbrook: House) -> None:
    from datetime import date

    opened = register.open_request(own_milbrook.archive, date(2026, 4, 2), "Anything")
    with pytest.raises(collection.NothingCollected):
        stage(own_milbrook.archive, opened.id)
    with pytest.raises(register.UnknownRequest):
        stage(own_milbrook.archive, 99)


def test_requests_are_numbered_by_year(own_milbrook: House) -> None:
    from datetime import date

    days = (date(2026, 4, 2), date(2026, 5, 2), date(2027, 1, 2))
    shown = [register.open_request(own_milbrook.archive, day, "x").shown for day in days]
    assert shown == ["2026-0001", "2026-0002", "2027-0001"]


def test_a_collected_set_is_pinned_to_its_position_and_never_doubled(request_1: Exported) -> None:
    archive, finder = request_1.opened.archive, request_1.opened.finder
    before = list(collection.collected_versions(archive, request_1.number))
    again = collection.collect(archive, finder, request_1.number, "pool")
    assert again.added == 0
    assert list(collection.collected_versions(archive, request_1.number)) == before

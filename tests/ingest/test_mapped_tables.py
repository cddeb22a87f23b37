from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.accession import Declaration, Report, WrongPlatform, take_in
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.registry import FormatAndMapping, UnknownFormat, identify, reader_of
from ingest.report import findings
from ingest.vendors.mapped import MappedIngestor, NoTable, preset_ingestors
from ingest.vendors.mapping import BadMapping, MappingThere, NoMapping, parse, presets, read_mapping, write_mapping
from ingest.vendors.proposal import proposal

DATA = Path(__file__).parents[1] / "data" / "tables"
MILBROOK = MappedIngestor(*read_mapping(DATA / "milbrook.toml"))


def drafts(reader: MappedIngestor, *paths: Path) -> list[Draft]:
    return [one for one in reader.read(Backup.open(paths)) if isinstance(one, Draft)]


def remarks(reader: MappedIngestor, *paths: Path) -> list[str]:
    return [one.reason for one in reader.read(Backup.open(paths)) if isinstance(one, Defect)]


def reader(columns: str, more: str = "") -> MappedIngestor:
    text = f'name = "table"\n{more}\n[columns]\n{columns}\n'
    return MappedIngestor(parse(text, "test"), text)


def test_a_vendors_table_reads_as_its_golden_file_says() -> None:
    check_golden(DATA / "milbrook.golden.json", told(MILBROOK, Backup.open([DATA / "milbrook"])))


def test_a_zip_with_media_reads_the_same_as_the_folder(tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "export"), "zip", DATA / "milbrook")
    assert told(MILBROOK, Backup.open([Path(packed)])) == told(MILBROOK, Backup.open([DATA / "milbrook"]))


def workbook(path: Path, *rows: list[object], title: str = "Posts") -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.create_sheet("Notes").append(["nothing of interest"])
    book.save(path)
    return path


IN_A_BOOK = reader('native_id = "ID"\ncreated = "Date"\ntext = "Text"', 'zone = "America/Chicago"')


def test_a_workbook_is_read_sheet_by_sheet_with_its_dates_and_rounded_ids_told(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "posts.xlsx",
        ["An export"],
        ["ID", "Date", "Text", "Shown"],
        [41, datetime(2026, 1, 5, 9, 30), "=1+1 is no sum", True],
        [1.2345678901234568e17, datetime(2026, 7, 5, 9, 30), "Sum\nmer 🌳", None],
        [],
    )
    first, second = drafts(IN_A_BOOK, path)
    assert (first.native_id, first.place) == ("41", "posts.xlsx, sheet Posts, row 3")
    assert first.created is not None and first.created.at == datetime(2026, 1, 5, 15, 30, tzinfo=UTC)
    assert first.created.zone == "account"
    assert second.created is not None and second.created.at == datetime(2026, 7, 5, 14, 30, tzinfo=UTC)
    assert (second.native_id, second.text, first.details) == (None, "Sum\nmer 🌳", {"Shown": "TRUE"})
    assert any("no id any more" in one for one in remarks(IN_A_BOOK, path))


def test_a_workbook_in_a_zip_is_read_too_and_a_broken_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "posts.xlsx", ["ID", "Date", "Text"], [1, "2026-01-05", "One"])
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as made:
        made.write(path, "export/posts.xlsx")
        made.writestr("export/broken.xlsx", path.read_bytes()[:200])
    assert [one.text for one in drafts(IN_A_BOOK, tmp_path / "export.zip")] == ["One"]
    assert any("named by no row" in one for one in remarks(IN_A_BOOK, tmp_path / "export.zip"))


def test_a_workbook_that_unpacks_to_far_more_than_it_is_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))
    with pytest.raises(NoTable):
        IN_A_BOOK.check(Backup.open([path]))


def test_a_table_without_the_headings_is_told_with_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("Name,Price\nAda,1\n")
    with pytest.raises(NoTable, match=r"“Post ID”.*identify"):
        reader_of(Backup.open([tmp_path]), mapping=DATA / "milbrook.toml")


def test_messages_are_private_however_live_the_table_calls_them(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Post ID,Kind,Content,State\n1,Message,Psst,Live\n2,Post,Hear,Live\n3,Message,Ps,Deleted\n"
    )
    text = MILBROOK.recipe.replace('"Comment" =', '"Message" = "message"\n"Comment" =')
    found = drafts(MappedIngestor(parse(text, "test"), text), tmp_path / "t.csv")
    assert [one.audience for one in found] == ["private", "public", "removed"]


def test_rows_of_another_account_are_counted_and_not_read() -> None:
    text = MILBROOK.recipe + '\n[only]\nAuthor = ["city of milbrook", "Ada Lor"]\n'
    only = MappedIngestor(parse(text, "only"), text)
    assert {one.author.name for one in drafts(only, DATA / "milbrook")} == {"City of Milbrook", "Ada Lor"}
    assert any("5 rows are of something else" in one for one in remarks(only, DATA / "milbrook"))


# -- dates


def test_a_date_late_in_the_file_decides_how_the_first_ones_are_read(tmp_path: Path) -> None:
    rows = [f"{n},05/06/2026 10:00,Words" for n in range(3000)] + ["x,25/06/2026 10:00,Words"]
    (tmp_path / "t.csv").write_text("\n".join(["ID,Date,Text", *rows]))
    first = drafts(IN_A_BOOK, tmp_path / "t.csv")[0]
    assert first.created is not None and first.created.at == datetime(2026, 6, 5, 15, tzinfo=UTC)


def test_each_column_of_dates_is_asked_by_itself(tmp_path: Path) -> None:
    rows = ["1,3/1/2026,4/1/2026", "2,1/2/2026,2/2/2026", "3,2/3/2026,3/3/2026"]
    (tmp_path / "t.csv").write_text("\n".join(["ID,Date,Gone", *rows]))
    both = reader('native_id = "ID"\ncreated = "Date"\nremoved = "Gone"')
    assert any("only if the day comes first" in one for one in remarks(both, tmp_path / "t.csv"))


# -- mappings


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name = ", "Invalid value"),
        ('name = "x"\n[columns]\n', "no column is named"),
        ('name = ""\n[columns]\ntext = "T"', "no name"),
        ('name = "x"\nzone = "Mars/Olympus"\n[columns]\ntext = "T"', "not a time zone"),
        ('name = "x"\n[columns]\nwords = "T"', "unknown field `words`"),
        ('name = "x"\n[columns]\ntext = "T"\n[status]\n"gone" = "vanished"', "vanished"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(text: str, reason: str) -> None:
    with pytest.raises(BadMapping, match=reason):
        parse(text, "m.toml")


def test_a_mapping_that_is_not_there_is_said_and_none_is_overwritten(tmp_path: Path) -> None:
    with pytest.raises(NoMapping):
        read_mapping(tmp_path / "none.toml")
    write_mapping(tmp_path / "m.toml", "corrected")
    with pytest.raises(MappingThere):
        write_mapping(tmp_path / "m.toml", "proposed")
    with pytest.raises(FormatAndMapping):
        reader_of(Backup.open([DATA / "milbrook"]), "mbox", DATA / "milbrook.toml")


def test_the_presets_are_marked_as_never_seen_and_yield_to_every_other_format(tmp_path: Path) -> None:
    assert {one.name for one in presets()} == {"archivesocial", "backupify", "pagefreezer", "smarsh"}
    for one in preset_ingestors():
        path = tmp_path / f"{one.name}.csv"
        path.write_text(",".join(one.mapping.needs) + "\n" + ",".join("x" for _ in one.mapping.needs) + "\n")
        assert one.identify(Backup.open([path])) == Confidence.NAME
        assert identify(Backup.open([path])).name == one.name
        assert any("without a real export" in reason for reason in remarks(one, path))


def test_an_unknown_table_gets_a_proposal_that_can_be_used_as_it_is() -> None:
    backup = Backup.open([DATA / "milbrook"])
    with pytest.raises(UnknownFormat):
        identify(backup)
    text = proposal(backup)
    check_golden(DATA / "proposal.golden.json", text.splitlines())
    found = MappedIngestor(parse(text, "proposed"), text)
    assert drafts(found, DATA / "milbrook")[0].native_id == "123456789012345678"


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=5), min_size=1, max_size=6))
def test_whatever_a_table_holds_its_proposal_is_a_mapping(rows: list[list[str]]) -> None:
    import csv
    import io

    from ingest.backup import Member

    out = io.StringIO()
    csv.writer(out).writerows(rows)
    raw = out.getvalue().encode("utf-8", "replace")
    member = Member("t.csv", len(raw), 0, lambda: io.BytesIO(raw))
    text = proposal(Backup([], [member], []))
    assert not text or "[columns]\n\n" in text + "\n" or text.endswith("[columns]\n") or parse(text, "proposed")


# -- in the archive


class Vendor:
    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        self.account = accounts.add(archive, "fb", platform="facebook", department="Clerk", handle="CityOfMilbrook")

    def bring(self, day: str, text: str, with_reader: MappedIngestor = MILBROOK) -> Report:
        path = self.folder / f"{day}.csv"
        path.write_text(text, encoding="utf-8")
        made = Declaration(exported_on=datetime.fromisoformat(day).date())
        return take_in(self.archive, Backup.open([path]), self.account, with_reader, made)


@pytest.fixture
def vendor(archive: Archive, tmp_path: Path) -> Vendor:
    return Vendor(archive, tmp_path)


POSTS = "Post ID,Posted At,Kind,Author,Content,State\n"
LIVE = POSTS + "1,2026-02-01 10:00,Comment,Ada,Hello there,Live\n"


def test_the_vendors_own_deleted_tag_becomes_a_finding_that_accuses_nobody(vendor: Vendor) -> None:
    vendor.bring("2026-03-01", LIVE)
    vendor.bring("2026-04-01", LIVE.replace("Live", "Deleted"))
    (found,) = findings(vendor.archive)
    assert (found["kind"], found["cause"]) == ("removed", "unknown")
    assert list(verify(vendor.archive, deep=True)) == []


def test_a_removal_whose_time_the_vendor_tells_has_that_time_and_still_accuses_nobody(vendor: Vendor) -> None:
    gone = LIVE.replace("State", "State,Gone At").replace("Live", "Deleted,2026-03-10 08:00")
    vendor.bring("2026-03-01", LIVE)
    vendor.bring("2026-04-01", gone)
    (found,) = findings(vendor.archive)
    assert (found["kind"], found["cause"], found["by_at"]) == ("removed", "unknown", "2026-03-10T13:00:00.000Z")


def test_who_removed_it_counts_without_a_moment_where_the_mapping_says_so(vendor: Vendor) -> None:
    text = (DATA / "milbrook.toml").read_text() + '\n[removed_by]\n"Deleted" = "platform"\n'
    reader = MappedIngestor(parse(text, "with causes"), text)
    vendor.bring("2026-03-01", LIVE, reader)
    vendor.bring("2026-04-01", LIVE.replace("Live", "Deleted"), reader)
    (found,) = findings(vendor.archive)
    assert (found["kind"], found["cause"]) == ("removed", "platform")
    assert found["after_at"] < found["by_at"]


def test_a_corrected_mapping_reads_the_same_file_anew_and_calls_nothing_an_edit(vendor: Vendor) -> None:
    wrong = (DATA / "milbrook.toml").read_text().replace('text = "Content"', 'text = "State"')
    vendor.bring("2026-03-01", LIVE, MappedIngestor(parse(wrong, "wrong"), wrong))
    report = vendor.bring("2026-03-01", LIVE)
    assert (report.already, report.facts["reread"], report.facts["edited"]) == (False, 1, 0)
    assert vendor.bring("2026-03-01", LIVE).already
    kept = vendor.archive.connection.execute("SELECT text FROM statement WHERE name = 'recipe' ORDER BY id").fetchall()
    assert [one for (one,) in kept] == [wrong, MILBROOK.recipe]


def test_a_table_may_be_of_any_platform_unless_its_mapping_names_one(vendor: Vendor) -> None:
    of_x = reader('text = "Content"\nkind = "Kind"', 'platform = "x"')
    with pytest.raises(WrongPlatform):
        vendor.bring("2026-03-01", LIVE, of_x)

"""Tables as CSV and XLSX: one description, the same cells, nothing computed, nothing lost."""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export.bundle.bag import Bag
from export.bundle.build import build
from export.bundle.spreadsheets import CHARACTERS, Look, cell, write_xlsx
from export.released import Production
from productions import record, staged
from xlsx_cells import MAIN, Cells, part, sheets

WHEN = datetime(2026, 4, 3, 10, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    '=HYPERLINK("http://x.example")',
    "http://x.example",
    "_x0041_",
    "\x00\x07\ufffe",
    "0012",
]


def written(folder: Path, headings: list[str], rows: Cells, **look: object) -> Path:
    bag = Bag(folder / "bag")
    write_xlsx(bag, "data/t.xlsx", headings, rows, Look(name="t", created=WHEN, **look))  # type: ignore[arg-type]
    return bag.partial / "data" / "t.xlsx"


def with_names(production: Production, *texts: str) -> Production:
    lines = [record(number, text=text, author=text) for number, text in enumerate(texts, 1)]
    (production.staging / "records.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in lines))
    return production


@pytest.fixture
def production(tmp_path: Path) -> Production:
    people = [record(9, kind="subscriber", list_name="Weekly", author="Ada", author_id="007")]
    return staged(tmp_path / "staging", [*(record(n, text=text) for n, text in enumerate(HOSTILE, 1)), *people])


@settings(max_examples=40)
@given(st.lists(st.lists(st.text(min_size=1, max_size=40) | st.integers(0, 2**31), min_size=2, max_size=2), max_size=6))
def test_every_cell_comes_back_as_it_was_but_for_what_xml_cannot_hold(rows: Cells) -> None:
    with TemporaryDirectory() as folder:
        (found,) = sheets(written(Path(folder), ["a", "b"], rows)).values()
    assert found[0] == ["a", "b"]
    for before, after in zip(rows, found[1:], strict=True):
        after += [""] * (2 - len(after))
        for one, other in zip(before, after, strict=True):
            kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", str(one))
            assert str(other).replace("\r\n", "\n").replace("\r", "\n") == kept.replace("\r\n", "\n").replace(
                "\r", "\n"
            )


def test_no_cell_is_a_formula_or_a_link(production: Production, tmp_path: Path) -> None:
    built = build(production, tmp_path / "out")
    path = built.bag / "data" / "records.xlsx"
    sheet = part(path, "xl/worksheets/sheet1.xml")
    assert not list(sheet.iter(f"{MAIN}f"))
    assert not list(sheet.iter(f"{MAIN}hyperlinks"))
    (rows,) = sheets(path).values()
    texts = [row[rows[0].index("text")] for row in rows[1:]]
    assert texts[:7] == [*HOSTILE[:5], "\ufffd\ufffd\ufffd", "0012"]


def test_csv_and_xlsx_hold_the_same_cells(production: Production, tmp_path: Path) -> None:
    built = build(with_names(production, "Ada", "Lé 游泳池\nnext line", "=1+1"), tmp_path / "out")
    for name in ("records", "subscribers", "reconciliation", "coverage", "exemption-log"):
        with (built.bag / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        (rows,) = sheets(built.bag / "data" / f"{name}.xlsx").values()
        texts = [[str(one) for one in row] + [""] * (len(rows[0]) - len(row)) for row in rows]
        assert texts == [[one.removeprefix("'") for one in line] for line in lines], name


def test_a_cell_that_is_too_long_is_cut_with_a_pointer_to_the_whole() -> None:
    for text in ("a" * 40_000, "🏊" * 20_000):
        kept = cell(text, "records.jsonl")
        assert len(kept.encode("utf-16-le")) // 2 <= CHARACTERS
        assert kept.endswith(f"(cut here; {len(text):,} characters in all, the whole is in records.jsonl)")
        assert text.startswith(kept.split(" … ")[0])
    assert cell("a" * CHARACTERS, "x") == "a" * CHARACTERS


def test_what_does_not_fit_on_a_sheet_stands_on_the_next_under_the_same_headings(tmp_path: Path) -> None:
    path = written(tmp_path, ["n"], [[number] for number in range(1, 8)], rows_a_sheet=4)
    assert sheets(path) == {"t": [["n"], [1], [2], [3]], "t 2": [["n"], [4], [5], [6]], "t 3": [["n"], [7]]}


def test_headings_stay_in_sight_and_can_be_filtered(tmp_path: Path) -> None:
    sheet = part(written(tmp_path, ["a", "b"], [[1, "x"], [2, "y"]]), "xl/worksheets/sheet1.xml")
    (pane,) = sheet.iter(f"{MAIN}pane")
    assert (pane.attrib["state"], pane.attrib["ySplit"]) == ("frozen", "1")
    (filtered,) = sheet.iter(f"{MAIN}autoFilter")
    assert filtered.attrib["ref"] == "A1:B3"


def test_a_spreadsheet_has_the_same_bytes_twice_and_the_productions_time(tmp_path: Path) -> None:
    first = written(tmp_path / "a", ["a"], [["x"]]).read_bytes()
    path = written(tmp_path / "b", ["a"], [["x"]])
    assert path.read_bytes() == first
    with zipfile.ZipFile(path) as book:
        assert b"2026-04-03T10:00:00Z</dcterms:created>" in book.read("docProps/core.xml")


def test_nothing_of_the_making_stays_in_the_bag(production: Production, tmp_path: Path) -> None:
    built = build(production, tmp_path / "out")
    assert {path.name for path in built.bag.rglob("*") if path.is_dir()} == {"data", "pdf", "viewer"}


def test_every_row_of_a_draft_says_so_and_none_of_an_approved_production(
    production: Production, tmp_path: Path
) -> None:
    draft = build(production, tmp_path / "out")
    approved = build(msgspec.structs.replace(production, draft=False), tmp_path / "out")
    for name in ("records", "subscribers", "reconciliation", "coverage", "exemption-log"):
        with (draft.bag / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert {row["draft"] for row in rows} == {production.watermark}
        assert list(sheets(draft.bag / "data" / f"{name}.xlsx")) == [f"DRAFT {name}"]
        sheet = part(draft.bag / "data" / f"{name}.xlsx", "xl/worksheets/sheet1.xml")
        assert [one.text for one in sheet.iter(f"{MAIN}oddHeader")] == [f"&C{production.watermark}"]
        assert list(sheets(approved.bag / "data" / f"{name}.xlsx")) == [name]
        assert "DRAFT" not in (approved.bag / "data" / f"{name}.csv").read_text(encoding="utf-8-sig")

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.backup import Member
from ingest.tables import BadRow, Row, Table, find_table, one_row


def member(raw: bytes) -> Member:
    return Member("list.csv", len(raw), 0, lambda: io.BytesIO(raw))


def is_heading(cells: object) -> bool:
    return isinstance(cells, list) and {"name", "town"} <= set(cells)


def table(raw: bytes) -> Table:
    found = find_table(member(raw), is_heading)
    assert found is not None
    return found


def rows(raw: bytes) -> list[Row | BadRow]:
    return list(table(raw).rows())


def values(raw: bytes) -> list[tuple[str, ...]]:
    return [tuple(one.cells.values()) for one in rows(raw) if isinstance(one, Row)]


PEOPLE = [("Zoë", "Milbrook"), ("Ada", "East Milbrook")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_reads_the_same_however_it_was_saved(encoding: str, delimiter: str, end: str) -> None:
    text = "".join(delimiter.join(cells) + end for cells in [("name", "town"), *PEOPLE])
    assert values(text.encode(encoding)) == PEOPLE


def test_a_row_that_is_no_utf8_is_windows_1252_and_the_others_are_not() -> None:
    raw = "name,town\nZoë,Milbrook\n".encode() + "Zoë,Café\n".encode("cp1252")
    assert values(raw) == [("Zoë", "Milbrook"), ("Zoë", "Café")]


def test_rows_above_the_heading_are_passed_over_and_counted() -> None:
    (row,) = rows(b"A list of the city\n\nsep=;\nname;town\nAda;Milbrook\n")
    assert row.number == 5


def test_a_second_column_of_one_name_and_one_without_a_name_keep_their_values() -> None:
    (row,) = rows(b"name,town,town,,name (2)\na,b,c,d,e\n")
    assert isinstance(row, Row)
    assert row.cells == {"name": "a", "town": "b", "town (2)": "c", "column 4": "d", "name (2)": "e"}


def test_quotes_may_be_doubled_or_escaped_and_cells_may_have_lines() -> None:
    raw = b'name,town\n"A ""B"" C","x\ny"\n"A \\"B\\", C",z\n5" pipe,"a"b\n'
    assert values(raw) == [('A "B" C', "x\ny"), ('A "B", C', "z"), ('5" pipe', "ab")]


def test_lines_in_a_cell_are_the_same_whichever_program_saved_them_and_its_bytes_stay() -> None:
    found = [rows(b'name,town\r\n"Ada' + end + b'Lee",Milbrook\r\n')[0] for end in (b"\n", b"\r\n")]
    assert [one.cells["name"] for one in found if isinstance(one, Row)] == ["Ada\nLee"] * 2
    assert found[1].native == b'name,town\r\n"Ada\r\nLee",Milbrook\r\n'


def test_a_quoted_cell_that_does_not_end_costs_its_line_only() -> None:
    found = rows(b'name,town\n"Ada,Milbrook\nBo,"East ""End"""\nCy,"x"\n')
    assert [(one.number, type(one)) for one in found] == [(2, BadRow), (3, Row), (4, Row)]
    assert found[0].native == b'"Ada,Milbrook\n'


def test_a_row_with_too_many_cells_is_bad_unless_the_rest_is_empty() -> None:
    first, second = rows(b"name,town\nAda,Milbrook,what\nBo,Milbrook,,\n")
    assert first == BadRow(2, "it has 3 cells, and the heading 2", b"Ada,Milbrook,what\n")
    assert isinstance(second, Row)


def test_a_row_with_too_few_cells_is_read_and_said_to_be_short_but_not_where_the_file_is_cut_off() -> None:
    first, second = rows(b"name,town,ward\nAda,Milbrook\nBo,Mil")
    assert isinstance(first, Row)
    assert first.short
    assert first.cells == {"name": "Ada", "town": "Milbrook", "ward": ""}
    assert isinstance(second, BadRow)
    assert "cut off" in second.reason


def test_the_last_row_may_lack_its_line_end() -> None:
    assert values(b"name,town\nAda,Milbrook") == [("Ada", "Milbrook")]


def test_the_heading_in_the_middle_is_no_row() -> None:
    assert [type(one) for one in rows(b"name,town\nAda,M\nname,town\nBo,M\n")] == [Row, BadRow, Row]


def test_a_nul_is_kept() -> None:
    assert values(b"name,town\nA\0da,Milbrook\n") == [("A\0da", "Milbrook")]


@pytest.mark.parametrize("raw", [b"", b"\0\0\0\0", b"\xff\xfe", b"other,columns\n1,2\n", b"\xff\xfen\0a\0m"])
def test_a_file_without_the_heading_is_no_table(raw: bytes) -> None:
    assert find_table(member(raw), is_heading) is None


def test_a_file_that_breaks_off_while_it_is_read_keeps_what_came_before() -> None:
    raw = b"name,town\n" + b"Ada,Milbrook\n" * 20_000
    cut = Member("list.csv", len(raw) + 9, 0, lambda: io.BytesIO(raw))
    found = find_table(cut, is_heading)
    assert found is not None
    *read, last = found.rows()
    assert len(read) > 10_000
    assert isinstance(last, BadRow)
    assert "cannot be read on" in last.reason


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_every_value_comes_back_and_every_row_can_be_read_alone(people: list[tuple[str, str]], end: str) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [("name", "town"), *people]]
    raw = "".join(line + end for line in quoted).encode()
    wanted = [row for row in people if any(row) and row != ("name", "town")]
    assert values(raw) == [tuple(cell.replace("\r\n", "\n") for cell in row) for row in wanted]
    for row in rows(raw):
        if isinstance(row, Row):
            alone = find_table(one_row(row.native), is_heading)
            assert alone is not None
            assert [one.cells for one in alone.rows() if isinstance(one, Row)] == [row.cells]


HEADINGS = (b"name,town\n", b"\xef\xbb\xbfname;town\r", "\ufeffname,town\n".encode("utf-16-le"))


@given(st.binary(max_size=300), st.sampled_from(HEADINGS))
def test_no_bytes_make_the_reader_fail_and_none_of_them_is_lost(raw: bytes, heading: bytes) -> None:
    found = rows(heading + raw)
    if heading.startswith(b"\xff\xfe"):
        return
    left = raw
    for one in found:
        native = one.native.removeprefix(heading) if isinstance(one, Row) else one.native
        before, mark, left = left.partition(native)
        assert mark == native
        assert not before.strip(b',;\r\n"')
    assert not left.strip(b',;\r\n"')


class Endless(io.RawIOBase):
    """A file of many rows that is never whole in memory."""

    def __init__(self, count: int) -> None:
        self._rows: Iterator[bytes] = iter([b"name,town\n", *[b"Ada,Milbrook\n" * 1000] * count])
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._rows, b"")
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def test_memory_is_flat_in_the_number_of_rows() -> None:
    size = 10 + 13_000 * 200
    large = Member("list.csv", size, 0, lambda: io.BufferedReader(Endless(200)))
    found = find_table(large, is_heading)
    assert found is not None
    tracemalloc.start()
    try:
        assert sum(1 for _ in found.rows()) == 200_000
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()

"""The load file, read back by a small reader of its own: whatever people wrote, fields and rows hold."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.bundle.build import Built, build
from export.bundle.concordance import many, opt_line, write_dat
from export.bundle.profiles import Profile
from export.released import Ground, Production, Redaction, WithheldRecord
from productions import attachment, record, staged

GROUND = Ground(code="a", citation="Wis. Stat. 905.03", title="Lawyer–client", reason="Advice.")
BATES = "MILBROOK-2026-0001-"


def read_dat(payload: bytes) -> list[list[str]]:
    text = payload.decode("utf-8")
    assert text.startswith("\ufeff")
    lines = text[1:].split("\r\n")
    assert lines.pop() == ""
    rows = []
    for line in lines:
        assert line[0] == line[-1] == "þ"
        rows.append([one.replace("®", "\n") for one in line[1:-1].split("þ\x14þ")])
    return rows


def dat(fields: Sequence[str], rows: Iterable[Sequence[object]]) -> list[list[str]]:
    file = io.BytesIO()
    write_dat(file, fields, rows)
    return read_dat(file.getvalue())


ANYTHING = st.text(max_size=60) | st.text("þ®\x14\x00\r\n\u2028\x85\ufeffa", max_size=12)


@given(st.lists(st.lists(ANYTHING, min_size=3, max_size=3), max_size=5))
def test_nothing_in_a_value_breaks_a_field_or_a_line(rows: list[list[str]]) -> None:
    found = dat(("A", "B", "C"), rows)
    assert [len(row) for row in found] == [3] * (len(rows) + 1)
    for before, after in zip(rows, found[1:], strict=True):
        for one, other in zip(before, after, strict=True):
            if not re.search("[þ®\ufeff\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", one):
                assert one == other


@given(st.text(max_size=20), st.text(max_size=20))
def test_nothing_in_a_path_breaks_a_line_of_the_image_list(key: str, path: str) -> None:
    (row,) = csv.reader(
        opt_line(key, "volume", path).decode().removesuffix("\r\n").split("\r\n"), quoting=csv.QUOTE_NONE
    )
    assert len(row) == 7
    assert (row[3], row[6]) == ("Y", "1")


def test_a_semicolon_within_one_of_several_values_is_no_separator() -> None:
    assert many(["to: Lor; Grace", "cc: Bo"]).split("; ") == ["to: Lor, Grace", "cc: Bo"]


@pytest.fixture
def production(tmp_path: Path) -> Production:
    picture, bill = b"\xff\xd8 picture", b"%PDF"
    marker = "[redacted]"
    records = [
        record(
            1, text="First line\nþ and ® and \x14", title="The pool", recipients=("to: Ada", "cc: Bo"),
            native_path="natives/000001.eml",
            attachments=(
                attachment("pool.jpg", "media/pool.jpg", picture, alt="A closed gate"),
                attachment("bill.pdf", "media/bill.pdf", bill, "application/pdf"),
            ),
            conversation=1,
        ),
        record(
            2, text=f"My account is {marker}.", parent_number=1, conversation=1,
            redactions=(Redaction(number=1, field="text", start=14, stop=24, marker=marker, ground=GROUND),),
        ),
    ]  # fmt: skip
    kept = WithheldRecord(
        number=3, bates=f"{BATES}000003", record=3, version=3, account="x-city", account_title="X", platform="x",
        kind="message", local_time="2026-03-20 16:02", conversation=1, parent_number=2, attachments=1, ground=GROUND,
    )  # fmt: skip
    files = {"media/pool.jpg": picture, "media/bill.pdf": bill, "natives/000001.eml": b"From: x"}
    made = staged(tmp_path / "staging", records, files, withheld=[kept])
    return msgspec.structs.replace(made, draft=False, custodian="City Clerk-Treasurer")


def loaded(built: Built) -> list[dict[str, str]]:
    fields, *rows = read_dat((built.bag / "data" / "load" / "load.dat").read_bytes())
    return [dict(zip(fields, row, strict=True)) for row in rows]


def test_records_and_their_attachments_are_families(production: Production, tmp_path: Path) -> None:
    rows = loaded(build(production, tmp_path / "out", profile=Profile.LITIGATION))
    assert [row["BEGDOC"].removeprefix(BATES) for row in rows] == [
        "000001", "000001.001", "000001.002", "000002", "000003",
    ]  # fmt: skip
    for row in rows[:3]:
        assert (row["BEGATTACH"], row["ENDATTACH"]) == (f"{BATES}000001", f"{BATES}000001.002")
    assert [row["PARENT"] for row in rows[:3]] == ["", f"{BATES}000001", f"{BATES}000001"]
    assert [row["REPLYTO"] for row in rows[3:]] == [f"{BATES}000001", f"{BATES}000002"]
    assert {row["CONVERSATION"] for row in rows} == {f"{BATES}000001"}
    assert {row["CUSTODIAN"] for row in rows} == {"City Clerk-Treasurer"}
    assert (rows[0]["DATE"], rows[0]["TIME"], rows[0]["TIMEZONE"]) == ("2026-03-02", "09:30", "America/Chicago")


def test_every_path_leads_to_a_file_with_the_digest_beside_it(production: Production, tmp_path: Path) -> None:
    built = build(production, tmp_path / "out", profile=Profile.LITIGATION)
    data = built.bag / "data"
    rows = loaded(built)
    for row in rows:
        if row["NATIVEPATH"]:
            assert sha256((data / row["NATIVEPATH"].replace("\\", "/")).read_bytes()).hexdigest() == row["SHA256"]
        if row["TEXTPATH"]:
            assert (data / row["TEXTPATH"].replace("\\", "/")).is_file()
    assert sum(bool(row["NATIVEPATH"]) for row in rows) == 3
    assert sum(bool(row["TEXTPATH"]) for row in rows) == 3
    (image,) = csv.reader((data / "load" / "load.opt").read_text(encoding="utf-8").splitlines())
    assert image == [f"{BATES}000001.001", production.name, "media\\pool.jpg", "Y", "", "", "1"]


def test_text_is_what_is_released_and_a_withheld_record_tells_its_ground_alone(
    production: Production, tmp_path: Path
) -> None:
    built = build(production, tmp_path / "out", profile=Profile.LITIGATION)
    text = built.bag / "data" / "load" / "text"
    assert (text / f"{BATES}000001.txt").read_text(encoding="utf-8") == "The pool\n\nFirst line\nþ and ® and \x14\n"
    assert (text / f"{BATES}000002.txt").read_text(encoding="utf-8") == "My account is [redacted].\n"
    assert (text / f"{BATES}000003.txt").read_text(encoding="utf-8") == "Withheld: Wis. Stat. 905.03 – Lawyer–client\n"
    marks = [(row["REDACTED"], row["WITHHELD"], row["GROUNDS"]) for row in loaded(built)]
    assert marks[0] == ("N", "N", "")
    assert marks[3:] == [
        ("Y", "N", "Wis. Stat. 905.03 – Lawyer–client"), ("N", "Y", "Wis. Stat. 905.03 – Lawyer–client"),
    ]  # fmt: skip


def test_a_draft_says_so_in_every_row_and_every_text(production: Production, tmp_path: Path) -> None:
    draft = msgspec.structs.replace(production, draft=True)
    built = build(draft, tmp_path / "out", profile=Profile.LITIGATION)
    assert {row["DRAFT"] for row in loaded(built)} == {draft.watermark}
    for path in (built.bag / "data" / "load" / "text").iterdir():
        assert path.read_text(encoding="utf-8").startswith(draft.watermark)

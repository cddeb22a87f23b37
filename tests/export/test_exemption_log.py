"""The exemption log and the sums: what stays in, under which law and why, to the last version found."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from export.bundle.build import Built, build
from export.bundle.places import resting, where
from export.released import (
    Ground,
    NotResponsive,
    Production,
    Reconciliation,
    Redaction,
    Resting,
    WithheldRecord,
)
from productions import attachment, record, staged

ACCOUNT_NUMBER = Ground(
    code="19.36(13)", citation="Wis. Stat. 19.36(13)", title="Financial identifying information", reason="=His account"
)
ADVICE = Ground(code="905.03", citation="Wis. Stat. 905.03", title="Lawyer–client", reason="Advice on the <lease>.")
MARKER = "[redacted]"


def span(number: int, field: str, start: int = 0, stop: int = 0, place: str = "") -> Redaction:
    marker = "" if place else MARKER
    return Redaction(
        number=number, field=field, start=start, stop=stop, marker=marker, ground=ACCOUNT_NUMBER, place=place
    )


def rests(field: str, *spans: tuple[int, int]) -> tuple[Resting, ...]:
    return tuple(Resting(field=field, start=start, stop=stop) for start, stop in spans)


def withheld(number: int, **values: object) -> WithheldRecord:
    return WithheldRecord(
        number=number, bates=f"MILBROOK-2026-0001-{number:06}", record=number, version=number, account="mail",
        account_title="Mail", platform="email", kind="email", local_time="2026-03-20 16:02", ground=ADVICE,
        **values,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def production(tmp_path: Path) -> Production:
    text = f"My account is {MARKER}, thank you."
    bill = attachment("bill.pdf", "media/bill.pdf", b"%PDF", "application/pdf")
    records = [
        record(5),
        record(
            3, text=text, author="Grace Lor", attachments=(bill,),
            redactions=(span(1, "text", 14, 14 + len(MARKER)), span(2, "attachments.0", place="page 2")),
            resting=(*rests("text", (0, 14), (24, len(text))), *rests("attachments.0.name", (0, 8))),
        ),
        record(2, decision="undecided"),
    ]  # fmt: skip
    kept = [withheld(4, author="Ada Byron", recipients=("to: Sam", "cc: Council"), attachments=2), withheld(1)]
    made = staged(tmp_path / "staging", records, {"media/bill.pdf": b"%PDF"}, duplicates=2, withheld=kept)
    others = [NotResponsive(record=70 + n, version=70 + n, account="x-city") for n in range(3)]
    (made.staging / "not_responsive.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in others))
    sums = Reconciliation(
        found=10, released=1, redacted=1, withheld=2, not_responsive=3, duplicates=2, undecided=1
    )  # fmt: skip
    assert sums.adds_up
    return msgspec.structs.replace(made, reconciliation=sums)


def table(built: Built, name: str) -> list[dict[str, str]]:
    with (built.bag / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_log_has_a_line_a_span_and_a_line_a_withheld_record_by_bates_number(
    production: Production, tmp_path: Path
) -> None:
    rows = table(build(production, tmp_path / "out"), "exemption-log")
    assert [(row["Bates number"][-6:], row["what stays in"], row["span"], row["where"]) for row in rows] == [
        ("000001", "withheld", "", "the whole record"),
        ("000003", "blacked out", "1", "text, characters 15 to 24"),
        ("000003", "blacked out", "2", "attachment 1, page 2"),
        ("000004", "withheld", "", "the whole record"),
    ]
    assert (rows[1]["exemption"], rows[1]["title of the exemption"], rows[1]["reason"], rows[1]["author"]) == (
        "Wis. Stat. 19.36(13)", "Financial identifying information", "'=His account", "Grace Lor",
    )  # fmt: skip
    assert (rows[3]["author"], rows[3]["recipients"], rows[3]["attachments"], rows[3]["date and time"]) == (
        "Ada Byron", "to: Sam; cc: Council", "2", "2026-03-20 16:02",
    )  # fmt: skip


def test_the_page_sums_up_and_escapes_what_people_wrote(production: Production, tmp_path: Path) -> None:
    page = (build(production, tmp_path / "out").bag / "data" / "exemption-log.html").read_text(encoding="utf-8")
    for said in ("Span 2: attachment 1, page 2", "with 2 attachments", "Advice on the &lt;lease&gt;.", "4 lines"):
        assert said in page
    assert "<lease>" not in page


def test_a_package_in_which_nothing_stays_in_has_a_log_that_says_so(tmp_path: Path) -> None:
    built = build(staged(tmp_path / "staging", [record(1)]), tmp_path / "out")
    (row,) = table(built, "exemption-log")
    assert row["what stays in"] == "Nothing was withheld or blacked out."
    for name in ("data/exemption-log.html", "START-HERE.html"):
        assert "Nothing was withheld or blacked out." in (built.bag / name).read_text(encoding="utf-8")
    assert (built.bag / "data" / "exemption-log.xlsx").exists()


def test_every_version_found_has_a_row_and_the_rows_are_the_sum(production: Production, tmp_path: Path) -> None:
    rows = table(build(production, tmp_path / "out"), "reconciliation")
    sums = production.reconciliation
    assert len(rows) == sums.found
    assert Counter(row["outcome"] for row in rows) == {
        "released": sums.released,
        "released with something blacked out": sums.redacted,
        "withheld": sums.withheld,
        "does not answer the request": sums.not_responsive,
        "duplicate, released once": sums.duplicates,
        "not decided yet": sums.undecided,
    }
    assert len({row["version"] for row in rows}) == sums.found


def test_the_records_tell_their_decision_and_how_often_something_is_blacked_out(
    production: Production, tmp_path: Path
) -> None:
    rows = table(build(production, tmp_path / "out"), "records")
    assert next(iter(rows[0])) == "Bates number"
    told = {row["Bates number"][-6:]: (row["decision"], row["redactions"]) for row in rows}
    assert told == {"000005": ("released", "0"), "000003": ("redacted", "2"), "000002": ("undecided", "0")}


def test_places_are_told_in_plain_words() -> None:
    one = record(1, title=MARKER, recipients=("to: Ada", "to: Bo"), details={"Shoe size": f"size {MARKER}"})
    assert where(span(1, "title", 0, len(MARKER)), one) == "title"
    assert where(span(1, "recipients.1", 4, 6), one) == "recipient 2, characters 5 to 6"
    assert where(span(1, "details.Shoe size", 5, 5 + len(MARKER)), one) == "detail “Shoe size”, characters 6 to 15"
    assert where(span(1, "attachments.0", place="0:12 to 0:15"), one) == "attachment 1, 0:12 to 0:15"


def test_the_certificate_names_the_words_that_no_digest_proves(production: Production, tmp_path: Path) -> None:
    page = (build(production, tmp_path / "out").bag / "data" / "certificate.html").read_text(encoding="utf-8")
    assert "What rests on this certificate alone" in page
    assert '<td>text</td><td><p dir="auto">My account is </p><p dir="auto">, thank you.</p></td>' in page
    assert "attachment 1, its name</td><td><p" in page
    found = [(field, *pieces) for one in production.records() for field, pieces in resting(one)]
    assert found == [("text", "My account is ", ", thank you."), ("attachment 1, its name", "bill.pdf")]

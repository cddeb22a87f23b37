from __future__ import annotations

from pathlib import Path

import msgspec
import pikepdf
import pytest

from export.bundle.bag import Bag
from export.bundle.pdf import exemptions
from export.bundle.pdf.certificate import Certificate
from export.bundle.pdf.exemptions import ExemptionLog
from export.bundle.pdf.letter import Letter
from export.bundle.pdf.lists import SubscriberSheets
from export.bundle.writer import BundleWriter
from export.released import Approval, Ground, Production, Redaction, ReleasedRecord, Resting, WithheldRecord
from pdf_reading import count, pages, text
from productions import record, staged

GROUND = Ground(
    code="13", citation="Wis. Stat. 19.36(13)", title="financial identifying information", reason="#panic()"
)
ADVICE = Ground(code="905.03", citation="Wis. Stat. 905.03", title="lawyer–client privilege", reason="Advice.")
LETTER = "Dear Sam Okafor,\n\nHere is what you asked for: $x$ #import @ref.\n\nSincerely,\nThe Clerk"


def redacted(number: int, field: str = "text", start: int = 7, stop: int = 19) -> ReleasedRecord:
    one = Redaction(number=1, field=field, start=start, stop=stop, marker="[redacted 1]", ground=GROUND)
    left = tuple(Resting(field="text", start=begin, stop=end) for begin, end in ((0, 7), (19, 29)))
    return record(number, text="Pay to [redacted 1] by Friday", redactions=(one,), resting=left)


def subscriber(number: int, **values: object) -> ReleasedRecord:
    plain: dict[str, object] = {"list_name": "Weekly news", "handle": f"p{number}@mail.example", "joined": "2025-03-04"}
    return record(number, kind="subscriber", **(plain | {"author": f"Person {number}"} | values))


def a_production(folder: Path) -> Production:
    records = [
        record(1), redacted(2), subscriber(4, author="דנה לוי"),
        subscriber(5, author="Old Name", standing="superseded", record=500),
        subscriber(6, author="New Name", record=500), *(subscriber(number) for number in range(7, 90)),
    ]  # fmt: skip
    withheld = [
        WithheldRecord(
            number=3, bates="MILBROOK-2026-0001-000003", record=3, version=3, account="mail", account_title="Mail",
            platform="email", kind="email", local_time="2026-03-05 10:00", author="Clerk", recipients=("to: Attorney",),
            ground=ADVICE,
        )
    ]  # fmt: skip
    return msgspec.structs.replace(
        staged(folder / "staging", records, withheld=withheld),
        draft=False,
        custodian="City Clerk, City of Milbrook",
        requester="Sam Okafor",
        letter=LETTER,
        approval=Approval(by="Dana Reyes", role="City Attorney", at="2026-04-03 05:00"),
        left_out=("nextdoor-parks: answered for by Parks",),
    )


def written(folder: Path, production: Production, *writers: BundleWriter) -> Path:
    bag = Bag(folder / "bag")
    for writer in writers:
        writer.write(production, bag)
    bag.seal({})
    bag.publish()
    return folder / "bag" / "data"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Production:
    return a_production(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def papers(production: Production) -> Path:
    writers = (Letter(), Certificate(), ExemptionLog(), SubscriberSheets())
    return written(production.staging.parent, production, *writers)


PATHS = ("letter.pdf", "certificate.pdf", "exemption-log.pdf", "pdf/subscribers.pdf")


@pytest.mark.parametrize("path", PATHS)
def test_every_paper_is_accessible_and_archival(papers: Path, path: str) -> None:
    with pikepdf.open(papers / path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")


def test_built_twice_the_papers_have_the_same_bytes(tmp_path: Path, production: Production, papers: Path) -> None:
    again = written(tmp_path, production, Letter(), Certificate(), ExemptionLog(), SubscriberSheets())
    for path in PATHS:
        assert (again / path).read_bytes() == (papers / path).read_bytes()


def test_a_letter_stands_on_the_offices_paper_as_it_was_written(papers: Path) -> None:
    found = text(papers / "letter.pdf")
    assert "City of Milbrook City Clerk, City of Milbrook" in found
    assert "Here is what you asked for: $x$ #import @ref. Sincerely, The Clerk" in found
    assert "3 April 2026" in found


def test_without_a_letter_there_is_no_such_paper(tmp_path: Path) -> None:
    assert not (written(tmp_path, staged(tmp_path / "s", [record(1)]), Letter()) / "letter.pdf").exists()


def test_a_certificate_says_what_was_searched_found_and_approved(papers: Path, production: Production) -> None:
    found = text(papers / "certificate.pdf").replace("\u200b", "")
    for said in (
        "City Clerk, City of Milbrook, the legal custodian", "pool OR piscina", "2026-03-01", "replies by other people",
        "nextdoor-parks: answered for by Parks", production.reconciliation.sentence, "Dana Reyes", "24:efef",
        "SHA-256", "Signature of the custodian",
    ):  # fmt: skip
        assert said in found
    assert "MILBROOK-2026-0001-000002 text Pay to MILBROOK-2026-0001-000002 text by Friday" in found


def test_a_drafts_certificate_has_no_place_to_sign(tmp_path: Path) -> None:
    found = text(written(tmp_path, staged(tmp_path / "s", [record(1)]), Certificate()) / "certificate.pdf")
    assert "This is a draft." in found
    assert "Signature" not in found
    assert "Nobody has approved" in found


def test_the_log_has_a_row_for_each_redaction_and_each_withheld_record(papers: Path) -> None:
    found = text(papers / "exemption-log.pdf").replace("\u200b", "")
    assert "MILBROOK-2026-0001-000002 text characters 8 to 19 Wis. Stat. 19.36(13)" in found
    assert "#panic()" in found
    assert "MILBROOK-2026-0001-000003" in found
    assert "to: Attorney" in found
    assert count(papers / "exemption-log.pdf", "TH") == 6 + 8
    assert count(papers / "exemption-log.pdf", "TR") == 4


def test_a_log_with_nothing_in_it_says_so(tmp_path: Path) -> None:
    found = text(written(tmp_path, staged(tmp_path / "s", [record(1)]), ExemptionLog()) / "exemption-log.pdf")
    assert "Nothing is blacked out in this package." in found
    assert "No record is withheld in whole." in found


def test_a_long_log_goes_on_in_further_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exemptions, "ROWS", 2)
    made = written(tmp_path, staged(tmp_path / "s", [redacted(number) for number in range(1, 4)]), ExemptionLog())
    assert "000002" in text(made / "exemption-log.pdf")
    assert "000003" in text(made / "exemption-log-2.pdf")
    assert "No record is withheld in whole." in text(made / "exemption-log-3.pdf")


def test_a_list_shows_each_person_once_under_headings_that_every_page_repeats(papers: Path) -> None:
    found = pages(papers / "pdf" / "subscribers.pdf")
    assert "City of Milbrook on X – Weekly news" in found[0]
    assert "New Name" in " ".join(found)
    assert "Old Name" not in " ".join(found)
    assert len(found) > 1
    assert all("Name Address Joined Left" in page for page in found)
    assert count(papers / "pdf" / "subscribers.pdf", "TR") == 1 + 85


def test_a_draft_of_a_long_table_is_marked_on_every_page(tmp_path: Path) -> None:
    production = staged(tmp_path / "s", [subscriber(number) for number in range(1, 90)])
    found = pages(written(tmp_path, production, SubscriberSheets()) / "pdf" / "subscribers.pdf")
    assert len(found) > 1
    assert all("DRAFT" in page.replace(" ", "") for page in found)

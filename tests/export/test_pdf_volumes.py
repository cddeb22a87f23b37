from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from export.bundle.bag import Bag
from export.bundle.pdf import volumes
from export.bundle.pdf.volumes import NOTE, PdfVolumes, write_volumes
from export.released import Ground, Production, Redaction, ReleasedAttachment, ReleasedRecord, WithheldRecord
from pdf_reading import bookmarks, labels, pages, tags, text
from productions import attachment, record, staged

GROUND = Ground(
    code="13", citation="Wis. Stat. 19.36(13)", title="financial identifying information", reason="A bank account."
)
ADVICE = Ground(
    code="905.03", citation="Wis. Stat. 905.03", title="lawyer–client privilege", reason="Advice on a contract."
)
HOSTILE = '#import "x": * $x^2$ \\ @ref `code` // no comment /* */ *b* _i_ <label> = heading #panic() ~ ---'
NO_FONT_EVER = "\u0378"
UNPRINTABLE = f"NUL \0 private \ue000 never \uffff none {NO_FONT_EVER}"
SCRIPTS = {
    "Noto Sans Arabic": "مرحبا",
    "Noto Sans Hebrew": "שלום",
    "Noto Sans CJK SC": "泳池关闭",
    "Noto Sans Thai": "สระ",
    "Noto Sans Devanagari": "तरण",
    "Noto Color Emoji": "😀",
    "Noto Sans Pahawh Hmong": "𖬌",
}
VOLUME = "data/pdf/MILBROOK-2026-0001-000001-MILBROOK-2026-0001-000007.pdf"


def photo(width: int = 900, height: int = 600, kind: str = "JPEG") -> bytes:
    picture = Image.new("RGB", (width, height), "navy")
    exif = Image.Exif()
    exif[0x010E] = "EXIFMARKER"
    held = io.BytesIO()
    picture.save(held, kind, exif=exif)
    return held.getvalue()


def some_records() -> tuple[list[ReleasedRecord], list[WithheldRecord], dict[str, bytes]]:
    paid = "Pay to [redacted 1] by Friday"
    files = {"media/a.jpg": photo(), "media/b.jpg": b"no picture", "media/c.webp": photo(3000, 300, "WEBP")}
    attachments = (
        attachment("pool.jpg", "media/a.jpg", files["media/a.jpg"], alt="A sign at the pool"),
        attachment("broken.jpg", "media/b.jpg", files["media/b.jpg"]),
        attachment("wide.webp", "media/c.webp", files["media/c.webp"], "image/webp"),
        ReleasedAttachment(name="clip.mp4", media_type="video/mp4", size=9, sha256="", missing="the backup lacks it"),
    )
    records = [
        record(1, title="Pool closed", text=HOSTILE, attachments=attachments, conversation=1, native_id="NATIVEMARKER"),
        record(
            2, kind="comment", author="Jo Diaz", handle="jo", by_account=False, text=paid, parent_number=1,
            conversation=1, state="edited", state_note="Edited between 3 March and 1 April 2026.",
            redactions=(
                Redaction(number=1, field="text", start=7, stop=19, marker="[redacted 1]", ground=GROUND),
                Redaction(number=2, field="attachments.0", start=0, stop=0, marker="", ground=GROUND, place="page 2"),
            ),
        ),
        record(4, text="\n".join((*SCRIPTS.values(), UNPRINTABLE)), conversation=4),
        record(5, kind="subscriber", author="Lee Subscriber"),
        record(6, kind="email", text="The council meets on Tuesday.\n\n" * 120, conversation=6),
        record(7, text="W" * 400, conversation=7),
    ]  # fmt: skip
    withheld = [
        WithheldRecord(
            number=3, bates="MILBROOK-2026-0001-000003", record=3, version=3, account="mail", account_title="Mail",
            platform="email", kind="email", author="Clerk", recipients=("to: Attorney",), attachments=2, ground=ADVICE,
        )
    ]  # fmt: skip
    return records, withheld, files


def printed(folder: Path, production: Production) -> Path:
    bag = Bag(folder / "bag")
    PdfVolumes().write(production, bag)
    bag.seal({})
    bag.publish()
    return folder / "bag"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Production:
    records, withheld, files = some_records()
    made = staged(tmp_path_factory.mktemp("volumes") / "staging", records, files, withheld=withheld)
    return msgspec.structs.replace(made, custodian="City Clerk, City of Milbrook")


@pytest.fixture(scope="module")
def bag(production: Production) -> Path:
    return printed(production.staging.parent, production)


@pytest.fixture(scope="module")
def volume(bag: Path) -> Path:
    return bag / VOLUME


def page_of(volume: Path, bates: str) -> str:
    return " ".join(page for page, label in zip(pages(volume), labels(volume), strict=True) if label.startswith(bates))


def test_it_is_tagged_and_says_that_it_is_pdf_a_2a_and_pdf_ua_1(volume: Path) -> None:
    with pikepdf.open(volume) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith("en")
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
            assert xmp["dc:title"] == "Records MILBROOK-2026-0001-000001 to MILBROOK-2026-0001-000007"
            assert str(xmp["xmp:CreateDate"]).startswith("2026-04-03T10:00:00")


def test_pages_are_labelled_and_footed_by_bates_number_and_further_pages_have_a_suffix(volume: Path) -> None:
    found = labels(volume)
    assert found[0] == "cover"
    assert [one for one in found[1:] if "." not in one] == [f"MILBROOK-2026-0001-00000{n}" for n in (1, 2, 3, 4, 6, 7)]
    assert "MILBROOK-2026-0001-000006.2" in found
    for label, page in zip(found[1:], pages(volume)[1:], strict=True):
        number, _, suffix = label.partition(".")
        assert number in page
        assert not suffix or f".{suffix}" in page


def test_bookmarks_stand_under_the_first_record_of_their_conversation(volume: Path) -> None:
    found = bookmarks(volume)
    assert (0, "MILBROOK-2026-0001-000001 Post: Pool closed") in found
    assert (1, "MILBROOK-2026-0001-000002 Comment: Pay to [redacted 1] by Friday") in found
    assert (0, "MILBROOK-2026-0001-000003 Email: withheld") in found
    assert len(found) == 7


def test_what_a_record_says_is_printed_and_never_run(volume: Path) -> None:
    assert HOSTILE in page_of(volume, "MILBROOK-2026-0001-000001").replace("\u200b", "")


def test_a_record_shows_who_said_it_when_to_whom_and_what_happened_since(volume: Path) -> None:
    page = page_of(volume, "MILBROOK-2026-0001-000002")
    for said in (
        "City of Milbrook on X (x-city)", "2026-03-03 09:30", "Jo Diaz · jo", "In reply to MILBROOK-2026-0001-000001",
        "Edited between 3 March and 1 April 2026.",
    ):  # fmt: skip
        assert said in page
    assert "the city" in page_of(volume, "MILBROOK-2026-0001-000001")


def test_what_is_blacked_out_has_its_marker_in_a_black_box_and_its_ground_below(volume: Path) -> None:
    page = page_of(volume, "MILBROOK-2026-0001-000002")
    assert "Pay to [redacted 1] by Friday" in page
    assert "1. text: Wis. Stat. 19.36(13), financial identifying information. A bank account." in page
    assert "2. attachment 1, page 2: Wis. Stat. 19.36(13)" in page
    at = labels(volume).index("MILBROOK-2026-0001-000002")
    picture = pypdfium2.PdfDocument(volume)[at].render(scale=2).to_pil().convert("L")
    assert picture.histogram()[0] > 1000, "no black box"


def test_a_withheld_record_has_a_page_in_its_place_that_names_the_ground(volume: Path) -> None:
    page = page_of(volume, "MILBROOK-2026-0001-000003")
    assert "This record is withheld. Wis. Stat. 905.03, lawyer–client privilege. Advice on a contract." in page
    assert "2, withheld with it" in page


def test_pictures_are_shown_small_with_alternative_text_and_without_their_metadata(volume: Path) -> None:
    spoken = [str(one.Alt) for one in tags(volume) if str(one.S) == "/Figure"]
    assert spoken == ["A sign at the pool", "Picture attached to MILBROOK-2026-0001-000001: wide.webp"]
    assert b"EXIFMARKER" in photo()
    with pikepdf.open(volume) as pdf:
        pictures = [image for page in pdf.pages for image in page.get_images().values()]
        assert {max(int(one.Width), int(one.Height)) for one in pictures} == {800}
        streams = [one.read_raw_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        assert not any(b"EXIFMARKER" in one for one in streams)


def test_what_is_no_picture_is_named_with_its_path_or_why_it_is_missing(volume: Path) -> None:
    page = page_of(volume, "MILBROOK-2026-0001-000001")
    assert "media/b.jpg. This picture could not be read and is not shown here." in page
    assert "clip.mp4, video/mp4, 9 bytes: the backup lacks it" in page


def test_values_that_no_page_shows_are_nowhere_in_the_file(volume: Path) -> None:
    with pikepdf.open(volume) as pdf:
        held = b"".join(
            one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Width" not in one
        )
    assert b"NATIVEMARKER" not in held + volume.read_bytes()
    assert "NATIVEMARKER" not in text(volume)


@pytest.mark.parametrize("family", SCRIPTS)
def test_every_script_can_be_read_out_again(bag: Path, volume: Path, family: str) -> None:
    words = SCRIPTS[family]
    if set(words) & set((bag / NOTE).read_text("utf-8")):
        pytest.skip(
            f"no font here has {words}; {family} does (fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji)"
        )
    assert words in page_of(volume, "MILBROOK-2026-0001-000004")


def test_what_cannot_be_printed_is_replaced_in_the_pdf_only_and_told(bag: Path, volume: Path) -> None:
    page = page_of(volume, "MILBROOK-2026-0001-000004")
    assert "NUL � private � never � none □" in page
    assert "U+0378" in pages(volume)[0]
    assert "U+0378" in (bag / NOTE).read_text("utf-8")


def test_a_word_longer_than_a_line_stays_on_the_page(volume: Path) -> None:
    page = pypdfium2.PdfDocument(volume)[labels(volume).index("MILBROOK-2026-0001-000007")]
    letters = page.get_textpage()
    assert max(letters.get_charbox(at)[2] for at in range(letters.count_chars())) < page.get_width() - 40


def test_subscribers_are_counted_and_not_printed_one_by_one(volume: Path) -> None:
    assert "People on subscriber lists (1) are not printed" in pages(volume)[0]
    assert "Lee Subscriber" not in text(volume)


def test_a_draft_says_so_on_every_page_and_a_final_production_nowhere(
    tmp_path: Path, production: Production, volume: Path
) -> None:
    assert all("DRAFT" in page.replace(" ", "") for page in pages(volume))
    final = printed(tmp_path, msgspec.structs.replace(production, draft=False)) / VOLUME
    assert not any("DRAFT" in page.replace(" ", "") for page in pages(final))


def test_built_twice_it_has_the_same_bytes(tmp_path: Path, production: Production, volume: Path) -> None:
    assert (printed(tmp_path, production) / VOLUME).read_bytes() == volume.read_bytes()


def test_volumes_hold_a_bounded_number_of_records_and_are_named_by_their_first_and_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "VOLUME", 2)
    production = staged(tmp_path / "staging", [record(number) for number in range(1, 6)])
    bag = Bag(tmp_path / "bag")
    assert write_volumes(production, bag) == ()
    bag.seal({})
    bag.publish()
    assert sorted(path.name for path in (tmp_path / "bag" / "data" / "pdf").iterdir()) == [
        f"MILBROOK-2026-0001-00000{first}-MILBROOK-2026-0001-00000{last}.pdf"
        for first, last in ((1, 2), (3, 4), (5, 5))
    ]

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import typst
from PIL import Image

from export.redaction.pages import page_count, redact_pages
from export.redaction.refusals import CannotBeOpened, NoSuchPage
from export.redaction.regions import Region
from export.redaction.traces import traces

SECRET = "Gwendolyn Secretson"
BOX = Region(1, 800, 900, 5000, 600)


@pytest.fixture
def memo(tmp_path: Path) -> Path:
    """Two pages with the secret in every place that a PDF has."""
    text = tmp_path / "memo.typ"
    text.write_text(
        f'#set document(title: "{SECRET}", author: "{SECRET}")\n#set page("us-letter")\n'
        f"= Memo\n\nFrom: {SECRET}\n\nThe pool is closed. #text(fill: red)[Since Monday.]"
        f"\n#pagebreak()\nAgain {SECRET}."
    )
    source = tmp_path / "memo.pdf"
    source.write_bytes(typst.compile(text))
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.attachments["secret.txt"] = SECRET.encode()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(SECRET, 0))
        pdf.pages[0].Annots = pdf.make_indirect(
            pikepdf.Array([pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents=SECRET
            )])
        )  # fmt: skip
        pdf.save(source)
    return source


def drawn(payload: bytes, number: int) -> Image.Image:
    pdf = pypdfium2.PdfDocument(payload)
    image: Image.Image = pdf[number - 1].render(scale=1).to_pil()
    return image.convert("RGB")


def test_nothing_but_pictures_is_left(memo: Path) -> None:
    assert {"page 1", "page 2"} <= {one.place for one in traces([SECRET], memo.read_bytes())}
    payload = redact_pages(memo, [BOX])
    assert traces([SECRET, "Secretson", "pool", "Memo"], payload) == ()
    with pikepdf.open(io.BytesIO(payload)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in pdf.trailer
        assert len(pdf.pages) == 2
        for page in pdf.pages:
            assert set(page.obj.keys()) == {"/Type", "/MediaBox", "/Parent", "/Resources", "/Contents"}
            assert list(page.MediaBox) == [0, 0, 612, 792]
            assert list(page.Resources.XObject.keys()) == ["/Picture"]


def test_the_box_is_black_and_the_rest_can_be_read(memo: Path) -> None:
    image = drawn(redact_pages(memo, [BOX]), 1)
    left, top, right, bottom = BOX.pixels(*image.size)
    assert max(image.crop((left, top, right, bottom)).tobytes()) < 8
    before = drawn(memo.read_bytes(), 1).crop((0, 130, 612, 792)).resize((60, 60), Image.Resampling.BOX)
    after = image.crop((0, 130, 612, 792)).resize((60, 60), Image.Resampling.BOX)
    assert max(abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)) < 40


def test_the_same_bytes_come_out_twice(memo: Path) -> None:
    assert redact_pages(memo, [BOX], [2]) == redact_pages(memo, [BOX], [2])


def test_a_withheld_page_says_so_and_shows_nothing(memo: Path) -> None:
    payload = redact_pages(memo, [Region(2, 0, 0, 9000, 9000)], {2})
    other = redact_pages(memo, [], {1, 2})
    assert drawn(payload, 2).tobytes() == drawn(other, 2).tobytes()
    grey = drawn(payload, 2).convert("L")
    assert grey.getpixel((100, 100)) == 255
    assert grey.crop((150, 360, 460, 430)).getextrema()[0] == 0


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_box_is_where_a_person_sees_it_on_a_turned_page(tmp_path: Path, turn: int) -> None:
    source = tmp_path / "turned.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(400, 200))
        page.MediaBox = pikepdf.Array([50, 70, 450, 270])
        page.CropBox = pikepdf.Array([100, 70, 450, 270])
        page.Rotate = turn
        pdf.save(source)
    image = drawn(redact_pages(source, [BOX]), 1)
    assert image.size == ((350, 200) if turn in (0, 180) else (200, 350))
    left, top, right, bottom = BOX.pixels(*image.size)
    assert image.convert("L").crop((left, top, right, bottom)).getextrema() == (0, 0)
    assert image.convert("L").crop((0, bottom + 3, image.width, image.height)).getextrema() == (255, 255)


def test_what_was_filled_in_is_drawn_and_can_be_burnt(tmp_path: Path) -> None:
    source = tmp_path / "form.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(400, 200))
        look = pdf.make_stream(
            b"0 0 1 rg 0 0 200 30 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 30]
        )
        field = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="name", V=SECRET, F=4,
            Rect=[100, 100, 300, 130], AP=pikepdf.Dictionary(N=look),
        ))  # fmt: skip
        page.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        pdf.save(source)
    plain = redact_pages(source, [])
    assert drawn(plain, 1).getpixel((200, 85)) != (255, 255, 255)
    assert traces([SECRET], plain) == ()


def test_what_cannot_be_opened_is_said_with_what_to_do(tmp_path: Path, memo: Path) -> None:
    source = tmp_path / "broken.pdf"
    whole = memo.read_bytes()
    for payload in (b"", b"%PDF-1.7\n", b"no PDF", whole[:200]):
        source.write_bytes(payload)
        with pytest.raises(CannotBeOpened, match=r"“plan.pdf” cannot be opened .* or withhold it"):
            redact_pages(source, [BOX], name="plan.pdf")
    with pikepdf.open(memo) as pdf:
        pdf.save(source, encryption=pikepdf.Encryption(user="open", owner="sesame"))
    with pytest.raises(CannotBeOpened, match="locked by a password"):
        redact_pages(source, [BOX])
    with pytest.raises(CannotBeOpened):
        page_count(tmp_path / "nowhere.pdf")


def test_a_pdf_that_anybody_may_read_is_burnt_though_copying_is_forbidden(tmp_path: Path, memo: Path) -> None:
    source = tmp_path / "owned.pdf"
    with pikepdf.open(memo) as pdf:
        pdf.save(source, encryption=pikepdf.Encryption(user="", owner="sesame"))
    assert traces([SECRET], redact_pages(source, [BOX])) == ()


def test_a_box_or_page_beyond_the_last_is_refused(memo: Path) -> None:
    assert page_count(memo) == 2
    for regions, pages in (([Region(3, 0, 0, 1, 1)], ()), ([], (3,)), ([], (0,))):
        with pytest.raises(NoSuchPage, match="has 2 pages"):
            redact_pages(memo, regions, pages)


def test_a_huge_page_is_drawn_with_fewer_pixels(tmp_path: Path) -> None:
    source = tmp_path / "plan.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14_400, 14_400))
        pdf.save(source)
    with pikepdf.open(io.BytesIO(redact_pages(source, [BOX], name="plan"))) as pdf:
        assert list(pdf.pages[0].MediaBox) == [0, 0, 14_400, 14_400]
        image = pdf.pages[0].Resources.XObject.Picture
        assert int(image.Width) * int(image.Height) <= 41_000_000


def test_around_a_box_on_a_scan_no_pixel_hangs_on_what_was_inside(tmp_path: Path) -> None:
    made = []
    for ink in ("black", "white"):
        scan = Image.new("RGB", (850, 1100), "white")
        left, top, right, bottom = BOX.pixels(*scan.size)
        for at in range(left, right, 3):
            scan.paste(ink, (at, top, at + 1, bottom))
        source = tmp_path / f"{ink}.pdf"
        scan.save(source, resolution=100, quality=40)
        made.append(redact_pages(source, [BOX]))
    assert made[0] == made[1]

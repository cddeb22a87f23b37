"""PDFs burnt over: every page becomes a picture in a new PDF that has nothing but pictures.

All pages, not only those with a box: a page that was copied would bring along what it shares with the burnt ones
(fonts, form fields, structure, hidden layers, names), and words burnt on one page may stand in another's text layer.
The price is said in the package: the pages can no longer be searched.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont

from export.redaction.pictures import burn, encoded, visible
from export.redaction.refusals import CannotBeOpened, NoSuchPage, TooLargeToRedact
from export.redaction.regions import Region

DPI = 200
"""Pixels an inch: small print stays legible."""

MOST_PAGES = 1_000
MOST_BYTES = 400 << 20
"""The most bytes of a finished PDF, which is held in memory; its pages are drawn one at a time."""

MOST_PAGE_PIXELS = 40_000_000
"""A larger page (a plan, a poster) is drawn with fewer pixels an inch."""

MARGIN = 3
"""Pixels burnt beyond each edge of a box, about 0.4 mm: smoothed edges of letters reach over it."""

SCAN = 0.2
"""A picture that covers this part of a page is taken for a scan of it."""

BLOCK = 17
"""Pixels of a JPEG that can hang on a neighbour: a block of 16, and one more for colour."""


def redact_pages(source: Path, regions: Sequence[Region], whole_pages: Collection[int] = (), name: str = "") -> bytes:
    """Return a new PDF of pictures with black boxes; pages in ``whole_pages`` (from 1) say that they are withheld.

    No text, metadata, attachment, script, bookmark, note, form field or earlier revision comes along. What is drawn
    is what a person sees: filled-in fields and notes as well, hidden layers not. ``name`` is for messages.

    Raises :class:`CannotBeOpened`, :class:`TooLargeToRedact`, :class:`NoSuchPage`.
    """
    name = name or source.name
    with _opened(source, name) as pdf, pikepdf.new() as made:
        pages = len(pdf)
        if pages > MOST_PAGES:
            raise TooLargeToRedact(name, pages, MOST_PAGES, "pages")
        for wanted in sorted({*whole_pages, *(one.page for one in regions)}):
            if not 1 <= wanted <= pages:
                raise NoSuchPage(name, wanted, pages)
        size = 0
        for number in range(1, pages + 1):
            try:
                picture, points, margin = _drawn(pdf, number, number in whole_pages)
            except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
                raise CannotBeOpened(name, f"its page {number} is damaged") from error
            for one in regions:
                if one.page == number and number not in whole_pages:
                    burn(picture, _with_margin(one.pixels(*picture.size), picture.size, margin))
            size += _add(made, picture, points)
            if size > MOST_BYTES:
                raise TooLargeToRedact(name, size, MOST_BYTES, "bytes when drawn")
        out = io.BytesIO()
        made.save(out, deterministic_id=True)
        return out.getvalue()


def page_count(source: Path, name: str = "") -> int:
    """Return how many pages a PDF has. Raises :class:`CannotBeOpened`."""
    with _opened(source, name or source.name) as pdf:
        return len(pdf)


@contextmanager
def _opened(source: Path, name: str) -> Iterator[pypdfium2.PdfDocument]:
    try:
        pdf = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        why = "it is locked by a password" if "assword" in str(error) else "it is damaged or no PDF"
        raise CannotBeOpened(name, why) from error
    except OSError as error:
        raise CannotBeOpened(name) from error
    try:
        if len(pdf) == 0:
            raise CannotBeOpened(name, "it has no pages")
        pdf.init_forms()  # so that what was filled in is drawn
        yield pdf
    finally:
        pdf.close()


def _drawn(pdf: pypdfium2.PdfDocument, number: int, withheld: bool) -> tuple[Image.Image, tuple[float, float], int]:
    """Return a page as a clean picture, its width and height in points as a person sees it, and its boxes' margin."""
    page = pdf[number - 1]
    try:
        width, height = page.get_size()
        scale = min(DPI / 72, (MOST_PAGE_PIXELS / max(width * height, 1)) ** 0.5)
        if withheld:
            return _notice(number, round(width * scale), round(height * scale)), (width, height), 0
        bitmap = page.render(scale=scale)
        try:
            return visible(bitmap.to_pil()), (width, height), _margin(page, scale)
        finally:
            bitmap.close()
    finally:
        page.close()


def _notice(number: int, width: int, height: int) -> Image.Image:
    picture = Image.new("L", (max(width, 1), max(height, 1)), 255)
    words = f"Page {number} withheld"
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=0, width=max(picture.width // 200, 1))
    font = ImageFont.load_default(max(min(picture.width / 16, picture.height / 3), 1))
    draw.text((picture.width / 2, picture.height / 2), words, fill=0, font=font, anchor="mm")
    return picture


def _margin(page: pypdfium2.PdfPage, scale: float) -> int:
    """Return the pixels to burn around a box: on a scan, a block of its compression, which the words have marked."""
    margin = MARGIN
    width, height = page.get_size()
    for image in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = image.get_bounds()
        covers = (right - left) * (top - bottom) / max(width * height, 1)
        if covers >= SCAN and {"DCTDecode", "JPXDecode"} & set(image.get_filters()):
            enlarged = scale * max(right - left, top - bottom) / max(1, *image.get_px_size())
            margin = max(margin, math.ceil(BLOCK * enlarged))
    return margin


def _with_margin(box: tuple[int, int, int, int], size: tuple[int, int], margin: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return max(left - margin, 0), max(top - margin, 0), min(right + margin, size[0]), min(bottom + margin, size[1])


def _add(made: pikepdf.Pdf, picture: Image.Image, points: tuple[float, float]) -> int:
    """Append a page that is one picture; return the picture's size in bytes."""
    width, height = (round(one, 2) for one in points)
    payload, is_jpeg, is_grey = _packed(picture)
    image = made.make_stream(
        payload,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceGray if is_grey else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode if is_jpeg else pikepdf.Name.FlateDecode,
    )
    page = made.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=image))
    page.Contents = made.make_stream(f"q {width} 0 0 {height} 0 0 cm /Picture Do Q".encode())
    return len(payload)


def _packed(picture: Image.Image) -> tuple[bytes, bool, bool]:
    """Return a picture's bytes, without loss or as a JPEG, whichever is smaller; is it a JPEG, is it grey."""
    grey = picture.convert("L")
    is_grey = picture.mode == "L" or ImageChops.difference(grey.convert("RGB"), picture).getbbox() is None
    picture = grey if is_grey else picture
    exact, lossy = zlib.compress(picture.tobytes(), 3), encoded(picture, is_jpeg=True)
    return (lossy, True, is_grey) if len(lossy) < len(exact) else (exact, False, is_grey)

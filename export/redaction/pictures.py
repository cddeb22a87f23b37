"""Pictures burnt over: black boxes in a new picture, to which nothing of the old one but visible pixels comes along."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from msgspec import Struct
from PIL import ExifTags, Image, ImageOps

from export.redaction.refusals import CannotBeOpened, NoSuchPage, TooLargeToRedact
from export.redaction.regions import Region

MOST_PIXELS = 80_000_000
"""About 240 MB a copy in memory; Pillow itself begins to warn of decompression bombs at 89 million."""

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000")
"""What is opened, a JPEG of several pictures (MPO) by way of JPEG. Not EPS, which Pillow hands to another program."""

JPEG_QUALITY = 90
_EXACT = ("PNG", "GIF", "BMP")
_MIRRORED_ACROSS = (2, 3, 6, 7)
_MIRRORED_DOWN = (3, 4, 7, 8)


class RedactedPicture(Struct, frozen=True, kw_only=True):
    """A picture as it goes out. ``note`` says what else is not in it, in a sentence, or is empty."""

    payload: bytes
    media_type: str
    note: str = ""


def redact_picture(source: Path, regions: Sequence[Region], name: str = "") -> RedactedPicture:
    """Return a new picture with black boxes: a JPEG for a JPEG, else a PNG; ``name`` is for messages.

    Of an animation, or several pictures in one file, the first goes out and ``note`` says so: a box is drawn on the
    picture that a person sees, and what it covers may stand elsewhere in the next. Transparency is flattened on
    white, so that what was hidden under it is gone. Around a box in a picture that was compressed with loss, whole
    blocks are burnt, since the words beneath have left their traces all over their blocks.

    Raises :class:`CannotBeOpened`, :class:`TooLargeToRedact`, :class:`NoSuchPage`.
    """
    name = name or source.name
    for one in regions:
        if one.page != 1:
            raise NoSuchPage(name, one.page, 1)
    try:
        return _redacted(source, regions, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLargeToRedact(name, 2 * MOST_PIXELS, MOST_PIXELS, "pixels or more") from None
    except TooLargeToRedact:
        raise
    except Exception as error:  # a hostile picture makes a decoder raise nearly anything
        raise CannotBeOpened(name) from error


def _redacted(source: Path, regions: Sequence[Region], name: str) -> RedactedPicture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(source, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise TooLargeToRedact(name, opened.width * opened.height, MOST_PIXELS, "pixels")
            frames = getattr(opened, "n_frames", 1)
            kind, blocks = opened.format, _blocks(opened)
            opened.seek(0)
            opened.load()
            turned = ImageOps.exif_transpose(opened)
    clean = visible(turned)
    for one in regions:
        burn(clean, _grown(one.pixels(*clean.size), clean.size, blocks))
    is_jpeg = kind in ("JPEG", "MPO")
    return RedactedPicture(
        payload=encoded(clean, is_jpeg=is_jpeg),
        media_type="image/jpeg" if is_jpeg else "image/png",
        note=f"Only the first of the {frames} pictures in this file goes out." if frames > 1 else "",
    )


def visible(image: Image.Image) -> Image.Image:
    """Return a new picture, grey or RGB, with the pixels that a person sees and nothing else of the old one."""
    if image.mode.startswith("I") or image.mode == "F":
        image = _in_bytes(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        clean = Image.new("RGB", image.size, "white")
        clean.paste(image, mask=image.getchannel("A"))
        return clean
    mode = "L" if image.mode in ("1", "L") else "RGB"
    clean = Image.new(mode, image.size)
    clean.paste(image if image.mode == mode else image.convert(mode))
    return clean


def _in_bytes(image: Image.Image) -> Image.Image:
    """Return a picture of more than 8 bits a pixel with 8: plain conversion would cut all that is bright to white."""
    wide = image.convert("F")
    _, brightest = cast("tuple[float, float]", wide.getextrema())
    full = next((one for one in (255.0, 65535.0) if brightest <= one), brightest)
    return wide.point(lambda value: value * (255 / full)).convert("L")


def burn(image: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Blacken a box: left, top, right, bottom in pixels, right and bottom just outside."""
    image.paste(0 if image.mode == "L" else (0, 0, 0), box)


def encoded(image: Image.Image, *, is_jpeg: bool) -> bytes:
    """Return a clean picture as bytes, the same every time."""
    out = io.BytesIO()
    if is_jpeg:
        image.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    else:
        image.save(out, "PNG")
    return out.getvalue()


class _Blocks(Struct, frozen=True):
    """The grid of a picture's blocks as it is seen: the size in pixels (0: none), and which edges it starts from."""

    size: int
    from_right: bool = False
    from_bottom: bool = False


def _blocks(opened: Image.Image) -> _Blocks:
    if opened.format in _EXACT:
        return _Blocks(0)
    sampling = [max(across, down) for _, across, down, _ in getattr(opened, "layer", [])]
    turn = opened.getexif().get(ExifTags.Base.Orientation, 1)
    return _Blocks(8 * max([2, *sampling]), turn in _MIRRORED_ACROSS, turn in _MIRRORED_DOWN)


def _grown(box: tuple[int, int, int, int], size: tuple[int, int], blocks: _Blocks) -> tuple[int, int, int, int]:
    """Return a box that ends at block edges, and one pixel beyond: colour is smoothed across the edge in reading."""
    if not blocks.size:
        return box
    left, right = _aligned(box[0], box[2], size[0], blocks.size, blocks.from_right)
    top, bottom = _aligned(box[1], box[3], size[1], blocks.size, blocks.from_bottom)
    return left, top, right, bottom


def _aligned(start: int, stop: int, length: int, block: int, from_end: bool) -> tuple[int, int]:
    if from_end:
        first, last = _aligned(length - stop, length - start, length, block, False)
        return length - last, length - first
    return max(start // block * block - 1, 0), min(-(-stop // block) * block + 1, length)

"""Attached pictures as small copies for paper: turned upright, flattened on white, without any of their metadata."""

from __future__ import annotations

import warnings
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageOps

LONGEST_SIDE = 800
"""Pixels of a copy: 120 to the inch at the width of the text. The bundle's media folder has the picture itself."""

MOST_PIXELS = 120_000_000
"""Larger pictures are not opened: their memory would be that of a whole volume."""

QUALITY = 78

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
"""What is opened, whatever a file calls itself: Pillow would hand PostScript to another program, and run it."""


class Picture(Struct, frozen=True):
    """A copy that was made: its size in pixels, and how many pictures the file holds (an animation)."""

    width: int
    height: int
    frames: int


def is_picture(media_type: str) -> bool:
    """Return whether a file should be shown. Drawings with code in them (SVG) are named only."""
    return media_type.startswith("image/") and "svg" not in media_type


def copy_for_paper(source: Path, target: Path) -> Picture | None:
    """Write a small JPEG of a picture and return its size, None if it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _copied(source, target)
    except Exception:  # a decoder may raise anything over a broken picture
        return None


def _copied(source: Path, target: Path) -> Picture | None:
    with Image.open(source, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return None
        frames = getattr(opened, "n_frames", 1)
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=1.0)
        upright = ImageOps.exif_transpose(opened)
        # A new image has pixels only: comments, places and previews of the old one stay behind.
        clean = Image.new("RGB", upright.size, "white")
        shown = upright.convert("RGBA") if "transparency" in upright.info or "A" in upright.mode else None
        clean.paste(shown or upright.convert("RGB"), mask=shown)
        clean.save(target, "JPEG", quality=QUALITY)
        return Picture(clean.width, clean.height, frames)

"""Pictures: what their metadata tell, and the words in them, where this computer has tesseract (an option)."""

from __future__ import annotations

import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from ingest.words import traces
from ingest.words.said import Said

PIXELS = 100_000_000
SECONDS = 30
NOT_READ = "words in pictures are not read here (the option “ocr”)"
MACHINE_MADE = "read by machine: expect mistakes"


@cache
def can_read() -> bool:
    """Say whether words in pictures can be read here: the option is installed, and tesseract itself."""
    return find_spec("pytesseract") is not None and which("tesseract") is not None


def of_picture(path: Path) -> Said:
    """Return the words in a picture, marked as machine-made, and whether it tells where it was taken."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None
    tells = traces.in_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as image:
                if image.width * image.height > PIXELS:
                    fault = f"it claims {image.width:,} by {image.height:,} pixels: a decompression bomb"
                    return Said(fault=fault, tells=tells)
                found = traces.COORDINATES & set(image.getexif().get_ifd(traces.GPS))
                return _read(path, traces.PLACE if found else tells)
        except UnidentifiedImageError:
            return Said(fault="it is no picture that can be opened here", tells=tells)


def _read(path: Path, tells: str) -> Said:
    if not can_read():
        return Said(fault=NOT_READ, tells=tells)
    import pytesseract

    try:
        text = pytesseract.image_to_string(str(path), timeout=SECONDS)
        how = f"tesseract {pytesseract.get_tesseract_version()}, {MACHINE_MADE}"
    except (RuntimeError, OSError) as error:
        return Said(fault=f"its words could not be read ({error})", tells=tells)
    return Said(text.strip(), how if text.strip() else "", "", tells)

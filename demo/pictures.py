"""Small pictures, videos and documents, drawn by chance, with the same bytes for the same seed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from demo import webm
from demo.world import Media, Motif

POOL = 48
"""How many pictures of a motif there are: a city of a million posts shows the same ones again."""

FRAMES = 8
FRAME_MS = 250
"""A video lasts two seconds."""

Canvas = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def picture(rng: Random, width: int = 320, height: int = 200, motif: Motif = "landscape") -> bytes:
    """Return a JPEG of something that never was."""
    stored = io.BytesIO()
    _drawn(rng, width, height, motif).save(stored, "JPEG", quality=70)
    return stored.getvalue()


def video(rng: Random, width: int = 320, height: int = 180, motif: Motif = "plow") -> bytes:
    """Return a silent WebM of two seconds in which something drives through a picture."""
    still = _drawn(rng, width, height, motif)
    paint, speed = _any_colour(rng, 90, 255), rng.uniform(0.6, 1.2)
    return webm.video((width, height), FRAME_MS, _frames(still, paint, speed))


def of(media: Media) -> bytes:
    """Return the file of a picture or video of the world: what its motif and its seed draw."""
    slot = media.seed % POOL
    return _of(media.motif or tuple(MOTIFS)[slot % len(MOTIFS)], slot, media.video)


@lru_cache(maxsize=2 * POOL * 6)
def _of(motif: Motif, slot: int, moving: bool) -> bytes:
    rng = Random(f"{motif} {slot}")
    return video(rng, motif=motif) if moving else picture(rng, motif=motif)


def _frames(still: Image.Image, paint: Colour, speed: float) -> Iterator[bytes]:
    width, height = still.size
    for number in range(FRAMES):
        frame = still.copy()
        x = int(speed * width * number / FRAMES) - width // 10
        _vehicle(ImageDraw.Draw(frame), x, height - height // 8, width // 6, paint)
        stored = io.BytesIO()
        frame.save(stored, "WEBP", quality=60, method=2)
        yield stored.getvalue()


def _vehicle(draw: Canvas, x: int, y: int, size: int, paint: Colour) -> None:
    draw.rectangle([x, y - size // 2, x + size, y], fill=paint)
    draw.rectangle([x + size // 2, y - size, x + size, y], fill=paint)
    for wheel in (x + size // 8, x + size * 5 // 8):
        draw.ellipse([wheel, y - size // 8, wheel + size // 4, y + size // 8], fill=(20, 20, 20))


# -- motifs


def _drawn(rng: Random, width: int, height: int, motif: Motif) -> Image.Image:
    image = Image.new("RGB", (width, height), (rng.randint(120, 200), rng.randint(160, 220), rng.randint(200, 255)))
    MOTIFS[motif](ImageDraw.Draw(image), rng, width, height)
    return image


def _any_colour(rng: Random, low: int, high: int) -> Colour:
    return rng.randint(low, high), rng.randint(low, high), rng.randint(low, high)


def _landscape(draw: Canvas, rng: Random, width: int, height: int) -> None:
    for _ in range(6):
        x, y = rng.randint(0, width), rng.randint(height // 3, height)
        size = rng.randint(20, 90)
        shade = (rng.randint(30, 120), rng.randint(80, 160), rng.randint(30, 110))
        draw.polygon([(x - size, height), (x, y), (x + size, height)], fill=shade)
    draw.rectangle([0, height - 30, width, height], fill=(60, 110, 160))


def _pool(draw: Canvas, rng: Random, width: int, height: int) -> None:
    """Draw a swimming pool from above: filled or drained, with its lanes and its ladder."""
    draw.rectangle([0, 0, width, height], fill=(214, 206, 190))
    water = rng.choice([(70, 170, 210), (90, 190, 220), (225, 235, 238)])
    draw.rectangle([width // 10, height // 6, width - width // 10, height - height // 6], fill=water)
    for lane in range(1, rng.randint(4, 7)):
        y = height // 6 + lane * height // 10
        draw.line([width // 10, y, width - width // 10, y], fill=(200, 60, 50), width=2)
    x = rng.randint(width // 8, width * 3 // 4)
    draw.rectangle([x, height // 8, x + width // 20, height // 4], outline=(120, 120, 120), width=3)


def _plow(draw: Canvas, rng: Random, width: int, height: int) -> None:
    """Draw a snow plow on a white street."""
    draw.rectangle([0, 0, width, height], fill=(60, 70, 100))
    draw.rectangle([0, height * 2 // 3, width, height], fill=(235, 240, 245))
    x, y, size = rng.randint(width // 6, width // 2), height * 3 // 4, width // 4
    _vehicle(draw, x, y, size, (230, rng.randint(120, 170), 30))
    draw.polygon(
        [(x + size, y), (x + size + size // 4, y), (x + size + size // 8, y - size // 2)], fill=(120, 130, 140)
    )
    for _ in range(60):
        flake_x, flake_y = rng.randint(0, width), rng.randint(0, height)
        draw.rectangle([flake_x, flake_y, flake_x + 1, flake_y + 1], fill=(255, 255, 255))


def _map(draw: Canvas, rng: Random, width: int, height: int) -> None:
    """Draw a map of streets, some of them closed, and the river."""
    draw.rectangle([0, 0, width, height], fill=(240, 236, 224))
    draw.line(
        [0, rng.randint(0, height), width // 2, height // 2, width, rng.randint(0, height)],
        fill=(150, 200, 230),
        width=14,
    )
    for number in range(1, 8):
        street = (220, 50, 40) if rng.random() < 0.25 else (255, 255, 255)
        draw.line([number * width // 8, 0, number * width // 8 + rng.randint(-20, 20), height], fill=street, width=5)
        draw.line([0, number * height // 8, width, number * height // 8 + rng.randint(-10, 10)], fill=street, width=5)


def _gate(draw: Canvas, rng: Random, width: int, height: int) -> None:
    """Draw a closed gate with a sign on it."""
    draw.rectangle([0, height * 2 // 3, width, height], fill=(110, 150, 90))
    iron = _any_colour(rng, 20, 90)
    for x in range(width // 8, width - width // 8, width // 20):
        draw.line([x, height // 4, x, height - height // 8], fill=iron, width=4)
    for y in (height // 3, height * 3 // 4):
        draw.line([width // 8, y, width - width // 8, y], fill=iron, width=6)
    left = width // 2 - rng.randint(30, 50)
    draw.rectangle([left, height * 2 // 5, left + 90, height * 3 // 5], fill=(250, 245, 200), outline=iron, width=3)
    for y in (height * 9 // 20, height // 2):
        draw.line([left + 12, y, left + 78, y], fill=(60, 60, 60), width=3)


def _park(draw: Canvas, rng: Random, width: int, height: int) -> None:
    """Draw a lawn with trees and a path."""
    draw.rectangle([0, height // 2, width, height], fill=(100, 170, 80))
    draw.polygon([(width // 3, height), (width // 2, height // 2), (width * 2 // 3, height)], fill=(220, 200, 160))
    for _ in range(rng.randint(4, 8)):
        x, y, size = rng.randint(0, width), rng.randint(height // 2, height * 4 // 5), rng.randint(16, 34)
        draw.rectangle([x - 3, y - size, x + 3, y], fill=(110, 80, 50))
        draw.ellipse([x - size, y - 2 * size, x + size, y - size // 2], fill=(30, rng.randint(100, 150), 50))


MOTIFS: Mapping[Motif, Callable[[Canvas, Random, int, int], None]] = {
    "landscape": _landscape,
    "pool": _pool,
    "plow": _plow,
    "map": _map,
    "gate": _gate,
    "park": _park,
}
"""What a picture can show, and how it is drawn."""


def document(line: str) -> bytes:
    """Return a PDF of one page with one line of ASCII text (ISO 32000-1, 7.5)."""
    escaped = line.encode("ascii", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    stream = b"BT /F1 14 Tf 72 720 Td (" + escaped + b") Tj ET"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(file))
    return file + table + trailer

"""Small pictures and documents, drawn by chance, with the same bytes for the same seed."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw


def picture(rng: Random, width: int = 320, height: int = 200) -> bytes:
    """Return a JPEG of a landscape that never was."""
    sky = (rng.randint(120, 200), rng.randint(160, 220), rng.randint(200, 255))
    image = Image.new("RGB", (width, height), sky)
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = rng.randint(0, width), rng.randint(height // 3, height)
        size = rng.randint(20, 90)
        shade = (rng.randint(30, 120), rng.randint(80, 160), rng.randint(30, 110))
        draw.polygon([(x - size, height), (x, y), (x + size, height)], fill=shade)
    draw.rectangle([0, height - 30, width, height], fill=(60, 110, 160))
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=70)
    return stored.getvalue()


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

"""Every text that somebody could read out of a finished file with ordinary tools."""

from __future__ import annotations

import io
import re
import sqlite3
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256

from msgspec import Struct

from export.redaction.escapes import base64_runs, undone, unquoted

DEEPEST = 4
"""Files inside files, and codings inside codings, that are followed."""

MOST_INFLATED = 256 << 20
"""Bytes that one compressed part is followed to."""

WINDOW = 4 << 20
OVERLAP = 64 << 10
"""Bytes that are no text are looked at a window at a time, so that memory stays flat."""

_STREAM = re.compile(rb"stream\r?\n")


class Readable(Struct, frozen=True):
    """One text, and the way to it inside the file. ``raw`` marks bytes that may be no text at all."""

    path: tuple[str, ...]
    text: str
    raw: bool = False


def readable(data: bytes, media_type: str = "", path: tuple[str, ...] = ()) -> Iterator[Readable]:
    """Yield all texts of a file; damage never raises, since what cannot be read here is still looked at as bytes."""
    yield from _as_text(data, path)
    if len(path) >= DEEPEST:
        return
    if data[:1024].find(b"%PDF-") >= 0 or media_type == "application/pdf":
        yield from _of_pdf(data, path)
    elif data.startswith(b"SQLite format 3\0"):
        yield from _of_database(data, path)
    elif data.startswith(b"PK"):
        yield from _of_zip(data, path)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        yield from _of_compound_file(data, path)
    elif data.startswith(b"\x1f\x8b"):
        yield from readable(_inflated(data, 31), path=(*path, "unpacked"))
    elif media_type.startswith("image/") or data.startswith(_PICTURES) or data[4:8] == b"ftyp":
        yield from _of_picture(data, path)


_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


def _as_text(data: bytes, path: tuple[str, ...], depth: int = 0) -> Iterator[Readable]:
    try:
        text, raw = data.decode(), b"\0" in data
    except UnicodeDecodeError:
        if len(data) > WINDOW:
            for start in range(0, len(data), WINDOW - OVERLAP):
                yield from _as_text(data[start : start + WINDOW], path, depth)
            return
        text, raw = data.decode("cp1252", "replace"), True
        yield Readable(path, data.decode("utf-8", "replace"), raw)
    yield Readable(path, text, raw)
    if b"\0" in data:
        for shift in (0, 1):  # the other byte order is this one, shifted
            yield Readable((*path, "UTF-16"), data[shift:].decode("utf-16-le", "replace"), raw)
    if depth < DEEPEST:
        yield from _undone(data, text, raw, path, depth + 1)


def _undone(data: bytes, text: str, raw: bool, path: tuple[str, ...], depth: int) -> Iterator[Readable]:
    """Yield a text with its escapes undone."""
    if not raw:
        for way, plain in undone(text):
            yield Readable((*path, way), plain)
        yield Readable((*path, "quoted-printable"), unquoted(data))
    for decoded in base64_runs(data):
        yield from _as_text(decoded, (*path, "base64"), depth)
        if len(decoded) > 64:
            yield from (one for one in readable(decoded, path=(*path, "base64")) if len(one.path) > len(path) + 1)


def _inflated(data: bytes | memoryview, window: int = 15) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(data, MOST_INFLATED)
    except zlib.error:
        return b""


# -- kinds of files


def _of_picture(data: bytes, path: tuple[str, ...]) -> Iterator[Readable]:
    from PIL import Image

    here = (*path, "the picture's metadata")
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data)) as image:
            warnings.simplefilter("ignore")
            told = dict(image.info)
            if image.format == "PNG" and image.width * image.height <= 80_000_000:
                image.load()  # a PNG's last texts stand behind the pixels
            told |= image.info
            told |= {f"tag {key}": value for key, value in image.getexif().items()}
    except Exception:  # a hostile picture makes a decoder raise nearly anything; its bytes were looked at
        return
    for key, value in told.items():
        values = value if isinstance(value, (list, tuple)) else (value,)
        for one in values:
            yield from _as_text(one if isinstance(one, bytes) else f"{key}: {one}".encode(), here)


def _of_zip(data: bytes, path: tuple[str, ...]) -> Iterator[Readable]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield from _as_text(packed.comment, (*path, "the zip's comment"))
            for member in packed.infolist():
                yield from _as_text(f"{member.filename}\n".encode() + member.comment, (*path, "names of members"))
                if not member.is_dir():
                    with packed.open(member) as opened:
                        yield from readable(opened.read(MOST_INFLATED), path=(*path, member.filename))
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError):
        return


def _of_compound_file(data: bytes, path: tuple[str, ...]) -> Iterator[Readable]:
    """Yield the streams of an Outlook item or an old Office file; its texts are in UTF-16 where their names say so."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as opened:
            for name in opened.listdir():
                stream, here = opened.openstream(name).read(MOST_INFLATED), (*path, "/".join(name))
                if name[-1].endswith("001F"):
                    yield Readable(here, stream.decode("utf-16-le", "replace"))
                else:
                    yield from readable(stream, path=here)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return


def _of_database(data: bytes, path: tuple[str, ...]) -> Iterator[Readable]:
    with closing(sqlite3.connect(":memory:")) as opened:
        try:
            opened.deserialize(data[:18] + b"\1\1" + data[20:])  # a copy in memory has no write-ahead log
            names = [row[0] for row in opened.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        except sqlite3.Error:
            return
        opened.text_factory = bytes
        for name in names:
            try:
                quoted = name.replace('"', '""')
                for row in opened.execute(f'SELECT * FROM "{quoted}"'):
                    for value in row:
                        if isinstance(value, bytes):
                            yield from readable(value, path=(*path, f"table {name}"))
                        elif isinstance(value, int):
                            yield Readable((*path, f"table {name}"), str(value))
            except sqlite3.Error:
                continue


def _of_pdf(data: bytes, path: tuple[str, ...]) -> Iterator[Readable]:
    yield from _pdf_pages(data, path)
    known: dict[bytes, set[tuple[int, bytes]]] = {}
    yield from _pdf_objects(data, path, known)
    for start in _STREAM.finditer(data):  # an earlier revision's streams are in no table of contents
        alike = known.get(data[start.end() : start.end() + 64], ())
        if not any(sha256(data[start.end() : start.end() + size]).digest() == digest for size, digest in alike):
            yield from readable(_inflated(memoryview(data)[start.end() :]), path=(*path, "a stream"))


def _pdf_pages(data: bytes, path: tuple[str, ...]) -> Iterator[Readable]:
    import pypdfium2

    try:
        with closing(pypdfium2.PdfDocument(data)) as pdf:
            for number in range(len(pdf)):
                with closing(pdf[number]) as page, closing(page.get_textpage()) as text:
                    words = text.get_text_range().replace("\ufffe", "")
                yield Readable((*path, f"page {number + 1}"), words)
    except pypdfium2.PdfiumError:
        return


def _pdf_objects(data: bytes, path: tuple[str, ...], known: dict[bytes, set[tuple[int, bytes]]]) -> Iterator[Readable]:
    """Yield the strings and streams of the latest revision.

    ``known`` takes in each stream: how it begins, its size in bytes and its SHA-256.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for one in pdf.objects:
                yield from _pdf_strings(one, path)
                if isinstance(one, pikepdf.Stream):
                    stored = one.read_raw_bytes()
                    known.setdefault(stored[:64], set()).add((len(stored), sha256(stored).digest()))
                    yield from readable(_pdf_stream(one), path=(*path, "a stream"))
    except pikepdf.PdfError:
        return


def _pdf_strings(one: object, path: tuple[str, ...], depth: int = 0) -> Iterator[Readable]:
    import pikepdf

    if isinstance(one, pikepdf.String):
        yield Readable((*path, "a string"), str(one))
    elif isinstance(one, pikepdf.Array) and depth < 50:
        for inner in one:
            if not getattr(inner, "is_indirect", False):
                yield from _pdf_strings(inner, path, depth + 1)
    elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)) and depth < 50:
        for key in one.keys():  # noqa: SIM118  (a stream cannot be iterated)
            inner = one[key]
            yield Readable((*path, "a name"), key)
            if not getattr(inner, "is_indirect", False):
                yield from _pdf_strings(inner, path, depth + 1)


def _pdf_stream(one: object) -> bytes:
    import pikepdf

    assert isinstance(one, pikepdf.Stream)
    if one.get("/Subtype") == pikepdf.Name.Image and one.get("/Filter") == pikepdf.Name.FlateDecode:
        return b""  # pixels
    try:
        return one.read_bytes()
    except pikepdf.PdfError:
        return one.read_raw_bytes()  # a picture, with its own metadata

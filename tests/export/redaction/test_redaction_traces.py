from __future__ import annotations

import base64
import gzip
import io
import json
import quopri
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from export.redaction.mail import rebuild
from export.redaction.traces import reads, traces
from productions import record

WORDS = ["Zoë Secretson", "608-555-0123"]
SECRET = "for Zoë Secretson at (608) 555-0123 only"

CODED: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "UTF-16, the other order, shifted": lambda text: b"x" + text.encode("utf-16-be"),
    "Windows": lambda text: text.encode("cp1252"),
    "percent": lambda text: quote(text).encode(),
    "plus": lambda text: quote(text, safe=" ").replace(" ", "+").encode(),
    "base64": lambda text: b'{"body": "' + base64.b64encode(text.encode()) + b'"}',
    "base64 in lines": lambda text: base64.encodebytes((text + " " * 90 + text).encode()),
    "URL-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "entities": lambda text: "".join(f"&#{ord(one)};" for one in text).encode(),
    "named entities": lambda text: text.replace("ë", "&euml;").replace(" ", "&nbsp;").encode(),
    "JSON": lambda text: json.dumps({"a": "\n" + text}).encode(),
    "JSON throughout": lambda text: "".join(f"\\u{ord(one):04x}" for one in text).encode(),
    "markup": lambda text: text.replace("Secret", "Sec<b>ret</b>").replace("555", "5<i>55</i>").encode(),
    "gzip": lambda text: gzip.compress(text.encode(), mtime=0),
    "decomposed": lambda text: text.replace("ë", "e\u0308").encode(),
}


@pytest.mark.parametrize("coding", CODED)
def test_words_are_found_in_every_coding(coding: str) -> None:
    payload = CODED[coding](SECRET)
    assert {one.words for one in traces(WORDS, payload)} == {0, 1}
    assert traces(["Grace Lee", "608-555-0199"], payload) == ()


def test_words_are_found_in_office_files_though_their_markup_cuts_them() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", "<w:t>Zoë Sec</w:t></w:r><w:r><w:t>retson</w:t>")
        packed.writestr("inner.zip", _zip("608.555.0123.txt", b""))
    found = traces(WORDS, out.getvalue(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    assert {(0, "word/document.xml › without markup"), (1, "inner.zip › names of members")} <= {
        (one.words, one.place) for one in found
    }


def _zip(name: str, payload: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, payload)
    return out.getvalue()


def test_words_are_found_in_a_pictures_metadata() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Lee"
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=exif, comment="Zoë Secretson".encode())
    assert {one.words for one in traces(["Lee", "Zoë Secretson", "Ann"], out.getvalue())} == {0, 1}
    told = PngInfo()
    told.add_text("Comment", SECRET, zip=True)
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG", pnginfo=told)
    assert {one.words for one in traces(WORDS, out.getvalue())} == {0, 1}


def test_words_are_found_in_a_database(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute('CREATE TABLE "po""sts" (a, b, c)')
        opened.execute('INSERT INTO "po""sts" VALUES (?, ?, ?)', ("x", "Lee", 6085550123))
        opened.execute('INSERT INTO "po""sts" VALUES (?, ?, ?)', ("x", zlib.compress(b""), "Zoë Secretson"))
    opened.close()
    found = traces([*WORDS, "Lee", "Ann"], path.read_bytes())
    assert {one.words for one in found} == {0, 1, 2}
    assert {one.place for one in found} >= {'table po"sts'}


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    source = tmp_path / "a.typ"
    source.write_text("The pool is closed.")
    made = tmp_path / "a.pdf"
    made.write_bytes(typst.compile(source))
    return made


def test_words_are_found_on_a_page_though_its_font_has_codes_of_its_own(tmp_path: Path) -> None:
    source = tmp_path / "a.typ"
    source.write_text(SECRET)
    found = traces(WORDS, typst.compile(source))
    assert {(0, "page 1"), (1, "page 1")} <= {(one.words, one.place) for one in found}


def test_words_are_found_in_the_strings_and_attachments_of_a_pdf(pdf: Path) -> None:
    assert traces(WORDS, pdf.read_bytes()) == ()
    with pikepdf.open(pdf) as opened:
        opened.docinfo["/Title"] = "Zoë Secretson"
        opened.attachments["a.bin"] = zlib.compress(b"") + b"608 555 0123"
        out = io.BytesIO()
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert {one.words for one in traces(WORDS, out.getvalue())} == {0, 1}


def test_words_are_found_in_an_earlier_revision_of_a_pdf(pdf: Path) -> None:
    older = b"99 0 obj <</Length 9 /Filter /FlateDecode>>\nstream\n" + zlib.compress(SECRET.encode()) + b"\nendstream\n"
    whole = pdf.read_bytes()
    start = whole.rindex(b"startxref")
    assert {one.words for one in traces(WORDS, whole[:start] + older + whole[start:])} == {0, 1}


def test_an_earlier_revision_is_read_though_it_begins_like_the_latest(tmp_path: Path) -> None:
    same = bytes(n * n % 251 for n in range(300))
    out = tmp_path / "a.pdf"
    with pikepdf.new() as opened:
        opened.add_blank_page()
        opened.Root.Kept = opened.make_stream(zlib.compress(same, 0), Filter=pikepdf.Name.FlateDecode)
        opened.save(out, recompress_flate=False)
    older = b"9 0 obj <<>>\nstream\n" + zlib.compress(same + SECRET.encode(), 0) + b"\nendstream\n"
    packed = zlib.compress(b"x" * 9 + SECRET.encode() * 9)
    whole = out.read_bytes()
    assert {one.words for one in traces(WORDS, whole + older + b"stream\n" + packed)} == {0, 1}


def test_words_are_found_in_a_message() -> None:
    title = "für " + SECRET
    for payload in (rebuild(record(1, title=title), ()), rebuild(record(1, author=title), ())):
        assert {one.words for one in traces(WORDS, payload, "message/rfc822")} == {0, 1}


def test_short_words_are_not_found_by_chance_in_compressed_bytes() -> None:
    noise = zlib.compress("".join(chr(n * n % 50_000 + 40) for n in range(60_000)).encode())
    assert traces(["Lee", "Al", "O"], b"\xff\xd8\xff" + noise, "image/jpeg") == ()


STARTS = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"SQLite format 3\0",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe1",
    b"\x1f\x8b",
]


@given(st.binary(max_size=400), st.sampled_from(STARTS), st.text(max_size=9))
def test_no_file_is_too_broken_to_be_looked_at(rest: bytes, start: bytes, words: str) -> None:
    traces([words, *WORDS], start + rest)
    assert {one.words for one in traces(WORDS, start + rest + b" " + SECRET.encode())} == {0, 1}


def test_a_text_that_says_it_is_utf_16_is_text_and_not_raw_bytes() -> None:
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        assert "Grace Lee, 小" in "".join(reads(mark + "Grace Lee, 小".encode(encoding), raw=False))

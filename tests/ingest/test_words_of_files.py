from __future__ import annotations

import io
import json
import os
import signal
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive.archive import Archive
from archive.disposal import Authority, dispose
from archive.verify import verify
from composition import House, house
from desk import Desk
from ingest.media import media_type
from ingest.words import captions, pictures, reading
from ingest.words.said import Said
from ingest.words.unread import unread
from ingest.words.worker import Worker


def said(tmp_path: Path, name: str, raw: bytes, media_type: str = "application/octet-stream") -> Said:
    path = tmp_path / "object"  # as in the archive: an object has no ending
    path.write_bytes(raw)
    return reading.read(path, media_type, name)


def word(*paragraphs: str) -> bytes:
    made = docx.Document()
    for one in paragraphs:
        made.add_paragraph(one)
    made.add_table(1, 2).cell(0, 1).text = "In a cell"
    made.sections[0].header.paragraphs[0].text = "At the top"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Pumps"
    book.active.append(["Valve", 1200, None])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(*pages: str) -> bytes:
    """Return a PDF with a line of words on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        drawn = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET" if text else ""
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    made = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return made + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


# -- one file


def test_words_are_read_out_of_every_sort_of_file(tmp_path: Path) -> None:
    assert said(tmp_path, "a.pdf", pdf("The pool", "opens"), "application/pdf").text == "The pool\n\nopens"
    assert "Deep end" in said(tmp_path, "a.docx", word("Deep end")).text
    assert "Valve\t1200" in said(tmp_path, "a.xlsx", workbook()).text
    assert said(tmp_path, "a.html", b"<p>Open <script>x</script>today", "text/html").text == "Open today"
    assert said(tmp_path, "a.txt", "Größe".encode("cp1252"), "text/plain").text == "Größe"
    assert said(tmp_path, "a.rtf", b"{\\rtf1 Rich words}", "text/rtf").text == "Rich words"
    assert said(tmp_path, "a.json", b'{"a": ["In a value", 1]}', "application/json").text == "In a value"
    mail = said(tmp_path, "a.eml", b"From: Ada <a@b.example>\nSubject: Pool\n\nInside.\n", "message/rfc822").text
    assert mail.split("\n") == ["Ada a@b.example", "Pool", "Inside."]


def test_a_file_is_read_as_what_it_is_and_not_as_it_is_called(tmp_path: Path) -> None:
    for raw, name, words in (
        (pdf("A qzpdf"), "photo.jpg", "A qzpdf"),
        (pdf("A qzpdf"), "plan.docx", "A qzpdf"),
        (word("A qzword"), "plan.pdf", "A qzword"),
        (word("A qzword"), "plan", "A qzword"),
        (workbook(), "export.bin", "Valve\t1200"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\nA qzcaption\n", "captions.txt", "A qzcaption"),
        (b"Only qzwords in a line.\n", "photo.jpg", "Only qzwords in a line."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><text>A qzdrawing</text></svg>', "map.svg", "A qzdrawing"),
    ):
        assert words in said(tmp_path, name, raw, media_type(raw[:4096], name)).text
    program = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(400)
    assert "no reader" in said(tmp_path, "plan.pdf", program, media_type(program, "plan.pdf")).fault
    assert said(tmp_path, "plan.pdf", b"", media_type(b"", "plan.pdf")).fault == "it is empty"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, raw in members.items():
            packed.writestr(name.replace("__", "."), raw)
    return out.getvalue()


def test_the_files_in_an_attached_zip_are_read_under_their_names(tmp_path: Path) -> None:
    inner = zipped(a__txt=b"A qzdeep word", b__zip=zipped(c__zip=zipped(d__txt=b"too deep")))
    raw = zipped(minutes__pdf=pdf("A qzpdf"), memo__docx=word("A qzword"), more__zip=inner, a__exe=b"\0\1")
    found = said(tmp_path, "all.zip", raw, media_type(raw[:4096], "all.zip"))
    assert found.text.startswith("minutes.pdf\nA qzpdf\n\nmemo.docx\nA qzword")
    assert "A qzdeep word" in found.text
    assert "too deep" not in found.text
    assert "c.zip: it lies in files inside files, and is not opened" in found.fault
    assert "a.exe: there is no reader" in found.fault


def test_the_files_of_an_attached_message_are_read_too(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Ada <a@b.example>", "Plans"
    mail.set_content("See these.")
    mail.add_attachment(pdf("A qzpdf"), maintype="application", subtype="octet-stream", filename="plan.pdf")
    mail.add_attachment(placed("JPEG"), maintype="image", subtype="jpeg", filename="gate.jpg")
    found = said(tmp_path, "fwd.eml", mail.as_bytes(), "message/rfc822")
    assert found.text.startswith("Ada a@b.example\nPlans\nSee these.\nplan.pdf\nA qzpdf\n\ngate.jpg")
    assert found.tells == "place"


def test_what_stands_around_the_text_of_a_word_file_is_read_too(tmp_path: Path) -> None:
    text = said(tmp_path, "a.docx", word("First", "Second")).text
    assert text.index("First\n") < text.index("Second\n") < text.index("In a cell") < text.index("At the top")


def test_a_file_says_how_it_was_read_and_why_not(tmp_path: Path) -> None:
    assert said(tmp_path, "a.pdf", pdf("The pool"), "application/pdf").how.startswith("pypdfium2 ")
    assert said(tmp_path, "a.pdf", pdf("The pool", ""), "application/pdf").fault == (
        "1 of 2 pages have no words: they may be pictures"
    )
    for name, raw, kind, why in (
        ("a.pdf", b"%PDF-1.4 broken", "application/pdf", "damaged"),
        ("a.docx", b"PK\x03\x04 broken", "application/zip", "damaged"),
        ("a.xlsx", b"no workbook", "application/zip", "damaged"),
        ("a.xls", b"no workbook", "application/vnd.ms-excel", "damaged"),
        ("a.exe", b"MZ", "application/x-dosexec", "no reader"),
    ):
        found = said(tmp_path, name, raw, kind)
        assert why in found.fault
        assert (found.text, found.how) == ("", "")


def test_a_decompression_bomb_is_not_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("word/document.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(600):
            member.write(bytes(1 << 20))
    assert "decompression bomb" in said(tmp_path, "a.docx", out.getvalue()).fault


def test_entities_in_a_hostile_word_file_read_nothing_from_outside(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("qzsecret")
    xml = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:t>&x;</w:t></w:document>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", xml)
    assert "qzsecret" not in said(tmp_path, "a.docx", out.getvalue()).text


def test_captions_are_spoken_words_without_times() -> None:
    vtt = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000 align:start\n<v Mara>The pool &amp; park\n\nNOTE no words\n"
    assert captions.spoken(vtt) == "The pool & park"
    assert (
        captions.spoken(
            "1\r\n00:00:00,000 --> 00:00:01,000\r\nOne\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\nOne\r\nTwo"
        )
        == "One\nTwo"
    )
    assert (
        captions.spoken(json.dumps({"events": [{"segs": [{"utf8": "Hel"}, {"utf8": "lo\n"}]}, {"id": 1}]})) == "Hello"
    )
    assert captions.spoken('<tt><body><p begin="0s">Good <br/>day</p></body></tt>') == "Good\nday"


def placed(form: str) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)
    exif[0x8825] = {1: "N", 2: (44.0, 58.0, 0.0), 3: "W", 4: (92.0, 24.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form, exif=exif)
    return out.getvalue()


def exif_block() -> bytes:
    raw = placed("JPEG")
    return raw[raw.index(b"MM\0*") :][:2000]


def box(kind: bytes, *inside: bytes) -> bytes:
    raw = b"".join(inside)
    return (8 + len(raw)).to_bytes(4, "big") + kind + raw


PLACE = box(b"moov", box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+44.9-092.4/")))


def test_a_file_that_tells_where_it_was_made_is_marked(tmp_path: Path) -> None:
    heic = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"mdat", bytes(50_000), b"\0\0\0\x06Exif\0\0", exif_block())
    film = box(b"ftyp", b"isom\0\0\2\0isom")
    long = film + box(b"mdat", bytes(3 << 20)) + PLACE + box(b"free", bytes(3 << 20))
    xmp = b'%PDF-1.4\n<x:xmpmeta><rdf:Description exif:GPSLatitude="44,58.0N"/></x:xmpmeta>'
    for name, raw in (
        ("a.jpg", placed("JPEG")),
        ("a.png", placed("PNG")),
        ("a.webp", placed("WEBP")),
        ("a.heic", heic),
        ("a.mp4", film + PLACE),
        ("long.mp4", long),
        ("a.mp3", bytes(100) + b"\xa9xyz\0\x12\x15\xc7+44.9-92.4/"),
        (
            "memo.docx",
            zipped(**{"word/document__xml": b"<w:p xmlns:w='w'/>", "word/media/image1__jpeg": placed("JPEG")}),
        ),
        ("all.zip", zipped(a__jpg=placed("JPEG"), b__txt=b"words")),
    ):
        types = {"a.mp3": "audio/mpeg", "memo.docx": "application/zip"}
        assert said(tmp_path, name, raw, types.get(name) or media_type(raw[:4096], name)).tells == "place", name
    for name, raw in (("a.pdf", pdf("A plan") + xmp), ("b.pdf", pdf("A plan") + placed("JPEG"))):
        assert said(tmp_path, name, raw, "application/pdf").tells == "place", name


def test_a_file_that_tells_no_place_is_not_marked(tmp_path: Path) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)
    exif[0x8825] = {0: b"\2\3\0\0"}  # a camera without a fix
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    assert said(tmp_path, "b.jpg", out.getvalue(), "image/jpeg").tells == ""
    inside = box(b"ftyp", b"isom\0\0\2\0isom") + box(b"mdat", b"\xa9xyz\0\x12\x15\xc7+44.9-92.4/")
    assert said(tmp_path, "b.mp4", inside, "video/mp4").tells == ""


def test_a_file_that_tells_from_which_computer_it_was_sent_is_marked(tmp_path: Path) -> None:
    assert said(tmp_path, "d.json", b'{"upload_ip": "192.0.2.7"}', "application/json").tells == "address"
    for header in ("X-Originating-IP: [192.0.2.7]", "x-sender-ip: 2001:db8::7", "X-ClientIP:\t192.0.2.7"):
        mail = f"From: a@b.example\n{header}\n\nWords.\n".encode()
        assert said(tmp_path, "d.eml", mail, "message/rfc822").tells == "address", header
    quoted = b"From: a@b.example\nX-Trip: no numbers\n\nX-Originating-IP: 192.0.2.7\n"
    assert said(tmp_path, "e.eml", quoted, "message/rfc822").tells == ""


@pytest.mark.skipif(not pictures.can_read(), reason="tesseract, or the option ocr, is not installed")
def test_words_in_pictures_are_marked_as_read_by_machine(tmp_path: Path) -> None:
    from PIL import ImageDraw, ImageFont

    image = Image.new("RGB", (600, 120), "white")
    ImageDraw.Draw(image).text((20, 20), "POOL CLOSED", fill="black", font=ImageFont.load_default(60))
    out = io.BytesIO()
    image.save(out, "PNG")
    found = said(tmp_path, "a.png", out.getvalue(), "image/png")
    assert "POOL" in found.text
    assert "by machine" in found.how


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            "application/pdf",
            "application/zip",
            "application/vnd.ms-excel",
            "text/vtt",
            "application/json",
            "text/html",
            "text/rtf",
            "message/rfc822",
            "image/jpeg",
            "video/mp4",
            "text/plain",
        ]
    ),
    st.sampled_from([".docx", ".xlsx", ".zip", ".srt", ".eml", ""]),
)
def test_no_bytes_make_a_reader_fail(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, kind: str, suffix: str
) -> None:
    found = said(tmp_path_factory.getbasetemp(), f"a{suffix}", raw, kind)
    found.text.encode()
    found.fault.encode()


# -- the process beside


def test_a_file_that_breaks_its_reader_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("The pool"))
    with Worker() as worker:
        assert worker.read(tmp_path / "a.pdf", "application/pdf", "a.pdf").text == "The pool"
        assert worker._process is not None
        assert worker._process.pid is not None
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.join()
        assert "broke down" in worker.read(tmp_path / "a.pdf", "application/pdf", "a.pdf").fault
        assert worker.read(tmp_path / "a.pdf", "application/pdf", "a.pdf").text == "The pool"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes of this sort")
def test_a_file_that_takes_too_long_is_left(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.eml")  # whoever opens it waits for a writer
    with Worker(seconds=2) as worker:
        assert "longer than 2 seconds" in worker.read(tmp_path / "a.eml", "message/rfc822", "a.eml").fault


# -- in an archive


@pytest.fixture
def opened(desk: Desk) -> House:
    desk.bring(
        "2026-03-01T10:00:00",
        {"id": "1", "at": "2026-02-01T10:00:00", "text": "See the plan.", "files": {"plan.txt": "A qzvalve of brass."}},
        {"id": "2", "at": "2026-02-02T10:00:00", "text": "The video.", "files": {
            "council.mp4": "film", "council.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nMotion to qzadjourn\n"}},
        {"id": "3", "at": "2026-02-03T10:00:00", "text": "Once more.", "files": {"plan.txt": "A qzvalve of brass."}},
    )  # fmt: skip
    made = house(desk.archive)
    made.catch_up()
    return made


def ids(opened: House, query: str) -> list[str]:
    return [one.content.native_id for one in opened.archive.version(opened.finder.find(query))]


def test_the_words_of_files_are_found_with_their_records(opened: House) -> None:
    assert ids(opened, "qzvalve") == ["1", "3"]
    assert ids(opened, "qzadjourn") == ["2"]
    assert ids(opened, "qzvalves") == ["1", "3"]
    hit = opened.finder.search("qzadjourn").hits[0]
    assert "qzadjourn" in hit.snippet.text


def test_words_are_no_part_of_a_record_and_verify_says_so(opened: House) -> None:
    before = [one.digest for one in opened.archive.versions()]
    with opened.archive.state_transaction() as connection:
        connection.execute("UPDATE extracted SET text = 'something else'")
    assert [one.digest for one in opened.archive.versions()] == before
    assert list(verify(opened.archive, deep=True)) == []


def test_a_file_is_read_once_however_many_records_have_it(opened: House) -> None:
    rows = opened.archive.connection.execute("SELECT count(*), count(DISTINCT sha256) FROM extracted").fetchone()
    assert rows == (3, 3)


def test_what_was_read_is_thrown_away_and_read_again_the_same(opened: House) -> None:
    def rows() -> list[tuple[object, ...]]:
        return opened.archive.connection.execute("SELECT * FROM extracted ORDER BY sha256").fetchall()

    before = rows()
    opened.rebuild()
    assert rows() == before
    assert opened.texts.position == opened.archive.head()


def test_an_archive_from_before_finds_words_of_its_files_after_one_catch_up(opened: House) -> None:
    with opened.archive.state_transaction() as connection:
        connection.execute("DELETE FROM extracted")
        connection.execute("DELETE FROM follower WHERE name = 'attachment texts'")
    opened.index.rebuild()
    fresh = house(opened.archive)
    assert ids(fresh, "qzvalve") == []
    fresh.catch_up()
    assert ids(fresh, "qzvalve") == ["1", "3"]


def test_words_go_with_the_last_record_that_has_the_file(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    plan = {"plan.txt": "A qzvalve of brass."}
    items = [{"id": one, "at": "2026-02-01T10:00:00", "text": f"Post {one}", "files": plan} for one in "12"]
    Desk(archive, tmp_path / "backups").bring("2026-03-01T10:00:00", *items)
    house(archive).catch_up()
    for record, left in ((1, 1), (2, 0)):
        with archive.act("disposition.executed", "disposition:1") as act:
            dispose(act, [record], Authority("2033-01-01", "destroy", "posts", "Wis. Stat. 19.21"))
        assert archive.connection.execute("SELECT count(*) FROM extracted").fetchone() == (left,)


def test_a_reader_that_reads_better_reads_again(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.words.follower.VERSION", 99)
    assert opened.texts.position == 0
    opened.catch_up()
    assert opened.archive.connection.execute("SELECT DISTINCT reader FROM extracted").fetchall() == [
        (opened.texts.reader,)
    ]


def test_the_files_that_could_not_be_read_are_listed_with_the_reason(desk: Desk) -> None:
    files = {"plan.pdf": "%PDF-1.4 broken", "talk.mp4": "film", "plan.txt": "A valve."}
    desk.bring("2026-03-01T10:00:00", {"id": "1", "at": "2026-02-01T10:00:00", "text": "See", "files": files})
    house(desk.archive).catch_up()
    (row,) = unread(desk.archive)
    assert (row["account"], row["file"], row["characters"]) == ("plain", "plan.pdf", 0)
    assert "damaged" in row["why"]


def test_bytes_that_are_missing_are_told(desk: Desk, archive: Archive) -> None:
    desk.bring("2026-03-01T10:00:00", {"id": "1", "at": "2026-02-01T10:00:00", "files": {"plan.txt": "A valve."}})
    ((sha256,),) = archive.connection.execute("SELECT sha256 FROM attachment")
    kept = archive.objects.path(sha256).read_bytes()
    archive.objects.path(sha256).unlink()
    house(archive).catch_up()
    assert archive.connection.execute("SELECT fault FROM extracted").fetchall() == [("its bytes are missing",)]
    archive.objects.path(sha256).write_bytes(kept)

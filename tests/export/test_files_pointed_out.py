from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from archive import accounts
from archive.archive import Archive
from composition import house
from conftest import bring_in
from desk import Desk
from export.flagged import flagged_header
from export.requests import register
from export.requests.collecting import by_hand
from export.review import suggested
from reviewed import Reviewed


def picture_with_a_place() -> str:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (44.0, 58.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue().decode("latin-1")


@pytest.fixture
def review(desk: Desk) -> Reviewed:
    files = {
        "letter.txt": "Please call me at 608-555-0142, or 608-555-0143. Thanks!",
        "gate.jpg": picture_with_a_place(),
    }
    made = Reviewed(
        desk, {"id": "1", "at": "2026-02-01T10:00:00", "text": "See the letter.", "by": "Ada", "files": files}
    )
    house(made.archive).catch_up()
    return made


def found(review: Reviewed) -> list[tuple[str, str, str]]:
    rows = suggested.listed(review.archive, 1, review.record("1"))
    return [(row["field"], row["sort"], row["place"]) for row in rows]


def test_personal_data_in_files_and_places_in_their_metadata_are_pointed_out(review: Reviewed) -> None:
    assert found(review) == [
        ("attachments.0", "phone number in a file", "the whole file"),
        ("attachments.1", "place in a file’s metadata", "the whole file"),
    ]
    (row,) = [one for one in suggested.listed(review.archive, 1, review.record("1")) if "phone" in one["sort"]]
    assert "2 places" in row["why"]
    assert "0142" not in row["why"]


def test_an_accepted_suggestion_keeps_the_file_in_and_a_dismissed_one_is_gone(review: Reviewed) -> None:
    rows = suggested.listed(review.archive, 1, review.record("1"))
    phone = next(row["number"] for row in rows if "phone" in row["sort"])
    place = next(row["number"] for row in rows if "place" in row["sort"])
    suggested.answer(review.archive, 1, review.record("1"), [phone], [place], "balancing", "A home telephone number.")
    assert found(review) == []
    review.draft()
    (given,) = review.given.values()
    assert [bool(one.path) for one in given.attachments] == [False, True]


def test_what_was_read_out_of_files_goes_into_no_package(review: Reviewed) -> None:
    review.draft()
    (given,) = review.given.values()
    assert "608-555-0142" not in repr(given)


@pytest.mark.parametrize(
    ("native", "header"),
    [
        (b"From: a@b.example\r\nX-Originating-IP: [192.0.2.7]\r\n\r\nWords.", "X-Originating-IP"),
        (b"from: a@b.example\nx-clientip:192.0.2.7\n\nWords.", "x-clientip"),
        (b"From: a@b.example\n\nX-Originating-IP: 192.0.2.7 is what they quoted.", ""),
        (b'{"subject": "no message at all"}', ""),
    ],
)
def test_a_header_that_tells_a_computer_is_named_without_its_value(native: bytes, header: str) -> None:
    assert flagged_header(native) == header


def test_a_message_whose_header_tells_a_computer_is_pointed_out(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "mail", platform="email", department="Clerk")
    (tmp_path / "a.eml").write_bytes(
        b"From: Mara <mara@public.example>\r\nTo: clerk@milbrook.example\r\nSubject: Pool\r\n"
        b"Message-ID: <1@public.example>\r\n"
        b"Date: Mon, 2 Mar 2026 10:00:00 -0600\r\nX-Originating-IP: [192.0.2.7]\r\n\r\nIs the pool open?\r\n"
    )
    bring_in(archive, tmp_path / "a.eml", "mail")
    register.open_request(archive, date(2026, 4, 2), "The pool")
    by_hand(archive, 1, [1])
    (row,) = suggested.listed(archive, 1, 1)
    assert (row["sort"], row["place"]) == ("computer in a message’s headers", "the whole record")
    assert "192.0.2.7" not in row["why"]

"""Bad input at the command line: one clear message, exit code 1, everything readable kept, nothing half done."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cli
from archive.archive import Archive
from archive.verify import verify
from conftest import ACTOR, register

POST = '{"tweet": {"id_str": "%d", "full_text": "%s", "created_at": "Mon Feb 23 18:11:50 +0000 2026"}}'
ACCOUNT = 'window.YTD.account.part0 = [{"account": {"accountId": "22", "username": "CityOfMilbrook"}}]'


def posts(*items: str) -> bytes:
    return ("window.YTD.tweets.part0 = [" + ", ".join(items) + "]").encode()


GOOD = {"data/account.js": ACCOUNT.encode(), "data/tweets.js": posts(POST % (1, "pool"), POST % (2, "park"))}


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, payload in files.items():
            archive.writestr(name, payload)
    return target.getvalue()


def encrypted() -> bytes:
    stored = bytearray(packed(GOOD))
    stored[6] |= 1
    stored[stored.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(stored)


def lying() -> bytes:
    """A member of 20 MB that declares 10 bytes."""
    stored = bytearray(packed(GOOD | {"data/tweets_media/x.jpg": bytes(20_000_000)}))
    directory = stored.rindex(b"PK\x01\x02")
    stored[directory + 24 : directory + 28] = struct.pack("<I", 10)
    return bytes(stored)


def linked() -> bytes:
    target = io.BytesIO(packed(GOOD))
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo("data/tweets_media/link.jpg")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return target.getvalue()


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.zip": (lambda: b"", "is empty"),
    "letter.pdf": (lambda: b"%PDF-1.4 a letter", "none of the formats"),
    "garbage.zip": (lambda: b"PK\x03\x04" + bytes(range(256)) * 8, "is damaged"),
    "encrypted.zip": (encrypted, "asks for a password"),
    "nothing_inside.zip": (lambda: packed({}), "is empty"),
}
PARTLY: dict[str, tuple[Callable[[], bytes], int, int, str]] = {
    "truncated.zip": (lambda: packed(GOOD)[:-30], 2, 1, "cut off"),
    "slip.zip": (lambda: packed(GOOD | {"../../evil.js": b"x"}), 2, 1, "climbs out"),
    "link.zip": (linked, 2, 1, "it is a link"),
    "bomb.zip": (lambda: packed(GOOD | {"data/tweets_media/b.jpg": bytes(30_000_000)}), 2, 1, "decompression bomb"),
    "broken_tail.zip": (
        lambda: packed(GOOD | {"data/tweets.js": posts(POST % (1, "pool"), POST % (2, "park"))[:-60]}),
        1,
        1,
        "not JSON",
    ),
    "broken_item.zip": (
        lambda: packed(GOOD | {"data/tweets.js": posts(POST % (1, "a"), "{id 2}", POST % (3, "c"))}),
        2,
        1,
        "not JSON",
    ),
    "lone_surrogate.zip": (
        lambda: packed(GOOD | {"data/tweets.js": posts(POST % (1, "half \\ud83d of an emoji"), POST % (2, "b"))}),
        2,
        0,
        "half a character",
    ),
    "no_array.zip": (lambda: packed(GOOD | {"data/tweets.js": b"window.YTD.tweets.part0 = 7"}), 0, 1, "no JSON array"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as made:
        register(made)
    return tmp_path / "archive"


def ingest(folder: Path, backup: Path, *options: str) -> Result:
    command = ["--archive", str(folder), "ingest", str(backup), "--account", "x-city", *options]
    return CliRunner().invoke(cli.muniment, command)


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_cannot_be_read_at_all_is_one_clear_line_and_changes_nothing(
    folder: Path, tmp_path: Path, name: str
) -> None:
    make, said = UNREADABLE[name]
    (tmp_path / name).write_bytes(make())
    with Archive.open(folder, ACTOR) as archive:
        before = archive.checkpoint()
    result = ingest(folder, tmp_path / name)
    assert result.exit_code == 1, result.output
    assert said in result.output
    assert result.output.count("\n") == 1
    with Archive.open(folder, ACTOR) as archive:
        assert archive.checkpoint() == before


@pytest.mark.parametrize("name", sorted(PARTLY))
def test_what_can_be_read_is_kept_and_the_rest_named(folder: Path, tmp_path: Path, name: str) -> None:
    make, kept, lost, said = PARTLY[name]
    (tmp_path / name).write_bytes(make())
    result = ingest(folder, tmp_path / name, "--json")
    assert result.exit_code == 1, result.output
    counts = json.loads(result.stdout)["counts"]
    assert (counts["added"], counts["quarantined"]) == (kept, lost)
    assert counts["items"] == kept + lost
    shown = CliRunner().invoke(cli.muniment, ["--archive", str(folder), "accession", "show", "1"])
    assert said in shown.output
    with Archive.open(folder, ACTOR) as archive:
        assert list(verify(archive, deep=True)) == []


def test_a_name_that_is_no_text_is_told_and_stops_nothing(folder: Path, tmp_path: Path) -> None:
    import os

    backup = tmp_path / "backup" / "data"
    backup.mkdir(parents=True)
    for name, payload in GOOD.items():
        (tmp_path / "backup" / name).write_bytes(payload)
    (Path(os.fsdecode(os.fsencode(backup) + b"/tweets-\xff.js"))).write_bytes(b"window.YTD.tweets.part0 = [")
    (Path(os.fsdecode(os.fsencode(backup) + b"/deleted-tweets-part1.js"))).write_bytes(b"\xff\xfe")
    result = ingest(folder, tmp_path / "backup", "--json")
    assert result.exit_code == 1, result.output
    assert json.loads(result.stdout)["counts"]["added"] == 2


def test_text_with_a_nul_character_is_kept_as_it_is(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "tweets.js").write_bytes(posts(POST % (1, "before\\u0000after")))
    ingest(folder, tmp_path / "tweets.js")
    with Archive.open(folder, ACTOR) as archive:
        assert [one.content.text for one in archive.versions()] == ["before\0after"]
        assert list(verify(archive, deep=True)) == []


def test_a_member_that_declares_ten_bytes_of_twenty_million_costs_itself(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "lying.zip").write_bytes(lying())
    result = ingest(folder, tmp_path / "lying.zip", "--json")
    assert json.loads(result.stdout)["counts"]["added"] == 2


@pytest.mark.parametrize("name", sorted(PARTLY))
def test_the_same_damaged_backup_again_adds_nothing(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PARTLY[name][0]())
    ingest(folder, tmp_path / name)
    with Archive.open(folder, ACTOR) as archive:
        before = archive.checkpoint()
    ingest(folder, tmp_path / name)
    with Archive.open(folder, ACTOR) as archive:
        assert archive.checkpoint() == before

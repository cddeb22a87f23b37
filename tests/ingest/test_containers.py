from __future__ import annotations

import io
import os
import struct
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from ingest.backup import (
    Backup,
    DamagedMember,
    EmptyBackup,
    EncryptedBackup,
    Limits,
    NoBackup,
    OversizedBackup,
    UnreadableBackup,
)
from ingest.ingestor import Ingestor
from ingest.media import media_type
from ingest.registry import UnknownFormat, identify

FILES = {
    "data/a.txt": b"first",
    "data/b.txt": b"second" * 1000,
    "__MACOSX/._a.txt": b"litter",
    "x/.DS_Store": b"litter",
}


def zipped(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, payload in files.items():
            packed.writestr(name, payload)
    return path


def contents(backup: Backup) -> dict[str, bytes]:
    return {one.path: one.read() for one in backup.members()}


KEPT = {name: payload for name, payload in FILES.items() if name.startswith("data/")}


def test_zip_tar_and_folder_give_the_same_members(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as packed:
        for name, payload in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(payload)
            packed.addfile(info, io.BytesIO(payload))
    for name, payload in FILES.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(payload)
    for path in (zipped(tmp_path / "b.zip", FILES), tmp_path / "b.tar.gz", tmp_path / "folder"):
        assert contents(Backup.open([path])) == KEPT


@pytest.mark.parametrize("cut", [0, 30])
def test_a_zip_of_the_windows_shell_has_folders_like_any_other(tmp_path: Path, cut: int) -> None:
    """Compress-Archive of PowerShell 5 writes backslashes, which only Windows takes for folders."""
    path = zipped(tmp_path / "b.zip", {name.replace("/", "\\"): payload for name, payload in FILES.items()})
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("..\\..\\evil.txt", b"out")
        packed.mkdir("empty\\")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - cut])
    backup = Backup.open([path])
    assert contents(backup) == KEPT
    assert "../../evil.txt" in [one.place for one in backup.faults]


@pytest.mark.parametrize("cut", [0, 30])
@pytest.mark.parametrize(
    ("raw", "name"), [("Straße/계획.txt".encode(), "Straße/계획.txt"), (b"Stra\xe1e.txt", "Straße.txt")]
)
def test_names_without_a_word_about_their_encoding_are_utf_8_if_they_can_be(
    tmp_path: Path, raw: bytes, name: str, cut: int
) -> None:
    """macOS writes UTF-8 and does not say so; DOS wrote code page 437."""
    stand_in = "x" * len(raw)
    path = zipped(tmp_path / "b.zip", {stand_in: b"words"})
    whole = path.read_bytes().replace(stand_in.encode(), raw)
    path.write_bytes(whole[: len(whole) - cut])
    assert contents(Backup.open([path])) == {name: b"words"}


def test_a_single_file_is_a_backup_of_one_member(tmp_path: Path) -> None:
    (tmp_path / "clerk.mbox").write_bytes(b"From x")
    assert contents(Backup.open([tmp_path / "clerk.mbox"])) == {"clerk.mbox": b"From x"}


def test_parts_are_one_tree_equal_files_count_once_and_different_ones_are_both_kept(tmp_path: Path) -> None:
    first = zipped(tmp_path / "1.zip", {"data/a": b"same", "data/b": b"one"})
    second = zipped(tmp_path / "2.zip", {"data/a": b"same", "data/b": b"two", "data/c": b"three"})
    found = [(one.path, one.part, one.read()) for one in Backup.open([first, second]).members()]
    assert found == [("data/a", 0, b"same"), ("data/b", 0, b"one"), ("data/b", 1, b"two"), ("data/c", 1, b"three")]


def test_a_folder_of_nothing_but_zips_is_one_export_in_parts(tmp_path: Path) -> None:
    folder = tmp_path / "takeout"
    folder.mkdir()
    parts = [zipped(folder / "t-001.zip", {"data/a": b"one"}), zipped(folder / "t-002.zip", {"data/b": b"two"})]
    (folder / ".DS_Store").write_bytes(b"litter")
    backup = Backup.open([folder])
    assert contents(backup) == {"data/a": b"one", "data/b": b"two"}
    assert backup.digest() == Backup.open(parts).digest()
    (folder / "notes.txt").write_text("about")
    assert [one.path for one in Backup.open([folder]).members()] == ["notes.txt", "t-001.zip", "t-002.zip"]


def test_members_are_found_by_the_end_of_their_path_whatever_the_wrapper_folder(tmp_path: Path) -> None:
    backup = Backup.open(
        [zipped(tmp_path / "b.zip", {"x-export/Data/Tweets.js": b"1", "x-export/data/nottweets.js": b"2"})]
    )
    found = backup.find("data/tweets.js")
    assert found is not None
    assert found.path == "x-export/Data/Tweets.js"
    assert [one.path for one in backup.matching("tweets*.js")] == ["x-export/Data/Tweets.js"]


def test_the_digest_of_one_file_is_what_sha256sum_prints(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", FILES)
    digest = Backup.open([path]).digest()
    assert digest.sha256 == sha256(path.read_bytes()).hexdigest()
    assert digest.size == path.stat().st_size


def test_the_digest_of_a_folder_is_over_its_files(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "b").write_bytes(b"2")
    (tmp_path / "f" / "a").write_bytes(b"1")
    lines = "".join(f"{sha256(payload).hexdigest()}  f/{name}\n" for name, payload in (("a", b"1"), ("b", b"2")))
    assert Backup.open([tmp_path / "f"]).digest().sha256 == sha256(lines.encode()).hexdigest()


# -- bad input


def test_what_is_not_there_or_empty_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoBackup):
        Backup.open([tmp_path / "nothing.zip"])
    (tmp_path / "empty.zip").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    for name in ("empty.zip", "folder"):
        with pytest.raises(EmptyBackup):
            Backup.open([tmp_path / name])


def test_something_else_is_no_format(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.4 not a backup")
    with pytest.raises(UnknownFormat, match="none of the formats"):
        identify(Backup.open([tmp_path / "letter.pdf"]))


def test_names_that_climb_out_are_refused_one_by_one(tmp_path: Path) -> None:
    slip = zipped(tmp_path / "slip.zip", {"../../etc/passwd": b"x", "/root/x": b"x", "C:\\x": b"x", "data/good": b"y"})
    backup = Backup.open([slip])
    assert contents(backup) == {"data/good": b"y"}
    assert len(backup.faults) == 3


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good").write_bytes(b"y")
    (folder / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as packed:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        packed.writestr(info, "/etc/passwd")
        packed.writestr("good", b"y")
    with tarfile.open(tmp_path / "l.tar", "w") as tar:
        entry = tarfile.TarInfo("link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
        tar.add(folder / "good", "good")
    for path, faults in ((folder, 2), (tmp_path / "l.zip", 1), (tmp_path / "l.tar", 1)):
        backup = Backup.open([path])
        assert contents(backup) == {"good": b"y"}
        assert len(backup.faults) == faults


def test_a_bomb_is_refused_and_the_rest_kept(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"bomb": bytes(20_000_000), "good": b"y"})
    backup = Backup.open([bomb])
    assert contents(backup) == {"good": b"y"}
    assert "decompression bomb" in backup.faults[0].reason


def test_a_backup_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"a": b"x" * 100, "b": b"x" * 100})
    with pytest.raises(OversizedBackup):
        Backup.open([path], Limits(total=150))
    with pytest.raises(OversizedBackup):
        Backup.open([path], Limits(members=1))


def test_a_member_never_yields_more_than_it_declares(tmp_path: Path) -> None:
    path = zipped(tmp_path / "lie.zip", {"a": b"x" * 5_000_000})
    stored = bytearray(path.read_bytes())
    directory = stored.rindex(b"PK\x01\x02")
    for offset in (22, directory + 24):
        stored[offset : offset + 4] = struct.pack("<I", 10)
    path.write_bytes(stored)
    (member,) = Backup.open([path]).members()
    assert member.size == 10
    with pytest.raises(DamagedMember):
        member.read()


def test_an_encrypted_zip_is_one_clear_error(tmp_path: Path) -> None:
    path = zipped(tmp_path / "encrypted.zip", {"a": b"x"})
    stored = bytearray(path.read_bytes())
    directory = stored.rindex(b"PK\x01\x02")
    stored[6] |= 1
    stored[directory + 8] |= 1
    path.write_bytes(stored)
    with pytest.raises(EncryptedBackup, match="password"):
        Backup.open([path])


def test_a_truncated_zip_gives_what_is_whole_and_names_the_rest(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "truncated.zip", {"data/a": os.urandom(3000), "data/b": b"y" * 9000, "data/c": os.urandom(3000)}
    )
    whole = contents(Backup.open([path]))
    path.write_bytes(path.read_bytes()[:-2000])
    backup = Backup.open([path])
    assert contents(backup) == {name: whole[name] for name in ("data/a", "data/b")}
    assert any("cut off" in fault.reason for fault in backup.faults)


def test_a_zip_that_was_streamed_and_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    class Stream(io.RawIOBase):
        """A target that cannot seek, so that sizes follow the bytes."""

        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, block: bytes) -> int:  # type: ignore[override]
            self.written += block
            return len(block)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("data/a", "data/b"):
            packed.writestr(name, name.encode() * 2000)
        packed.writestr("data/c", os.urandom(5000))
    path = tmp_path / "streamed.zip"
    path.write_bytes(bytes(stream.written[:-4000]))
    assert list(contents(Backup.open([path]))) == ["data/a", "data/b"]


def test_a_zip_of_which_nothing_can_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04" + os.urandom(2000))
    with pytest.raises(UnreadableBackup, match="Download the backup again"):
        Backup.open([path])


def test_a_member_whose_bytes_were_changed_fails_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"a": b"first", "b": b"second"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"first", b"fIrst"))
    good, bad = {}, []
    for one in Backup.open([path]).members():
        try:
            good[one.path] = one.read()
        except DamagedMember:
            bad.append(one.path)
    assert (good, bad) == ({"b": b"second"}, ["a"])


# -- media types


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0", "x.bin", "image/png"),
        (b"%PDF-1.4\n", "report", "application/pdf"),
        (b"a,b\n1,2\n", "table.csv", "text/csv"),
        (b"", "photo.jpg", "image/jpeg"),
        (b"\x00\x01\x02", "thing", "application/octet-stream"),
        (b"\x00\x01\x02", "photo.jpg", "application/octet-stream"),
        (b"Only words.\n", "photo.jpg", "text/plain"),
        (b"%PDF-1.4\n", "photo.jpg", "application/pdf"),
    ],
)
def test_a_file_type_is_told_by_content_and_closer_by_name(head: bytes, name: str, expected: str) -> None:
    assert media_type(head, name) == expected


def test_every_format_is_an_ingestor_with_a_name_of_its_own() -> None:
    from ingest.registry import INGESTORS

    assert all(isinstance(one, Ingestor) for one in INGESTORS)
    assert len({one.name for one in INGESTORS}) == len(INGESTORS)

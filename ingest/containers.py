"""Listing the members of one part of a backup: folder, zip, tar or a single file, hostile names refused."""

from __future__ import annotations

import copy
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from ingest.backup import (
    EmptyBackup,
    EncryptedBackup,
    Fault,
    Limits,
    Member,
    NoBackup,
    OversizedBackup,
    UnreadableBackup,
)
from ingest.salvage import salvaged

LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What computers leave in folders by themselves; no platform wrote it."""

OFFICE = (".xlsx", ".xlsm", ".docx", ".pptx", ".odt", ".ods")
"""Endings of what is a zip inside, but one file to whoever has it."""

PACKED = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")

Listing = tuple[list[Member], list[Fault]]
Opener = Callable[[], BinaryIO]


def parts(path: Path) -> Sequence[Path]:
    """Return the parts of what was brought: a folder that holds nothing but packed files is one export in parts."""
    try:
        inside = [one for one in sorted(path.iterdir()) if not (one.name.startswith(".") or is_litter(one.name))]
    except OSError:  # it is no folder, or may not be read: whoever lists it says so
        return [path]
    return inside if inside and all(map(_is_packed, inside)) else [path]


def _is_packed(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.name.lower().endswith(PACKED)


def listing(path: Path, part: int, limits: Limits) -> Listing:
    """Return the members and faults of one part; raises a MunimentError if it cannot be read at all."""
    try:
        if path.is_dir():
            found = _folder(path, part)
        elif not path.is_file():
            raise NoBackup(path, "there is no such file or folder")
        elif path.stat().st_size == 0:
            raise EmptyBackup(path)
        else:
            found = _file(path, part, limits)
    except PermissionError as error:
        raise NoBackup(path, error.strerror or str(error)) from None
    if not found[0] and not found[1]:
        raise EmptyBackup(path)
    _check_limits(path, found[0], limits)
    return found


def _check_limits(path: Path, members: list[Member], limits: Limits) -> None:
    total = sum(member.size for member in members)
    if len(members) > limits.members:
        raise OversizedBackup(path, f"it lists {len(members):,} files")
    if total > limits.total:
        raise OversizedBackup(path, f"it claims {total:,} bytes")


def _file(path: Path, part: int, limits: Limits) -> Listing:
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")) and not path.name.lower().endswith(OFFICE):
        return _zip(path, part, limits)
    if _is_tar(path, head):
        return _tar(path, part)
    return [Member(path.name, path.stat().st_size, part, cast(Opener, partial(path.open, "rb")))], []


def _is_tar(path: Path, head: bytes) -> bool:
    compressed = head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"))
    return head[257:262] == b"ustar" or (compressed and tarfile.is_tarfile(path))


def slashed(name: str) -> str:
    """Return a name in a zip with the only separator that zips have: the shell of Windows writes backslashes."""
    return name.replace("\\", "/")


def refusal(name: str) -> str:
    """Return why a member's name is refused, empty if it is not."""
    path = PurePosixPath(slashed(name))
    if path.is_absolute() or (path.parts and path.parts[0].endswith(":")):
        return "its name is absolute"
    if ".." in path.parts:
        return "its name climbs out of the backup"
    return "its name has a NUL character" if "\0" in name else ""


def is_litter(name: str) -> bool:
    """Say whether a name is what a computer leaves by itself."""
    last = name.rsplit("/", 1)[-1]
    return last.startswith("._") or any(name == one or f"/{one}" in f"/{name}" for one in LITTER)


def _folder(path: Path, part: int) -> Listing:
    members: list[Member] = []
    faults: list[Fault] = []
    for found in sorted(path.rglob("*")):
        name = found.relative_to(path).as_posix()
        mode = found.lstat().st_mode
        if stat.S_ISDIR(mode) or is_litter(name):
            continue
        if stat.S_ISREG(mode):
            members.append(Member(name, found.lstat().st_size, part, cast(Opener, partial(found.open, "rb"))))
        else:
            faults.append(Fault(name, "it is a link or a device, not a file; it was not followed"))
    return members, faults


# -- zip


def _zip(path: Path, part: int, limits: Limits) -> Listing:
    try:
        source = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        members, faults = salvaged(path, part)
        if not members:
            raise UnreadableBackup(path, f"it is not a whole zip ({error})") from None
        return members, faults
    if any(info.flag_bits & 0x1 for info in source.infolist()):
        raise EncryptedBackup(path)
    members = []
    faults = []
    for info in source.infolist():
        name = slashed(_as_written(info))
        if name.endswith("/") or is_litter(name):
            continue
        if fault := _zip_refusal(info, limits):
            faults.append(Fault(name, fault))
        else:
            members.append(Member(name, info.file_size, part, _ZipOpener(source, info)))
    return members, faults


def _as_written(info: zipfile.ZipInfo) -> str:
    """Return a member's name; macOS and many servers write UTF-8 without the flag that says so (APPNOTE.TXT, D.1)."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return decoded_name(info.filename.encode("cp437"))
    except UnicodeEncodeError:  # it has another name in an extra field
        return info.filename


def decoded_name(raw: bytes) -> str:
    """Return the name whose bytes say nothing of their encoding: UTF-8 if they can be that, else cp437."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _zip_refusal(info: zipfile.ZipInfo, limits: Limits) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link, not a file; it was not followed"
    if info.file_size > limits.member:
        return f"it claims {info.file_size:,} bytes, more than any real file of a backup"
    if info.file_size > (1 << 20) and info.file_size > limits.ratio * max(info.compress_size, 1):
        return f"it claims to unpack {info.compress_size:,} bytes to {info.file_size:,}: a decompression bomb"
    return refusal(info.filename)


class _ZipOpener:
    """Opens a member of a zip; ``unchecked`` gives its bytes even if they are not those whose CRC the zip names."""

    __slots__ = ("_info", "_source")

    def __init__(self, source: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self._source = source
        self._info = info

    def __call__(self) -> BinaryIO:
        return cast(BinaryIO, self._source.open(self._info))

    def unchecked(self) -> BinaryIO:
        info = copy.copy(self._info)
        del info.CRC  # what has none is not compared
        return cast(BinaryIO, self._source.open(info))


# -- tar


def _tar(path: Path, part: int) -> Listing:
    members: list[Member] = []
    faults: list[Fault] = []
    try:
        source = tarfile.open(path)  # noqa: SIM115 - members are read from it later
        for info in _tar_entries(source, faults, path):
            fault = refusal(info.name) or ("" if info.isreg() else "it is a link or a device, not a file")
            if fault:
                faults.append(Fault(info.name, fault))
            elif not is_litter(info.name):
                members.append(Member(info.name, info.size, part, partial(_tar_open, source, info)))
    except (tarfile.TarError, OSError, EOFError) as error:
        raise UnreadableBackup(path, f"it is not a whole tar ({error})") from None
    return members, faults


def _tar_entries(source: tarfile.TarFile, faults: list[Fault], path: Path) -> Iterator[tarfile.TarInfo]:
    """Yield the entries of a tar that are no folders; a tail that is cut off is a fault."""
    try:
        for info in source:
            if not info.isdir():
                yield info
    except (tarfile.TarError, OSError, EOFError) as error:
        faults.append(Fault(path.name, f"the end of the tar is damaged ({error})"))


def _tar_open(source: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    return cast(BinaryIO, source.extractfile(info))

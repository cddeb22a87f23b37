"""A repository of the AT Protocol in a CAR file: its blocks, and which record stands under which key.

A CAR is a header and blocks, each with the digest of its content (its CID), so that a changed byte shows. Blocks are
commits, nodes of a search tree (MST) whose entries are ``collection/rkey`` with the CID of a record, and records. The
tree under the newest commit is what stands; nodes of older ones, where a file has them, tell what stood before.
Nothing but keys is held in memory: the file is read once for them and once for the records.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from msgspec import Struct

from ingest.backup import Member

LARGEST_BLOCK = 8 << 20
"""Bytes that a block may have; the protocol allows 1 MB."""

HEADER = 1 << 16
"""Bytes that a header may have."""

SHA256, DIGEST = 0x12, 32
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


class BrokenRepository(ValueError):
    """A file that is no CAR, or is one no further."""


class Block(Struct, frozen=True):
    """One block: its number in the file from 1, its CID, its own bytes, and its value, None if it is no DAG-CBOR."""

    number: int
    cid: bytes
    native: bytes
    value: Any
    is_sound: bool


class Repository(Struct):
    """What a CAR holds apart from its records.

    ``keys`` gives for each record's CID the keys under which it stands or stood, ``standing`` for each key of the
    newest tree the CID, ``versions`` how many CIDs a key has had. ``absent`` counts nodes and records of that tree that
    are not in the file; ``is_cut`` if the file ends before its time.
    """

    did: str = ""
    revision: str = ""
    version: int = 0
    keys: dict[bytes, list[str]] = {}
    standing: dict[str, bytes] = {}
    versions: Counter[str] = Counter()
    absent: int = 0
    is_signed: bool = False
    is_cut: bool = False


def is_car(head: bytes) -> bool:
    """Say whether bytes begin a CAR: a length, and a map of roots and version in DAG-CBOR."""
    return b"eroots" in head[:16] and head[1:3] in (b"\xa2e", b"\x01\xa2")


def roots(stream: BinaryIO) -> list[bytes]:
    """Read a CAR's header and return the CIDs of its roots."""
    import libipld

    length = _varint(stream)
    if length is None or length > HEADER:
        raise BrokenRepository("it has no header")
    try:
        header = libipld.decode_dag_cbor(_exactly(stream, length))
        return [bytes(one) for one in header["roots"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BrokenRepository(f"its header cannot be read ({error})") from None


def blocks(member: Member) -> Iterator[Block]:
    """Yield a CAR's blocks; raises BrokenRepository, or OSError, where it cannot be read on."""
    import libipld

    with member.open() as stream:
        roots(stream)
        number = 0
        while (length := _varint(stream)) is not None:
            number += 1
            if not DIGEST < length <= LARGEST_BLOCK:
                raise BrokenRepository(f"block {number} claims {length:,} bytes")
            content = _exactly(stream, length)
            size = _cid_size(content)
            cid, native = content[:size], content[size:]
            try:
                value = libipld.decode_dag_cbor(native)
            except (ValueError, RecursionError):
                value = None
            yield Block(number, cid, native, value, cid[-DIGEST:] == hashlib.sha256(native).digest())


def survey(member: Member) -> Repository:
    """Read commits and nodes; of a file that is cut off, those that are there."""
    found = Repository(keys={}, standing={}, versions=Counter())
    records: set[bytes] = set()
    nodes: dict[bytes, tuple[tuple[bytes, ...], tuple[tuple[str, bytes], ...]]] = {}
    commits: dict[bytes, Mapping[str, Any]] = {}
    top: list[bytes] = []
    try:
        with member.open() as stream:
            top = roots(stream)
        for block in blocks(member):
            value = block.value
            if isinstance(value, dict) and "$type" in value:
                records.add(block.cid)
            elif isinstance(value, dict):
                if "did" in value and "data" in value:
                    commits[block.cid] = value
                elif isinstance(value.get("e"), list):
                    nodes[block.cid] = _node(value)
    except (BrokenRepository, OSError):
        found.is_cut = True
    for _, entries in nodes.values():
        for key, cid in entries:
            keys = found.keys.setdefault(cid, [])
            if key not in keys:
                keys.append(key)
                found.versions[key] += 1
    _head(found, next((commits[one] for one in top if one in commits), None), nodes)
    found.did = found.did or next((str(one["did"]) for one in commits.values()), "")
    found.absent += sum(cid not in records for cid in found.standing.values())
    return found


def _head(found: Repository, commit: Mapping[str, Any] | None, nodes: Mapping[bytes, Any]) -> None:
    """Take the newest commit, and walk its tree; without one nothing is known to stand."""
    if commit is None:
        found.absent += 1
        return
    found.did, found.revision = str(commit.get("did") or ""), str(commit.get("rev") or "")
    found.version = commit["version"] if isinstance(commit.get("version"), int) else 0
    found.is_signed = isinstance(commit.get("sig"), bytes) and len(commit["sig"]) == 64
    waiting = [commit.get("data")]
    met: set[bytes] = set()
    while waiting:
        cid = waiting.pop()
        if not isinstance(cid, bytes) or cid in met:
            continue
        met.add(cid)
        if cid not in nodes:
            found.absent += 1
            continue
        below, entries = nodes[cid]
        found.standing.update(entries)
        waiting.extend(below)


def _node(value: Mapping[str, Any]) -> tuple[tuple[bytes, ...], tuple[tuple[str, bytes], ...]]:
    """Return the nodes below a node, and its entries; each key begins with a part of the one before."""
    below, entries, key = [value.get("l")], [], b""
    for one in value["e"]:
        if isinstance(one, dict) and isinstance(one.get("k"), bytes) and isinstance(one.get("p"), int):
            key = key[: max(one["p"], 0)] + one["k"]
            below.append(one.get("t"))
            if isinstance(one.get("v"), bytes):
                entries.append((key.decode("utf-8", "replace"), one["v"]))
    return tuple(one for one in below if isinstance(one, bytes)), tuple(entries)


def moment_of(rkey: str) -> int | None:
    """Return the microseconds since 1970 that a key carries (a TID), None if it is none."""
    if len(rkey) != 13 or any(one not in _SORTABLE for one in rkey):
        return None
    number = 0
    for one in rkey:
        number = number << 5 | _SORTABLE.index(one)
    return (number & (1 << 63) - 1) >> 10


def _varint(stream: BinaryIO) -> int | None:
    """Read a length, seven bits a byte; None at the end of the file."""
    value = shift = 0
    while one := stream.read(1):
        value |= (one[0] & 0x7F) << shift
        if not one[0] & 0x80:
            return value
        shift += 7
        if shift > 56:
            raise BrokenRepository("a length in it does not end")
    if shift:
        raise BrokenRepository("it is cut off in a length")
    return None


def _exactly(stream: BinaryIO, length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise BrokenRepository(f"it is cut off {length - len(content)} bytes before the end of a block")
    return content


def _cid_size(content: bytes) -> int:
    """Return the bytes of the CID that a block begins with: of version 0 a bare SHA-256, of version 1 with codecs."""
    if content[:2] == bytes((SHA256, DIGEST)):
        return 2 + DIGEST
    if content[:1] == b"\x01" and content[2:4] == bytes((SHA256, DIGEST)):
        return 4 + DIGEST
    raise BrokenRepository("a block's CID is of a kind that repositories do not have")

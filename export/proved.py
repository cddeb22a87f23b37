"""What a package gives to a stranger to check it: values only, with nothing in them that stays in.

``docs/bundle.md`` says how they are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from export import staged
from export.staged import Line

Node = str | list[Any]
"""A node of a version's tree: ``[left, right]``, a leaf ``[name, blind, value]``, or the hash of what is not shown."""

PROOFS = "proofs.jsonl"
VOUCHERS = "vouchers.jsonl"


class Proved(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version's tree, and its way to the root in the ledger row ``row``: hashes, from the leaf upwards."""

    version: int
    row: int
    path: tuple[str, ...]
    tree: Node


class Proof(Proved, frozen=True, kw_only=True, omit_defaults=True):
    """A released record's proof.

    ``files`` are other tellings of the record whose files go out with it. ``told`` are the released values, by name
    ("kind", "text", "attachments.0"), that no digest covers whole: they rest on the certificate.
    """

    number: int
    bates: str
    told: dict[str, Any]
    files: tuple[Proved, ...] = ()


class Voucher(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ledger row as its digest covers it, the digest before it, and its way to the root in the checkpoint's row."""

    seq: int
    previous: str
    row: str
    path: tuple[str, ...] = ()


def proofs(staging: Path) -> Iterator[Proof]:
    """Yield the staged proofs in the order of the records; none where a production cannot be proved."""
    return _read(staging / PROOFS, _proof)


def vouchers(staging: Path) -> Iterator[Voucher]:
    """Yield the staged ledger rows: the checkpoint's first, then those that vouch for a record."""
    return _read(staging / VOUCHERS, _voucher)


def _read(path: Path, decode: Callable[[bytes], Line]) -> Iterator[Line]:
    return staged.read(path, decode) if path.exists() else iter(())


_proof = msgspec.json.Decoder(Proof).decode
_voucher = msgspec.json.Decoder(Voucher).decode

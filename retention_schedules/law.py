"""What the law asks for, read from ``law.toml``: the papers of an adoption, the clauses of Adm 12.05."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Paper(Struct, frozen=True):
    """A file that an adoption needs, why, and by what law."""

    key: str
    title: str
    why: str
    citation: str


class Clause(Struct, frozen=True):
    """One demand of Adm 12.05, and the names of the evidence that answers it."""

    key: str
    title: str
    evidence: tuple[str, ...]


class Adm12(Struct, frozen=True):
    """The rule on records that are kept only electronically."""

    citation: str
    verified_within_days: int
    backed_up_within_days: int
    clause: tuple[Clause, ...]


class Law(Struct, frozen=True):
    """The whole file."""

    paper: tuple[Paper, ...]
    adm12: Adm12


@lru_cache(maxsize=1)
def law() -> Law:
    """Return what ``law.toml`` says."""
    text = (files(__package__) / "law.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Law)

"""A letter's blocks: headings, paragraphs and lists, read from a filled template, and written as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

WIDTH = 78
"""Columns of a letter as plain text."""


class Block(Struct, frozen=True):
    """A heading or a paragraph of one line, or a list of several."""

    kind: Literal["heading", "paragraph", "list"]
    lines: tuple[str, ...]


def read(text: str) -> list[Block]:
    """Read blocks, parted by blank lines: ``# `` begins a heading, ``- `` an item of a list."""
    parts = "\n".join(line.strip() for line in text.splitlines()).split("\n\n")
    return [_block(part.strip("\n").split("\n")) for part in parts if part.strip("\n")]


def _block(lines: list[str]) -> Block:
    if lines[0].startswith("# "):
        return Block("heading", (lines[0][2:],))
    if lines[0].startswith("- "):
        return Block("list", tuple(line.removeprefix("- ") for line in lines))
    return Block("paragraph", (" ".join(lines),))


def written(title: str, blocks: Iterable[Block]) -> str:
    """Return a letter as plain text, wrapped."""
    return "\n\n".join([_heading(title, "="), *map(_written, blocks)]) + "\n"


def _written(block: Block) -> str:
    if block.kind == "heading":
        return _heading(block.lines[0], "-")
    if block.kind == "list":
        return "\n".join(_wrapped(line, "- ", "  ") for line in block.lines)
    return _wrapped(block.lines[0])


def _heading(text: str, under: str) -> str:
    return f"{text}\n{under * min(len(text), WIDTH)}"


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )

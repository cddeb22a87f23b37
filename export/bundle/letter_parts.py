"""A letter as plain text, read into its parts: a heading is underlined, a list's lines begin with a hyphen."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Part(Struct, frozen=True):
    """A title, a heading or a paragraph of one line, or a list of several."""

    kind: Literal["title", "heading", "paragraph", "list"]
    lines: tuple[str, ...]


def parts(letter: str) -> list[Part]:
    """Return a letter's parts; they are parted by blank lines, and where a line ends otherwise tells nothing."""
    found = [part.strip().splitlines() for part in letter.replace("\r\n", "\n").split("\n\n")]
    return [_part([line.strip() for line in lines]) for lines in found if lines]


def titled(letter: str) -> tuple[str, list[Part]]:
    """Return a letter's title, empty if it has none, and its other parts."""
    found = parts(letter)
    title = next((one.lines[0] for one in found if one.kind == "title"), "")
    return title, [one for one in found if one.kind != "title"]


def _part(lines: list[str]) -> Part:
    if len(lines) == 2 and set(lines[1]) in ({"="}, {"-"}) and len(lines[1]) > 2:
        return Part("title" if lines[1][0] == "=" else "heading", (lines[0],))
    if not lines[0].startswith("- "):
        return Part("paragraph", (" ".join(lines),))
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f" {line}"
    return Part("list", tuple(items))

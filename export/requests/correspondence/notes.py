"""Notes: what was said and written about a request, incoming and outgoing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from archive.archive import Archive
from archive.errors import MunimentError
from export.requests import register
from export.requests.correspondence.kept import keep_file, state_kept
from export.requests.history import Acts, acts
from export.requests.progress.status import not_in_the_future
from export.requests.register import Channel

Direction = Literal["in", "out", "internal"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


class EmptyNote(MunimentError):
    """A note has neither text nor file."""

    def __init__(self) -> None:
        super().__init__("Say what was written with --text, or name the file with --file. Nothing was changed.")


class Note(Struct, frozen=True):
    """One communication: which way it went, when, by what channel; its words, or its file and object."""

    direction: Direction
    on: date
    by: str
    channel: str = ""
    text: str = ""
    file: str = ""
    sha256: str = ""


def notes(done: Acts) -> list[Note]:
    """Return the communications about a request, in the order in which they were noted."""
    return [
        Note(
            direction=one.facts["direction"],
            on=date.fromisoformat(one.facts["on"]),
            by=one.actor,
            channel=one.facts.get("channel", ""),
            text=one.text("text"),
            file=one.text("file"),
            sha256=one.text("object"),
        )
        for one in done
        if one.event == "request.note"
    ]


def note(
    archive: Archive,
    number: int,
    direction: Direction,
    *,
    text: str = "",
    file: Path | None = None,
    channel: Channel | Literal[""] = "",
    on: date | None = None,
) -> Note:
    """Keep one communication with a request."""
    register.get(archive, number)
    if not text and file is None:
        raise EmptyNote
    day = not_in_the_future(archive, "What was written", on)
    kept = keep_file(archive, file) if file is not None else None
    facts = {"direction": direction, "on": day.isoformat()} | ({"channel": channel} if channel else {})
    with archive.act("request.note", f"request:{number}", facts) as act:
        if text:
            act.state(act.subject, "text", text)
        if kept is not None:
            state_kept(act, kept)
    return notes(acts(archive, number))[-1]

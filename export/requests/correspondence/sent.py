"""Letters that were sent: kept as objects, text and page, so that each can be shown again exactly."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from export.requests import register
from export.requests.correspondence.kept import keep_bytes, state_kept
from export.requests.history import Acts, acts
from export.requests.letters import Letter, kinds


class NoSuchLetter(MunimentError):
    """No letter of this number was written for a request."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int, letter: int) -> None:
        super().__init__(
            f"Request {number} has no letter {letter}. `muniment request letter {number}` lists its letters."
        )


class SentLetter(Struct, frozen=True):
    """A letter that was written: ``letter`` counts from 1 within the request; the digests name its objects."""

    letter: int
    kind: str
    title: str
    on: date
    by: str
    html_sha256: str
    text_sha256: str


def send(archive: Archive, letter: Letter) -> SentLetter:
    """Keep a letter as it goes out, text and page, so that it can be shown again exactly."""
    name = f"{letter.kind}-{letter.number}"
    page_kept = keep_bytes(archive, f"{name}.html", letter.html.encode())
    text_kept = keep_bytes(archive, f"{name}.txt", letter.text.encode())
    facts = {"kind": letter.kind, "object": page_kept.sha256, "text": text_kept.sha256}
    with archive.act("request.letter", f"request:{letter.number}", facts) as act:
        state_kept(act, page_kept)
        state_kept(act, text_kept)
    return sent(acts(archive, letter.number))[-1]


def sent(done: Acts) -> list[SentLetter]:
    """Return the letters that were written for a request, in order."""
    written = [one for one in done if one.event == "request.letter"]
    return [
        SentLetter(
            letter=number,
            kind=one.facts["kind"],
            title=kinds()[one.facts["kind"]].title if one.facts["kind"] in kinds() else one.facts["kind"],
            on=one.on,
            by=one.actor,
            html_sha256=one.facts["object"],
            text_sha256=one.facts["text"],
        )
        for number, one in enumerate(written, 1)
    ]


def again(archive: Archive, number: int, letter: int) -> tuple[str, bytes]:
    """Return a letter's text and the bytes of its page exactly as they were sent."""
    register.get(archive, number)
    found = {one.letter: one for one in sent(acts(archive, number))}
    if letter not in found:
        raise NoSuchLetter(number, letter)
    objects = archive.objects
    text = objects.path(found[letter].text_sha256).read_text(encoding="utf-8")
    return text, objects.path(found[letter].html_sha256).read_bytes()

"""What one page shows of a record, or of the place where a withheld one would stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from export.bundle.pdf.characters import printable
from export.bundle.pdf.lines import Line, Run, line, lines
from export.bundle.pdf.pictures import copy_for_paper, is_picture
from export.released import Ground, Production, Redaction, ReleasedAttachment, ReleasedRecord, WithheldRecord

SHORT_TITLE = 60
"""Letters of a record's first words in a bookmark."""

WIDEST, HIGHEST = 484.0, 420.0
"""Points that a picture may take on a page."""

POINTS_PER_PIXEL = 0.72
"""A small picture is not blown up: 100 pixels to the inch."""


class Fact(Struct, frozen=True):
    """A line beside its label: "Author", "Jo Diaz (@jo)"."""

    label: str
    lines: tuple[Line, ...]


class Shown(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attachment: what is said of it, and its picture's copy with its size in points, if there is one."""

    caption: Line
    picture: str = ""
    alt: str = ""
    width: float = 0
    height: float = 0


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record's page; ``withheld`` says why nothing but a placeholder is there."""

    number: int
    conversation: int = 0
    bates: str
    kind: str
    bookmark: str
    facts: tuple[Fact, ...] = ()
    title: tuple[Line, ...] = ()
    text: tuple[Line, ...] = ()
    shown: tuple[Shown, ...] = ()
    blacked_out: tuple[Line, ...] = ()
    withheld: tuple[Line, ...] = ()


def bates(one: ReleasedRecord | WithheldRecord) -> str:
    """Return what a page is numbered with."""
    return one.bates or f"{one.number:06}"


def office(production: Production) -> str:
    """Return whose papers these are."""
    return printable(production.custodian or production.archive_name)


def released_entry(record: ReleasedRecord, production: Production, folder: Path) -> Entry:
    """Return a record's page; copies of its pictures are put into the folder."""
    return Entry(
        number=record.number,
        conversation=record.conversation,
        bates=bates(record),
        kind=record.kind.capitalize(),
        bookmark=_bookmark(record),
        facts=tuple(_facts(record)),
        title=_lines(record, "title", record.title),
        text=_lines(record, "text", record.text),
        shown=tuple(
            _shown(one, f"{record.number}-{place}", record, production, folder)
            for place, one in enumerate(record.attachments)
        ),
        blacked_out=tuple(line(blacked_out(one)) for one in record.redactions),
    )


def withheld_entry(record: WithheldRecord) -> Entry:
    """Return the placeholder of a record that stays in."""
    facts = [("Account", _account(record)), ("Date and time", record.local_time), ("Author", record.author)]
    facts.append(("Recipients", "\n".join(record.recipients)))
    if record.attachments:
        facts.append(("Attachments", f"{record.attachments:,}, withheld with it"))
    return Entry(
        number=record.number,
        conversation=record.conversation,
        bates=bates(record),
        kind=record.kind.capitalize(),
        bookmark=f"{bates(record)} {record.kind.capitalize()}: withheld",
        facts=tuple(Fact(label, lines(value)) for label, value in facts if value),
        withheld=lines(reason(record.ground)),
    )


def reason(ground: Ground) -> str:
    """Return a ground in words: "Wis. Stat. 19.36(13), financial identifying information. The reason written."."""
    law = ", ".join(part for part in (ground.citation, ground.title) if part) or ground.code
    return f"{law}. {ground.reason}".strip()


def field_name(field: str) -> str:
    """Return a field's name for people: "recipients.2" is the third recipient."""
    name, _, rest = field.partition(".")
    if rest.isdecimal():
        return f"{name.removesuffix('s')} {int(rest) + 1}"
    return f"{name}: {rest}" if rest else name


def place(one: Redaction) -> str:
    """Return where in its field a redaction stands."""
    return one.place or (f"characters {one.start + 1} to {one.stop}" if one.stop > one.start else "")


def blacked_out(one: Redaction) -> str:
    """Return the sentence under a record that says why a box is black."""
    where = ", ".join(part for part in (field_name(one.field), one.place) if part)
    return f"{one.number}. {where}: {reason(one.ground)}"


def _account(record: ReleasedRecord | WithheldRecord) -> str:
    return f"{record.account_title} ({record.account})" if record.account_title else record.account


def _bookmark(record: ReleasedRecord) -> str:
    words = " ".join(printable(record.title or record.text).split())
    short = words if len(words) <= SHORT_TITLE else words[: SHORT_TITLE - 1].rstrip() + "…"
    return f"{bates(record)} {record.kind.capitalize()}" + (f": {short}" if short else "")


def _lines(record: ReleasedRecord, field: str, value: str) -> tuple[Line, ...]:
    return lines(value, [one for one in record.redactions if one.field == field])


def _facts(record: ReleasedRecord) -> Iterator[Fact]:
    rows = [
        ("Account", lines(_account(record))),
        ("Date and time", lines(record.local_time or "not known")),
        ("Author", _who(record)),
        ("Recipients", _recipients(record)),
        ("In reply to", lines(_in_reply_to(record))),
        ("What happened", lines(record.state_note or ("" if record.state == "present" else record.state))),
        ("Version", lines("" if record.standing == "current" else f"{record.standing} by a later one")),
        ("Seen by", lines("" if record.audience == "public" else record.audience)),
        ("List", _lines(record, "list_name", record.list_name)),
        ("Address", _lines(record, "url", record.url)),
        ("Context", lines("goes out since its conversation does" if record.context else "")),
        ("Decision", lines("not decided yet" if record.decision == "undecided" else "")),
    ]
    rows += [(_label(name), _lines(record, f"details.{name}", value)) for name, value in record.details.items()]
    yield from (Fact(label, value) for label, value in rows if value)


def _label(name: str) -> str:
    return "".join(run.text for run in line(name.capitalize(), longest_word=16).runs)


def _who(record: ReleasedRecord) -> tuple[Line, ...]:
    """Return author, handle and "the city" in one line, in the direction of the name."""
    parts = [*_lines(record, "author", record.author), *_lines(record, "handle", record.handle)]
    if record.by_account:
        parts.append(Line((Run("the city"),)))
    if not parts:
        return ()
    runs = [run for part in parts for run in (Run(" · "), *part.runs)]
    return (msgspec.structs.replace(parts[0], runs=tuple(runs[1:])),)


def _recipients(record: ReleasedRecord) -> tuple[Line, ...]:
    return tuple(
        each for at, one in enumerate(record.first_recipients) for each in _lines(record, f"recipients.{at}", one)
    )


def _in_reply_to(record: ReleasedRecord) -> str:
    if record.parent_number:
        return f"{bates(record).rpartition('-')[0]}-{record.parent_number:06}".lstrip("-")
    return "a record that is not part of this release" if record.parent else ""


def _shown(one: ReleasedAttachment, name: str, record: ReleasedRecord, production: Production, folder: Path) -> Shown:
    said = f"{one.name}, {one.media_type}, {one.size:,} bytes" + (", redacted copy" if one.redacted else "")
    if not one.path:
        return Shown(caption=line(f"{said}: {one.missing or 'not part of this package'}"))
    if not is_picture(one.media_type):
        return Shown(caption=line(f"{said}: {one.path}"))
    copy = copy_for_paper(production.file(one.path), folder / f"{name}.jpg")
    if copy is None:
        return Shown(caption=line(f"{said}: {one.path}. This picture could not be read and is not shown here."))
    scale = min(POINTS_PER_PIXEL, WIDEST / copy.width, HIGHEST / copy.height)
    moving = f" The first of {copy.frames} pictures that move." if copy.frames > 1 else ""
    spoken = line(one.alt or f"Picture attached to {bates(record)}: {one.name}")
    return Shown(
        caption=line(f"{said}: {one.path}.{moving}"),
        picture=f"{name}.jpg",
        alt="".join(run.text for run in spoken.runs),
        width=max(copy.width * scale, 1),
        height=max(copy.height * scale, 1),
    )

"""Mailboxes as a mail server exports them (mbox): threads, attachments, several character sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from random import Random

from demo import pictures
from demo.world import Account, Enclosure, Letter


def write(path: Path, account: Account, at: datetime) -> None:
    """Write a mailbox as it is at a moment (RFC 4155, lines that begin with From quoted)."""
    with path.open("wb") as box:
        for letter in held(account, at):
            stamp = letter.at.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
            box.write(f"From MAILER-DAEMON {stamp}\n".encode())
            for line in message(letter).as_bytes().splitlines(keepends=True):
                box.write(b">" + line if line.lstrip(b">").startswith(b"From ") else line)
            box.write(b"\n")


def held(account: Account, at: datetime) -> Iterator[Letter]:
    """Yield the letters that are in the mailbox at a moment."""
    for letter in account.letters:
        if letter.at <= at and not (letter.deleted_at and letter.deleted_at <= at):
            yield letter


def message(letter: Letter) -> EmailMessage:
    """Return a letter as it is sent."""
    made = EmailMessage()
    made["From"] = f"{letter.sender.name} <{letter.sender.address}>"
    made["To"] = ", ".join(f"{one.name} <{one.address}>" for one in letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(letter.at.astimezone(UTC))
    made["Message-ID"] = f"<{letter.id}>"
    if letter.answers:
        made["In-Reply-To"] = f"<{letter.answers[-1]}>"
        made["References"] = " ".join(f"<{one}>" for one in letter.answers)
    if letter.list_id:
        made["List-Id"] = letter.list_id
        made["Precedence"] = "bulk"
    made.set_content(letter.text, charset=letter.charset)
    if letter.html:
        paragraphs = "".join(f"<p>{escape(one)}</p>" for one in letter.text.split("\n\n"))
        made.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    for one in letter.enclosures:
        _enclose(made, one)
    _fix_boundaries(made, letter.id)
    return made


@lru_cache(maxsize=64)
def _photograph(seed: int) -> bytes:
    return pictures.picture(Random(seed), 160, 120)


def _enclose(made: EmailMessage, one: Enclosure) -> None:
    if one.sort == "picture":
        made.add_attachment(_photograph(one.seed), "image", "jpeg", filename=one.name)
    elif one.sort == "document":
        made.add_attachment(pictures.document(f"Invoice {one.name}"), "application", "pdf", filename=one.name)
    else:
        table = f"item,dollars\r\nfilter pump,{900 + one.seed * 13}\r\n=SUM(B2:B2),\r\n"
        made.add_attachment(table.encode(), "text", "csv", filename=one.name)


def _fix_boundaries(made: EmailMessage, name: str) -> None:
    """Give multipart messages boundaries that do not come from chance."""
    plain = "".join(one if one.isalnum() else "_" for one in name.partition("@")[0])
    for number, part in enumerate(made.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_milbrook_{plain}_{number}")

"""Mailboxes as a mail server exports them (mbox): threads, attachments, several character sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
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
            box.write(_FROM.sub(rb">\1", message(letter).as_bytes().rstrip(b"\n")) + b"\n\n")


_FROM = re.compile(rb"(?m)^(>*From )")


def held(account: Account, at: datetime) -> Iterator[Letter]:
    """Yield the letters that are in the mailbox at a moment."""
    for letter in account.letters:
        if letter.at <= at and not (letter.deleted_at and letter.deleted_at <= at):
            yield letter


def message(letter: Letter) -> Message:
    """Return a letter as it is sent."""
    made = _body(letter)
    for name, value in _headers(letter):
        made[name] = value
    return made


def _headers(letter: Letter) -> Iterator[tuple[str, str]]:
    yield "From", formataddr((letter.sender.name, letter.sender.address))
    yield "To", ", ".join(formataddr((one.name, one.address)) for one in letter.to)
    yield "Subject", letter.subject if letter.subject.isascii() else Header(letter.subject, "utf-8").encode()
    yield "Date", format_datetime(letter.at.astimezone(UTC))
    yield "Message-ID", f"<{letter.id}>"
    if letter.answers:
        yield "In-Reply-To", f"<{letter.answers[-1]}>"
        yield "References", "\n ".join(f"<{one}>" for one in letter.answers)
    if letter.list_id:
        yield "List-Id", letter.list_id
        yield "Precedence", "bulk"


def _body(letter: Letter) -> Message:
    body: Message = _text(letter.text, "plain", letter.charset)
    boundary = "=_milbrook_" + "".join(one if one.isalnum() else "_" for one in letter.id.partition("@")[0])
    if letter.html:
        body = MIMEMultipart("alternative", f"{boundary}_1", [body, _text(html(letter), "html", "utf-8")])
    if letter.enclosures:
        body = MIMEMultipart("mixed", f"{boundary}_0", [body, *(enclosed(one) for one in letter.enclosures)])
    return body


def html(letter: Letter) -> str:
    """Return a letter's words as a page."""
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in letter.text.split("\n\n"))
    return f"<html><body>{paragraphs}</body></html>"


def _text(text: str, sort: str, charset: str) -> MIMEText:
    return MIMEText(text, sort, _QUOTED[charset])  # type: ignore[arg-type]  # takes a Charset, says its manual


def _quoted(name: str) -> Charset:
    made = Charset(name)
    made.body_encoding = QP
    return made


_QUOTED = {name: _quoted(name) for name in ("utf-8", "iso-8859-1", "windows-1252")}


@lru_cache(maxsize=64)
def _photograph(seed: int) -> bytes:
    return pictures.picture(Random(seed), 160, 120)


def enclosed(one: Enclosure) -> Message:
    """Return a file as the part of a message that it is."""
    made: Message
    if one.sort == "picture":
        made = MIMEImage(_photograph(one.seed), "jpeg")
    elif one.sort == "document":
        made = MIMEApplication(pictures.document(f"Invoice {one.name}"), "pdf")
    else:
        table = f"item,dollars\r\nfilter pump,{900 + one.seed * 13}\r\n=SUM(B2:B2),\r\n"
        made = _text(table, "csv", "utf-8")
    name = one.name if one.name.isascii() else ("utf-8", "", one.name)
    made.add_header("Content-Disposition", "attachment", filename=name)
    return made

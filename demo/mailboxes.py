"""Two mailboxes as a mail server exports them (mbox): threads, attachments, several character sets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from random import Random

from msgspec import Struct

from demo import pictures, texts
from demo.people import Person, person

CLERK = "clerk@milbrook.example"
PARKS = "parks@milbrook.example"
COUNSEL = "ada.lindqvist@milbrook.example"
CHARSETS = ("utf-8", "utf-8", "utf-8", "iso-8859-1", "windows-1252")


class Mail(Struct):
    """One message, its id, its time, and the mailboxes that hold it."""

    id: str
    at: datetime
    message: EmailMessage
    boxes: tuple[str, ...]
    thread: str


def conversations(rng: Random, count: int, first: datetime) -> list[Mail]:
    """Return some conversations about the city's business, by time."""
    found: list[Mail] = []
    at = first
    for number in range(count):
        at += timedelta(hours=rng.randint(2, 60))
        found.extend(_conversation(rng, number, at))
    return sorted(found, key=lambda one: (one.at, one.id))


def _conversation(rng: Random, number: int, at: datetime) -> list[Mail]:
    """A citizen writes, the office answers, and so on; now and then counsel writes in the middle of it."""
    if number % 9 == 5:
        return [_newsletter(rng, number, at)]
    citizen, scene = person(rng), texts.mail_scene(rng)
    topic = scene.topic
    box = CLERK if rng.random() < 0.6 else PARKS
    boxes = (CLERK, PARKS) if rng.random() < 0.1 else (box,)
    office = Person("Milbrook City Clerk", CLERK, "", "") if box == CLERK else Person("Milbrook Parks", PARKS, "", "")
    turns = [(citizen, topic.mails), (office, topic.answers), (citizen, topic.followups), (office, topic.answers)]
    turns = turns[: rng.randint(1, 4)]
    if number % 7 == 3:
        turns.insert(1, (Person("Ada Lindqvist", COUNSEL, "", ""), texts.book().counsel))
    subject = scene.say(rng, topic.subjects)
    found: list[Mail] = []
    for step, (author, templates) in enumerate(turns):
        body = scene.say(rng, templates, citizen.name)
        mail = _mail(rng, f"c{number}.{step}", at, author, boxes, f"Re: {subject}" if step else subject, body)
        if found:
            _answer(mail, found)
        found.append(mail)
        at += timedelta(minutes=rng.randint(20, 3000))
    return found


def _mail(
    rng: Random, name: str, at: datetime, author: Person, boxes: tuple[str, ...], subject: str, body: str
) -> Mail:
    message = EmailMessage()
    message["From"] = f"{author.name} <{author.address}>"
    message["To"] = ", ".join(boxes)
    message["Subject"] = subject
    message["Date"] = format_datetime(at.astimezone(UTC))
    native_id = f"{name}.{rng.randrange(10**9)}@mail.example"
    message["Message-ID"] = f"<{native_id}>"
    message.set_content(body, charset=_charset(rng, body))
    if rng.random() < 0.25:
        message.add_alternative(f"<html><body><p>{body}</p></body></html>", subtype="html")
    _attach(rng, message, name)
    _fix_boundaries(message, name)
    return Mail(native_id, at, message, boxes, native_id)


def _charset(rng: Random, body: str) -> str:
    charset = rng.choice(CHARSETS)
    try:
        body.encode(charset)
    except UnicodeEncodeError:
        return "utf-8"
    return charset


def _attach(rng: Random, message: EmailMessage, name: str) -> None:
    if rng.random() < 0.15:
        message.add_attachment(pictures.picture(rng, 160, 120), "image", "jpeg", filename=f"photo {name}.jpg")
    if rng.random() < 0.1:
        invoice = pictures.document(f"Invoice {name}")
        message.add_attachment(invoice, "application", "pdf", filename=f"Rechnung_{name}_größer.pdf")
    if rng.random() < 0.06:
        table = f"item,dollars\r\nfilter pump,{rng.randint(900, 9000)}\r\n=SUM(B2:B2),\r\n"
        message.add_attachment(table.encode(), "text", "csv", filename=f"invoices {name}.csv")


def _fix_boundaries(message: EmailMessage, name: str) -> None:
    """Give multipart messages boundaries that do not come from the clock."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_milbrook_{name.replace('.', '_')}_{number}")


def _answer(reply: Mail, before: list[Mail]) -> None:
    reply.message["In-Reply-To"] = f"<{before[-1].id}>"
    reply.message["References"] = " ".join(f"<{one.id}>" for one in before)
    reply.thread = before[0].id


def _newsletter(rng: Random, number: int, at: datetime) -> Mail:
    city = Person("City of Milbrook", "news@milbrook.example", "", "")
    body = texts.scene(rng).say(rng, texts.book().newsletters)
    mail = _mail(rng, f"n{number}", at, city, (CLERK,), "Milbrook Weekly", body)
    mail.message["List-Id"] = "Milbrook Weekly <weekly.milbrook.example>"
    mail.message["Precedence"] = "bulk"
    return mail


def write(path: Path, mails: Iterable[Mail]) -> None:
    """Write a mailbox (RFC 4155, lines that begin with From quoted)."""
    with path.open("wb") as box:
        for mail in mails:
            stamp = mail.at.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
            box.write(f"From MAILER-DAEMON {stamp}\n".encode())
            for line in mail.message.as_bytes().splitlines(keepends=True):
                box.write(b">" + line if line.lstrip(b">").startswith(b"From ") else line)
            box.write(b"\n")

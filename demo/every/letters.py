"""Letters as mail programs keep them beside mbox: a file each (.eml, .emlx, .msg), or an Outlook store (.pst)."""

from __future__ import annotations

import plistlib
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo import days, outlook, pst, zips
from demo.mailboxes import enclosed, held, html, message
from demo.outlook import Item
from demo.world import Account, Letter

CLASS_OF_APPOINTMENT, CLASS_OF_CONTACT = "IPM.Appointment", "IPM.Contact"
REFERENCES, DELIVERED, STARTS, ENDS = 0x1039, 0x0E06, 0x0060, 0x0061
READ, FLAGGED = 1, 1 << 4
"""Bits of what Apple Mail knows about a message."""

MEETINGS = tuple(days.local(f"2026-{month:02}-03 09:00") for month in range(1, 6))
"""When the heads of the offices meet: the calendar of an Outlook store has it."""


def write_eml(path: Path, account: Account, at: datetime) -> None:
    """Write a mailbox as a zip of messages, a file each in the folder that it lies in."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, letter in enumerate(held(account, at), 1):
            name = f"{_folder(account, letter, 'Inbox', 'Sent')}/{number:05} {_plain(letter.subject)}.eml"
            zips.add(archive, name, [message(letter).as_bytes()])


def write_emlx(path: Path, account: Account, at: datetime) -> None:
    """Write a mailbox as Apple Mail's folder: the message's length, the message, what Mail knows about it."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, letter in enumerate(held(account, at), 40_001):
            raw = message(letter).as_bytes()
            flags = READ | (FLAGGED if letter.privileged else 0)
            about = {"date-received": int(letter.at.timestamp()), "flags": flags, "subject": letter.subject}
            name = f"{_folder(account, letter, 'INBOX', 'Sent Messages')}.mbox/Messages/{number}.emlx"
            zips.add(archive, name, [f"{len(raw):<10}\n".encode(), raw, plistlib.dumps(about)])


def write_msg(path: Path, account: Account, at: datetime) -> None:
    """Write a mailbox as a zip of single items, as Outlook saves them."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, letter in enumerate(held(account, at), 1):
            name = f"{_folder(account, letter, 'Inbox', 'Sent Items')}/{number:05} {_plain(letter.subject)}.msg"
            zips.add(archive, name, [outlook.msg(_item(account, letter))])


def write_pst(path: Path, account: Account, at: datetime) -> None:
    """Write a mailbox as an Outlook store: mail by month, the calendar, the address book."""
    folders: dict[str, list[Item]] = {"Calendar": list(_meetings()), "Contacts": [_contact()]}
    for letter in held(account, at):
        month = letter.at.astimezone(days.ZONE).strftime("%Y-%m")
        folder = f"{_folder(account, letter, 'Inbox', 'Sent Items')}/{month}"
        folders.setdefault(folder, []).append(_item(account, letter))
    path.write_bytes(outlook.store(folders))


def _folder(account: Account, letter: Letter, received: str, sent: str) -> str:
    return sent if letter.sender.address == account.handle else received


def _plain(subject: str) -> str:
    """Return a subject as the name of a file."""
    return re.sub(r"[^\w ]+", "", subject)[:60].strip() or "no subject"


# -- items of Outlook


def _item(account: Account, letter: Letter) -> Item:
    """Return a letter as an item; only what came from outside has headers."""
    raw = message(letter)
    is_sent = letter.sender.address == account.handle
    more: dict[tuple[int, int], pst.Value] = {(DELIVERED, pst.TIME): outlook.since_1601(letter.at)}
    if letter.answers:
        more[REFERENCES, pst.TEXT] = " ".join(f"<{one}>" for one in letter.answers)
    return Item(
        subject=letter.subject,
        text=letter.text.replace("\n", "\r\n"),
        html=html(letter).encode() if letter.html else b"",
        author=(letter.sender.name, letter.sender.address),
        people=[("to", one.name, one.address) for one in letter.to],
        sent=letter.at,
        message_id=f"<{letter.id}>",
        answers=f"<{letter.answers[-1]}>" if letter.answers else "",
        headers="" if is_sent else "".join(f"{name}: {value}\r\n" for name, value in raw.items()),
        files=[(one.name, _bytes(enclosed(one).get_payload(decode=True))) for one in letter.enclosures],
        more=more,
    )


def _bytes(payload: object) -> bytes:
    if not isinstance(payload, bytes):
        raise TypeError("a part that holds parts")
    return payload


def _meetings() -> Iterator[Item]:
    for at in MEETINGS:
        ends = at + timedelta(hours=1)
        yield Item(
            sort=CLASS_OF_APPOINTMENT, subject=meeting(at), text="City Hall, second floor.",
            more={(STARTS, pst.TIME): outlook.since_1601(at), (ENDS, pst.TIME): outlook.since_1601(ends)},
        )  # fmt: skip


def meeting(at: datetime) -> str:
    """Return what the calendar calls a meeting of the heads of the offices."""
    return f"Heads of offices, {at.astimezone(UTC):%B}"


def _contact() -> Item:
    return Item(sort=CLASS_OF_CONTACT, subject="City Attorney", text="Ada Lindqvist, 555-0140")

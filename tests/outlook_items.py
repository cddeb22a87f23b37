"""The fixtures of Outlook's formats, as values: a Clerk's mailbox of the fictional City of Milbrook."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from demo import pst
from demo.outlook import Item

CLERK = ("Casey Clerk", "clerk@milbrook.example")
ADA = ("Ada Lor", "ada@mail.example")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


FIRST = Item(
    subject="\x01\x05Re: Pool 🏊",
    text="When does it open?\r\n\r\nAda",
    author=ADA,
    people=[("to", *CLERK), ("cc", "Parks", "parks@milbrook.example")],
    sent=at("2026-03-02T15:30:00"),
    message_id="<two@mail.example>",
    answers="<one@milbrook.example>",
    headers="From: Ada Lor <ada@mail.example>\r\nDate: Mon, 2 Mar 2026 09:30:00 -0600\r\nReferences: "
    "<zero@milbrook.example> <one@milbrook.example>\r\nList-Id: Pool talk <pool.mail.example>\r\n",
)
ANSWER = Item(
    subject="Re: Pool",
    html=b"<p>On <b>1 June</b>.</p><script>alert(1)</script>",
    author=("Casey Clerk", "/o=Milbrook/ou=Exchange/cn=Recipients/cn=clerk"),
    people=[("to", *ADA), ("bcc", "City Attorney", "attorney@milbrook.example")],
    sent=at("2026-03-02T16:00:00"),
    message_id="<three@milbrook.example>",
    answers="<two@mail.example>",
    files=[
        ("plan.txt", b"The pool opens on 1 June."),
        ("The first message", Item(subject="Pool", text="Words inside.", author=ADA, files=[("deep.txt", b"Deep.")])),
    ],
)
DRAFT = Item(subject="Not sent", text="To think about.", author=CLERK, more={(0x0E07, pst.INT): 8})
TEAMS = Item(
    sort="IPM.SkypeTeams.Message",
    html=b"<div>Is the <i>valve</i> fixed?</div>",
    author=("Pat Parks", "parks@milbrook.example"),
    people=[("to", *CLERK)],
    sent=at("2026-03-03T08:00:00"),
    message_id="<teams-1@milbrook.example>",
    files=[("valve.txt", b"A valve.")],
    more={(0x3013, pst.BINARY): bytes(range(16))},
)
MEETING = Item(
    sort="IPM.Appointment",
    subject="Walk through the pool",
    author=CLERK,
    more={(0x0060, pst.TIME): 134193276000000000, (0x0061, pst.TIME): 134193312000000000},
)
CONTACT = Item(sort="IPM.Contact", subject="Somebody", text="Private.")
_RTF = b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 A;}}Gr\\'fc\\'dfe \\u-10180?\\u-8394? {\\*\\x hidden}here\\par}"
RICH = Item(
    subject="Rich",
    author=CLERK,
    more={(0x1009, pst.BINARY): struct.pack("<II4sI", len(_RTF) + 12, len(_RTF), b"MELA", 0) + _RTF},
)
FOLDERS: Mapping[str, Sequence[Item]] = {
    "Inbox/Pool": [FIRST],
    "Sent Items": [ANSWER],
    "Drafts": [DRAFT, RICH],
    "TeamsMessagesData": [TEAMS],
    "Calendar": [MEETING],
    "Contacts": [CONTACT],
    "Archive": [FIRST],
}

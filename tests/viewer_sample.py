"""A package with everything that the viewer knows: a conversation, bars, an edit, what is withheld, media, a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from export.bundle.build import build
from export.released import Ground, Production, Redaction, ReleasedAttachment, ReleasedRecord, WithheldRecord
from productions import attachment, record, staged

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
FILM = b"\0\0\0\x18ftypmp42"
CAPTIONS = b"WEBVTT\n\n1\n00:00.000 --> 00:02.500\n<v Clerk>The pool opens &amp; closes at six.\n"
HOME = Ground(
    code="home", citation="Wis. Stat. § 19.36(11)", title="Home data of a local official", reason="A home address."
)
STAFF = Ground(
    code="staff", citation="Wis. Stat. § 19.36(10)", title="Employee personnel records", reason="An inquiry."
)
HOSTILE = "I wrote [1: § 19.36(11)] myself, 🏊 "


def bar(number: int) -> str:
    """Return the marker that stands where something was blacked out."""
    return f"[{number}: § 19.36(11)]"


def redaction(number: int, field: str, value: str) -> Redaction:
    """Return a redaction at the last place where its marker stands in a released value."""
    start = value.rindex(bar(number))
    return Redaction(
        number=number, field=field, start=start, stop=start + len(bar(number)), marker=bar(number), ground=HOME
    )


def withheld(number: int, **values: Any) -> WithheldRecord:
    """Return a record that stays in whole."""
    plain: dict[str, Any] = {
        "bates": f"MILBROOK-2026-0001-{number:06}", "record": number, "version": number, "account": "x-city",
        "account_title": "City of Milbrook on X", "platform": "x", "kind": "comment", "ground": STAFF,
        "local_time": f"2026-03-{number % 28 + 1:02} 09:30",
    }  # fmt: skip
    return WithheldRecord(number=number, **(plain | values))


def _conversation() -> list[ReleasedRecord]:
    talk: dict[str, Any] = {"kind": "comment", "by_account": False, "conversation": 1}
    answer = talk | {"by_account": True, "author": "City of Milbrook"}
    return [
        record(1, conversation=1, text="The pool is closed for repairs until May. Ask us anything here."),
        record(2, parent_number=1, author="Rosa Lindqvist", text="When will the little pool open?", **talk),
        record(3, parent_number=2, text="On 1 May, if the weather holds.", **answer),
        record(5, parent_number=4, author="Omar Haddad", text="شكرا على الرد السريع", **talk),
        record(6, parent_number=1, author="陳美玲", text="游泳池什么时候开放？", parent="x1", **talk),
    ]


def _redacted() -> ReleasedRecord:
    text, who, title = f"{HOSTILE}and live at {bar(1)}.", f"{bar(2)} Alder", f"From {bar(3)}"
    line, fact = f"to: {bar(4)} <clerk@milbrook.example>", f"near {bar(5)}"
    photo = attachment("badge.png", "media/badge.png", PICTURE, "image/png", "A badge")
    box = Redaction(
        number=6, field="attachments.0", start=0, stop=0, marker="[6: § 19.36(10)]", ground=STAFF, place="at the top"
    )
    return record(
        7, kind="email", author=who, text=text, title=title, by_account=False, details={"place_of_work": fact},
        recipients=("to: Clerk <c@milbrook.example>", line),
        attachments=(msgspec.structs.replace(photo, redacted=True),),
        redactions=(
            redaction(1, "text", text), redaction(2, "author", who), redaction(3, "title", title),
            redaction(4, "recipients.1", line), redaction(5, "details.place_of_work", fact), box,
        ),
    )  # fmt: skip


def _edited() -> list[ReleasedRecord]:
    later = f"The meeting is on Thursday at 7 pm, room 12. Call {bar(1)}."
    old: dict[str, Any] = {"standing": "superseded", "state": "edited"}
    new: dict[str, Any] = {"state": "edited", "captured_at": "2026-03-09T10:00:00+00:00"}
    return [
        record(8, record=8, version=8, text="The meeting is on Tuesday at 7 pm, room 12.", **old),
        record(
            9, record=8, version=9, text=later, state_note="Edited between 2026-03-02 and 2026-03-09.",
            redactions=(redaction(1, "text", later),), **new,
        ),
        record(10, record=10, version=10, text="游泳池今天开放", **old),
        record(11, record=10, version=11, text="游泳池明天开放", state_note="Edited on 2026-03-09.", **new),
    ]  # fmt: skip


def _film() -> ReleasedRecord:
    lost = ReleasedAttachment(
        name="flyer.pdf", media_type="application/pdf", size=0, sha256="",
        missing="the backup names this file but does not hold it",
    )  # fmt: skip
    files = (
        attachment("pool.mp4", "media/pool.mp4", FILM, "video/mp4", "The pool on its first day"),
        attachment("pool.vtt", "media/pool.vtt", CAPTIONS, "text/vtt"),
        lost,
        attachment("gate.png", "media/gate.png", PICTURE, "image/png", "A closed gate"),
        attachment("talk.mp3", "media/talk.mp3", b"ID3", "audio/mpeg"),
    )
    return record(14, text="A film of the pool", local_time="2025-07-04 12:00", attachments=files)


def _others() -> list[ReleasedRecord]:
    other: dict[str, Any] = {"account": "other", "account_title": "Other"}
    gone = "Absent from the backup of 2026-04-01; last seen in the backup of 2026-03-01."
    rude = "Hidden by the account itself on 2026-03-20."
    return [
        record(12, state="deleted", state_note=gone, text="gone"),
        record(13, state="hidden", state_note=rude, text="rude words", by_account=False, author="Nobody Known"),
        _film(),
        record(15, text="Not looked at", decision="undecided"),
        record(16, text="Only for context", context=True, **other),
        record(17, author="", author_id="901", kind="subscriber", text="", by_account=False, joined="in May", **other),
        record(18, text="L’école d'été: le café de #MilbrookPool, สระว่ายน้ำเปิดวันนี้", local_time=""),
    ]


FILES = {
    "media/badge.png": PICTURE, "media/pool.mp4": FILM, "media/pool.vtt": CAPTIONS,
    "media/gate.png": PICTURE, "media/talk.mp3": b"ID3",
}  # fmt: skip
KEPT_IN = [
    withheld(4, conversation=1, parent_number=2),
    withheld(19, kind="email", author="Jo Alder", recipients=("to: Clerk",), attachments=2),
]


def sample(folder: Path, **changes: Any) -> Production:
    """Stage the package; `changes` are values of the production."""
    records = [*_conversation(), _redacted(), *_edited(), *_others()]
    return msgspec.structs.replace(staged(folder, records, FILES, withheld=KEPT_IN), **changes)


def built(folder: Path, **changes: Any) -> Path:
    """Build the package and return its bag."""
    return build(sample(folder / "staging", **changes), folder / "out").bag

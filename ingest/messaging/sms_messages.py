"""Text messages, picture messages and calls of SMS Backup & Restore: from elements to drafts."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence

from archive.records import Audience, Author, Recipient, Timestamp
from ingest.contacts import normal_contact
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.messaging.sms_xml import Element
from ingest.timestamps import from_unix, from_unix_ms

BOXES = {"1": "received", "2": "sent", "3": "draft", "4": "outbox", "5": "failed", "6": "queued"}
"""What ``type`` of a text and ``msg_box`` of a picture message mean; calls have meanings of their own."""

CALLS = {
    "1": "incoming", "2": "outgoing", "3": "missed", "4": "voicemail", "5": "rejected", "6": "blocked",
    "7": "answered on another device",
}  # fmt: skip
HIDDEN = {"2": "withheld by the caller", "3": "unknown", "4": "a payphone"}
ROLES = {"151": "to", "130": "cc", "129": "bcc"}
FROM = "137"
OWN = ("draft", "sent", "outbox", "failed", "queued")
NOT_SENT = ("draft", "failed")
TOKEN = "insert-address-token"
"""What Android writes for the telephone's own number."""

_MENDED = "\ufffd"
_DATA = re.compile(rb"(\sdata\s*=\s*)(\"[^\"]*\"|'[^']*')")


def draft(element: Element, place: str) -> Iterator[Draft | Defect]:
    """Yield what one element says."""
    if _MENDED in element.values.get("body", "") and _MENDED.encode() not in element.native:
        yield Defect(place, "half a character was replaced by U+FFFD", quarantined=False)
    if element.name == "sms":
        yield _text(element, place)
    elif element.name == "mms":
        yield from _picture(element, place)
    else:
        yield _call(element, place)


def _text(element: Element, place: str) -> Draft:
    values = element.values
    box = BOXES.get(values.get("type", ""), "")
    people = _people(values)
    return Draft(
        kind="message",
        place=place,
        native=element.native,
        created=_moment(values),
        author=_author(box, people),
        title=values.get("subject", ""),
        text=values.get("body", ""),
        thread=_thread(people),
        audience=_audience(box),
        recipients=_to(people) if box in OWN else (),
        details=_details(values, box),
    )


def _picture(element: Element, place: str) -> Iterator[Draft | Defect]:
    values = element.values
    box = BOXES.get(values.get("msg_box", ""), "")
    people = _people(values)
    names = {normal_contact(one.handle): one.name for one in people}
    addressed = [one for name, one in element.inner if name == "addr"]
    senders = [_named(one["address"], names) for one in addressed if one.get("type") == FROM and one.get("address")]
    sender = [one for one in senders if one.handle != TOKEN][:1]
    texts, attachments = _parts(element)
    is_whole = all(one.payload is not None for one in attachments)
    if not is_whole:
        yield Defect(place, "what is attached is no base64, or is not in the backup", quarantined=False)
    yield Draft(
        kind="message",
        place=place,
        native=_DATA.sub(rb'\1""', element.native) if is_whole else element.native,
        created=_moment(values),
        author=Author(is_account=True) if box in OWN else (sender or people or [Author()])[0],
        title=values.get("sub", ""),
        text="\n".join(texts),
        thread=_thread(people),
        attachments=tuple(attachments),
        audience=_audience(box),
        recipients=tuple(_addressees(addressed, names)) or (_to(people) if box in OWN else ()),
        details=_details(values, box),
    )


def _call(element: Element, place: str) -> Draft:
    values = element.values
    sort = CALLS.get(values.get("type", ""), values.get("type", "unknown"))
    people = _people({"address": values.get("number", ""), **values})
    details = {"call": sort}
    if values.get("duration", "0") != "0":
        details["call seconds"] = values["duration"]
    if hidden := HIDDEN.get(values.get("presentation", "")):
        details["number"] = hidden
    return Draft(
        kind="message",
        place=place,
        native=element.native,
        created=_moment(values),
        author=Author(is_account=True) if sort == "outgoing" else (people or [Author()])[0],
        thread=_thread(people),
        audience="private",
        recipients=_to(people) if sort == "outgoing" else (),
        details=details,
    )


def _parts(element: Element) -> tuple[list[str], list[SourceAttachment]]:
    """Return the texts and the files of a picture message; its layout (SMIL) is nobody's words."""
    texts: list[str] = []
    files: list[SourceAttachment] = []
    for number, one in enumerate((values for name, values in element.inner if name == "part"), 1):
        sort = one.get("ct", "")
        if sort == "application/smil":
            continue
        if sort == "text/plain" and one.get("text"):
            texts.append(one["text"])
        elif one.get("data") or sort != "text/plain":
            name = one.get("cl") or one.get("name") or one.get("fn") or f"part {number}"
            files.append(SourceAttachment(name, payload=_bytes(one.get("data", ""))))
    return texts, files


def _bytes(data: str) -> bytes | None:
    try:
        return base64.b64decode("".join(data.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _people(values: Mapping[str, str]) -> list[Author]:
    """Return the others in a conversation: their addresses are joined with ~, their names with commas."""
    addresses = [one for one in values.get("address", "").split("~") if one and one not in ("-1", "-2")]
    named = values.get("contact_name", "").replace("(Unknown)", "")
    names = [named] if len(addresses) == 1 else named.split(", ")
    if len(names) != len(addresses):
        names = [""] * len(addresses)
    return [Author(name, address) for name, address in zip(names, addresses, strict=True)]


def _named(address: str, names: Mapping[str, str]) -> Author:
    return Author(names.get(normal_contact(address), ""), address)


def _author(box: str, people: Sequence[Author]) -> Author:
    if box in OWN:
        return Author(is_account=True)
    return people[0] if len(people) == 1 else Author()


def _to(people: Sequence[Author]) -> tuple[Recipient, ...]:
    return tuple(Recipient("to", one.name, one.handle) for one in people)


def _addressees(addressed: Sequence[Mapping[str, str]], names: Mapping[str, str]) -> Iterator[Recipient]:
    for one in addressed:
        role, address = ROLES.get(one.get("type", "")), one.get("address", "")
        if role and address and address != TOKEN:
            yield Recipient(role, names.get(normal_contact(address), ""), address)


def _thread(people: Sequence[Author]) -> str:
    """Return the conversation: the numbers of all others in one spelling, in one order."""
    return "~".join(sorted({normal_contact(one.handle) for one in people}))


def _audience(box: str) -> Audience:
    return "draft" if box in NOT_SENT else "private"


def _details(values: Mapping[str, str], box: str) -> dict[str, str]:
    found = {"box": box} if box not in ("", "received", "sent") else {}
    sent = values.get("date_sent", "0")
    if sent != "0" and sent != values.get("date"):
        moment = _time(sent)
        found["sent at"] = moment.at.isoformat() if moment.at is not None else sent
    return found


def _moment(values: Mapping[str, str]) -> Timestamp | None:
    return _time(values["date"]) if values.get("date") else None


def _time(raw: str) -> Timestamp:
    """Read milliseconds since 1970 in UTC; some telephones write the seconds of picture messages."""
    return from_unix(raw) if len(raw) <= 10 else from_unix_ms(raw)

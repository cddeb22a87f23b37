"""One RFC 5322 message, however broken, as a draft. Nothing in a message may stop the run."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from typing import TYPE_CHECKING

from ingest.backup import Member
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.mail import cutting
from ingest.mail.headers import BROKEN, SYNONYMS, Headers, decoded
from ingest.mail.notices import notice_of
from ingest.text import clean, html_to_text, tidy

DEEPEST = 30
"""Parts inside parts that are followed."""

AS_IT_CAME = email.policy.compat32.clone(mangle_from_=False)
"""The policy that keeps headers as they came; the default one raises on broken ones."""

ENCODING = "Content-Transfer-Encoding"
AS_THEY_STAND = ("multipart", "message")
"""Main types of which :mod:`email` writes the text without a look at its lines, where they have no parts."""

UUENCODE = ("x-uuencode", "uuencode", "uue", "x-uue")

if TYPE_CHECKING:
    Mail = Message[str, str]
else:
    Mail = Message
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
_MESSAGE_HEADERS = re.compile(
    rb"(?im)^(from|to|cc|subject|date|message-id|received|return-path|mime-version|delivered-to|x-[a-z-]+)"
    rb"[ \t]*:"
)


def looks_like_message(head: bytes) -> bool:
    """Say whether bytes begin with the headers of a message."""
    head = _envelope_off(head)
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_HEADER_LINE.match(head)) and _MESSAGE_HEADERS.search(block) is not None


def _envelope_off(raw: bytes) -> bytes:
    """Return a message without what may stand before its headers: a mark, empty lines, a From_ line."""
    raw = raw.lstrip(b"\xef\xbb\xbf\r\n")
    return raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw


def draft(raw: bytes, place: str, worth_cutting: int = cutting.WORTH_CUTTING) -> Iterator[Draft | Defect]:
    """Yield one message as a draft, before it remarks on what could not be read well.

    ``native`` is the message's bytes as they stood in the backup. Bodies of ``worth_cutting`` bytes and more are read
    in pieces; nothing but the memory that takes depends on it.
    """
    bodies = cutting.cut(_envelope_off(raw), worth_cutting)
    reading = _Reading(BytesParser(policy=AS_IT_CAME).parsebytes(bodies.skeleton()), bodies, place)
    made = reading.draft(raw)
    yield from reading.remarks
    yield made


class _Reading:
    """The reading of one message; collects remarks on its way."""

    def __init__(self, message: Mail, bodies: cutting.Bodies, place: str) -> None:
        self._message = message
        self._bodies = bodies
        self._place = place
        self._texts: list[tuple[str, str]] = []
        self._attachments: list[SourceAttachment] = []
        self.remarks: list[Defect] = []

    def draft(self, raw: bytes) -> Draft:
        """Return the draft."""
        self._walk(self._message, 0)
        headers = Headers(list(self._message.raw_items()))
        native_id, parent, thread = headers.identity()
        author = headers.author()
        notice = notice_of(author.handle, (text for _, text in self._texts))
        made = Draft(
            kind="email",
            place=self._place,
            native=raw,
            native_id=native_id,
            created=headers.created(),
            author=author,
            title=headers.first("Subject"),
            text=self._text(),
            parent=parent,
            thread=thread,
            url=notice.url,
            attachments=tuple(self._attachments),
            tags=headers.labels(),
            audience="private",
            recipients=headers.recipients(),
            list_name=headers.first("List-Id"),
            details={**headers.details(), **notice.details},
        )
        for reason in headers.remarks:
            self._remark(reason)
        return made

    def _remark(self, reason: str) -> None:
        self.remarks.append(Defect(self._place, reason, quarantined=False))

    # -- body

    def _walk(self, part: Mail, depth: int) -> None:
        """Collect the texts and attachments of a part and of all parts inside it."""
        inner = [one for one in part.get_payload() if isinstance(one, Message)] if part.is_multipart() else []
        kind = part.get_content_type()
        if kind == "message/rfc822" and inner and depth:
            self._attach_message(part, inner[0])
        elif inner and depth < DEEPEST:
            for one in inner:
                self._walk(one, depth + 1)
        elif self._is_text(part, kind):
            self._texts.append((kind, self._decoded_text(part)))
        else:
            self._attach(part, kind)

    def _is_text(self, part: Mail, kind: str) -> bool:
        if kind not in ("text/plain", "text/html") or _file_name(part):
            return False
        return part.get_content_disposition() != "attachment"

    def _cut_out(self, part: Mail) -> bytes | Member | None:
        """Return what a part is of which a body was cut out, decoded; None for the others."""
        if not self._bodies:
            return None
        text = _as_it_stands(part)
        if not self._bodies.are_in(text):
            return None
        encoding = str(part.get(ENCODING, "")).lower()
        if encoding in UUENCODE:  # rare, and not decoded in pieces
            self._put_back(part, text)
            return None
        return self._bodies.decoded(text, encoding)

    def _put_back(self, part: Mail, text: bytes) -> None:
        part.set_payload(b"".join(self._bodies.whole(text)).decode("ascii", "surrogateescape"))

    def _content(self, part: Mail) -> bytes | Member:
        found = self._cut_out(part)
        return self._bytes(part) if found is None else found

    def _bytes(self, part: Mail) -> bytes:
        try:
            payload = part.get_payload(decode=True)
        except BROKEN:
            payload = None
        if isinstance(payload, bytes):
            return payload
        self._remark(f"a part of type {part.get_content_type()} could not be decoded; it was kept as it stood")
        return str(part.get_payload()).encode("utf-8", "surrogateescape")

    def _decoded_text(self, part: Mail) -> str:
        content = self._content(part)
        payload = content if isinstance(content, bytes) else content.read()
        try:
            charset = part.get_content_charset() or ""
        except BROKEN:
            charset = ""
        return clean(self._in_charset(payload, SYNONYMS.get(charset, charset)))

    def _in_charset(self, payload: bytes, charset: str) -> str:
        for name in (charset, "utf-8", "windows-1252"):
            try:
                return payload.decode(name) if name else payload.decode("ascii")
            except (LookupError, UnicodeError):
                if name == charset and charset:
                    self._remark(f"the text is not in “{charset}”, as it says; it was read as best could be")
        return payload.decode("latin-1")

    def _attach(self, part: Mail, kind: str) -> None:
        content = self._content(part)
        if not content and not _file_name(part):
            return
        name = clean(_file_name(part)) or f"part {len(self._attachments) + 1} ({kind})"
        alt = clean(decoded(str(part.get("Content-Description", ""))))
        self._attachments.append(_attachment(name, content, alt))

    def _attach_message(self, part: Mail, inner: Mail) -> None:
        for one in inner.walk() if self._bodies else ():
            if one.get_content_maintype() in AS_THEY_STAND and not one.is_multipart():
                self._put_back(one, _as_it_stands(one))
        try:
            text = inner.as_bytes()
        except BROKEN:
            text = str(inner.get_payload()).encode("utf-8", "surrogateescape")
            self._remark("an attached message could not be copied whole; its text was kept")
        subject = clean(decoded(str(inner.get("Subject", "")))) or "message"
        name = clean(_file_name(part)) or f"{subject}.eml"
        is_cut = bool(self._bodies) and self._bodies.are_in(text)
        self._attachments.append(_attachment(name, self._bodies.written(text) if is_cut else text))

    def _text(self) -> str:
        """Return the plain text, or what a person reads of the HTML where there is no other."""
        plain = [text for kind, text in self._texts if kind == "text/plain" and text.strip()]
        if plain:
            return "\n\n".join(text.replace("\r\n", "\n").rstrip() for text in plain)
        html = [html_to_text(text) for kind, text in self._texts if kind == "text/html"]
        return tidy("\n\n".join(html))


def _as_it_stands(part: Mail) -> bytes:
    """Return a part's text, not decoded; empty for one of parts."""
    encoding = next((value for name, value in part.raw_items() if name.lower() == ENCODING.lower()), None)
    if encoding is not None:
        part.replace_header(ENCODING, "8bit")
    text = part.get_payload(decode=True)
    if encoding is not None:
        part.replace_header(ENCODING, encoding)
    return text if isinstance(text, bytes) else b""


def _attachment(name: str, content: bytes | Member, alt: str = "") -> SourceAttachment:
    if isinstance(content, bytes):
        return SourceAttachment(name, payload=content, alt=alt)
    return SourceAttachment(name, content.renamed(name), alt=alt)


def _file_name(part: Mail) -> str:
    try:
        name = part.get_filename() or part.get("Content-Location", "")
    except BROKEN:
        return ""
    return decoded(str(name)).replace("\\", "/").rsplit("/", 1)[-1].strip() if name else ""

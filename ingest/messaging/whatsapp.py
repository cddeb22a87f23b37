"""Chats that WhatsApp exports from a telephone: a text, alone or in a zip with its pictures."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from archive.records import Author, Recipient
from ingest.backup import Backup, Member, is_residue
from ingest.contacts import is_phone
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading
from ingest.messaging.conversations import EVENT, MOST_LOOKED_AT, Conversation, FilesByName
from ingest.messaging.whatsapp_dates import Order, infer, moment
from ingest.messaging.whatsapp_lines import Entry, Stray, Survey, entries, parted, style_of, survey
from ingest.messaging.whatsapp_words import normal, unmarked, words
from ingest.utf16 import as_utf8

GAPS = (
    "ids, and what a message answers: WhatsApp does not export them",
    "reactions, who has read a message, stars",
    "earlier wordings and the time of an edit; the words of deleted messages",
    "messages beyond the newest 40,000 of a chat (10,000 with media)",
    "telephone numbers of people who are among the telephone's contacts, and who is in a group without ever writing",
)
MOST = 10_000
"""Messages from which older ones may be missing in a chat exported with its media."""

_ATTACHED_IOS = re.compile(r"(?:^|\u200e)<[^<>:]{2,30}?[ \xa0]?: ?([^<>\n]+\.\w{1,5})>")
_ATTACHED_ANDROID = re.compile(r"\u200e?([^\n]+\.\w{1,5}) \(([^()\n]{3,40})\)(?:\n|$)")
_EDITED = re.compile(r"[ \u200e]*(<[^<>:\n]{3,60}>)\s*$")
_NUMBERED = re.compile(r" \(\d+\)$")


class WhatsAppIngestor(Ingestor):
    """Reads chats of iPhones and Android telephones, with or without media."""

    name = "whatsapp"
    platform = "whatsapp"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the lines that begin with a date in brackets, or with a date and a hyphen, and a name."""
        return Confidence.CONTENT if any(True for _ in _chats(backup, MOST_LOOKED_AT)) else Confidence.NONE

    def read(self, backup: Backup) -> Reading:
        """Yield the messages chat by chat; how dates were understood is remarked for each."""
        yield from (Gap(what) for what in GAPS)
        files = FilesByName(backup)
        chats: list[tuple[Member, Survey, str]] = []
        for member, style in _chats(backup):
            try:
                chats.append((member, survey(member, style), _name(member, backup)))
            except OSError as error:
                yield Defect(member.path, str(error))
        firsts = Counter(found.first_title(name) for _, found, name in chats)
        for member, found, name in chats:
            first = found.first_title(name)
            try:
                yield from _Chat(member, found, name, first if firsts[first] == 1 else name, files).read()
            except OSError as error:
                yield Defect(member.path, str(error))


class _Chat:
    """One chat, called ``name`` today and ``first`` in the beginning, which stays its id."""

    def __init__(self, member: Member, found: Survey, name: str, first: str, files: FilesByName) -> None:
        groups = {one for one in found.senders if found.is_group(one, name)}
        people = [_author(one) for one in sorted(found.senders.keys() - groups)]
        members = [Recipient("member", one.name, one.handle) for one in people]
        self._member = member
        self._style = found.style
        self._senders = frozenset(found.senders)
        self._groups = groups
        self._dates = infer(found.seen)
        self._count = found.seen.count
        self._conversation = Conversation(first, name, members=members)
        self._files = files

    def read(self) -> Reading:
        dates = self._dates
        doubt = "" if dates.certain else " This is not certain: compare a date with the telephone."
        yield Defect(self._member.path, f"dates are read as {dates.order}: {dates.ground}.{doubt}", False)
        if self._conversation.native_id != self._conversation.name:
            reason = (
                f"this group was called “{self._conversation.native_id}” at first; it is one conversation with that"
            )
            yield Defect(self._member.path, reason, quarantined=False)
        has_media = False
        for entry in entries(self._member, self._style):
            if isinstance(entry, Stray):
                place = f"{self._member.path}, line {entry.line}"
                yield Defect(place, "these lines belong to no message", native=entry.native)
                continue
            draft = self._draft(entry, dates.order)
            has_media = has_media or any(one.member for one in draft.attachments)
            yield draft
        if self._count >= (MOST if has_media else 4 * MOST):
            reason = f"{self._count:,} messages: WhatsApp exports no more, so older ones may be missing"
            yield Defect(self._member.path, reason, quarantined=False)

    def _draft(self, entry: Entry, order: Order) -> Draft:
        sender, said = parted(entry.text)
        if sender not in self._senders:
            sender, said = "", entry.text
        author = _author("" if sender in self._groups else sender)
        said, edited = _without_edit_mark(said)
        name, rest = self._attached(said)
        is_own = not sender or _is_whatsapps(rest, bool(name))
        details = self._conversation.details()
        if is_own:
            details[EVENT] = unmarked(rest).strip()
        if edited:
            details["edited"] = "yes, at a time that is not told"
        return Draft(
            kind="message",
            place=f"{self._member.path}, line {entry.line}",
            native=entry.native,
            created=moment(entry.stamp, order),
            removed_by="unknown" if sender and _is_by_admin(rest) else "",
            author=author,
            text="" if is_own else _words(rest, bool(name)),
            thread=self._conversation.native_id,
            attachments=(SourceAttachment(name, self._file(name)),) if name else (),
            audience="removed" if sender and _is_deleted(rest) else "private",
            recipients=self._conversation.others(author.handle or author.name),
            details=details,
        )

    def _file(self, name: str) -> Member | None:
        """Return a file of this chat; other chats have files of the same names."""
        return self._files.find(name, self._member, anywhere=False)

    def _attached(self, text: str) -> tuple[str, str]:
        """Return the name of the file that a message brings, and the words around it."""
        if self._style == "iOS":
            found = _ATTACHED_IOS.search(text)
            return (found[1].strip(), text[: found.start()] + text[found.end() :]) if found else ("", text)
        found = _ATTACHED_ANDROID.match(text)
        if found is None:
            return "", text
        name = unmarked(found[1])
        if normal(found[2]) in words().attached or self._file(name) is not None:
            return name, text[found.end() :]
        return "", text


def _chats(backup: Backup, most: int | None = None) -> Iterator[tuple[Member, str]]:
    """Yield the chats and whose telephone wrote them; ``most`` texts are looked at."""
    texts = (one for one in backup.members() if one.path.lower().endswith(".txt") and not is_residue(one.path))
    for member in itertools.islice(texts, most):
        readable = as_utf8(member)
        if style := style_of(readable):
            yield readable, style


def _author(sender: str) -> Author:
    return Author(handle=sender) if is_phone(sender) else Author(sender)


def _words(text: str, is_caption: bool) -> str:
    return unmarked(text).strip() if is_caption else text.strip("\u200e\u200f")


def _is_whatsapps(text: str, is_caption: bool) -> bool:
    """Say whether these are words of WhatsApp's own: known ones, or what an iPhone puts a mark before."""
    said = normal(text)
    marked = text.startswith("\u200e") and not is_caption
    return marked or said in words().omitted or _is_deleted(text)


def _is_deleted(text: str) -> bool:
    return normal(text) in words().deleted or _is_by_admin(text)


def _is_by_admin(text: str) -> bool:
    return normal(text).startswith(words().deleted_by_admin)


def _without_edit_mark(text: str) -> tuple[str, bool]:
    """Return a text without the mark of an edit, and whether there was one; iPhones mark it by a sign before it."""
    found = _EDITED.search(text) if text.rstrip().endswith(">") else None
    if found is None:
        return text, False
    is_known = normal(found[1]) in words().edited
    is_marked = "\u200e" in found[0] and bool(unmarked(text[: found.start()]).strip())
    return (text[: found.start()], True) if is_known or is_marked else (text, False)


def _name(member: Member, backup: Backup) -> str:
    """Return the name of the chat: of the text, or of the zip or folder around a text that is named ``_chat``."""
    *folders, base = member.path.split("/")
    stem = base[: -len(".txt")]
    if stem.casefold() == "_chat":
        part = backup.parts[member.part].name
        stem = folders[-1] if folders else part.removesuffix(".zip").removesuffix(".txt")
    stem = _NUMBERED.sub("", stem)
    for prefix in words().chats:
        if stem.casefold().startswith(prefix.casefold()):
            return stem[len(prefix) :].strip()
    return stem

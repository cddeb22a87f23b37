"""The pages of Google Voice: a file is a stretch of a conversation, or one call, as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from archive.records import Audience, Author, Recipient
from ingest.backup import Backup, Member
from ingest.contacts import is_phone, normal_contact
from ingest.ingestor import Draft, SourceAttachment
from ingest.messaging.conversations import EVENT
from ingest.timestamps import from_iso

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

NAME = re.compile(r"(?:^|/)(?P<who>[^/]*?) ?- (?:[^/]*? - )?\d{4}-\d\d-\d\dT\d\d_\d\d_\d\dZ(?: ?\(\d+\))?\.html$")
"""The name of a page: who, what in the account's language (sometimes left out), when."""

CALLS = ("placed", "received", "missed", "voicemail", "recorded")
PLACEHOLDERS = ("MMS Sent", "MMS Received")
UNHEARD = "Unable to transcribe this message."

_LABEL = re.compile(r"/voice#(\w+)")
_MESSAGE = re.compile(r'<div class="message">')
_END = re.compile(r'<div class="(?:tags|noteContainer|deletedStatusContainer)"|</body>')
_FILE = re.compile(r"<(?:img|audio|video|a\b[^>]*vcard)", re.IGNORECASE)
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


class Media:
    """The files beside the pages, by their names without an ending: a page names some of them so."""

    def __init__(self, backup: Backup) -> None:
        self._by_stem: dict[str, Member] = {}
        for member in backup.members():
            name = member.path.rsplit("/", 1)[-1]
            if not name.endswith(".html"):
                self._by_stem.setdefault(name, member)
                self._by_stem.setdefault(name.rpartition(".")[0], member)

    def attachment(self, source: str) -> SourceAttachment:
        """Return the file that a page names."""
        name = source.rsplit("/", 1)[-1]
        member = self._by_stem.get(name)
        return SourceAttachment(member.path.rsplit("/", 1)[-1] if member else name, member)


class Pages:
    """Reads pages. ``postponed`` are those that only a name tells whose they are, until the name's number is known."""

    def __init__(self, backup: Backup) -> None:
        self._media = Media(backup)
        self.numbers: dict[str, str] = {}
        self.postponed: list[Member] = []

    def read(self, member: Member, is_last: bool = False) -> Iterator[Draft]:
        """Yield what a page holds; raises ValueError if it holds nothing of Google Voice."""
        from selectolax.lexbor import LexborHTMLParser

        text = member.read().decode("utf-8", "replace")
        tree = LexborHTMLParser(text.replace("\0", ""))
        if tree.css_first(".hChatLog") is not None:
            page = _Texts(member, text, tree, self._media)
            if not page.others and not page.addressed_by_name(self.numbers) and not is_last:
                self.postponed.append(member)
                return
            self.numbers |= {one.name: one.number for one in page.others.values() if one.name}
            yield from page.read()
        elif tree.css_first(".haudio") is not None:
            yield _call(member, text, tree, self._media)
        else:
            raise ValueError("neither messages nor a call")


class _Person:
    """Somebody as a page names them: by a number, and by a name where the number is a contact's."""

    def __init__(self, node: LexborNode | None) -> None:
        link = node.css_first("a.tel") if node is not None else None
        self.number = _attribute(link, "href").removeprefix("tel:")
        self.is_me = link is not None and link.css_first("abbr.fn") is not None
        name = _text(link.css_first(".fn")) if link is not None else ""
        self.name = "" if name == self.number or self.is_me else name

    def author(self) -> Author:
        return Author(self.name, self.number, is_account=self.is_me)


class _Texts:
    def __init__(self, member: Member, text: str, tree: LexborHTMLParser, media: Media) -> None:
        self._member = member
        self._media = media
        self._nodes = tree.css(".hChatLog .message")
        self._natives = _slices(text, len(self._nodes))
        self._senders = [_Person(node.css_first("cite.sender")) for node in self._nodes]
        self._audience = _audience(member, tree)
        self._has_files = _FILE.search(text) is not None
        named = tree.css(".participants cite.sender") if "participants" in text else ()
        group = [_Person(node) for node in named]
        self._thread = ""
        self.others: dict[str, _Person] = {}
        self._meet(one for one in group or self._senders if not one.is_me)

    def _meet(self, people: Iterable[_Person]) -> None:
        self.others = {normal_contact(one.number): one for one in people}
        self._thread = "~".join(sorted(self.others))

    def addressed_by_name(self, numbers: Mapping[str, str]) -> bool:
        """Take the page's name for the other side, where only the account writes; False if its number is unknown."""
        found = NAME.search(self._member.path)
        who = found["who"] if found else ""
        other = _Person(None)
        other.number = numbers.get(who, who)
        other.name = who if other.number != who else ""
        if who:
            self._meet([other])
        return not who or is_phone(other.number) or other.number.isdigit()

    def read(self) -> Iterator[Draft]:
        for number, (node, sender) in enumerate(zip(self._nodes, self._senders, strict=True), 1):
            yield self._draft(number, node, sender)

    def _draft(self, number: int, node: LexborNode, sender: _Person) -> Draft:
        created = from_iso(_attribute(node.css_first("abbr.dt"), "title"))
        at = created.at.isoformat() if created.at is not None else created.raw
        files = node.css("div img, audio, video, a.vcard") if self._has_files else ()
        sources = [_attribute(one, "src") or _attribute(one, "href") for one in files]
        said = _text(node.css_first("q"), "\n")
        is_placeholder = said in PLACEHOLDERS and bool(sources)
        who = "me" if sender.is_me else normal_contact(sender.number)
        return Draft(
            kind="message",
            place=f"{self._member.path}, message {number}",
            native=self._natives[number - 1] or str(node.html).encode(),
            native_id=f"{self._thread} {at} {who}".lstrip(),
            created=created,
            removed_by="city" if self._audience == "removed" else "",
            author=sender.author(),
            text="" if is_placeholder else said,
            thread=self._thread,
            attachments=tuple(self._media.attachment(one) for one in sources if one),
            audience=self._audience,
            recipients=self._recipients(sender),
            details={EVENT: said} if is_placeholder else {},
        )

    def _recipients(self, sender: _Person) -> tuple[Recipient, ...]:
        role = "to" if len(self.others) == 1 and sender.is_me else "member"
        return tuple(
            Recipient(role, one.name, one.number) for one in self.others.values() if one.number != sender.number
        )


def _call(member: Member, text: str, tree: LexborHTMLParser, media: Media) -> Draft:
    person = _Person(tree.css_first(".contributor"))
    created = from_iso(_attribute(tree.css_first("abbr.published"), "title"))
    labels = _labels(tree)
    sort = next((one for one in CALLS if one in labels), "call")
    said = _text(tree.css_first(".full-text"))
    audience = _audience(member, tree)
    thread = normal_contact(person.number)
    at = created.at.isoformat() if created.at is not None else created.raw
    details = {"call": sort}
    if length := _seconds(_attribute(tree.css_first("abbr.duration"), "title")):
        details["call seconds"] = length
    if said == UNHEARD:
        details[EVENT] = said
    return Draft(
        kind="message",
        place=member.path,
        native=text[max(text.find("<body"), 0) :].encode(),
        native_id=f"{thread} {at} {sort}".lstrip(),
        created=created,
        removed_by="city" if audience == "removed" else "",
        author=Author(is_account=True) if sort == "placed" else person.author(),
        text="" if said == UNHEARD else said,
        thread=thread,
        attachments=tuple(media.attachment(_attribute(one, "src")) for one in tree.css("audio[src]")),
        audience=audience,
        recipients=(Recipient("to", person.name, person.number),) if sort == "placed" else (),
        details=details,
    )


def _slices(text: str, count: int) -> list[bytes]:
    """Return each message's own bytes; nothing where the page is not cut as Google cuts it."""
    starts = [found.start() for found in _MESSAGE.finditer(text)]
    if len(starts) != count or not starts:
        return [b""] * count
    end = _END.search(text, starts[-1])
    stops = [*starts[1:], end.start() if end else len(text)]
    return [text[start:stop].rstrip().encode() for start, stop in zip(starts, stops, strict=True)]


def _labels(tree: LexborHTMLParser) -> set[str]:
    found = (_LABEL.search(_attribute(one, "href")) for one in tree.css(".tags a"))
    return {one[1] for one in found if one}


def _audience(member: Member, tree: LexborHTMLParser) -> Audience:
    if _text(tree.css_first(".deletedStatusContainer")).endswith("True"):
        return "removed"
    is_spam = "/spam/" in f"/{member.path.lower()}" or "spam" in _labels(tree)
    return "spam" if is_spam else "private"


def _seconds(duration: str) -> str:
    found = _DURATION.fullmatch(duration)
    if found is None:
        return ""
    hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return str(hours * 3600 + minutes * 60 + seconds)


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "") if node is not None else ""


def _text(node: LexborNode | None, line: str = " ") -> str:
    """Return what a node says; ``line`` stands for the breaks between its lines."""
    if node is None:
        return ""
    for one in [one for one in node.traverse() if one.tag == "br"]:
        one.replace_with("\0")
    words = " ".join(str(node.text(deep=True)).split())
    return words.replace(" \0", "\0").replace("\0 ", "\0").replace("\0", line)

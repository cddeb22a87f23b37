"""A WhatsApp chat cut into its messages: a line with a date begins one, lines without go on with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from ingest.backup import Member
from ingest.messaging.whatsapp_dates import STAMP, Seen
from ingest.messaging.whatsapp_words import MARKS, normal, words
from ingest.text import decoded

LONGEST = 16 << 20
"""Bytes after which a message is cut; no telephone sends that much."""

_IOS = re.compile(rf"[{MARKS}]*\[(?P<stamp>{STAMP})\][ \xa0]?")
_ANDROID = re.compile(rf"[{MARKS}]*(?P<stamp>{STAMP}) [-–] ")
STYLES = {"iOS": _IOS, "Android": _ANDROID}
_SENDER = re.compile(r"([^:\n]{1,100}?):(?: |$)")
_QUOTED = re.compile('["“”«»„]')
_TITLE = re.compile('["“”«»„]([^"“”«»„\n]{1,200})["“”«»“]')
OFTEN = 3
"""Messages from which on a name with a quotation mark in it is believed to be one."""


class Entry(Struct, frozen=True):
    """One message as it stands: the line it begins on, its date's match, what follows, and its bytes."""

    line: int
    stamp: re.Match[str]
    text: str
    native: bytes


class Stray(Struct, frozen=True):
    """Lines that belong to no message."""

    line: int
    native: bytes


class Survey(Struct):
    """What a whole file tells: its style, its dates, who wrote how much, and how WhatsApp says the group was called.

    ``titles`` are in the order of the file, from the group's beginning if that is in it. ``silent`` are those who never
    wrote anything themselves.
    """

    style: str
    seen: Seen
    senders: Counter[str]
    titles: list[str]
    silent: set[str]

    def is_group(self, sender: str, name: str) -> bool:
        """Say whether a sender is the group itself, under whose name an iPhone has WhatsApp speak."""
        return sender in self.silent and _as_file(sender) == _as_file(name)

    def first_title(self, name: str) -> str:
        """Return how a chat of this name was called at first; the name itself unless WhatsApp tells of a renaming."""
        is_told = bool(self.titles) and _as_file(self.titles[-1]) == _as_file(name)
        return self.titles[0] if is_told and _as_file(self.titles[0]) != _as_file(name) else name


def style_of(member: Member) -> str:
    """Return whose telephone wrote a file by its first lines: iOS, Android, or neither."""
    try:
        if not any(pattern.match(decoded(member.read(512)).lstrip()) for pattern in STYLES.values()):
            return ""
        lines = [one for one in decoded(member.read(1 << 16)).split("\n")[:60] if one.strip()]
    except OSError:
        return ""
    for style, pattern in STYLES.items():
        if not lines or not pattern.match(lines[0]):
            continue
        heads = [match for match in map(pattern.match, lines) if match]
        spoken = [one for one in heads if _SENDER.match(one.string, one.end())]
        name = member.path.rsplit("/", 1)[-1].casefold()
        if spoken or "whatsapp" in name or name == "_chat.txt":
            return style
    return ""


def survey(member: Member, style: str) -> Survey:
    """Look through a file for its dates and its people."""
    found = Survey(style, Seen(), Counter(), [], set())
    pattern = STYLES[style]
    wrote: set[str] = set()
    for _, raw in _lines(member):
        match = pattern.match(decoded(raw))
        if match is not None:
            found.seen.meet(match)
            sender, said = parted(match.string[match.end() :])
            if sender:
                found.senders[sender] += 1
                wrote |= {sender} if _is_written(said) else set()
            if not is_name(sender, 0) or not sender or said.startswith("\u200e"):
                found.titles.extend(_TITLE.findall(match.string, match.end()))
    found.senders = Counter({one: count for one, count in found.senders.items() if is_name(one, count)})
    found.silent = set(found.senders) - wrote
    return found


def _is_written(said: str) -> bool:
    """Say whether a line may be somebody's own: words, a file, or what became of one."""
    if not said.startswith("\u200e") or "<" in said:
        return True
    return normal(said) in words().omitted | words().deleted


def _as_file(title: str) -> str:
    """Return a group's name as far as the name of its file shows it."""
    return "".join(filter(str.isalnum, title)).casefold()


def is_name(sender: str, count: int) -> bool:
    """Say whether what stands before a colon is a name: so begins “Ada changed the subject to "Pool: hours"” too."""
    return _QUOTED.search(sender) is None or count >= OFTEN


def entries(member: Member, style: str) -> Iterator[Entry | Stray]:
    """Yield the messages of a file in its order."""
    pattern = STYLES[style]
    begun: Entry | None = None
    line, more = 1, bytearray()
    for number, raw in _lines(member):
        text = decoded(raw) if number == 1 else raw.decode("utf-8", "replace")
        match = pattern.match(text)
        if match is None and len(more) < LONGEST:
            more += raw
            continue
        yield from _ended(begun, line, bytes(more))
        line, more = number, bytearray(raw)
        begun = Entry(number, match, "", b"") if match is not None else None
    yield from _ended(begun, line, bytes(more))


def _ended(begun: Entry | None, line: int, native: bytes) -> Iterator[Entry | Stray]:
    if begun is None:
        if native.strip():
            yield Stray(line, native)
        return
    text = decoded(native).replace("\r\n", "\n").rstrip("\r\n")
    yield Entry(begun.line, begun.stamp, text[begun.stamp.end() :], native)


def _lines(member: Member) -> Iterator[tuple[int, bytes]]:
    with member.open() as stream:
        number = 0
        while raw := stream.readline(LONGEST):
            number += 1
            yield number, raw


def parted(text: str) -> tuple[str, str]:
    """Return what stands before the first colon, and what after; nobody where there is none."""
    match = _SENDER.match(text)
    if match is None:
        return "", text
    return match[1].strip(MARKS + "~ \u202f\xa0"), text[match.end() :]

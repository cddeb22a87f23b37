"""What was said in meetings of Teams: transcripts as WebVTT or Word files, and chats as Purview writes them in HTML.

Each is one record (a long one several), with everybody's words in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import BinaryIO

from archive.records import Recipient, Timestamp
from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.json_items import Reading, first_bytes
from ingest.messaging.teams_speech import id_in, is_of_teams, tells_who, time_in, turns
from ingest.text import decoded, html_to_text
from ingest.utf16 import as_utf8
from ingest.words import office
from ingest.words.said import Unreadable

LONGEST_PIECE = 1 << 20
"""Bytes of a transcript that become one record."""

HEAD = 64 << 10
"""Bytes by which a transcript is known."""

LOOKED_AT = 20
"""Files that are looked at to recognise a folder of transcripts."""

TEXTS = (".vtt", ".docx")
RECORDINGS = (".mp4", ".m4a", ".mov", ".webm", ".mp3", ".wav")
SHOWN = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".pdf", ".pptx")
BY_MACHINE = {"transcript": "made by machine, out of speech"}

_NAMED = re.compile(r"-(\d{8}_\d{6})(UTC)?(?:-|$)")
"""What Teams puts behind a meeting's title in the names of its files; the newer ones are in UTC, and say so."""

_NUMBERED = re.compile(r" \(\d{1,3}\)$")
_SPOKEN = re.compile(r"^(\S[^\n]{0,99}?)(?:[ \xa0]{2,20}|\t)(?:\d{1,2}:)?\d{1,2}:\d{2}$", re.MULTILINE)
_LENGTH = re.compile(r"^(?:\d{1,3}h )?(?:\d{1,3}m )?\d{1,3}[ms]$", re.MULTILINE)
_OLDER = re.compile(r"^\d:\d{1,2}:\d{1,2}\.\d{1,9} --> \d:\d{1,2}:\d{1,2}\.\d{1,9}\n(\S[^\n]{0,99})$", re.MULTILINE)

_END_OF_CUE = re.compile(rb"\n[ \t]*\r?\n")
_BLOCK = re.compile(rb"(?=<(?:div|p|tr|li|table|section|article|h[1-6])\b)", re.IGNORECASE)


def is_nothing_else(backup: Backup) -> bool:
    """Say whether a backup holds transcripts, with or without recordings and what was shown, and nothing else.

    What lies among other things may be captions of a video, or a Word file that somebody attached.
    """
    paths = (one.path for one in backup.members() if not is_residue(one.path))
    if not all(path.lower().endswith((*TEXTS, *RECORDINGS, *SHOWN)) for path in paths):
        return False
    texts = (one for one in backup.members() if one.path.lower().endswith(TEXTS) and not is_residue(one.path))
    looked_at = list(islice(texts, LOOKED_AT))
    return bool(looked_at) and all(map(_is_sure, looked_at))


def _is_sure(member: Member) -> bool:
    if member.path.lower().endswith(".docx"):
        return bool(_words(member))
    return is_of_teams(first_bytes(as_utf8(member), HEAD))


def read(backup: Backup) -> Reading:
    """Yield every transcript; a Word file or a recording of the same name goes with it."""
    by_path = {one.path: one for one in backup.members() if not is_residue(one.path)}
    for path, member in by_path.items():
        ending = path.lower().rpartition(".")[2]
        try:
            if ending in ("html", "htm"):
                yield from _page(member)
            elif ending == "vtt":
                yield from _captions(as_utf8(member), by_path)
            elif ending == "docx" and not _is_told_twice(path, by_path):
                yield from _word_file(member, by_path)
        except OSError as error:
            yield Defect(path, str(error))


def _is_told_twice(path: str, by_path: Mapping[str, Member]) -> bool:
    """Say whether the same meeting is there as WebVTT, which says more."""
    twin = by_path.get(f"{_stem(path)}.vtt")
    return twin is not None and _is_sure(twin)


def _beside(member: Member, by_path: Mapping[str, Member]) -> tuple[SourceAttachment, ...]:
    """Return the Word file and the recordings that have a transcript's name."""
    found = (by_path.get(_stem(member.path) + ending) for ending in (".docx", *RECORDINGS))
    return tuple(SourceAttachment(one.path.rsplit("/", 1)[-1], one) for one in found if one is not None)


def _stem(path: str) -> str:
    return path.rpartition(".")[0]


def _name(member: Member) -> str:
    """Return the meeting's name: the file's, without the number that a browser gives to a second download."""
    return _NUMBERED.sub("", _stem(member.path.rsplit("/", 1)[-1]))


def _captions(member: Member, by_path: Mapping[str, Member]) -> Reading:
    head = first_bytes(member, HEAD)
    if not tells_who(head):
        yield Defect(member.path, "not read: these captions do not tell who speaks, as Teams' do", quarantined=False)
        return
    name, native_id = _name(member), id_in(head)
    created = time_in(head) or _named_time(name)
    with member.open() as stream:
        for number, native in enumerate(_cut(stream, _END_OF_CUE), 1):
            said = list(turns(decoded(native)))
            part = "" if number == 1 else f" (part {number})"
            yield Draft(
                kind="message",
                place=member.path + part,
                native=native,
                native_id=native_id + part if native_id else None,
                created=created,
                title=name + part,
                text="\n".join(f"{one.who} ({one.at}): {one.words}".lstrip() for one in said),
                thread=name,
                attachments=_beside(member, by_path) if number == 1 else (),
                audience="private",
                recipients=_speakers(one.who for one in said),
                details=BY_MACHINE,
            )


def _word_file(member: Member, by_path: Mapping[str, Member]) -> Reading:
    words, name = _words(member), _name(member)
    if words:
        yield Draft(
            kind="message",
            place=member.path,
            native=words.encode("utf-8", "surrogateescape"),
            created=_named_time(words.split("\n", 1)[0]) or _named_time(name),
            title=name,
            text=words,
            thread=name,
            attachments=_beside(member, by_path),
            audience="private",
            recipients=_speakers(found[1] for found in (*_SPOKEN.finditer(words), *_OLDER.finditer(words))),
            details=BY_MACHINE,
        )


def _words(member: Member) -> str:
    """Return the words of a Word file if it is a transcript: a heading as Teams writes it, and speakers with times."""
    try:
        with member.open_anywhere() as stream:
            lines = (one.strip() for one in office.of_xml(stream).split("\n"))
            words = "\n".join(one for one in lines if one)
    except (OSError, ValueError, RuntimeError, NotImplementedError, Unreadable):
        return ""
    top = "\n".join(words.split("\n", 6)[:6])
    is_headed = _NAMED.search(top) or _LENGTH.search(top)
    return words if _OLDER.search(words) or (is_headed and _SPOKEN.search(words)) else ""


def _named_time(name: str) -> Timestamp | None:
    found = _NAMED.search(name)
    if found is None:
        return None
    try:
        moment = datetime.strptime(found[1], "%Y%m%d_%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Timestamp(moment, found[0].strip("-"), "second", "explicit" if found[2] else "unknown")


def _speakers(names: Iterable[str]) -> tuple[Recipient, ...]:
    return tuple(Recipient("member", one) for one in dict.fromkeys(names) if one)


def _page(member: Member) -> Reading:
    """Yield a page of Purview's: how its messages are told apart is not known well enough to part them."""
    reason = "a transcript: taken in as one record, or several where it is long, without authors and times"
    yield Defect(member.path, reason, quarantined=False)
    name = _name(member)
    with member.open() as stream:
        for number, native in enumerate(_cut(stream, _BLOCK), 1):
            yield Draft(
                kind="message",
                place=member.path if number == 1 else f"{member.path}, part {number}",
                native=native,
                title=name if number == 1 else f"{name} (part {number})",
                text=html_to_text(decoded(native)),
                thread=name,
                audience="private",
            )


def _cut(stream: BinaryIO, ends: re.Pattern[bytes]) -> Iterator[bytes]:
    """Yield a transcript in pieces of at most ``LONGEST_PIECE`` bytes: neither memory nor a record grows with it.

    Each ends where the expression does, if it does in the second half of the piece.
    """
    rest = b""
    while more := stream.read(LONGEST_PIECE - len(rest)):
        rest += more
        if len(rest) == LONGEST_PIECE:
            found = [match.end() for match in ends.finditer(rest, LONGEST_PIECE // 2)]
            at = found[-1] if found else LONGEST_PIECE - 4
            while at < len(rest) and rest[at] & 0xC0 == 0x80 and at > LONGEST_PIECE // 2:  # inside of a character
                at -= 1
            yield rest[:at]
            rest = rest[at:]
    if rest:
        yield rest

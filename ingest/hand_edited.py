"""Files of JSON that are no longer as the platform produced them: read as JSON again, and told once each.

A file is looked at when it is opened. What is JSON at its beginning is handed on untouched; of what only
people or formatters write, every value is written as JSON while it is read, so that no format need know.
(What is wrong further in costs nobody anything either: :mod:`ingest.json_items` reads such an item alone.)
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, cast

import msgspec

from ingest.backup import BLOCK, Backup, Member
from ingest.ingestor import Defect
from ingest.lenient_json import COMMENTS, NotJson, Rewriting
from ingest.utf16 import MARKS, transcoded

ENDINGS = (".json", ".js", ".jsonl", ".ndjson")
HEAD = 64 << 10
"""Characters by which a file is known to be edited, if it is no JSON."""

AT_A_TIME = 64 << 10
"""Bytes that are written anew at a time."""

_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
_NAMELESS = re.compile(r"(^|/)[^./]+(\.txt)?$")
_OBJECT = re.compile(r'\s*(\[\s*)?\{\s*["}]')
_OUTSIDE = re.compile(r"[\[{]|/[/*]")


class JsonMember(Member):
    """A file of JSON in a backup. ``edits`` says what in it, as far as it was read, no platform writes."""

    __slots__ = ("edits",)

    def __init__(self, path: str, size: int, part: int, opener: Callable[[], BinaryIO]) -> None:
        super().__init__(path, size, part, opener)
        self.edits: dict[str, None] = {}

    def open(self, block: int = BLOCK) -> BinaryIO:
        """Open the file for reading, as JSON; an edited one gives more or fewer bytes than ``size`` says."""
        stream = super().open(block)
        try:
            head = stream.peek()  # type: ignore[attr-defined]
            if head.startswith(MARKS):
                stream = transcoded(stream, block)
                head = stream.peek()  # type: ignore[attr-defined]
        except OSError:
            stream.close()
            return super().open(block)  # its reader is told
        if is_json(head) or not _is_edited(head[:HEAD]):
            return stream
        return cast(BinaryIO, io.BufferedReader(_Rewritten(stream, self.edits), AT_A_TIME))


def as_json(member: Member) -> Member:
    """Return a member whose name says that it is JSON as one that is read so."""
    if member.path.lower().endswith(ENDINGS):
        return JsonMember(member.path, member.size, member.part, member.opener)
    return member


def named_as_json(members: Sequence[Member]) -> Sequence[Member]:
    """Return files under names that say JSON, if all are JSON and none of their names says anything.

    Answers are saved from an editor as ``.txt``, by a program without an ending.
    """
    if not all(_NAMELESS.search(one.path) for one in members) or not all(map(_begins_as_json, members)):
        return members
    return [one.renamed(one.path.removesuffix(".txt") + ".json") for one in members]


def _begins_as_json(member: Member) -> bool:
    try:
        head = member.read(256)
    except OSError:
        return False
    is_utf16 = head.startswith(MARKS)
    return _OBJECT.match(head.decode("utf-16" if is_utf16 else "utf-8-sig", "replace")) is not None


def remarks(backup: Backup) -> Iterator[Defect]:
    """Tell which files were edited, of those that were read since this was asked last, each once."""
    for member in backup.members():
        if isinstance(member, JsonMember) and member.edits:
            yield Defect(member.path, told(tuple(member.edits)), quarantined=False)
            member.edits.clear()


def told(edits: Sequence[str]) -> str:
    """Return the sentence for a person about what was edited."""
    found = ", ".join(edits)
    return f"not as the platform produced it: {found}; it was edited afterwards, and read as it is meant"


def _begin(head: bytes) -> int:
    return min((at for mark in (b"[", b"{") if (at := head.find(mark)) >= 0), default=-1)


def is_json(head: bytes) -> bool:
    """Say whether the beginning of a file is the beginning of JSON, or has nothing to do with it."""
    start = _begin(head)
    if start < 0:
        return True
    try:
        msgspec.json.decode(memoryview(head)[start:], type=msgspec.Raw)
    except RecursionError:
        return True
    except msgspec.DecodeError as error:
        return any(said in str(error) for said in ("truncated", "trailing characters", "surrogate", "hex escape"))
    return True


def _is_edited(head: bytes) -> bool:
    """Say whether the beginning of a file, which is no JSON, is what people make of JSON."""
    rewriting = Rewriting()
    try:
        found: dict[str, None] = {}
        text = head.decode("utf-8-sig", "surrogateescape")
        start, _ = _up_to_value(text, 0, found)
        rewriting.read(text, start, ended=False)
    except NotJson:
        pass
    return bool(rewriting.found or found)


class _Rewritten(io.RawIOBase):
    """The bytes of an edited file as JSON."""

    def __init__(self, source: BinaryIO, found: dict[str, None]) -> None:
        self._source = source
        self._texts = rewritten(self._blocks(), found)
        self._ready = memoryview(b"")

    def _blocks(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        while block := self._source.read(AT_A_TIME):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            text = next(self._texts, None)
            if text is None:
                return 0
            self._ready = memoryview(text.encode("utf-8", "surrogateescape"))
        size = min(len(buffer), len(self._ready))
        memoryview(buffer)[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._source.close()
        super().close()


def rewritten(blocks: Iterator[str], found: dict[str, None]) -> Iterator[str]:
    """Yield a text with every value in it as JSON; ``found`` is told what was none.

    What stands outside of values (``window.YTD… =``) stays, and so does what cannot be read, up to the next item.
    """
    text, ended = "", False
    rewriting: Rewriting | None = None
    while not ended:
        more = _as_much_again(blocks, len(text))
        ended = not more
        text, at = text + more, 0
        while at < len(text):
            if rewriting is None:
                at, kept = _up_to_value(text, at, found)
                yield kept
                rewriting = Rewriting() if at < len(text) else None
                continue
            try:
                at = rewriting.read(text, at, ended)
            except NotJson as error:
                match = _NEXT_ITEM.search(text, error.at)
                found |= rewriting.found
                yield rewriting.given_up()
                if error.is_unfinished or match is None:
                    yield text[error.at :]
                    yield from blocks
                    return
                yield text[error.at : match.end()]
                at = match.end()
                continue
            found |= rewriting.found
            yield rewriting.taken()
            if not rewriting.is_whole:
                break
            rewriting = None
        text = text[at:]
    if rewriting is not None:
        yield rewriting.given_up()


def _as_much_again(blocks: Iterator[str], held: int) -> str:
    """Return the next blocks, in all as much as is held: what is long and goes on is looked at seldom."""
    taken, size = [], 0
    for block in blocks:
        taken.append(block)
        size += len(block)
        if size >= held and size:
            break
    return "".join(taken)


def _up_to_value(text: str, at: int, found: dict[str, None]) -> tuple[int, str]:
    """Return where the next value begins, and what stands before it without its comments."""
    kept: list[str] = []
    while match := _OUTSIDE.search(text, at):
        if match[0] in "[{":
            return match.start(), "".join(kept) + text[at : match.start()]
        kept.append(text[at : match.start()])
        mark = "\n" if match[0] == "//" else "*/"
        end = text.find(mark, match.end())
        found[COMMENTS] = None
        if end < 0:
            return len(text), "".join(kept)
        at = end + len(mark)
    return len(text), "".join(kept) + text[at:]

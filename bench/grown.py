"""Large backups of any format, made of the project's own small ones: the same items again, under new numbers.

Every file that gives records is grown: the items of its longest list (JSON), its rows (tables), elements (XML), mails
(mbox) or blocks (Meta's pages) follow again and again. In each copy every number of nine digits or more (ids and
moments), every time of the day and every name before an ``@`` is another one, so that the copies are records of their
own. Where a file is one item (mail, other pages), it is copied under names of its own. What is binary (pst, msg, WARC,
CAR) stays small.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ingest.backup import Backup, Member
from ingest.ingestor import Draft, Ingestor
from ingest.platforms.meta_html import cut, is_export

_NUMBER = re.compile(r"(?<![\d.])\d{9,19}(?!\d)")
_TIME = re.compile(r"(?<=[T ,])(\d\d):(\d\d):(\d\d)")
_NAME = re.compile(r"(?<![\w.])([\w.+-]+)(?=@[\w-]+\.)")
_KEY = re.compile(r'(?<=/)(3[a-z2-7]{12})(?=[/"])')
_ELEMENT = re.compile(r"<(item|entry|sms|mms)\b(?:[^<>]*/>|.*?</\1>)\s*", re.DOTALL)
_MEDIA = re.compile(r"(?<=/)([\w-]+)(?=\.(?:jpg|png|mp4)\")")
_MAIL = re.compile(r"(?m)^(?=From \S+.*\d{4}\s*$)")


def grow(fixture: Path, reader: Ingestor, to: Path, items: int) -> Path:
    """Copy a fixture into a folder and grow what gives records to about so many; return what is to be read."""
    grown = to / fixture.name
    if fixture.is_dir():
        shutil.copytree(fixture, grown)
    else:
        to.mkdir(parents=True, exist_ok=True)
        shutil.copy(fixture, grown)
    found = [one for one in reader.read(Backup.open([fixture])) if isinstance(one, Draft)]
    files = sorted(one for one in grown.rglob("*") if one.is_file()) if grown.is_dir() else [grown]
    for path in files:
        if any(_is_of(draft, path) for draft in found):
            _grow_file(path, -(-items // len(found)))
    return grown if len(list(to.iterdir())) == 1 else to


def _is_of(draft: Draft, path: Path) -> bool:
    return draft.place.split(",")[0].rsplit("/", 1)[-1] == path.name


def _grow_file(path: Path, times: int) -> None:
    """Repeat what is in a file, if that can be done."""
    ways: dict[str, Callable[[str, int], str | None]] = {
        ".json": _json, ".js": _json, ".csv": _table, ".xml": _elements, ".mbox": _mails, ".jsonl": _lines,
        ".txt": _lines,
    }  # fmt: skip
    way = ways.get(path.suffix.lower())
    if way is None and path.suffix.lower() in (".html", ".eml", ".emlx"):
        way = _blocks if is_export(path.read_bytes()) else None
        if way is None:
            _copies(path, times)
    if way is None:
        return
    grown = way(path.read_bytes().decode("utf-8-sig", "surrogateescape"), times)
    if grown is not None:
        path.write_bytes(grown.encode("utf-8", "surrogateescape"))


def renumbered(text: str, copy: int) -> str:
    """Return an item under other numbers, at another time of its day."""
    if not copy:
        return text
    text = _NUMBER.sub(lambda match: str(int(match[0]) + copy), text)
    text = _TIME.sub(lambda match: _later(match, copy), text)
    text = _KEY.sub(lambda match: f"3{copy:012o}".translate(str.maketrans("01", "ab")), text)
    return _NAME.sub(rf"\g<1>.{copy}", text)


def _later(match: re.Match[str], copy: int) -> str:
    moment = (int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3]) + copy) % 86400
    return f"{moment // 3600:02d}:{moment // 60 % 60:02d}:{moment % 60:02d}"


def _json(text: str, times: int) -> str | None:
    start = min((at for mark in "[{" if (at := text.find(mark)) >= 0), default=0)
    value, end = json.JSONDecoder().raw_decode(text, start)
    longest = max(_lists(value), key=len, default=[])
    if not longest:
        return None
    written = [json.dumps(one, ensure_ascii=False) for one in longest]
    longest[:] = [json.loads(renumbered(one, copy)) for copy in range(times) for one in written]
    return text[:start] + json.dumps(value, indent=1) + text[end:]


def _lists(value: Any) -> Iterator[list[Any]]:
    """Yield the lists of objects that are outermost."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _lists(one)


def _table(text: str, times: int) -> str | None:
    rows = list(csv.reader(io.StringIO(text)))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(rows[0])
    for copy in range(times):
        writer.writerows([renumbered(cell, copy) for cell in row] for row in rows[1:])
    return written.getvalue()


def _lines(text: str, times: int) -> str:
    return "".join(renumbered(text, copy) for copy in range(times))


def _elements(text: str, times: int) -> str | None:
    found = list(_ELEMENT.finditer(text))
    if not found:
        return None
    first, last = found[0].start(), found[-1].end()
    return text[:first] + "".join(renumbered(text[first:last], copy) for copy in range(times)) + text[last:]


def _mails(text: str, times: int) -> str:
    mails = [one for one in _MAIL.split(text) if one]
    return "".join(renumbered(one, copy).rstrip("\n") + "\n\n" for copy in range(times) for one in mails)


def _blocks(text: str, times: int) -> str:
    """Repeat what Meta's pages are made of; the last block of a page ends with the page, so it stays alone."""
    raw = text.encode("utf-8", "surrogateescape")
    natives = [native.decode() for _, native in cut(Member("page.html", len(raw), 0, lambda: io.BytesIO(raw)))]
    written = "".join(natives[:-1] or natives)
    copies = (_MEDIA.sub(rf"\1-{copy}", renumbered(written, copy)) for copy in range(times))
    return text.replace(written, "".join(copies), 1)


def _copies(path: Path, times: int) -> None:
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    for copy in range(1, times):
        name = f"{renumbered(path.stem, copy)}({copy}){path.suffix}"
        path.with_name(name).write_bytes(renumbered(text, copy).encode("utf-8", "surrogateescape"))

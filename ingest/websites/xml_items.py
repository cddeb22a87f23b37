"""Elements of a large XML file one by one, in flat memory: no entities, no network, no DTD; damage is told."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.backup import Member
from ingest.ingestor import Defect

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTROL = bytes(one for one in range(32) if one not in (9, 10, 13))
"""Bytes that no XML may hold; programs write them all the same."""

WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""Beginnings of UTF-16, where such bytes are halves of characters."""


class _Clean(io.RawIOBase):
    """A stream without control characters; ``removed`` counts them."""

    def __init__(self, source: io.BufferedIOBase) -> None:
        self._source = source
        self._is_wide: bool | None = None
        self.removed = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while block := self._source.read(len(buffer)):
            if self._is_wide is None:
                self._is_wide = block.startswith(WIDE)
            clean = block if self._is_wide else block.translate(None, CONTROL)
            self.removed += len(block) - len(clean)
            if clean:
                buffer[: len(clean)] = clean
                return len(clean)
        return 0


def elements(member: Member, names: Sequence[str]) -> Iterator[_Element | Defect]:
    """Yield each element with one of the local names, whole, and clear it; at the end yield what was wrong.

    Elements inside another of the names are part of it.
    """
    from lxml import etree

    problem = ""
    with member.open() as stream:
        clean = _Clean(stream)  # type: ignore[arg-type]
        context = etree.iterparse(
            io.BufferedReader(clean, 1 << 16),
            events=("start", "end"),
            huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False, recover=True,
        )  # fmt: skip
        inside = 0
        try:
            for event, element in context:
                if local(element) not in names:
                    continue
                inside += 1 if event == "start" else -1
                if event == "end" and not inside:
                    yield element
                    _clear(element)
        except (etree.XMLSyntaxError, OSError) as error:
            problem = str(error)
        problem = problem or _first_error(context)
        if problem:
            yield Defect(
                member.path, f"the XML is damaged ({problem}); what could be read of it was", quarantined=False
            )
        if clean.removed:
            yield Defect(member.path, f"control characters were left out ({clean.removed:,})", quarantined=False)


def _first_error(context: object) -> str:
    errors = getattr(context, "error_log", ())
    serious = [one for one in errors if one.level_name != "WARNING"]
    return f"line {serious[0].line}: {serious[0].message}" if serious else ""


def _clear(element: _Element) -> None:
    """Forget an element and those before it, so that memory stays flat."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local(element: _Element) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: _Element) -> str:
    """Return an element's namespace, empty if it has none."""
    return element.tag[1:].partition("}")[0] if isinstance(element.tag, str) and element.tag[:1] == "{" else ""


def texts(element: _Element) -> dict[str, str]:
    """Return the text of each child by its local name, the first of each."""
    found: dict[str, str] = {}
    for child in element:
        if (name := local(child)) and name not in found:
            found[name] = content(child)
    return found


def content(element: _Element) -> str:
    """Return an element's text, with that of elements inside; entities that nobody declared stay as written."""
    from lxml import etree

    if not len(element):
        return element.text or ""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def source(element: _Element) -> bytes:
    """Return an element as XML in UTF-8, with the namespaces that it needs."""
    from lxml import etree

    return bytes(etree.tostring(element, encoding="utf-8", with_tail=False))

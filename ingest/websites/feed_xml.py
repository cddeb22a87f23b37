"""RSS and Atom of every version, podcasts and tombstones: feedparser for the values, the item's own XML beside."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from time import struct_time
from typing import TYPE_CHECKING, Any

from archive.canonical import canonical, storable
from archive.records import Author, Kind
from ingest.backup import Member
from ingest.files_named import FilesNamed
from ingest.ingestor import Defect, Draft
from ingest.websites.feed_items import files_at, when, words
from ingest.websites.xml_items import elements, local, namespace, source

if TYPE_CHECKING:
    from lxml.etree import _Element

ITEMS = ("item", "entry")
TOMBSTONE = "deleted-entry"
"""An Atom item that tells that another was deleted (RFC 6721)."""

_KEPT = ("itunes_duration", "itunes_episode", "itunes_season", "itunes_episodetype")
_HTML = ("text/html", "application/xhtml+xml")


def read_xml_feed(
    member: Member, raw: bytes, files: FilesNamed, revision: str, kinds: dict[str, Kind]
) -> Iterator[Draft | Defect]:
    """Yield the feed itself, its items and its tombstones; ``kinds`` are those of the items met so far, by id.

    A tombstone does not tell what it is of: an article, unless another file of the backup shows it.
    """
    import feedparser

    parsed = _parser()(io.BytesIO(raw), resolve_relative_uris=False, sanitize_html=False)
    found, tombstones, remarks = _elements(member)
    yield from remarks
    if parsed.get("bozo") and not isinstance(parsed.get("bozo_exception"), feedparser.CharacterEncodingOverride):
        reason = f"the feed is damaged ({parsed.get('bozo_exception')}); what could be read of it was"
        yield Defect(member.path, storable(reason), quarantined=False)
    yield _profile(member, parsed.feed, revision)
    entries = parsed.entries
    beside: Sequence[_Element | None] = found if len(found) == len(entries) else [None] * len(entries)
    for number, (entry, element) in enumerate(zip(entries, beside, strict=True), 1):
        draft = _Item(entry, element, files).draft(f"{member.path}, item {number}", revision, _get(parsed.feed, "link"))
        kinds[draft.native_id or ""] = draft.kind
        yield draft
    for number, element in enumerate(tombstones, 1):
        kind = kinds.get(element.get("ref") or "", "article")
        yield _removal(element, kind, f"{member.path}, tombstone {number}", revision)


@cache
def _parser() -> Callable[..., Any]:
    """Return feedparser's parser, its dates read by us where they are ISO's: it takes ten times as long for them."""
    import feedparser

    feedparser.registerDateHandler(_from_iso)
    return feedparser.parse  # type: ignore[no-any-return]


def _from_iso(raw: str) -> struct_time | None:
    moment = when(raw)
    return moment.at.utctimetuple() if moment is not None and moment.at is not None else None


def _elements(member: Member) -> tuple[list[_Element], list[_Element], list[Defect]]:
    """Return copies of the feed's items and tombstones as XML; what is wrong with the XML feedparser tells."""
    from copy import deepcopy

    items: list[_Element] = []
    tombstones: list[_Element] = []
    remarks: list[Defect] = []
    for one in elements(member, (*ITEMS, TOMBSTONE)):
        if isinstance(one, Defect):
            remarks += [one] if "control characters" in one.reason else []
        elif local(one) == TOMBSTONE:
            tombstones.append(deepcopy(one))
        else:
            items.append(deepcopy(one))
    return items, tombstones, remarks


def _profile(member: Member, feed: Any, revision: str) -> Draft:
    about = {key: _get(feed, key) for key in ("title", "subtitle", "link", "language", "rights", "id")}
    return Draft(
        kind="profile",
        place=member.path,
        native=canonical({key: storable(value) for key, value in about.items() if value}),
        native_id=about["id"] or about["link"] or None,
        revision=revision,
        author=Author(words(about["title"]), is_account=True),
        title=words(about["title"]),
        text=words(about["subtitle"]),
        url=about["link"] if about["link"].startswith("http") else "",
    )


def _removal(element: _Element, kind: Kind, place: str, revision: str) -> Draft:
    comment = next((one.text or "" for one in element if local(one) == "comment"), "")
    return Draft(
        kind=kind,
        place=place,
        native=source(element),
        native_id=element.get("ref") or None,
        revision=f"{revision} removed",
        removed=when(element.get("when") or ""),
        removed_by="unknown",
        author=Author(is_account=kind == "article"),
        text=words(comment),
        audience="removed",
    )


class _Item:
    """One item: feedparser's values, and its XML for what feedparser does not know (None if they do not match)."""

    def __init__(self, entry: Any, element: _Element | None, files: FilesNamed) -> None:
        self._entry = entry
        self._element = element
        self._files = files

    def draft(self, place: str, revision: str, home: str) -> Draft:
        """Return the item as a draft; an answer to something is a comment, and not the city's own."""
        entry = self._entry
        parent = self._child("in-reply-to", "ref")
        published, updated = _get(entry, "published"), _get(entry, "updated")
        created = when(published or updated, entry.get("published_parsed" if published else "updated_parsed"))
        edited = when(updated, entry.get("updated_parsed") if updated else None)
        is_same = created is not None and edited is not None and created.at == edited.at
        text, summary = self._texts()
        attachments, links = files_at(self._addresses(), self._files)
        link = _get(entry, "link")
        return Draft(
            kind="comment" if parent else "article",
            place=place,
            native=self._native(),
            native_id=_get(entry, "id") or None,
            revision=revision,
            created=created,
            edited=None if is_same else edited,
            author=self._author(is_account=not parent and "source" not in entry),
            title=words(_get(entry, "title"), _is_html(entry.get("title_detail"))),
            text=text,
            parent=parent,
            url=link if link != home and link.startswith(("http://", "https://")) else "",
            attachments=attachments,
            links=links,
            tags=tuple(dict.fromkeys(one.get("term") or one.get("label") or "" for one in entry.get("tags", ()))),
            details={key: storable(value) for key, value in self._details(summary).items() if value},
        )

    def _author(self, is_account: bool) -> Author:
        about = self._entry.get("author_detail") or {}
        return Author(_get(about, "name") or _get(self._entry, "author"), _get(about, "email"), is_account=is_account)

    def _texts(self) -> tuple[str, str]:
        """Return the words of an item, and its summary where it says something else."""
        contents = [one for one in self._entry.get("content", ()) if one.get("value")]
        summary = words(_get(self._entry, "summary"), _is_html(self._entry.get("summary_detail")))
        if not contents:
            return summary, ""
        text = words(contents[0]["value"], _is_html(contents[0]))
        return text, "" if summary in text else summary

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Yield the addresses of enclosures, media, transcripts and chapters."""
        for one in (*self._entry.get("enclosures", ()), *self._entry.get("media_content", ())):
            yield _get(one, "href") or _get(one, "url"), _get(one, "title")
        for one in self._element if self._element is not None else ():
            if local(one) in ("transcript", "chapters") and "podcast" in namespace(one).lower():
                yield one.get("url") or "", local(one)

    def _details(self, summary: str) -> dict[str, str]:
        kept = {key.removeprefix("itunes_"): _get(self._entry, key) for key in _KEPT}
        return kept | {"summary": summary, "comments": _get(self._entry, "comments")}

    def _child(self, name: str, attribute: str) -> str:
        for one in self._element if self._element is not None else ():
            if local(one) == name:
                return one.get(attribute) or ""
        return ""

    def _native(self) -> bytes:
        if self._element is not None:
            return source(self._element)
        kept = {key: storable(value) for key, value in self._entry.items() if isinstance(value, str)}
        return canonical(kept)


def _get(values: Any, key: str) -> str:
    """Return a value under the name that feedparser keeps it by; its own look-up asks for all the others too."""
    value = dict.get(values, key)
    return storable(value) if isinstance(value, str) else ""


def _is_html(detail: Any) -> bool | None:
    """Say whether a text is HTML; None where RSS leaves it open."""
    kind = detail.get("type") if detail else None
    return True if kind in _HTML else None

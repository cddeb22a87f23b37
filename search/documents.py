"""What of a version can be found: its texts as tokens, fields kept apart, and the facts that filters ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from archive.records import Content, Version
from search.analysis import BREAK, stem, words

SHORT = 40
"""Characters of texts that come again and again, names and handles, and are analysed once."""


class Facts(Struct, frozen=True):
    """What filters ask of a version. ``created_at`` is its record's stored time, empty where it is not known.

    ``has`` names what it comes with (attachment, image, video, link), ``tags`` are the source's own. ``several`` says
    that its record has other versions too.
    """

    account: str = ""
    platform: str = ""
    kind: str = ""
    state: str = ""
    created_at: str = ""
    by_account: bool = False
    list_name: str = ""
    thread: str = ""
    tags: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    current: bool = True
    several: bool = False


class Document(Struct, frozen=True):
    """One version for an engine: its id, its folded words in order, their stems, its author's words, its facts."""

    id: int
    words: list[str]
    stems: list[str]
    author: list[str]
    facts: Facts = Facts()


def texts(content: Content) -> Iterator[str]:
    """Yield the texts of a version in the order in which a person would read them."""
    yield from (content.title, content.text, content.author.name, content.author.handle, content.list_name)
    yield from content.tags
    yield from content.mentions
    yield from content.links
    for recipient in content.recipients:
        yield from (recipient.name, recipient.address)
    for attachment in content.attachments:
        yield from (attachment.name, attachment.alt, attachment.words)
    yield from content.details.values()


def document(version: Version, facts: Facts | None = None, counterparts: Sequence[Content] = ()) -> Document:
    """Return a version as tokens, with what other formats tell of it beyond its own words."""
    told = [text for text in texts(version.content) if text]
    author = author_words(version.content)
    for content in counterparts:
        told += [text for text in texts(content) if text and text not in told]
        author += author_words(content)
    found: list[str] = []
    for text in told:
        found.extend(_short(text) if len(text) <= SHORT else words(text))
        found.append(BREAK)
    return Document(
        version.id, found, [stem(word) for word in found if word != BREAK], author,
        facts if facts is not None else facts_of(version, counterparts),
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def _short(text: str) -> tuple[str, ...]:
    return tuple(words(text))


def author_words(content: Content) -> list[str]:
    """Return the words that ``author:`` finds: of the name, and the handle or address whole and in parts."""
    author = content.author
    return list(_author_words(author.name, author.handle.lstrip("@"), author.native_id))


@lru_cache(maxsize=50_000)
def _author_words(name: str, handle: str, native_id: str) -> tuple[str, ...]:
    whole = (one for one in (handle.casefold(), native_id) if one and not any(map(str.isspace, one)))
    return (*words(name), *words(handle), *whole)


def facts_of(version: Version, counterparts: Sequence[Content] = ()) -> Facts:
    """Return what a version says of itself; a record's own facts are added by :mod:`search.gathering`."""
    content = version.content
    found = has(content)
    return Facts(
        account=version.account, platform=version.platform, kind=version.kind, state=version.state,
        has=found.union(*map(has, counterparts)) if counterparts else found, current=version.current,
    )  # fmt: skip


def has(content: Content) -> frozenset[str]:
    """Return what a content comes with: attachment, image, video, link."""
    return _has(tuple(one.media_type for one in content.attachments), bool(content.links))


@lru_cache(maxsize=10_000)
def _has(types: tuple[str, ...], has_links: bool) -> frozenset[str]:
    found = {"attachment"} if types else set()
    found |= {sort for sort in ("image", "video") if any(one.startswith(f"{sort}/") for one in types)}
    return frozenset(found | {"link"} if has_links else found)

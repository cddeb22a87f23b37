"""What of a version can be found: its texts as tokens, fields kept apart."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from archive.records import Content, Version
from search.analysis import BREAK, stem, words


class Document(Struct, frozen=True):
    """One version for an engine: its id, its folded words in order, their stems, its author's words."""

    id: int
    words: list[str]
    stems: list[str]
    author: list[str]


def texts(content: Content) -> Iterator[str]:
    """Yield the texts of a version in the order in which a person would read them."""
    yield from (content.title, content.text, content.author.name, content.author.handle, content.list_name)
    yield from content.tags
    yield from content.mentions
    yield from content.links
    for recipient in content.recipients:
        yield from (recipient.name, recipient.address)
    for attachment in content.attachments:
        yield from (attachment.name, attachment.alt)
    yield from content.details.values()


def document(version: Version) -> Document:
    """Return a version as tokens."""
    found: list[str] = []
    for text in texts(version.content):
        if text:
            found.extend(words(text))
            found.append(BREAK)
    return Document(version.id, found, [stem(word) for word in found if word != BREAK], author_words(version))


def author_words(version: Version) -> list[str]:
    """Return the words that ``author:`` finds: of the name, and the handle or address whole and in parts."""
    author = version.content.author
    handle = author.handle.lstrip("@")
    return [*words(author.name), *words(handle), *([handle.casefold()] if handle else []), author.native_id]

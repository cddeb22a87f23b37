"""The fields of a version in which words can stand, and so can be blacked out.

Names are those of the version's digest: ``text``, ``author.name``, ``recipients.2``, ``details.status``; an
attachment has three: ``attachments.0`` (the file itself), ``attachments.0.name`` and ``attachments.0.alt``.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.records import Content, Recipient

AUTHOR = ("author.name", "author.handle", "author.native_id")

SPANS = ("title", "text")
"""Fields, besides details and alt texts, in which a part can be blacked out; of all others, the whole."""


def texts(content: Content) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of every field in which words stand."""
    author = content.author
    for name, text in (
        ("author.name", author.name), ("author.handle", author.handle), ("author.native_id", author.native_id),
        ("title", content.title), ("text", content.text), ("url", content.url), ("list_name", content.list_name),
        ("native_id", content.native_id), ("parent", content.parent), ("thread", content.thread),
    ):  # fmt: skip
        if text:
            yield name, text
    for name, listed in (("links", content.links), ("tags", content.tags), ("mentions", content.mentions)):
        yield from ((f"{name}.{i}", text) for i, text in enumerate(listed))
    yield from ((f"recipients.{i}", addressed(one)) for i, one in enumerate(content.recipients))
    yield from ((f"details.{key}", text) for key, text in content.details.items())
    for i, one in enumerate(content.attachments):
        yield f"attachments.{i}.name", one.name
        if one.alt:
            yield f"attachments.{i}.alt", one.alt


def addressed(one: Recipient) -> str:
    """Return a recipient as a release shows it: "to: Anna <anna@milbrook.example>"."""
    who = f"{one.name} <{one.address}>" if one.name and one.address else one.name or one.address
    return f"{one.role}: {who}"


def takes_spans(field: str) -> bool:
    """Say whether a part of a field can be blacked out; of the others the whole goes."""
    return field in SPANS or field.startswith("details.") or field.endswith(".alt")


def is_file(field: str) -> bool:
    """Say whether a field is an attachment's file itself."""
    return field.startswith("attachments.") and field.count(".") == 1

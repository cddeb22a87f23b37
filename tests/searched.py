"""What a search must find, said as plainly as possible: every document asked, one after the other."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from whoosh import query

from composition import House
from search import archive_facts, facts, reference
from search.documents import Document
from search.gathering import documents, pairs
from search.language import parse

_read: dict[Path, list[Document]] = {}


def everything(house: House) -> list[Document]:
    """Return all documents of an archive, read once."""
    folder = house.archive.folder
    if folder not in _read:
        _read[folder] = list(documents(house.archive, house.archive.versions()))
    return _read[folder]


_answered: dict[str, list[Document]] = {}


def plainly_once(house: House, text: str) -> list[Document]:
    """Return :func:`plainly` of the city's archive; every engine's copy of it has the same records."""
    if text not in _answered:
        _answered[text] = plainly(house, text)
    return _answered[text]


def plainly(house: House, text: str) -> list[Document]:
    """Return the documents that answer a query, by the reference matcher and the facts of each."""
    archive = house.archive
    head = archive.head()

    @cache
    def asked(name: str, value: str) -> set[int]:
        return archive_facts.ids(archive, query.Term(name, value), head, pairs(archive.connection))

    def answers(node: Any, one: Document) -> bool:
        if isinstance(node, query.And):
            return all(answers(child, one) for child in node.subqueries)
        if isinstance(node, query.Or):
            return any(answers(child, one) for child in node.subqueries)
        if isinstance(node, query.Not):
            return not answers(node.query, one)
        if isinstance(node, query.Term) and node.fieldname in facts.OF_DOCUMENTS:
            return facts.holds(node, one, archive.timezone)
        if isinstance(node, query.Term) and node.fieldname not in ("words", "stems", "author"):
            return one.id in asked(node.fieldname, str(node.text))
        return reference.matches(node, one)

    tree = parse(text)
    return [one for one in everything(house) if answers(tree, one)]


def newest(found: list[Document]) -> list[int]:
    """Return ids by second, latest first; undated ones last."""
    return [one.id for one in sorted(found, key=lambda one: (one.facts.created_at[:19], one.id), reverse=True)]


def oldest(found: list[Document]) -> list[int]:
    """Return ids by second, earliest first; undated ones last."""
    return [one.id for one in sorted(found, key=lambda one: (one.facts.created_at[:19] or "9", one.id))]


def counts(house: House, found: list[Document], name: str) -> dict[str, int]:
    """Return how many documents have which value."""
    return dict(Counter(_value(house, one, name) for one in found))


def _value(house: House, one: Document, name: str) -> str:
    if name == "month":
        if not one.facts.created_at:
            return ""
        moment = datetime.fromisoformat(one.facts.created_at).replace(tzinfo=UTC)
        return moment.astimezone(house.archive.timezone).strftime("%Y-%m")
    if name == "series":
        row = house.archive.connection.execute(
            "SELECT e.series FROM version v JOIN expiry e ON e.record = v.record WHERE v.id = ?", (one.id,)
        ).fetchone()
        return (row[0] if row else "") or ""
    return str(getattr(one.facts, name))


def made_queries(leaves: list[str], number: int, seed: int) -> list[str]:
    """Return as many queries, each a few leaves put together by AND, OR, NOT and groups."""
    chance = random.Random(seed)

    def made(depth: int) -> str:
        if depth == 0 or chance.random() < 0.3:
            return chance.choice(leaves)
        form = chance.choice(["{} {}", "{} AND {}", "({} OR {})", "{} NOT {}", "({} {}) OR {}", "{} (NOT {})"])
        return form.format(*(made(depth - 1) for _ in range(form.count("{}"))))

    return [made(2) for _ in range(number)]

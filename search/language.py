"""The query language: what a person types becomes one tree of ``whoosh.query`` objects.

The tree has text leaves on the fields ``words`` (exact, folded), ``stems`` and ``author``, which engines and
the reference matcher answer, and fact leaves (``account``, ``state``, ``from`` …), which the archive answers.
Mistakes are told with their place and with what would work.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import date, timedelta

from whoosh import query
from whoosh.qparser import QueryParser, plugins

from archive.errors import MunimentError
from archive.records import KINDS, STATES
from search.analysis import asked, stem

TEXT = "text"
EXACT = "exact"
AUTHOR = "author"
FACTS = (
    "account",
    "platform",
    "department",
    "kind",
    "by",
    "state",
    "has",
    "from",
    "to",
    "on",
    "list",
    "thread",
)
FILTERS = (AUTHOR, EXACT, *FACTS)
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "state": STATES,
    "by": ("city", "public"),
    "has": ("attachment", "image", "video", "link"),
}
"""Filters with a fixed list of values."""

DATES = ("from", "to", "on")
TEXT_FIELDS = ("words", "stems", "author")

_FILTER = re.compile(r"(?<![\w:/.@#-])([A-Za-z][A-Za-z_-]*):(?!//)(?=\S)")
_QUOTED = re.compile(r'"[^"]*"')


class QueryError(MunimentError):
    """A query that cannot be understood: what, where, and what would work."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        super().__init__(f"{reason}\n  {text}\n  {' ' * position}^")


def parse(text: str) -> query.Query:
    """Return the tree of a query; an empty one, or ``*``, asks for everything."""
    if text.strip() in ("", "*"):
        return query.Every()
    _check_quotes(text)
    _check_groups(text)
    _check_filters(text)
    return _Reader(text).read(_parser().parse(text))


def _parser() -> QueryParser:
    return QueryParser(
        TEXT,
        schema=None,
        plugins=[
            plugins.WhitespacePlugin(),
            plugins.FieldsPlugin(expr=rf"(?<!\w)(?P<text>{'|'.join(FILTERS)}):", remove_unknown=False),
            plugins.PhrasePlugin(),
            plugins.PrefixPlugin(),
            plugins.GroupPlugin(),
            plugins.OperatorsPlugin(
                And=r"(?<=\s)AND(?=\s)",
                Or=r"(?<=\s)OR(?=\s)",
                Not=r"(^|(?<=(\s|[()])))NOT(?=\s)",
                AndNot=None,
                AndMaybe=None,
                Require=None,
            ),
        ],
    )


# -- mistakes, found before the parser forgives them


def _check_quotes(text: str) -> None:
    if text.count('"') % 2:
        raise QueryError(text, text.rindex('"'), "This quotation mark has no partner. Close the phrase with another.")


def _masked(text: str) -> str:
    """Return the text with quoted stretches blanked, so that places stay."""
    return _QUOTED.sub(lambda match: '"' + " " * (len(match.group()) - 2) + '"', text)


def _check_groups(text: str) -> None:
    opened: list[int] = []
    for position, character in enumerate(_masked(text)):
        if character == "(":
            opened.append(position)
        elif character == ")" and not opened:
            raise QueryError(text, position, "This parenthesis closes nothing. Remove it, or open one before it.")
        elif character == ")":
            opened.pop()
    if opened:
        raise QueryError(text, opened[-1], "This parenthesis is never closed. Close it where the group ends.")
    if re.fullmatch(r"\W*(AND|OR|NOT)?\W*", text):
        raise QueryError(text, 0, "There is no word to look for. Type a word, a phrase or a filter.")
    dangling = re.search(r"(?:^\s*(AND|OR)\b)|(?:\b(AND|OR|NOT)\s*$)", _masked(text))
    if dangling:
        raise QueryError(text, dangling.start(), "AND, OR and NOT need something on the other side.")


def _check_filters(text: str) -> None:
    for match in _FILTER.finditer(_masked(text)):
        name = match.group(1)
        if name not in FILTERS and name.lower() not in ("http", "https", "mailto"):
            close = difflib.get_close_matches(name.lower(), FILTERS, 1, 0.5)
            hint = f"did you mean “{close[0]}:”?" if close else f"known are {', '.join(f'{one}:' for one in FILTERS)}."
            raise QueryError(text, match.start(), f"“{name}:” is not a filter; {hint}")


# -- from the parser's tree to ours


class _Reader:
    """Rewrites the parser's tree: words through the analyzer, filters checked."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, node: query.Query) -> query.Query:
        if isinstance(node, query.And | query.Or):
            children = [self.read(child) for child in node.subqueries]
            return children[0] if len(children) == 1 else type(node)(children)
        if isinstance(node, query.Not):
            return query.Not(self.read(node.query))
        if isinstance(node, query.Prefix):
            return self._prefix(node)
        if isinstance(node, query.Phrase):
            return self._leaf(node.fieldname, " ".join(node.words), phrase=True)
        if isinstance(node, query.Term):
            return self._leaf(node.fieldname, str(node.text), phrase=False)
        if isinstance(node, query.Every):
            return node
        raise QueryError(self._text, 0, "This query cannot be understood. Use words, “phrases”, AND, OR, NOT.")

    def _place(self, part: str) -> int:
        return max(self._text.find(part), 0)

    def _leaf(self, field: str, value: str, phrase: bool) -> query.Query:
        if field in FACTS:
            return self._fact(field, value)
        found = asked(value)
        if not found:
            raise QueryError(self._text, self._place(value), f"“{value}” has no letter or digit to look for.")
        if field == AUTHOR:
            return _all([query.Term("author", one) for one in found])
        if len(found) > 1:
            return query.Phrase("words", found)
        if phrase or field == EXACT:
            return query.Term("words", found[0])
        return query.Term("stems", stem(found[0]))

    def _prefix(self, node: query.Prefix) -> query.Query:
        found = asked(str(node.text))
        if node.fieldname not in (TEXT, EXACT) or len(found) != 1:
            raise QueryError(self._text, self._place(str(node.text)), "The star goes at the end of one word: pool*")
        return query.Prefix("words", found[0])

    def _fact(self, field: str, value: str) -> query.Query:
        if field in DATES:
            self.day_range(value)
        choices = CHOICES.get(field)
        if choices and value.lower() not in choices:
            raise QueryError(
                self._text,
                self._place(value),
                f"“{field}:” takes one of {', '.join(choices)}, not “{value}”.",
            )
        return query.Term(field, value.lower() if choices else value)

    def day_range(self, value: str) -> tuple[date, date]:
        try:
            return day_range(value)
        except ValueError:
            raise QueryError(
                self._text, self._place(value), f"“{value}” is no date. Write 2026, 2026-03 or 2026-03-01."
            ) from None


def _all(terms: list[query.Query]) -> query.Query:
    return terms[0] if len(terms) == 1 else query.And(terms)


def day_range(value: str) -> tuple[date, date]:
    """Return the first and last day that ``2026``, ``2026-03`` or ``2026-03-01`` means; raises ValueError."""
    if re.fullmatch(r"\d{4}", value):
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if re.fullmatch(r"\d{4}-\d{2}", value):
        first = date.fromisoformat(f"{value}-01")
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return first, following - timedelta(days=1)
    day = date.fromisoformat(value)
    return day, day


def is_text(node: query.Query) -> bool:
    """Say whether an engine can answer a whole tree: it has text leaves only."""
    return all(one.field() in TEXT_FIELDS for one in leaves(node))


def leaves(node: query.Query) -> list[query.Query]:
    """Return the leaves of a tree from left to right."""
    if isinstance(node, query.And | query.Or):
        return [leaf for child in node.subqueries for leaf in leaves(child)]
    if isinstance(node, query.Not):
        return leaves(node.query)
    return [node]


def mapped(node: query.Query, change: Callable[[query.Query], query.Query]) -> query.Query:
    """Return the tree with every leaf replaced by what ``change`` makes of it."""
    if isinstance(node, query.And | query.Or):
        return type(node)([mapped(child, change) for child in node.subqueries])
    if isinstance(node, query.Not):
        return query.Not(mapped(node.query, change))
    return change(node)


class Near(query.Query):
    """placeholder"""

    left: query.Query
    right: query.Query

"""A first mapping for a table that nobody knows, with the reasons for each guess: a person corrects it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from archive.canonical import storable
from ingest.backup import Backup, Member
from ingest.date_order import order_told
from ingest.tables import Row, Table, find_table
from ingest.vendors.looks import ADDRESS, NUMBER, fits, hints, looks, simple, told
from ingest.vendors.mapping import TABLES
from ingest.vendors.sheets import Sheet, find_sheets
from ingest.written_dates import unknown_zone

LOOKED_AT = 1000
"""Rows whose values are looked at."""

YES, NO = ("true", "yes", "1", "x", "y"), ("false", "no", "0", "n")


class Guess(Struct, frozen=True):
    """What a column is taken for, and why."""

    column: str
    why: str


def proposal(backup: Backup) -> str:
    """Return a mapping as TOML for the first table of a backup; empty if there is none."""
    for member in backup.members():
        found = _table(member) if member.path.lower().endswith(TABLES) else None
        if found is not None:
            return _Proposal(found).text()
    return ""


def _table(member: Member) -> Table | Sheet | None:
    """Return the table whose heading is the most telling row near the top."""
    met: list[tuple[int, int, tuple[str, ...]]] = []

    def remember(cells: Sequence[str]) -> bool:
        met.append((*_telling(cells), tuple(cells)))
        return False

    find_table(member, remember)
    find_sheets(member, remember)
    best = max(met, key=lambda one: one[:2], default=(0, 0, ()))
    if best[1] < 2:
        return None

    def is_best(cells: Sequence[str]) -> bool:
        return tuple(cells) == best[2]

    return find_table(member, is_best) or next(iter(find_sheets(member, is_best)), None)


def _telling(cells: Sequence[str]) -> tuple[int, int]:
    """Return how many cells are words that headings have, and how many could be headings at all."""
    known = {word for words in (*hints().columns.values(), *hints().metrics.values()) for word in words}
    could = [one for one in cells if 0 < len(one) <= 60 and not NUMBER.fullmatch(one) and not ADDRESS.match(one)]
    if len(could) < len([one for one in cells if one]) or len(set(could)) < len(could):
        return 0, 0
    return sum(simple(one) in known for one in could), len(could)


class _Proposal:
    """The guesses for one table."""

    def __init__(self, table: Table | Sheet) -> None:
        self._table = table
        rows = [one for one in islice(table.rows(), LOOKED_AT) if isinstance(one, Row)]
        self._values = {name: [row.cells[name].strip() for row in rows] for name in table.columns}
        self._looks = {name: looks(values) for name, values in self._values.items()}
        self._fields: dict[str, Guess] = {}
        self._guess_by_names()
        self._guess_by_values()

    def _free(self) -> list[str]:
        taken = {one.column for one in self._fields.values()}
        return [name for name in self._table.columns if name not in taken]

    def _guess_by_names(self) -> None:
        words_of = hints()
        metrics = ((f"metrics.{name}", words) for name, words in words_of.metrics.items())
        fields = [*words_of.columns.items(), *metrics]
        ranked = sorted(
            (rank, order, field, name)
            for order, (field, words) in enumerate(fields)
            for rank, word in enumerate(words)
            for name in self._table.columns
            if simple(name) == word and fits(field, self._looks[name])
        )
        for _, _, field, name in ranked:
            if field not in self._fields and name in self._free():
                self._fields[field] = Guess(name, f"by its name; {told(self._looks[name])}")

    def _guess_by_values(self) -> None:
        look = {name: self._looks[name] for name in self._free() if self._looks[name].filled}
        by_value = {
            "created": [(one.dates, name) for name, one in look.items() if one.dates > 0.9],
            "text": [(one.length, name) for name, one in look.items() if one.length > 30 and one.addresses < 0.5],
            "url": [(one.distinct, name) for name, one in look.items() if one.addresses > 0.9],
            "author_handle": [(one.mails, name) for name, one in look.items() if one.mails > 0.9],
        }
        if "author_name" in self._fields:
            del by_value["author_handle"]
        for field, fitting in by_value.items():
            free = [(rank, name) for rank, name in fitting if name in self._free()]
            if field not in self._fields and free:
                name = max(free)[1]
                self._fields[field] = Guess(name, f"by its values; {told(self._looks[name])}")

    # -- as TOML

    def text(self) -> str:
        """Return the mapping, every guess with its reason."""
        lines = [
            f"# Proposed for {_comment(self._place())}, by the names of its columns and by its values.",
            "# Correct what is wrong, then: muniment ingest FILE --account ID --mapping THIS.toml --dry-run",
            f"# Columns that are named nowhere stay with each record as details: {self._left()}.",
            'name = "table"',
            *self._of_dates(),
            "# The names under which the city itself writes, so that its posts are told from visitors'.",
            "ours = []",
            f"kind = {_quoted(self._kind())}",
            "",
            "[columns]",
        ]
        lines += [_line(field, self._fields[field]) for field in hints().columns if field in self._fields]
        metrics = {field[8:]: one for field, one in self._fields.items() if field.startswith("metrics.")}
        if metrics:
            lines += ["", "[metrics]", *(_line(field, one) for field, one in metrics.items())]
        lines += self._words("kind", "kinds", hints().kinds) + self._words("status", "status", hints().status)
        return "\n".join(lines) + "\n"

    def _place(self) -> str:
        return self._table.path if isinstance(self._table, Sheet) else self._table.member.path

    def _left(self) -> str:
        return _comment(", ".join(self._free())) or "none are left"

    def _kind(self) -> str:
        if "status" in self._fields or "url" in self._fields:
            return "post"
        return "message" if "to" in self._fields else "post"

    def _of_dates(self) -> Iterator[str]:
        cells = [one for field in ("created", "edited", "removed") for one in self._cells(field)]
        reader = order_told(cells)
        yield f"# {_comment(reader.why) or 'The dates can be read in one way only'}."
        yield "# Left empty, each table is asked as a whole; else say month-first or day-first."
        yield 'dates = ""'
        read = [(cell, reader.read(cell)) for cell in cells if cell]
        unknown = next((cell for cell, one in read if one.zone == "unknown" and one.precision != "day"), "")
        if unknown:
            beside = unknown_zone(unknown)
            what = f"the zone {beside} is not known" if beside else "no zone stands beside the times"
            yield f"# {_comment(unknown)}: {what}. Say it: America/Chicago, or UTC. While it is empty, UTC is taken."
        yield 'zone = ""'

    def _cells(self, field: str) -> list[str]:
        return self._values[self._fields[field].column] if field in self._fields else []

    def _words(self, field: str, table: str, meanings: dict[str, tuple[str, ...]]) -> list[str]:
        """Return the table that explains the words of a column of kinds or states."""
        if field not in self._fields:
            return []
        column = self._fields[field].column
        lines = ["", f"[{table}]"]
        for word in self._looks[column].words:
            meaning = _meaning(word, meanings) or (_answer(column, word, meanings) if field == "status" else "")
            known = f"{_quoted(word)} = {_quoted(meaning)}"
            lines.append(known if meaning else f"# {_comment(_quoted(word))} = ?  not known: say what it means")
        return lines


def _meaning(word: str, meanings: dict[str, tuple[str, ...]]) -> str:
    """Return what a word means, or else its first part (“Hidden by Page”)."""
    plain = simple(word)
    return next((one for part in (plain, plain.split(" ")[0]) for one, words in meanings.items() if part in words), "")


def _answer(column: str, word: str, meanings: dict[str, tuple[str, ...]]) -> str:
    """Return what yes and no mean under a heading that is a state (“Deleted”, “Is hidden”)."""
    state = _meaning(simple(column).removeprefix("is "), meanings)
    if not state:
        return ""
    return state if word.casefold() in YES else "public" if word.casefold() in NO else ""


def _line(field: str, one: Guess) -> str:
    return f"{field} = {_quoted(one.column)}  # {_comment(one.why)}"


def _quoted(text: str) -> str:
    """Return a TOML string."""
    escaped = "".join(f"\\u{ord(one):04X}" if ord(one) < 32 or one in '"\\\x7f' else one for one in storable(text))
    return f'"{escaped}"'


def _comment(text: str) -> str:
    """Return text that may stand in a comment: one line without control characters."""
    return "".join(one if one.isprintable() else " " for one in storable(text))

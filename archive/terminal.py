"""What commands print: rows as tables for people or as JSON Lines for scripts, progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from archive.followers import Progress

if TYPE_CHECKING:
    from rich.console import Console

WRAPPED = ("text", "facts", "description", "title", "reads", "reason")
"""Columns that may take several lines; the others are names, numbers and dates."""


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as JSON Lines on stdout."""
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def safe(text: object) -> str:
    """Return text that cannot move the cursor, ring, or colour the terminal: controls are shown as ␛ and so on."""
    return "".join(_shown(character) for character in str(text))


def _shown(character: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if (
        0xD800 <= code <= 0xDFFF
        or code == 0x7F
        or 0x80 <= code < 0xA0
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
    ):
        return "�"
    return character


def print_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], empty: str) -> None:
    """Print rows as a plain table; ``columns`` maps keys to headings, ``empty`` is said when there are none.

    Nothing is cut off: what does not fit into the terminal goes on in the next line of its cell.
    """
    if not rows:
        print(empty)
        return
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 1000)
    cells = {key: [_cell(row.get(key)) for row in rows] for key in columns}
    numbers = {key for key in columns if all(isinstance(row.get(key), int) for row in rows)}
    widest = _widest(cells, columns)
    if sum(widest.values()) + 2 * (len(columns) - 1) <= console.width:
        _print_lines(cells, columns, numbers, widest)
    else:
        _print_wrapped(console, cells, columns, numbers, widest)


def _widest(cells: Mapping[str, Sequence[str]], columns: Mapping[str, str]) -> dict[str, int]:
    from rich.cells import cell_len

    return {key: max(cell_len(heading), max(map(cell_len, cells[key]))) for key, heading in columns.items()}


def _print_lines(
    cells: Mapping[str, Sequence[str]], columns: Mapping[str, str], numbers: set[str], widest: Mapping[str, int]
) -> None:
    """Print a table that fits, a line a row: a hundred thousand rows in a second."""
    from rich.cells import cell_len

    def line(texts: Iterable[str]) -> str:
        padded = []
        for key, text in zip(columns, texts, strict=True):
            blank = " " * (widest[key] - cell_len(text))
            padded.append(blank + text if key in numbers else text + blank)
        return "  ".join(padded).rstrip() + "\n"

    heading = line(columns.values())
    sys.stdout.write(f"\x1b[1m{heading.rstrip()}\x1b[0m\n" if sys.stdout.isatty() else heading)
    sys.stdout.writelines(map(line, zip(*cells.values(), strict=True)))


def _print_wrapped(
    console: Console,
    cells: Mapping[str, Sequence[str]],
    columns: Mapping[str, str],
    numbers: set[str],
    widest: Mapping[str, int],
) -> None:
    """Print a table that is wider than the terminal; cells go on in their next line, numbers and dates stay whole."""
    from rich.table import Table
    from rich.text import Text

    short = {key for key in columns if widest[key] <= SHORT and key not in WRAPPED}
    needed = sum(widest[key] if key in short else SHORT for key in columns) + len(columns) - 1
    whole = short if needed <= console.width else short & numbers
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for key, heading in columns.items():
        justify: Literal["left", "right"] = "right" if key in numbers else "left"
        table.add_column(heading, justify=justify, overflow="fold", no_wrap=key in whole)
    for texts in zip(*cells.values(), strict=True):
        table.add_row(*map(Text, texts))
    console.print(table)


SHORT = 10
"""Characters of the widest cell of a column that is kept on one line where others can wrap: numbers, dates."""


INDENT = 9
"""Columns by which the text under a heading is set in."""


def print_entry(heading: str, text: str, marks: Sequence[tuple[int, int]] = ()) -> None:
    """Print a heading and the text under it, set in and wrapped; ``marks`` are stretches to stand out."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    body = Text("\n".join("".join(safe(one) for one in line) for line in text.split("\n")))
    for start, end in marks:
        body.stylize("bold reverse", start, end)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 1000)
    console.print(Text(safe(heading), style="bold" if sys.stdout.isatty() else ""), soft_wrap=True)
    if text:
        console.print(Padding(body, (0, 0, 0, INDENT), expand=False))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return safe(", ".join(map(str, value)))
    return f"{value:,}" if isinstance(value, int) and value >= 10_000 else safe(value)


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Give a progress callback that draws on stderr, or does nothing when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)

"""Writes the pages that are made from the code: commands.md and errors.md (``make docs``)."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import click

import cli
from archive.errors import MunimentError

ROOMS = ("archive", "ingest", "search", "retention_schedules", "export")
HERE = Path(__file__).parent


def commands(group: click.Group, path: str = "muniment") -> list[tuple[str, click.Command]]:
    """Return every command with its full name, groups opened."""
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        full = path if command.hidden else f"{path} {name}"
        found += commands(command, full) if isinstance(command, click.Group) else [(full, command)]
    return found


def commands_page() -> str:
    """Return the reference of the command line."""
    lines = [
        "# Commands",
        "",
        "`muniment [--archive DIR] [--as ACTOR] [--debug] COMMAND`. The archive can also be named by",
        "`MUNIMENT_ARCHIVE`, the actor by `MUNIMENT_ACTOR`, the actor's password by `MUNIMENT_PASSWORD`.",
        "This page is made from the program (`make docs`).",
        "",
    ]
    for name, command in commands(cli.muniment):
        context = click.Context(command, info_name=name)
        usage = " ".join(command.collect_usage_pieces(context))
        lines += [f"## `{name} {usage}`".replace(" `", " `", 1), "", command.help or "", ""]
        options = [one for one in command.params if isinstance(one, click.Option)]
        if options:
            lines += ["| option | what it does |", "|---|---|"]
            lines += [f"| `{', '.join([*one.opts, *one.secondary_opts])}` | {one.help or ''} |" for one in options]
            lines.append("")
    return "\n".join(lines)


def errors() -> list[type[MunimentError]]:
    """Return every error class of the rooms, by name."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            importlib.import_module(module.name)
    found: set[type[MunimentError]] = set()
    waiting = [MunimentError]
    while waiting:
        for one in waiting.pop().__subclasses__():
            found.add(one)
            waiting.append(one)
    return sorted(
        (one for one in found if one.__module__.split(".")[0] in ROOMS), key=lambda one: (one.__name__, one.__module__)
    )


def errors_page() -> str:
    """Return the catalogue of errors."""
    lines = [
        "# Errors and exit codes",
        "",
        "0 done; 1 done, with defects or findings; 2 usage; 3 refused; 4 not found; 5 archive unsound.",
        "A traceback is shown only with `--debug`. This page is made from the program (`make docs`).",
        "",
        "| error | exit code | what happened |",
        "|---|---|---|",
    ]
    for one in errors():
        said = " ".join((one.__doc__ or "").split())
        lines.append(f"| {one.__name__} | {int(one.exit_code)} | {said} |")
    return "\n".join([*lines, ""])


PAGES = {"commands.md": commands_page, "errors.md": errors_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The command line: assembles the rooms' commands, and turns our errors into messages and exit codes."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

import click

import archive.commands
import demo.commands
import export.commands
import ingest.commands
import retention_schedules.commands
import search.commands
from archive.errors import ExitCode, MunimentError
from archive.session import Session

BUG = "Nothing is left half done. Run the command again with --debug and report what it prints."

ROOMS = (archive, ingest, search, retention_schedules, export, demo)


class Muniment(click.Group):
    """The root command; the one place where errors become messages."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; without --debug an error of ours is one message and its exit code."""
        try:
            return super().invoke(ctx)
        except MunimentError as error:
            if ctx.params.get("debug"):
                raise
            _fail(str(error), error.exit_code)
        except sqlite3.DatabaseError as error:
            if ctx.params.get("debug"):
                raise
            _fail(_database_message(error), ExitCode.UNSOUND)
        except BrokenPipeError:
            raise
        except OSError as error:
            if ctx.params.get("debug"):
                raise
            where = f" ({error.filename})" if error.filename else ""
            _fail(f"The system refused: {error.strerror or error}{where}. Nothing is left half done.", ExitCode.USAGE)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            _fail(f"This is a bug in Muniment ({type(error).__name__}: {error}). {BUG}", ExitCode.UNSOUND)


def _database_message(error: sqlite3.DatabaseError) -> str:
    return (
        f"SQLite cannot go on: {error}. If the disk is not full, run `muniment verify --deep`, "
        "and restore the latest backup beside the archive if it reports damage."
    )


def _fail(message: str, code: int) -> None:
    click.echo(f"muniment: {message}", err=True)
    raise click.exceptions.Exit(code)


@click.group(cls=Muniment, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--archive", "folder", type=click.Path(path_type=Path), envvar="MUNIMENT_ARCHIVE", help="The archive's folder."
)
@click.option("--as", "actor", envvar="MUNIMENT_ACTOR", default="", help="Who acts; else the system's user.")
@click.option("--debug", is_flag=True, help="Show the whole error, for reports of bugs.")
@click.version_option(package_name="muniment")
@click.pass_context
def muniment(ctx: click.Context, folder: Path | None, actor: str, debug: bool) -> None:
    """Keep a city's posts, messages and subscriber lists as public records."""
    ctx.obj = Session(folder, actor, os.environ.get("MUNIMENT_PASSWORD"))


for room in ROOMS:
    for command in room.commands.COMMANDS:
        muniment.add_command(command)


def main() -> None:
    """Run the command line; a reader that goes away (``| head``) is no error."""
    try:
        muniment()
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main()

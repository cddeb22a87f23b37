"""The command that builds a package."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from archive.commands import as_json
from archive.session import Session
from archive.terminal import print_json, progress_bar
from export.requests.commands import COMMANDS as REQUESTS


@click.command()
@click.argument("number", metavar="N", type=int)
@click.option("--draft", is_flag=True, help="A draft for review: the default.")
@click.option("--to", "destination", type=click.Path(path_type=Path), help="Where to; else the archive's productions.")
@as_json
@click.pass_obj
def export(session: Session, number: int, draft: bool, destination: Path | None, json_lines: bool) -> None:
    """Build the package of request N; the last line is the path of the bag."""
    from composition import opened
    from export.bundle.build import build
    from export.production import stage

    with opened(session.named_folder, session.actor, session.password) as house, progress_bar("building") as bar:
        staged = stage(house.archive, number)
        try:
            built = build(staged.production, destination or house.archive.folder / "productions", bar)
        finally:
            staged.clear()
    sums = staged.production.reconciliation
    if json_lines:
        print_json([{"bag": str(built.bag), "zip": str(built.zip), **msgspec.structs.asdict(sums)}])
        return
    click.echo(f"{sums.sentence}. A draft, as bag and zip.")
    kept = [one.name for one in staged.production.columns if not one.released]
    if kept:
        click.echo(
            f"{len(kept)} columns of the subscriber lists stay in; `muniment request columns {number}` shows them."
        )
    click.echo(str(built.bag))


COMMANDS: tuple[click.Command, ...] = (*REQUESTS, export)

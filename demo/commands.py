"""``muniment demo``: the fictional city's backups, written in the platforms' own formats."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands import as_json
from archive.terminal import print_json


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo-city"))
@click.option("--seed", default=1, show_default=True, help="Another seed, another city.")
@click.option("--scale", default=1, show_default=True, type=click.IntRange(1), help="How many times as much.")
@as_json
def demo(folder: Path, seed: int, scale: int, json_lines: bool) -> None:
    """Write the sample backups of the fictional city of Milbrook into FOLDER."""
    from demo.city import generate

    truth = generate(folder, seed, scale)
    rows = [{"file": str(folder / one.file), "account": one.account, "items": one.items} for one in truth.backups]
    if json_lines:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['file']}: {row['items']:,} items of {row['account']}")
    click.echo(f"What really happened in that city is in {folder / 'truth.json'}.")


COMMANDS: tuple[click.Command, ...] = (demo,)

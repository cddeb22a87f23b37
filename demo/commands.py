"""``muniment demo``: the fictional city's backups, written in the platforms' own formats."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands import as_json
from archive.terminal import print_json
from demo.truth import BackupTruth


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo-city"))
@click.option("--seed", default=1, show_default=True, help="Another seed, another city.")
@click.option("--scale", default=1, show_default=True, type=click.IntRange(1), help="How many times as much.")
@click.option("--every-format", is_flag=True, help="Also an account on each other platform that Muniment reads.")
@as_json
def demo(folder: Path, seed: int, scale: int, every_format: bool, json_lines: bool) -> None:
    """Write the sample backups of the fictional city of Milbrook into FOLDER."""
    from demo.city import ACCOUNTS, EVERY, generate

    truth = generate(folder, seed, scale, (*ACCOUNTS, *EVERY) if every_format else ACCOUNTS)
    if json_lines:
        print_json([_row(folder, one) for one in truth.backups])
        return
    for account in truth.accounts:
        held = truth.of(account.name)
        click.echo(f"{account.name}: {account.title}, {len(held)} backups of {sum(one.items for one in held):,} items")
    click.echo(f"The backups are in {folder}; what really happened in that city is in {folder / 'truth.json'}.")


def _row(folder: Path, one: BackupTruth) -> dict[str, object]:
    return {
        "file": str(folder / one.file),
        "account": one.account,
        "format": one.format,
        "list": one.list_name,
        "complete": one.complete,
        "exported_on": one.exported_on,
        "items": one.items,
    }


COMMANDS: tuple[click.Command, ...] = (demo,)

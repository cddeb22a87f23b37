"""The command that builds a package."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from archive.commands import as_json
from archive.session import Session
from archive.terminal import print_json, progress_bar
from export.requests.commands import COMMANDS as REQUESTS
from export.review.commands import COMMANDS as REVIEW


@click.command()
@click.argument("number", metavar="N", type=int)
@click.option("--draft", is_flag=True, help="A draft for review, watermarked: the default.")
@click.option("--final", is_flag=True, help="The production: decided, approved, numbered and frozen.")
@click.option("--production", "which", type=int, metavar="K", help="Production K again, the same bytes.")
@click.option(
    "--profile", type=click.Choice(["simple", "full", "litigation"]), default="full", show_default=True,
    help="simple: letter, PDF and media. litigation: a load file besides.",
)  # fmt: skip
@click.option(
    "--part-size",
    type=click.IntRange(min=0),
    default=0,
    metavar="MB",
    help="Split the zip into parts of at most so many MB.",
)
@click.option("--to", "destination", type=click.Path(path_type=Path), help="Where to; else the archive's productions.")
@as_json
@click.pass_obj
def export(
    session: Session,
    number: int,
    draft: bool,
    final: bool,
    which: int | None,
    profile: str,
    part_size: int,
    destination: Path | None,
    json_lines: bool,
) -> None:
    """Build the package of request N; the last line is the path of the bag."""
    from composition import opened
    from export.bundle.build import build
    from export.bundle.profiles import Profile
    from export.production.stage import again, produce, stage

    if draft + final + (which is not None) > 1:
        raise click.UsageError("Say one of --draft, --final and --production.")
    with opened(session.named_folder, session.actor, session.password) as house, progress_bar("building") as bar:
        if which is not None:
            staged = again(house.archive, number, which)
        else:
            staged = produce(house.archive, number) if final else stage(house.archive, number)
        try:
            target = destination or house.archive.folder / "productions"
            built = build(staged.production, target, bar, Profile(profile), part_size * 1_000_000)
        finally:
            staged.clear()
    production = staged.production
    sums = production.reconciliation
    if json_lines:
        row = {"bag": str(built.bag), "zip": str(built.zip), "draft": production.draft, "number": production.number}
        print_json([row | msgspec.structs.asdict(sums)])
        return
    what = "A draft" if production.draft else f"Production {production.number}"
    click.echo(f"{sums.sentence}. {what}, as bag and zip.")
    kept = [one.name for one in production.columns if not one.released]
    if kept:
        click.echo(
            f"{len(kept)} columns of the subscriber lists stay in; `muniment request columns {number}` shows them."
        )
    if staged.traces:
        click.echo(
            f"{len(staged.traces):,} places still have what stays in elsewhere; `muniment review traces {number}` "
            "shows them."
        )
    click.echo(str(built.bag))


COMMANDS: tuple[click.Command, ...] = (*REQUESTS, *REVIEW, export)

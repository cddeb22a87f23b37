"""Commands on what is written about a request: notes and letters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.commands import as_json, say
from archive.session import Session
from archive.terminal import print_json, print_table, safe

CHANNELS = ("e-mail", "letter", "counter", "telephone", "portal")


@click.command("note")
@click.argument("number", metavar="N", type=int)
@click.option("--in", "direction", flag_value="in", help="It came from the requester or another office.")
@click.option("--out", "direction", flag_value="out", help="It went out.")
@click.option(
    "--internal", "direction", flag_value="internal", default=True, help="It is a note of your own: the default."
)
@click.option("--text", default="", help="What was said or written.")
@click.option("--file", type=click.Path(path_type=Path), help="The file; it is kept.")
@click.option("--channel", type=click.Choice(CHANNELS), default=None, help="By what way.")
@click.option("--on", metavar="DATE", help="When; today if left out.")
@as_json
@click.pass_obj
def request_note(
    session: Session, number: int, direction: Any, text: str, file: Path | None, channel: Any, on: str | None,
    json_lines: bool,
) -> None:  # fmt: skip
    """Keep what was said or written about request N."""
    from archive import clock
    from composition import open_archive
    from export.requests.correspondence.notes import note

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        day = clock.read_date(on) if on else None
        made = note(archive, number, direction, text=text, file=file, channel=channel or "", on=day)
    row = {"request": number, "direction": made.direction, "on": made.on.isoformat(), "sha256": made.sha256}
    say(f"Kept with request {number}: {safe(made.file or made.text)}", row, json_lines)


@click.command("letter")
@click.argument("number", metavar="N", type=int)
@click.argument("kind", required=False)
@click.option("--note", default="", help="What you add; blank lines part paragraphs.")
@click.option("--addressee", default="", help="To whom, if not to the requester.")
@click.option("--signed", default="", help="Name and office of who signs.")
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="Also write it to this file, .html or .txt."
)
@click.option("--again", type=int, metavar="LETTER", help="Show a letter exactly as it was sent.")
@click.option("--dry-run", is_flag=True, help="Show the letter; keep nothing.")
@as_json
@click.pass_obj
def request_letter(
    session: Session, number: int, kind: str | None, note: str, addressee: str, signed: str, to: Path | None,
    again: int | None, dry_run: bool, json_lines: bool,
) -> None:  # fmt: skip
    """Write the letter KIND about request N and keep it; without KIND, list those that were sent."""
    from composition import open_archive
    from export.production.answers import grounds
    from export.requests import letters
    from export.requests.correspondence import sent

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if again is not None:
            text, html = sent.again(archive, number, again)
            _put(to, text, html)
            _show(text, {"request": number, "letter": again, "text": text}, to, json_lines)
            return
        if kind is None:
            _list(archive, number, json_lines)
            return
        reasons = grounds(archive, number) if letters.is_denial(kind) else ()
        made = letters.compose(archive, number, kind, reasons, note, addressee=addressee, signed=signed)
        _put(to, made.text, made.html.encode())
        row = {"request": number, "kind": kind, "text": made.text, "dry_run": dry_run}
        if not dry_run:
            one = sent.send(archive, made)
            row |= {"letter": one.letter, "html_sha256": one.html_sha256, "text_sha256": one.text_sha256}
    _show(made.text, row, to, json_lines)
    if not json_lines and not dry_run:
        click.echo(f"Kept as letter {row['letter']} of request {number}.", err=True)


def _put(to: Path | None, text: str, html: bytes) -> None:
    if to is not None:
        to.write_bytes(text.encode() if to.suffix.casefold() == ".txt" else html)


def _show(text: str, row: dict[str, Any], to: Path | None, json_lines: bool) -> None:
    if json_lines:
        print_json([row])
    else:
        click.echo(text if to is None else f"Written: {to}")


def _list(archive: Any, number: int, json_lines: bool) -> None:
    import msgspec

    from export.requests import letters, register
    from export.requests.correspondence import sent
    from export.requests.history import acts

    register.get(archive, number)
    rows = [msgspec.to_builtins(one) for one in sent.sent(acts(archive, number))]
    if json_lines:
        print_json(rows)
        return
    headings = {"letter": "Letter", "kind": "Kind", "on": "Sent", "by": "By", "title": "Title"}
    print_table(rows, headings, f"No letter was written for request {number} yet.")
    click.echo("Kinds: " + ", ".join(letters.kinds()))


COMMANDS: tuple[click.Command, ...] = (request_note, request_letter)

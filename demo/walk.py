"""A week in the fictional city, from the backups to the package: ``python -m demo.walk [FOLDER]``.

Every step is a command that anybody could type; it is shown before it runs. The week is ``week.toml``.
"""

from __future__ import annotations

import io
import json
import os
import runpy
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from demo.truth import AccountTruth, BackupTruth, load

FOUND_SOMETHING = 1
THIS_WEEK = "2026-05"
PEOPLE = {"anna": "clerk", "ada": "attorney"}
"""Who is registered, and as what; in this week all have one password."""
PASSWORDS = dict.fromkeys(
    ("MUNIMENT_NEW_PASSWORD", "MUNIMENT_PASSWORD", "MUNIMENT_SECOND_PASSWORD"), "one password for all of Milbrook"
)
SHOWN_IN_FULL = ("x-2026", "fb-city", "news-pool")
"""Backups of this week whose reports are shown whole; of the others one line each."""


class Step(Struct, frozen=True):
    """One command and what it is for. ``find`` is a search whose first record's number stands for {found} in it.

    ``most`` is how many lines of what it prints are shown, 0 for all; ``by`` names who gives the password;
    ``is_package`` marks the command that builds the package.
    """

    command: str
    words: str = ""
    find: str = ""
    most: int = 0
    by: str = ""
    is_package: bool = False


class Day(Struct, frozen=True):
    """One day: its steps, or that the backups of the week are taken in."""

    title: str
    words: str = ""
    steps: list[Step] | Literal["backups"] = []


class Week(Struct, frozen=True):
    """The days, and the papers that people bring along: texts by their file names."""

    days: list[Day]
    papers: dict[str, str]


def week() -> Week:
    """Return the week."""
    data = tomllib.loads((files("demo") / "week.toml").read_text(encoding="utf-8"))
    return msgspec.convert(data, Week)


def walk(folder: Path) -> Path:
    """Walk through the week in a folder, which is made anew; return the package's path."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    os.environ.update(PASSWORDS)
    _before_the_week(folder)
    package = ""
    for day in week().days:
        _say(day.title, heading=True)
        _say(day.words)
        if day.steps == "backups":
            _take_in(folder, [one for one in _backups(folder) if _of_this_week(one)])
            continue
        for step in day.steps:
            printed = _walked(folder, step)
            package = printed if step.is_package else package
    return Path(package.strip().splitlines()[-1])


def _before_the_week(folder: Path) -> None:
    """Make the city's backups and an archive, register the accounts, take in what is older."""
    (folder / "papers").mkdir()
    for name, text in week().papers.items():
        (folder / "papers" / name).write_text(text, encoding="utf-8")
    _say("Before the week: a city, and an archive for it.", heading=True)
    _run(folder, "demo {folder}/backups", most=6)
    _run(folder, 'init {folder}/archive --name "City of Milbrook"')
    for number, account in enumerate(load(folder / "backups").accounts):
        _run(folder, _added(account), shown=number < 2)
    for name, role in PEOPLE.items():
        _run(folder, f"user add {name} --role {role}")
    _say("… and so on: eight accounts. Their backups since February go in, oldest first, a line each:")
    _take_in(folder, [one for one in _backups(folder) if not _of_this_week(one)])


def _backups(folder: Path) -> list[BackupTruth]:
    return sorted(load(folder / "backups").backups, key=lambda one: one.made_at)


def _of_this_week(one: BackupTruth) -> bool:
    return THIS_WEEK in one.file


def _added(one: AccountTruth) -> str:
    return shlex.join(
        ("account", "add", one.name, "--platform", one.platform, "--department", one.department, "--handle", one.handle,
         "--title", one.title)
    )  # fmt: skip


# -- backups


def _take_in(folder: Path, backups: list[BackupTruth]) -> None:
    """Take backups in; the index catches up with the last one."""
    for number, one in enumerate(backups, 1):
        in_full = _of_this_week(one) and one.file.startswith(SHOWN_IN_FULL)
        command = f"ingest {{folder}}/backups/{one.file} {shlex.join(one.options)}"
        command += "" if number == len(backups) else " --no-index"
        printed = _run(folder, command if in_full else f"{command} --json", shown=in_full)
        if not in_full:
            print(_line(one, json.loads(printed)["counts"]), flush=True)


def _line(one: BackupTruth, counts: dict[str, int]) -> str:
    return (
        f"{one.file:32}{counts['items']:>6,} items ={counts['added']:>6,} new +{counts['held']:>6,} held +"
        f"{counts['edited']:>4,} changed;{counts['missing']:>4,} absent"
    )


# -- steps


def _walked(folder: Path, step: Step) -> str:
    _say(step.words)
    command = step.command
    if step.find:
        found = _run(folder, step.find, shown=False)
        command = command.replace("{found}", str(json.loads(found.splitlines()[0])["record"]))
    return _run(folder, f"--as {step.by} {command}" if step.by else command, most=step.most)


def _say(words: str, heading: bool = False) -> None:
    if words:
        bold = sys.stdout.isatty()
        line = f"\n== {words}" if heading else f"\n# {words}"
        print(f"\033[1m{line}\033[0m" if bold else line, flush=True)


def _run(folder: Path, step: str, shown: bool = True, most: int = 0) -> str:
    """Run a command, which is shown first, and return what it prints; of long answers the first and last lines show."""
    written = step.replace("{folder}", shlex.quote(str(folder)))
    if shown:
        print(f"$ muniment {written}", flush=True)
    code, printed = _done("--archive", str(folder / "archive"), *shlex.split(written))
    if code not in (0, FOUND_SOMETHING):
        print(printed, end="", flush=True)
        raise SystemExit(code)
    if shown:
        print("\n".join(_shortened(printed.splitlines(), most)), flush=True)
    return printed


def _done(*words: str) -> tuple[int, str]:
    """Run the program as ``python -m cli`` does, in this process that has it loaded; return exit code and output."""
    sys.argv[1:] = words
    with redirect_stdout(io.StringIO()) as printed:
        try:
            runpy.run_module("cli", run_name="__main__")
        except SystemExit as end:
            return int(end.code or 0), printed.getvalue()
    return 0, printed.getvalue()


def _shortened(lines: list[str], most: int) -> Iterator[str]:
    """Yield lines, at most so many (0: all): the first ones, how many are left out, and the last ones."""
    if not most or len(lines) <= most:
        yield from lines
        return
    last = most // 2
    yield from lines[: most - last]
    yield f"   … {len(lines) - most:,} more lines …"
    yield from lines[-last:]


def main() -> None:
    """Walk, and end with the path of the package and one line on what is in it."""
    bag = walk(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-city"))
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines())
    size, count = info["Payload-Oxum"].split(".")
    print(f"\nThe finished package answers request 2026-0001 with {int(count):,} files ({int(size) / 1e6:.1f} MB):")
    print("open START-HERE.html in it by double click; the same is beside it as a zip.")
    print(bag.resolve())


if __name__ == "__main__":
    main()

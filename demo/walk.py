"""The main job from beginning to end on the fictional city: ``python -m demo.walk [FOLDER]``.

Every step is a command that anybody could type; it is shown before it runs.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from demo.truth import AccountTruth, BackupTruth, load

Step = tuple[str, str]
"""What a step is for, empty where it goes on with the one before, and the command."""

FIRST: tuple[Step, ...] = (
    ("Three months of backups of the fictional city of Milbrook.", "demo {folder}/backups"),
    ("A new archive.", 'init {folder}/archive --name "City of Milbrook"'),
)
REST: tuple[Step, ...] = (
    ("What has vanished since the first backup?", 'search "state:deleted kind:post" --sort newest --limit 5'),
    ("A retention schedule is adopted; every record gets its date.", "schedule adopt wisconsin-municipal"),
    ("Why does record 12 expire when it does?", "retention why 12"),
    (
        "A records request comes in.",
        "request open --received-on 2026-04-02 --description"
        ' "Everything about the closure of the swimming pool and its contractor, and who gets the pool newsletter"',
    ),
    (
        "What answers it is collected.",
        'request collect 1 --query "pool OR piscina OR 游泳池 OR (kind:subscriber account:news)"',
    ),
    ("The whole archive is checked, byte by byte.", "verify --deep"),
    ("The package.", "export 1"),
)
FOUND_SOMETHING = 1


def walk(folder: Path) -> Path:
    """Run all steps in a folder, which is made anew; return the bag's path."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    last = ""
    for words, step in _steps(folder):
        if words:
            print(f"\n\033[1m{words}\033[0m" if sys.stdout.isatty() else f"\n# {words}")
        last = _run(folder, step.replace("{folder}", shlex.quote(str(folder))))
    return Path(last.strip().splitlines()[-1])


def _steps(folder: Path) -> Iterator[Step]:
    """Yield the steps; which accounts and backups there are is known once the backups have been written."""
    yield from FIRST
    truth = load(folder / "backups")
    for number, account in enumerate(truth.accounts):
        yield "" if number else "The city's accounts.", _added(account)
    backups = sorted(truth.backups, key=lambda one: one.made_at)
    for number, one in enumerate(backups):
        words = "The backups go in by their dates: what is new, what changed, what is missing."
        yield "" if number else words, _ingested(one, is_last=number == len(backups) - 1)
    yield from REST


def _added(one: AccountTruth) -> str:
    return shlex.join(
        ("account", "add", one.name, "--platform", one.platform, "--department", one.department, "--handle", one.handle,
         "--title", one.title)
    )  # fmt: skip


def _ingested(one: BackupTruth, is_last: bool) -> str:
    options = ["--account", one.account]
    options += ["--list", one.list_name] if one.list_name else []
    options += ["--exported-on", one.exported_on] if one.exported_on else []
    options += ["--complete"] if one.complete else []
    options += [] if is_last else ["--no-index"]
    return f"ingest {{folder}}/backups/{one.file} {shlex.join(options)}"


def _run(folder: Path, step: str) -> str:
    print(f"$ muniment {step}", flush=True)
    command = [sys.executable, "-m", "cli", "--archive", str(folder / "archive"), *shlex.split(step)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode not in (0, FOUND_SOMETHING):
        raise SystemExit(done.returncode)
    return done.stdout


def main() -> None:
    """Walk, and end with the path of the bundle and one line on what is in it."""
    bag = walk(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-city"))
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines())
    size, files = info["Payload-Oxum"].split(".")
    print(f"\nThe finished bundle answers request 2026-0001 with {int(files):,} files ({int(size) / 1e6:.1f} MB):")
    print("open START-HERE.html in it by double click; the same is beside it as a zip.")
    print(bag.resolve())


if __name__ == "__main__":
    main()

"""The main job from beginning to end on the fictional city: ``python -m demo.walk [FOLDER]``.

Every step is a command that anybody could type; it is shown before it runs.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

STEPS: tuple[tuple[str, str], ...] = (
    ("The backups of the fictional city of Milbrook.", "demo {folder}/backups"),
    ("A new archive.", 'init {folder}/archive --name "City of Milbrook"'),
    (
        "The city's accounts.",
        "account add x-city --platform x --department Clerk-Treasurer --handle CityOfMilbrook"
        ' --title "City of Milbrook on X"',
    ),
    ("", 'account add mail-clerk --platform email --department Clerk-Treasurer --title "Clerk\'s mailbox"'),
    ("", 'account add mail-parks --platform email --department Parks --title "Parks mailbox"'),
    (
        "The backups go in; each ends with a count that adds up.",
        "ingest {folder}/backups/x-2026-03-01.zip --account x-city",
    ),
    (
        "A month later: what is new, what changed, what is missing.",
        "ingest {folder}/backups/x-2026-04-01.zip --account x-city",
    ),
    ("", "ingest {folder}/backups/clerk-2026-04-01.mbox --account mail-clerk --exported-on 2026-04-01"),
    ("", "ingest {folder}/backups/parks-2026-04-01.mbox --account mail-parks --exported-on 2026-04-01"),
    ("What has vanished since the first backup?", 'search "state:deleted kind:post" --sort newest --limit 5'),
    ("A retention schedule is adopted; every record gets its date.", "schedule adopt wisconsin-municipal"),
    ("Why does record 12 expire when it does?", "retention why 12"),
    (
        "A records request comes in.",
        "request open --received-on 2026-04-02 --description"
        ' "Everything about the closure of the swimming pool, and who follows the city on X"',
    ),
    ("What answers it is collected.", 'request collect 1 --query "pool OR piscina OR 游泳池 OR kind:subscriber"'),
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
    for words, step in STEPS:
        if words:
            print(f"\n\033[1m{words}\033[0m" if sys.stdout.isatty() else f"\n# {words}")
        last = _run(folder, step.replace("{folder}", shlex.quote(str(folder))))
    return Path(last.strip().splitlines()[-1])


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

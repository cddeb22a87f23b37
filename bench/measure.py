"""Running a command and telling what it took."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

ROOT = Path(__file__).parents[1]


class Taken(Struct, frozen=True):
    """What a command took: wall-clock seconds, CPU seconds of it and its children, peak memory in MiB.

    The peak is that of the largest process; a second process of the same command has its own.
    """

    seconds: float
    cpu: float
    memory: float
    code: int


def run(command: Sequence[str], cwd: Path = ROOT) -> Taken:
    """Run a command to its end and measure it."""
    starter = [sys.executable, "-S", str(Path(__file__).with_name("started.py")), *command]
    told = subprocess.run(starter, cwd=cwd, stdout=subprocess.PIPE, check=True).stdout
    return msgspec.json.decode(told, type=Taken)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, as docs/performance.md has it."""
    print("| " + " | ".join(headings) + " |")
    print("|" + "---|" * len(headings))
    for row in rows:
        print("| " + " | ".join(str(one) for one in row) + " |")

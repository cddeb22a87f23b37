"""Running a command and telling what it took."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

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
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, as docs/performance.md has it."""
    print("| " + " | ".join(headings) + " |")
    print("|" + "---|" * len(headings))
    for row in rows:
        print("| " + " | ".join(str(one) for one in row) + " |")

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo terminals")
ROOT = Path(__file__).parents[2]
PROGRAM = """
from archive.terminal import print_table
rows = [
    {"record": 2239, "name": "Ximena Rasmussen-Birkeland", "address": "ximena.rasmussen4646@mail.example",
     "when": "2026-02-15 to 2026-03-15", "what": "joined", "by": "the platform", "at": "2026-05-01"},
    {"record": 12, "name": "游泳池", "address": "a@b.example", "when": "", "what": "left", "by": "", "at": ""}
]
print_table(rows, {key: key.title() for key in rows[0]}, "nothing")
"""


@pytest.mark.parametrize("columns", ["40", "60", "80", "200"])
def test_a_table_cuts_nothing_off_in_a_terminal_of_any_width(columns: str) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": columns, "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=theirs, stderr=subprocess.PIPE, env=environment, cwd=ROOT
    )
    _, errors = process.communicate()
    os.close(theirs)
    printed = re.sub(r"\x1b\[\d*m", "", os.read(ours, 100_000).decode())
    os.close(ours)
    assert errors == b""
    assert all(len(line) <= int(columns) for line in printed.splitlines())
    letters = sorted(printed.replace(" ", "").replace("\r\n", ""))
    for cell in ("2239", "ximena.rasmussen4646@mail.example", "XimenaRasmussen-Birkeland", "2026-02-15", "游泳池"):
        assert all(letters.count(one) >= cell.count(one) for one in cell), cell
    assert "2239" in printed
    assert int(columns) < 80 or "2026-05-01" in printed

"""Commands in processes of their own that can be killed: forked from a server that has loaded the program.

A command has loaded the program when it is given back, so a kill never falls where nothing is at work yet.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

from export.bundle.pdf.processes import LOADED

PROGRAM = ("cli", "composition", "ingest.accession", "ingest.registry")
SERVER = get_context("forkserver")
SERVER.set_forkserver_preload([*PROGRAM, LOADED])  # there is one server a process


class Command:
    """A command at work in a process group of its own; what it prints goes to a file beside its archive."""

    def __init__(self, archive: Path, *words: str) -> None:
        self._printed = archive.with_name(archive.name + ".printed")
        loaded, loading = SERVER.Pipe(duplex=False)
        arguments = ("--archive", str(archive), *words)
        self._process = SERVER.Process(target=_run, args=(arguments, str(self._printed), loading))
        self._process.start()
        loading.close()
        with loaded:
            loaded.recv()

    @property
    def is_at_work(self) -> bool:
        """Whether it runs; any number of threads may ask."""
        return not wait([self._process.sentinel], 0)

    def ended(self) -> int:
        """Wait for its end and return its exit code, negative for a signal."""
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def printed(self) -> str:
        """Return what it printed, messages too."""
        return self._printed.read_text(encoding="utf-8")

    def killed_after(self, seconds: float) -> bool:
        """Kill it after a time, with the processes that it started; return whether it was still at work."""
        self._process.join(seconds)
        if self._process.exitcode is not None:
            return False
        os.killpg(self._process.pid or 0, signal.SIGKILL)
        return self.ended() == -signal.SIGKILL


def _run(words: Sequence[str], printed: str, loading: Connection) -> None:
    os.setsid()
    target = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(target, 1)
    os.dup2(target, 2)
    for name in PROGRAM:
        import_module(name)
    from cli import muniment

    loading.send("loaded")
    loading.close()
    muniment(words)

"""The folders in which staged productions wait to be built; what a killed process left is cleared away by the next."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from filelock import FileLock, Timeout

PREFIX = "staging-"
LOCK = "in-use.lock"


class Waiting:
    """One such folder; it is held until it is cleared, or the process ends."""

    def __init__(self, productions: Path) -> None:
        """Make a folder among the productions, and clear away those that nobody holds."""
        _clear_left(productions)
        self.folder = Path(mkdtemp(prefix=PREFIX, dir=productions))
        self._lock = FileLock(self.folder / LOCK)
        self._lock.acquire()

    def clear(self) -> None:
        """Throw the folder away."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def _clear_left(productions: Path) -> None:
    for left in productions.glob(f"{PREFIX}*/{LOCK}"):
        try:
            with FileLock(left, blocking=False):
                pass
        except (Timeout, OSError):
            continue
        shutil.rmtree(left.parent, ignore_errors=True)

"""What one run of the command line knows before it opens an archive."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from archive.errors import MunimentError


class NoArchiveNamed(MunimentError):
    """The command needs an archive, and none was named."""

    def __init__(self) -> None:
        super().__init__("Which archive? Name its folder with --archive DIR, or set MUNIMENT_ARCHIVE.")


class Session(Struct):
    """The options before the command: the archive's folder, who acts, and the password if one was given."""

    folder: Path | None
    actor: str
    password: str | None

    @property
    def named_folder(self) -> Path:
        """The archive's folder; raises :class:`NoArchiveNamed`."""
        if self.folder is None:
            raise NoArchiveNamed
        return self.folder

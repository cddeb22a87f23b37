"""muniment.toml: where things are. Nothing in it changes a result; what does is on the ledger."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from archive.errors import MunimentError

FILE_NAME = "muniment.toml"

TEMPLATE = """\
# Where things are in this archive. Nothing here changes a result:
# time zone, fiscal year and schedules are on the ledger (muniment log).

# The full-text engine: "auto" chooses by the number of versions.
engine = "auto"

# Where the records desk listens, on this computer only.
port = 8350

# A folder that backups are dropped into, empty for none.
inbox = ""
"""


class BadSettings(MunimentError):
    """muniment.toml cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}. Correct that line, or put the file back.")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What muniment.toml may say. ``port`` is a TCP port on 127.0.0.1, ``inbox`` a folder or empty."""

    engine: str = "auto"
    port: int = 8350
    inbox: str = ""


def read(folder: Path) -> Settings:
    """Read an archive's settings; a missing file means the defaults."""
    path = folder / FILE_NAME
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise BadSettings(path, str(error)) from None

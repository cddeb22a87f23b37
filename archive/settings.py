"""muniment.toml: where things are. Nothing in it changes a result; what does is on the ledger."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Literal, get_args

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


Engine = Literal["auto", "whoosh", "tantivy"]
ENGINES: tuple[Engine, ...] = get_args(Engine)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What muniment.toml may say. ``port`` is a TCP port on 127.0.0.1, ``inbox`` a folder or empty."""

    engine: Engine = "auto"
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


def choose_engine(folder: Path, engine: str) -> None:
    """Write another engine into an archive's muniment.toml; everything else in it stays as it is."""
    read(folder)
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8") if path.exists() else TEMPLATE
    line = f'engine = "{engine}"'
    text, found = re.subn(r"(?m)^engine\s*=.*$", line, text, count=1)
    aside = path.with_name(f"{FILE_NAME}.partial")
    aside.write_text(text if found else f"{line}\n{text}", encoding="utf-8")
    aside.replace(path)

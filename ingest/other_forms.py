"""Forms of an export that are known and not read (other_forms.toml): what they are, and what to ask for instead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice

import msgspec
from msgspec import Struct

from archive.errors import ExitCode, MunimentError
from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Defect
from ingest.json_items import first_bytes

HEAD = 64 << 10
"""Bytes by which a form is known."""

LOOKED_AT = 200
"""Files that are looked at."""


class Form(Struct, frozen=True):
    """One form: whose it is, what it is, the ends of its files' names, what all they show, what to do instead."""

    platform: str
    title: str
    files: tuple[str, ...]
    shows: tuple[str, ...]
    instead: str

    def is_of(self, member: Member) -> bool:
        """Say whether a file has this form."""
        if not member.path.lower().endswith(self.files) or is_residue(member.path):
            return False
        head = first_bytes(member, HEAD) if self.shows else ""
        return all(re.search(one, head) for one in self.shows)


class OtherForm(MunimentError):
    """The backup is a form of an export that is not read; another form of the same is."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, backup: Backup, form: Form) -> None:
        names = ", ".join(str(part) for part in backup.parts)
        super().__init__(f"{names}: this is {form.title}. Please {form.instead}. Nothing was taken in.")


@cache
def _forms() -> Sequence[Form]:
    text = files(__package__).joinpath("other_forms.toml").read_text(encoding="utf-8")
    return tuple(msgspec.convert(tomllib.loads(text), dict[str, Form]).values())


def in_other_forms(backup: Backup, platform: str = "") -> Iterator[tuple[Member, Form]]:
    """Yield the files of a backup that have such a form, of one platform or any."""
    forms = [one for one in _forms() if platform in ("", one.platform)]
    endings = tuple(ending for one in forms for ending in one.files)
    for member in backup.members():
        if member.path.lower().endswith(endings) and (form := next((one for one in forms if one.is_of(member)), None)):
            yield member, form


def check(backup: Backup, platform: str = "") -> None:
    """Raise :class:`OtherForm` if one of the first files of a backup has such a form."""
    endings = tuple(ending for one in _forms() for ending in one.files)
    likely = list(islice((one for one in backup.members() if one.path.lower().endswith(endings)), LOOKED_AT))
    for _, form in in_other_forms(Backup(backup.parts, likely, ()), platform):
        raise OtherForm(backup, form)


def named(backup: Backup, platform: str) -> Iterator[Defect]:
    """Yield a remark for each file of a platform that is read in another form only."""
    for member, form in in_other_forms(backup, platform):
        yield Defect(member.path, f"not read: {form.title}; {form.instead}", quarantined=False)

"""The root of every error a person can meet: what happened, to which thing, what to do next.

Each failure is one class, whose message is made in the class from typed arguments and whose
``exit_code`` is what the command line returns (docs/design.md, section 9).
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a script may rely on."""

    DONE = 0
    DONE_WITH_FINDINGS = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    UNSOUND = 5


class MunimentError(Exception):
    """Root of all errors that are for a person; anything else is a bug."""

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE

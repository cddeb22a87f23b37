"""Why something cannot be burnt over, for a person: what happened, to which file, what to do next."""

from __future__ import annotations

from archive.errors import ExitCode, MunimentError


class CannotBeOpened(MunimentError):
    """A picture or PDF that no reader here can show, so nobody could see what would be burnt."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, why: str = "it is damaged or of a kind that is not known here") -> None:
        super().__init__(f"“{name}” cannot be opened ({why}): replace it by a copy that can, or withhold it.")


class TooLargeToRedact(MunimentError):
    """A picture or PDF beyond what can be burnt in the memory of an ordinary computer."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, has: int, most: int, unit: str) -> None:
        super().__init__(
            f"“{name}” has {has:,} {unit}, at most {most:,} can be redacted here: "
            "redact it in another program and replace it, or withhold it."
        )


class NoSuchPage(MunimentError):
    """A box or a withheld page beyond a file's last page."""

    def __init__(self, name: str, page: int, pages: int) -> None:
        has = "has one page" if pages == 1 else f"has {pages:,} pages"
        super().__init__(f"“{name}” {has}, there is no page {page:,}: look up the page's number and try again.")

"""Why a production is not made, for a person: what is in the way, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from archive.errors import ExitCode, MunimentError
from export.production.traces import Trace
from export.released import Reconciliation


class DoesNotAddUp(MunimentError):
    """What became of the records is not what was found: a bug, and nothing is built."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, sums: Reconciliation) -> None:
        super().__init__(
            f"The numbers do not add up: {sums.sentence}. Nothing was built. Run `muniment verify --deep`."
        )


class Undecided(MunimentError):
    """Something in the collected set was not decided on."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, count: int) -> None:
        super().__init__(
            f"{count:,} collected versions of request {number} are not decided yet; nothing was produced. "
            f"`muniment review queue {number} --undecided` lists them; what may go out whole is marked with "
            f"`muniment review mark {number} --undecided --decision release`."
        )


class WordsLeft(MunimentError):
    """What is blacked out or withheld in one place still stands in another."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, traces: Sequence[Trace]) -> None:
        shown = "; ".join(one.sentence for one in traces[:5])
        more = f", and {len(traces) - 5:,} more" if len(traces) > 5 else ""
        super().__init__(
            f"What stays in one record of request {number} would go out in another: {shown}{more}. Nothing was "
            f"produced. `muniment review traces {number}` lists all; black them out too, or say with "
            f"`muniment review traces {number} --let-stand RECORD --reason TEXT` why they may go out."
        )


class NoLongerTheSame(MunimentError):
    """A production that was made cannot be made again: what it held is not held any more."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, which: int) -> None:
        super().__init__(
            f"Production {which} of request {number} cannot be built again as it was: some of its records are no "
            "longer in the archive. Nothing was built; what was given out is the package that was built then. "
            "`muniment verify --deep` says whether they were lawfully disposed of."
        )


class DisposedSince(MunimentError):
    """A production cannot be built again: records of it have been disposed of."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, production: int, count: int) -> None:
        super().__init__(
            f"Production {production} of request {number} cannot be built again: {count:,} versions in it have been "
            "lawfully disposed of since. The package as it was made is in the folder productions/ of the archive."
        )

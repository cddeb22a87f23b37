"""The fee sheet of a request: what may be charged, and why (Wis. Stat. § 19.35(3)).

Every rule is in ``wisconsin.toml``. Amounts are integer cents.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from export.requests import register
from export.requests.fees.money import dollars, times
from export.requests.history import Acts, acts
from export.requests.law import FeeKind, law
from export.requests.progress.status import NoReasonGiven


class UnknownFee(MunimentError):
    """The law's list has no such kind of fee."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, kind: str) -> None:
        known = ", ".join(one.kind for one in law().fees.kinds)
        super().__init__(f"There is no fee “{kind}”. What may be charged: {known}. Nothing was added.")


class UnknownLine(MunimentError):
    """A fee sheet has no line of this number, or it was struck already."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int, line: int) -> None:
        super().__init__(f"The fee sheet of request {number} has no line {line}. Nothing was struck.")


class NothingToReduce(MunimentError):
    """A reduction is more than what is charged."""

    exit_code = ExitCode.REFUSED

    def __init__(self, cents: int, total: int) -> None:
        super().__init__(f"{dollars(cents)} cannot be taken off: {dollars(total)} is charged. Nothing was changed.")


class Line(Struct, frozen=True):
    """One line: ``cents`` is what it costs, ``charged`` what of it may be charged, ``why`` if that differs."""

    number: int
    kind: str
    title: str
    quantity: str
    unit: str
    unit_cents: int
    cents: int
    charged: int
    cite: str
    note: str = ""
    why: str = ""


class Sheet(Struct, frozen=True):
    """A fee sheet. ``reduced`` was taken off in the public interest, ``paid`` came in; all in cents.

    ``remarks`` say which rule decided what, with its citation.
    """

    lines: tuple[Line, ...]
    charged: int
    reduced: int
    total: int
    paid: int
    prepayment: bool
    remarks: tuple[str, ...]

    @property
    def owed(self) -> int:
        """What is still to be paid, in cents; below zero, what is to be given back."""
        return self.total - self.paid


def sheet(done: Acts) -> Sheet:
    """Return the fee sheet of a request."""
    raw = _lines(done)
    kinds = {one.kind: one for one in law().fees.kinds}
    sums = {kind: sum(one.cents for one in raw if one.kind == kind) for kind in dict.fromkeys(one.kind for one in raw)}
    lines = tuple(_decided(one, kinds[one.kind], sums[one.kind]) for one in raw)
    charged = sum(one.charged for one in lines)
    reduced, reasons = _reductions(done, charged)
    total = charged - reduced
    prepayment = total > law().fees.prepayment_above_cents
    paid = sum(one.facts["cents"] for one in done if one.event == "request.paid")
    remarks = (*_threshold_remarks(sums, kinds), *reasons, _prepayment_remark(total, prepayment))
    return Sheet(lines, charged, reduced, total, paid, prepayment, remarks)


def _lines(done: Acts) -> list[Line]:
    kinds = {one.kind: one for one in law().fees.kinds}
    found: dict[int, Line] = {}
    for one in done:
        facts = one.facts
        if one.event == "request.fee":
            kind = kinds.get(facts["kind"], FeeKind(facts["kind"], facts["kind"], "", "", billed=False))
            cents = times(facts["quantity"], facts["unit_cents"])
            found[facts["line"]] = Line(
                facts["line"], kind.kind, kind.title, facts["quantity"], kind.unit, facts["unit_cents"], cents, 0,
                kind.cite, one.text("note"),
            )  # fmt: skip
        elif one.event == "request.struck":
            found.pop(facts["line"], None)
    return list(found.values())


def _decided(line: Line, kind: FeeKind, together: int) -> Line:
    if not kind.billed:
        return replace(line, why="never charged")
    if together < kind.from_cents:
        return replace(line, why=f"not charged below {dollars(kind.from_cents)}")
    return replace(line, charged=line.cents)


def _threshold_remarks(sums: dict[str, int], kinds: dict[str, FeeKind]) -> Iterable[str]:
    for name, together in sums.items():
        kind = kinds[name]
        if not kind.billed:
            yield f"{kind.title} is kept as internal time and never charged ({kind.cite})."
        elif kind.from_cents:
            counts = "is charged" if together >= kind.from_cents else "is not charged"
            comes = f"it comes to {dollars(together)}, and counts from {dollars(kind.from_cents)} on"
            yield f"{kind.title} {counts}: {comes} ({kind.cite})."


def _reductions(done: Acts, charged: int) -> tuple[int, list[str]]:
    reduced, reasons = 0, []
    cite = law().cite(law().fees.waiver)
    for one in done:
        if one.event == "request.waived":
            taken = min(one.facts["cents"], charged - reduced)
            reduced += taken
            what = f"{'Waived' if one.facts['all'] else 'Reduced by'} {dollars(taken)}"
            reasons.append(f"{what}: {one.text('reason')} ({cite}).")
    return reduced, reasons


def _prepayment_remark(total: int, prepayment: bool) -> str:
    limit, cite = dollars(law().fees.prepayment_above_cents), law().cite(law().fees.prepayment)
    if prepayment:
        return f"Prepayment may be asked: {dollars(total)} exceeds {limit} ({cite})."
    return f"Prepayment may not be asked: {dollars(total)} does not exceed {limit} ({cite})."


def add(archive: Archive, number: int, kind: str, quantity: str, unit_cents: int, note: str = "") -> Sheet:
    """Add a line to the fee sheet of a request; ``quantity`` as :func:`money.read_quantity` gives it."""
    register.get(archive, number)
    if kind not in {one.kind for one in law().fees.kinds}:
        raise UnknownFee(kind)
    with archive.act("request.fee", f"request:{number}") as act:
        count = act.connection.execute(
            "SELECT count(*) FROM ledger WHERE event = 'request.fee' AND subject = ?", (act.subject,)
        ).fetchone()[0]
        act.facts |= {"line": count + 1, "kind": kind, "quantity": quantity, "unit_cents": unit_cents}
        if note:
            act.state(act.subject, "note", note)
    return sheet(acts(archive, number))


def strike(archive: Archive, number: int, line: int, reason: str) -> Sheet:
    """Take a line off the sheet; it stays on the ledger, with the reason."""
    register.get(archive, number)
    if line not in {one.number for one in sheet(acts(archive, number)).lines}:
        raise UnknownLine(number, line)
    return _with_reason(archive, number, "request.struck", {"line": line}, reason, "striking a line")


def waive(archive: Archive, number: int, reason: str, cents: int | None = None) -> Sheet:
    """Waive what is charged, or take ``cents`` off it, in the public interest."""
    register.get(archive, number)
    total = sheet(acts(archive, number)).total
    if cents is not None and cents > total:
        raise NothingToReduce(cents, total)
    facts = {"all": cents is None, "cents": total if cents is None else cents}
    return _with_reason(archive, number, "request.waived", facts, reason, "a waiver or a reduction")


def _with_reason(
    archive: Archive, number: int, event: str, facts: dict[str, int | bool], reason: str, what: str
) -> Sheet:
    if not reason:
        raise NoReasonGiven(what)
    with archive.act(event, f"request:{number}", dict(facts)) as act:
        act.state(act.subject, "reason", reason)
    return sheet(acts(archive, number))


def pay(archive: Archive, number: int, cents: int, note: str = "") -> Sheet:
    """Note a payment that came in."""
    register.get(archive, number)
    with archive.act("request.paid", f"request:{number}", {"cents": cents}) as act:
        if note:
            act.state(act.subject, "note", note)
    return sheet(acts(archive, number))

"""Money: integer cents, read and shown as dollars."""

from __future__ import annotations

import re
from decimal import Decimal

from archive.errors import MunimentError


class BadMoney(MunimentError):
    """An amount of money could not be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not an amount of money: write it as 12.50. Nothing was changed.")


class BadQuantity(MunimentError):
    """A quantity could not be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not a quantity: write it as 3 or 1.25. Nothing was changed.")


def read_money(text: str) -> int:
    """Read dollars such as ``12.50`` or ``$12.50``; return cents."""
    found = re.fullmatch(r"\$?(\d{1,9})(?:\.(\d{1,2}))?", text.strip(), re.ASCII)
    if found is None:
        raise BadMoney(text)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def read_quantity(text: str) -> str:
    """Read a quantity of up to nine digits and two decimals; return it in its shortest form (``1.5``)."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text.strip(), re.ASCII):
        raise BadQuantity(text)
    shortest = text.strip().lstrip("0") or "0"
    shortest = shortest.rstrip("0").rstrip(".") if "." in shortest else shortest
    return shortest if shortest[:1].isdigit() else "0" + shortest


def times(quantity: str, cents: int) -> int:
    """Return what a quantity costs, in whole cents; a part of a cent is not charged."""
    return int(Decimal(quantity) * cents)


def dollars(cents: int) -> str:
    """Return cents as people read them: ``$1,234.50``."""
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


def balance(owed: int) -> str:
    """Say what is owed, or what is to be given back where more was paid."""
    return f"owed {dollars(owed)}" if owed >= 0 else f"{dollars(-owed)} to be given back"

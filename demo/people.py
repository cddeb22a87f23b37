"""The people of Milbrook, all of them made up."""

from __future__ import annotations

import unicodedata
from random import Random

from msgspec import Struct

FIRST = (
    "Agnes", "Bao", "Carmen", "Dmitri", "Elif", "Frank", "Grace", "Hanna", "Ignacio", "Jun", "Kalia", "Lars", "Mai",
    "Nadia", "Olu", "Petra", "Quinn", "Rosa", "Samir", "Tou", "Ursula", "Vang", "Wilma", "Ximena", "Yusuf", "Zoë",
)  # fmt: skip
LAST = (
    "Abend", "Birkeland", "Castañeda", "Dvorak", "Engström", "Fairweather", "Gjelten", "Herrera", "Ivanova", "Jansky",
    "Kowalczyk", "Lor", "Moua", "Nyström", "Okafor", "Petrenko", "Quigley", "Rasmussen", "Sánchez", "Thao", "Umbreit",
    "Vue", "Wojcik", "Xiong", "Yang", "Zellweger",
)  # fmt: skip


class Person(Struct, frozen=True):
    """Somebody who writes to the city: name, mail address, handle and account number at X.

    The numbers have twelve digits, of which X has never given out any (it went from ten to eighteen in 2016).
    """

    name: str
    address: str
    handle: str
    x_id: str


def person(rng: Random) -> Person:
    """Return somebody."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    number = rng.randint(10, 9999)
    spelled = unicodedata.normalize("NFKD", f"{first}.{last}")
    plain = spelled.encode("ascii", "ignore").decode().lower()
    return Person(
        f"{first} {last}",
        f"{plain}{number}@mail.example",
        f"{plain.replace('.', '_')}{number}",
        str(10**11 + rng.randrange(9 * 10**11)),
    )

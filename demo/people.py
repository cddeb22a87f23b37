"""The people of Milbrook, all of them made up."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
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

    @property
    def phone(self) -> str:
        """A telephone number of those kept free for stories; many people share one."""
        return f"+160855501{int(self.x_id) % 100:02}"

    @property
    def first(self) -> str:
        """The given name."""
        return self.name.partition(" ")[0]


def person(rng: Random) -> Person:
    """Return somebody."""
    return named(rng, f"{rng.choice(FIRST)} {rng.choice(LAST)}")


def named(rng: Random, name: str, address: str = "") -> Person:
    """Return somebody of this name, with an address of their own unless one is given."""
    number = rng.randint(10, 9999)
    plain = _plain(name)
    handle = f"{plain.replace('.', '_')}{number}"
    return Person(
        name, address or f"{plain}{number}@mail.example", handle[:15], str(10**11 + rng.randrange(9 * 10**11))
    )


@lru_cache(maxsize=10_000)
def _plain(name: str) -> str:
    spelled = unicodedata.normalize("NFKD", name.replace(" ", "."))
    return spelled.encode("ascii", "ignore").decode().lower()


# -- private data, nobody's

STREETS = ("Elm Street", "Prairie Avenue", "Birch Court", "Oak Hill Lane", "Second Street", "Harbor Road")
CARDS = ("4111 1111 1111 1111", "5555 5555 5555 4444", "4012 8888 8888 1881", "6011 1111 1111 1117")
"""Numbers that pass Luhn's test and that card companies publish for testing."""
MONTHS = ("January", "March", "April", "June", "July", "September", "October", "December")

_PRIVATE: dict[str, Callable[[Random], str]] = {
    "phone": lambda rng: f"555-01{rng.randint(0, 99):02}",
    "address": lambda rng: f"{rng.randint(100, 999)} {rng.choice(STREETS)}",
    "born": lambda rng: f"{rng.choice(MONTHS)} {rng.randint(1, 28)}, {rng.randint(1938, 2004)}",
    "card": lambda rng: rng.choice(CARDS),
    "ssn": lambda rng: f"9{rng.randint(0, 99):02}-{rng.randint(10, 49)}-{rng.randint(1000, 9999)}",
    "licence": lambda rng: f"Q000-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}-{rng.randint(10, 99)}",
}


def private(rng: Random, sort: str, family: str = "") -> str:
    """Return private data of a sort that is nobody's: numbers never issued, streets that are nowhere.

    phone: 555-0100 to 0199, kept free for stories. ssn: 900 and above with a group below 50, neither
    Social Security nor tax number. licence: of Wisconsin's form, with a name's code that no name has.
    child: of the family of whoever writes.
    """
    if sort == "child":
        return f"{rng.choice(FIRST)} {family or rng.choice(LAST)}"
    return _PRIVATE[sort](rng)

"""The families of formats, and which of the city's accounts is kept in which."""

from __future__ import annotations

from demo.every import contacts, mail, messaging, platforms, public, vendor, websites
from demo.lives import Lives
from demo.schedule import Planned

_FAMILIES = (platforms, public, messaging, mail, contacts, websites, vendor)

HOUSEHOLDS: dict[str, Lives] = {name: lives for family in _FAMILIES for name, lives in family.HOUSEHOLDS.items()}
"""Accounts whose lives are made together, by their names with a blank between them."""

PLANNED: tuple[Planned, ...] = tuple(one for family in _FAMILIES for one in family.PLANNED)
"""Their backups."""

ACCOUNTS: tuple[str, ...] = tuple(dict.fromkeys(one.account for one in PLANNED))
"""Their names, in the order of the backups."""

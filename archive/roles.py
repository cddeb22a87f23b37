"""Roles: what a registered user is in the city."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["clerk", "it", "attorney", "auditor", "manager"]
ROLES: tuple[Role, ...] = get_args(Role)

MEANING: dict[Role, str] = {
    "clerk": "answers records requests and keeps the records (legal custodian's office)",
    "it": "brings backups in, adopts schedules, keeps the machine",
    "attorney": "reviews and approves what is released, withheld or destroyed",
    "auditor": "reads everything, changes nothing",
    "manager": "approves accounts and users for the City Manager's Office",
}

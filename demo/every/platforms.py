"""To be lived."""

from __future__ import annotations

from demo.lives import Lives
from demo.schedule import Planned

HOUSEHOLDS: dict[str, Lives] = {}

PLANNED: tuple[Planned, ...] = ()

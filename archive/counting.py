"""Counts as people read them."""

from __future__ import annotations


def counted(count: int, one: str, several: str = "") -> str:
    """Return a count with what is counted: ``1 record``, ``1,200 records``, ``2 people``."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"

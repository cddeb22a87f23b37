"""How lives are made: those of one household together, each with its own chance, so that none disturbs another."""

from __future__ import annotations

from collections.abc import Callable

from demo.life import Life

Lives = Callable[[int, float], list[Life]]
"""Makes the lives of a household from a seed and a scale; each life is one account's."""


def alone(live: Callable[[int, float], Life]) -> Lives:
    """Return the household of one account."""
    return lambda seed, scale: [live(seed, scale)]

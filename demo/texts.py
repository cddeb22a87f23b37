"""Texts of the fictional city, filled in by chance from templates that are data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from random import Random


@cache
def templates(name: str) -> list[str]:
    """Return the templates of one sort, as ``texts.toml`` lists them."""
    found: dict[str, list[str]] = tomllib.loads((files("demo") / "texts.toml").read_text(encoding="utf-8"))
    return found[name]


def text(rng: Random, sort: str, name: str = "neighbor") -> str:
    """Return a text of a sort with its places, days and numbers filled in."""
    return (
        rng.choice(templates(sort))
        .replace("{place}", rng.choice(templates("places")))
        .replace("{day}", rng.choice(templates("days")))
        .replace("{hour}", str(rng.randint(7, 19)))
        .replace("{number}", str(rng.randint(10, 99)))
        .replace("{name}", name)
    )
